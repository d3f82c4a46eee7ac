"""The one description of a network from which both theory and experiment are built."""

import html
import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Literal, get_args

from jaxtyping import Array

from netphysics.nets import activations
from netphysics.nets.activations import Activation

Ensemble = Literal["gaussian", "orthogonal", "uniform", "rademacher"]


@dataclass(frozen=True)
class Spectrum:
    r"""Weights \sqrt{C_W} U diag(s) V^T with Haar-orthogonal U, V and a prescribed spread of singular values:

        mean(s²) = 1,   κ = mean(s⁴) / mean(s²)² - 1.

    κ = 0 are orthogonal matrices; large Gaussian matrices have κ = 1. See `draw_weights` for rectangular
    layers.
    """

    kappa: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.kappa) and self.kappa >= 0):
            raise ValueError(f"kappa must be finite and at least 0, got {self.kappa}")


@dataclass(frozen=True)
class GivensProduct:
    r"""Weights \sqrt{C_W} times a sparse orthogonal matrix: a random signed permutation, then `rounds` of rotations
    in the planes of randomly paired rows, by random angles. 0 rounds are a signed permutation; many become
    Haar-uniform. See `draw_weights` for rectangular layers.
    """

    rounds: int

    def __post_init__(self) -> None:
        if self.rounds < 0:
            raise ValueError(f"rounds must be at least 0, got {self.rounds}")


@dataclass(frozen=True)
class HouseholderProduct:
    r"""Weights \sqrt{C_W} times a random signed permutation, then reflections at random hyperplanes. See
    `draw_weights` for rectangular layers.
    """

    reflectors: int

    def __post_init__(self) -> None:
        if self.reflectors < 0:
            raise ValueError(f"reflectors must be at least 0, got {self.reflectors}")


Initialization = Ensemble | Spectrum | GivensProduct | HouseholderProduct


@dataclass(frozen=True, init=False)
class Net:
    """A fully connected network and the law of its weights, in the convention of Roberts, Yaida and Hanin,
    "The Principles of Deep Learning Theory" (arXiv:2106.10165):

        z^(1) = b^(1) + W^(1) x,    z^(l+1) = b^(l+1) + W^(l+1) σ(z^(l)),
        Var W^(l)_ij = C_W / n_{l-1},    b^(l)_i ~ N(0, C_b).

    The preactivations z^(l) have l = 1 ... `layers`; the last one is the output, with no activation after it.
    Entries of gaussian, uniform and rademacher weights are independent. Orthogonal weights are Haar-uniform:
    W W^T = C_W 1 if n_l <= n_{l-1}, otherwise W^T W = C_W (n_l / n_{l-1}) 1.

    Raises ValueError for a width below 1, fewer than two widths, a variance that is negative or not finite,
    an unknown activation or initialization, a Gauss-net without exactly one hidden layer, and a κ that a
    layer is too narrow for.
    """

    widths: tuple[int, ...]
    """(d_in, n_1, ..., n_L, d_out); two widths are a linear map."""
    activation: Activation
    """Given as a name, an `Activation` or an elementwise jax function."""
    initialization: Initialization
    weight_variance: float
    """C_W."""
    bias_variance: float
    """C_b."""

    def __init__(
        self,
        widths: Sequence[int],
        activation: Activation | str | Callable[[Array], Array],
        initialization: Initialization = "gaussian",
        weight_variance: float = 1.0,
        bias_variance: float = 0.0,
    ) -> None:
        object.__setattr__(self, "widths", tuple(widths))
        object.__setattr__(self, "activation", activations.activation(activation))
        object.__setattr__(self, "initialization", initialization)
        object.__setattr__(self, "weight_variance", weight_variance)
        object.__setattr__(self, "bias_variance", bias_variance)
        self._check()

    def _check(self) -> None:
        sizes: tuple[object, ...] = self.widths
        if len(sizes) < 2 or not all(isinstance(n, Integral) and int(n) >= 1 for n in sizes):
            raise ValueError(f"widths must be at least two integers, each at least 1, got {self.widths}")
        for name in ("weight_variance", "bias_variance"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be finite and at least 0, got {value}")
        if self.activation.normalized and len(self.widths) != 3:
            raise ValueError(
                f"activation {self.activation.name!r} needs the variance of its preactivation, known only "
                f"in the first layer: widths must be (d_in, n, d_out), got {self.widths}"
            )
        if isinstance(self.initialization, Spectrum):
            self.check_spectrum(self.initialization.kappa)
        elif not isinstance(self.initialization, GivensProduct | HouseholderProduct) and (
            self.initialization not in get_args(Ensemble)
        ):
            raise ValueError(
                f"initialization must be one of {', '.join(get_args(Ensemble))}, Spectrum(kappa), "
                f"GivensProduct(rounds) or HouseholderProduct(reflectors), got {self.initialization!r}"
            )

    def _repr_html_(self) -> str:
        """In a notebook: one line for each property, with equal widths counted."""
        runs = [(width, len(list(same))) for width, same in itertools.groupby(self.widths)]
        rows = {
            "widths": " → ".join(f"{width}" if count == 1 else f"{count} × {width}" for width, count in runs),
            "activation": self.activation.name,
            "weights": f"{self.initialization}, variance {self.weight_variance:g} / fan-in",
            "biases": f"variance {self.bias_variance:g}" if self.bias_variance else "none",
        }
        lines = (f"<tr><th>{name}</th><td>{html.escape(words)}</td></tr>" for name, words in rows.items())
        return f"<table>{''.join(lines)}</table>"

    def check_spectrum(self, kappa: float) -> None:
        """n singular values with mean square 1 have κ <= n - 1."""
        narrowest = min(max(shape) for shape in self.shapes)
        if kappa > narrowest - 1:
            raise ValueError(f"kappa must be at most {narrowest - 1} for widths {self.widths}, got {kappa}")

    @property
    def layers(self) -> int:
        """The number of affine maps, L + 1."""
        return len(self.widths) - 1

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(n_out, n_in) of every weight matrix."""
        return tuple(zip(self.widths[1:], self.widths[:-1], strict=True))
