"""What happens to a signal on its way through a deep network: it explodes, vanishes, or stays.

Day, Kahn and Roberts (2310.07765; Pheno 2023) start from this picture: weights drawn too large or too small
blow a signal up or wear it down exponentially, and between the two lies a critical variance. Images of
handwritten digits are sent through ensembles of networks with weights below, at and above criticality,
Gaussian and orthogonal, and their norms and mutual angles are compared layer by layer with the theory of
infinite width and its first correction in 1/n.

The mean norm of networks with piecewise linear activations is exact at any width. Everything else is known
to first order in depth over width; the square of that order is taken as the error of the theory.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.fields.depth import SignalFlow, signal_flow
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, StudyConfig, budget, option
from netphysics.lab.cells import agreement, grid
from netphysics.lab.inputs import digit_images, read_points
from netphysics.nets import Net, batch_size, in_batches, sampler
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally

from .critical_nets import INITIALIZATIONS, critical_variances, recursion, rounding
from .symbols import symbols

TALK = "Day, Pheno 2023; arXiv:2310.07765"
PHASES = ("vanishing", "critical", "exploding")
SETTLES = "The kernel has a fixed point with such weights, too: signals settle at its norm."


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of signals by depth."""

    activation: Literal["relu", "leaky-relu", "linear", "tanh", "erf", "sin"] = "relu"
    """Activation; its critical weight variance is found from its slope at zero."""
    width: int = option(384, least=1)
    """Width n of every hidden layer."""
    depth: int = option(40, least=2)
    """Number of layers L that signals are followed through."""
    factor: float = option(1.25, above=1)
    """Weights are drawn with 1/factor, 1 and factor times the critical variance."""
    inputs: str = "digits"
    """What is sent through: digits (images of handwritten digits), or a file, .npy or text, with one point
    per row. Every input is scaled to the same norm."""
    images: int = option(3, least=2)
    """How many digit images."""
    draws: int = budget(32_768)
    """Networks for each initialization and phase; rounded up to whole blocks."""
    block_size: int = 512
    """Networks per block."""

    presets: ClassVar = {
        "quick": {"width": 192, "depth": 16, "draws": 8_192, "block_size": 256},
        "paper": {"width": 512, "depth": 80, "draws": 262_144},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(images(self)) < 2:
            raise ValueError(f"--inputs is {self.inputs} with one point; angles need at least two")


def images(config: Config) -> np.ndarray:
    """The inputs at norm |x|^2 = d_in, shape (k, d_in).

    Raises:
        ValueError: for an input that is zero: it has no direction.
    """
    x = digit_images(config.images) if config.inputs == "digits" else read_points(config.inputs)
    size = np.sqrt(np.mean(x**2, axis=1, keepdims=True))
    if not size.all():
        raise ValueError(f"--inputs is {config.inputs}; point {int(np.argmin(size))} is zero")
    return x / size


def cells(config: Config) -> list[Cell]:
    return grid(initialization=INITIALIZATIONS, phase=PHASES)


def strength(config: Config, cell: Cell) -> float:
    """The weight variance of a cell, in units of the critical one."""
    return config.factor ** (PHASES.index(cell["phase"]) - 1)


def network(config: Config, cell: Cell) -> tuple[Net, np.ndarray]:
    """The net of a cell, and its inputs, scaled so that the first layer has K = 1 in every phase."""
    shape = (config.width,) * config.depth
    x = images(config)
    variance = critical_variances(config.activation)[0] * strength(config, cell)
    net = Net((x.shape[1], *shape, 1), config.activation, cell["initialization"], variance, 0.0)
    return net, x / np.sqrt(variance)


@functools.lru_cache(maxsize=32)
def flow_of(config: Config, cell: Cell) -> SignalFlow:
    return signal_flow(*network(config, cell))


def predict(config: Config) -> Results:
    found = {}
    for cell in cells(config):
        flow = flow_of(config, cell)
        first_order = np.arange(1, config.depth + 1) / config.width
        norm, spread = flow.norm[:, 0], flow.spread[:, 0]
        pairs = np.triu_indices(flow.kernel.shape[1], 1)
        correlation = flow.cosine[:, *pairs].mean(axis=1)
        # What the theory leaves out, and what float32 rounds off in a measurement.
        lost = rounding(1 + np.arange(config.depth))
        norm_rest = 0.0 if flow.exact else (flow.norm_correction[:, 0] / config.width) ** 2
        spread_rest = 0.0 if flow.exact else flow.four_point[:, 0] ** 2 / config.width
        found[cell.name] = {
            "norm": Estimate(norm, norm * (norm_rest + lost), 0),
            "spread": Estimate(spread, spread_rest + config.width * lost, 0),
            "correlation": Estimate(correlation, (1 - correlation**2) * first_order**2 + lost, 0),
        }
        growth = (norm / norm[0])[-1] ** (1 / (config.depth - 1))
        growth_rest = (norm_rest + lost)[-1] / (config.depth - 1)
        found[cell.name]["growth"] = Estimate(growth, growth * growth_rest, 0)
    return found


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    layers = {"layer": range(1, config.depth + 1)}
    return {"norm": layers, "spread": layers, "correlation": layers}


def measure(config: Config, cell: Cell) -> Experiment:
    net, x = network(config, cell)
    pairs = np.triu_indices(len(x), 1)
    scale = jnp.asarray(flow_of(config, cell).norm[:, :1], jnp.float32)

    def gram(z: Array) -> Array:
        return z @ z.T / z.shape[1]

    sample = sampler(net, x, observe=gram)

    def one(key: Array) -> dict[str, Array]:
        layers = jnp.stack(sample(key)[:-1])
        variance = jnp.diagonal(layers, axis1=1, axis2=2)
        length = jnp.sqrt(variance)
        cosine = layers / (length[:, :, None] * length[:, None, :])
        # Norms are measured in units of their prediction: float32 then has digits for all of them.
        norm = variance / scale
        return {
            "norm": norm.mean(axis=1),
            "square": jnp.mean(norm**2, axis=1),
            "correlation": cosine[:, *pairs].mean(axis=1),
        }

    def sums(keys: Array) -> dict[str, Array]:
        return jax.tree.map(lambda x: x.sum(axis=0), jax.vmap(one)(keys))

    return jax.jit(in_batches(sums, batch_size(net, len(x))))


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    scale = flow_of(config, cell).norm[:, 0]
    mean, square = tally.mean("norm"), tally.mean("square")
    norm = mean * scale
    return {
        "norm": norm,
        "spread": config.width * (square / mean**2 - 1),
        "correlation": tally.mean("correlation"),
        "growth": (norm[-1] / norm[0]) ** (1 / (config.depth - 1)),
    }


QUANTITIES = {
    "norm": (
        "squared norm $|z|^2/n$",
        "Mean norms follow the theory at every layer, weight variance and initialization",
        "Weights smaller than critical, critical, larger: what becomes of the norm of a signal. Lines are theory, "
        "points and bands {draws:,} networks.",
    ),
    "correlation": (
        "cosine of the angle",
        "Angles between signals follow the correlation map, up to depth / width",
        "Different images grow alike, or apart: the mean cosine of the angle between two signals, against the "
        "correlation map of infinite width.",
    ),
    "spread": (
        "$n$ × relative variance of $|z|^2/n$",
        "Norms differ between networks as the connected 4-point function says",
        "How differently two networks treat the same image. Orthogonal weights take away the part of this noise "
        "that a linear network would have.",
    ),
}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    source = recursion(4)
    for cell in cells(config):
        expected, observed = predicted[cell.name]["growth"], measured[cell.name]["growth"]
        weights = f"{cell['initialization']} weights at {strength(config, cell):.3g} times the critical variance"
        statement = f"{weights}: a layer multiplies the squared norm by {float(expected.value):.4g}"
        yield Claim(f"growth-{cell.name}", statement, expected, observed, "theory", source, 0.05)
        if cell["phase"] == "exploding":
            statement = f"{weights}: signals explode, a layer multiplies the squared norm by more than 1"
            yield Claim.at_least(f"explodes-{cell.name}", statement, 1.0, observed, "literature", TALK, SETTLES)
        elif cell["phase"] == "vanishing":
            statement = f"{weights}: signals vanish, a layer multiplies the squared norm by less than 1"
            yield Claim.at_most(f"vanishes-{cell.name}", statement, 1.0, observed, "literature", TALK)
    for name in ("norm", "spread", "correlation"):
        yield agreement(name, QUANTITIES[name][1], predicted, measured, cells(config), "theory", source)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    layers = np.arange(1, config.depth + 1)
    for name, (label, _, caption) in QUANTITIES.items():
        lines = [
            Curve(
                labels={"initialization": cell["initialization"], "weights / critical": strength(config, cell)},
                x=layers,
                theory=predicted[cell.name][name].value,
                measured=measured[cell.name][name],
                role=cell["initialization"],
                panel=cell["initialization"],
                end=f"{strength(config, cell):.3g} × critical",
            )
            for cell in cells(config)
        ]
        log = "y" if name == "norm" else ""
        text = caption.format(draws=config.draws)
        yield curves(name, text, lines, x="layer $l$", y=label, log=log, every=5, band=True, share_y=True)


study = Study.from_module(
    __name__,
    question="Does a signal explode, vanish or survive on its way through a deep network?",
    headline="growth",
    equations=(
        Equation(
            r"K' = C_b + C_W \langle \sigma(z)^2 \rangle_{z \sim N(0, K)}",
            "the norm of a signal, layer by layer",
            (
                *symbols("K", "C_b", "C_W"),
                (r"\sigma(z)", "activation"),
                ("N(0, K)", "normal law with mean 0 and variance $K$"),
            ),
        ),
        Equation(
            r"V' = \chi_\parallel^2 V + C_W^2 (\langle\sigma^4\rangle - \langle\sigma^2\rangle^2) - 2\omega K'^2",
            "its fluctuations over networks; $\\omega$ is 0 for Gaussian and 1 for orthogonal weights",
            symbols("V", r"\chi_\parallel", r"\omega"),
        ),
        Equation(
            r"n \, \mathrm{Var}(z^2) / K^2 = 2 + (1 + 2/n) V/K^2",
            "how differently two networks treat the same signal",
            symbols("n"),
        ),
    ),
    cites=("Day2023", "Roberts2022", "Pedregosa2011"),
)
