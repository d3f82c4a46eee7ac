"""Networks as a tuple of layers, of all kinds that people use: one description for theory and for explicit networks.

A signal has n units at each of P positions (pixels on a ring, tokens); a fully connected network has one position. All
layers have the same width n. What is described here is drawn by `layered_network`, and followed at infinite width by
`fields.mean_field.layer_maps`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netphysics.nets.activations import Activation, activation


@dataclass(frozen=True)
class Dense:
    """z = W a + b at each position; Var W_ij = C_W / fan-in, Var b_i = C_b."""

    weight_variance: float = 1.0
    bias_variance: float = 0.0


@dataclass(frozen=True)
class Convolution:
    """z_p = Σ_t W_t a_{p+t} + b on a ring of positions; Var W_tij = C_W / (window · fan-in)."""

    window: int = 3
    weight_variance: float = 1.0
    bias_variance: float = 0.0

    def __post_init__(self) -> None:
        if self.window < 1 or self.window % 2 == 0:
            raise ValueError(f"window is {self.window}; it must be odd and at least 1")


@dataclass(frozen=True)
class Attention:
    """z_p = O Σ_q softmax_q(k_q · r_p / n) V a_q with one head and scores over n ("1/d", as in arXiv:2203.03466): wide
    networks start with the mean over positions. C_W is the product of those of O and V."""

    weight_variance: float = 1.0


@dataclass(frozen=True)
class MeanPool:
    """The mean over all positions."""


@dataclass(frozen=True)
class Activate:
    """σ at each unit."""

    activation: Activation

    def __init__(self, choice: Activation | str) -> None:
        object.__setattr__(self, "activation", activation(choice))


@dataclass(frozen=True)
class LayerNorm:
    """Mean 0 and variance 1 over the units of a position; no gain, no shift."""


@dataclass(frozen=True)
class RMSNorm:
    """Mean square 1 over the units of a position."""


@dataclass(frozen=True)
class BatchNorm:
    """Mean 0 and variance 1 over the batch and all positions, for each unit, and then an activation: what comes out of
    the normalization is no Gaussian signal, so that both are one layer."""

    activation: Activation

    def __init__(self, choice: Activation | str = "linear") -> None:
        object.__setattr__(self, "activation", activation(choice))


@dataclass(frozen=True)
class Dropout:
    """Units are zero with probability `rate`, and divided by 1 - rate otherwise."""

    rate: float

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"rate is {self.rate}; it must be at least 0 and below 1")


@dataclass(frozen=True)
class Residual:
    """x + scale · branch(x). The branch ends with a layer that has weights."""

    branch: tuple[Layer, ...]
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not self.branch or not isinstance(self.branch[-1], Dense | Convolution | Attention):
            raise ValueError("branch must end with a layer that has weights: Dense, Convolution or Attention")


Layer = Dense | Convolution | Attention | MeanPool | Activate | LayerNorm | RMSNorm | BatchNorm | Dropout | Residual


@dataclass(frozen=True)
class LayeredNet:
    """A network of layers, the last of which gives the outputs.

    Raises:
        ValueError: for no layers, a first layer without weights, or a width below 1.
    """

    layers: tuple[Layer, ...]
    width: int

    def __post_init__(self) -> None:
        if not self.layers or not isinstance(self.layers[0], Dense | Convolution):
            raise ValueError("layers must begin with Dense or Convolution, which bring the inputs to the width")
        if self.width < 1:
            raise ValueError(f"width is {self.width}; it must be at least 1")

    @property
    def depth(self) -> int:
        """Layers with weights, those in branches included."""
        return sum(isinstance(layer, Dense | Convolution | Attention) for layer in every_layer(self.layers))


def every_layer(layers: tuple[Layer, ...]) -> Iterator[Layer]:
    """The layers in order, each branch before the addition that it ends in."""
    for layer in layers:
        if isinstance(layer, Residual):
            yield from every_layer(layer.branch)
        yield layer
