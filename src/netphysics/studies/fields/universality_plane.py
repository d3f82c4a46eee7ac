r"""What decides how fast networks come to differ from each other: one number of the activation.

An activation that is linear on both sides of zero enters all statistics of deep networks through
$\rho = A_4/A_2^2$ only, the ratio of moments of its two slopes: 1 for linear and 2 for relu nets. The connected
four-point function grows by $3\rho - 1$ a layer with Gaussian weights, by $3(\rho-1)$ with orthogonal ones:
orthogonality takes away what a linear net would have, and leaves the noise of the activation. This is exact at any
width: a layer multiplies the second moment of the norm by $1 + (3\rho-1)/n$, or $1 + 3(\rho-1)/(n+2)$.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from netphysics.blocks import Cell
from netphysics.fields.depth import exact_four_point, slope_ratio
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, StudyConfig, budget, option
from netphysics.lab.cells import agreement, gather, grid
from netphysics.nets import Net, batch_size, in_batches, leaky_relu, sampler
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally, fit_line

from .critical_nets import INITIALIZATIONS
from .symbols import symbols

SOURCE = "exact law of scale-invariant networks; arXiv:2106.10165, chapter 4, at large width"
# What float32 rounds off a layer's squared norm; errors of layers add up like a random walk.
NORM_ROUNDING = 3e-8


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the universality plane."""

    slopes: tuple[float, ...] = option((0.0, 0.2, 0.4, 0.6, 1.0), between=(-1, 1))
    """Slopes of the leaky relu below zero: 0 is relu, 1 is linear."""
    width: int = option(128, least=2)
    """Width n of every layer."""
    depth: int = option(16, least=2)
    """Number of layers L."""
    draws: int = budget(65_536)
    """Networks for each slope and initialization; rounded up to whole blocks."""
    block_size: int = 1024
    """Networks per block."""

    presets: ClassVar = {
        "quick": {"slopes": (0.0, 0.4, 1.0), "depth": 10, "draws": 16_384, "block_size": 512},
        "paper": {"slopes": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0), "depth": 32, "draws": 262_144},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if len({abs(slope) for slope in self.slopes}) < 2:
            raise ValueError(f"slopes is {self.slopes}; a line through them needs two different sizes")


def cells(config: Config) -> list[Cell]:
    return grid(initialization=INITIALIZATIONS, slope=config.slopes)


def cells_of(config: Config, initialization: str) -> list[Cell]:
    return [cell for cell in cells(config) if cell["initialization"] == initialization]


def network(config: Config, cell: Cell) -> Net:
    """A net of equal widths at its critical weight variance."""
    slope = cell["slope"]
    widths = (config.width,) * (config.depth + 2)
    return Net(widths, leaky_relu(slope), cell["initialization"], 2 / (1 + slope**2))


def predict(config: Config) -> Results:
    found = {}
    for cell in cells(config):
        net = network(config, cell)
        rho, gaussian = slope_ratio(leaky_relu(cell["slope"])), cell["initialization"] == "gaussian"
        rounding = config.width * NORM_ROUNDING * np.sqrt(np.arange(1, config.depth + 1))
        four_point = config.width * exact_four_point(net)[1:]
        found[cell.name] = {
            "four-point": Estimate(four_point, rounding, 0),
            "slope": Estimate(3 * rho - 1 if gaussian else 3 * (rho - 1), config.width * NORM_ROUNDING, 0),
        }
    return found


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {"four-point": {"layer": range(2, config.depth + 2)}}


def measure(config: Config, cell: Cell) -> Experiment:
    net, sigma = network(config, cell), leaky_relu(cell["slope"])
    weight = np.float32(net.weight_variance)
    # The norm of the first layer is K = 1 of all networks.
    x = np.full((1, config.width), 1 / math.sqrt(net.weight_variance))

    def metric(z: Array) -> Array:
        """The variance of the next preactivations, given this layer's."""
        return weight * jnp.mean(sigma.value(z) ** 2)

    sample = sampler(net, x, observe=metric)

    def sums(keys: Array) -> dict[str, Array]:
        layers = jax.vmap(lambda key: jnp.stack(sample(key)[:-1]))(keys)
        return {"metric": layers.sum(axis=0), "square": (layers**2).sum(axis=0)}

    return jax.jit(in_batches(sums, batch_size(net, 1)))


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    """V/K² of the layers 2 ... L + 1: given the metric, two neurons are a pair of a Gaussian or of a sphere."""
    n, gaussian = config.width, cell["initialization"] == "gaussian"
    ratio = tally.mean("square") / tally.mean("metric") ** 2
    growth = (ratio[-1] / ratio[0]) ** (1 / (config.depth - 1))
    return {
        "four-point": n * ((1 if gaussian else n / (n + 2)) * ratio - 1),
        # Ratios of the layers are equal, so that the growth over all of them is the growth of one.
        "slope": n * (growth - 1) if gaussian else (n + 2) * (growth - 1),
    }


def ratios(config: Config) -> Float[np.ndarray, " slopes"]:
    """ρ of every slope."""
    return np.array([slope_ratio(leaky_relu(slope)) for slope in config.slopes])


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for initialization, intercept in (("gaussian", -1.0), ("orthogonal", -3.0)):
        here = cells_of(config, initialization)
        statement = f"The 4-point function of {initialization} nets follows its exact law at every layer and slope"
        id = f"four-point-{initialization}"
        yield agreement(id, statement, predicted, measured, here, "theory", SOURCE, quantity="four-point")
        observed = gather(measured, "slope", here)
        # A linear orthogonal net has no noise at all; what rounding leaves is no error bar to weigh with.
        error = np.hypot(observed.error, gather(predicted, "slope", here).error)
        points = Estimate(observed.value, error, observed.draws, observed.dof, observed.trusted)
        line = fit_line(ratios(config), points)
        statement = f"{initialization}: its growth per layer is a line in $\\rho$ of slope 3"
        yield Claim(f"slope-{initialization}", statement, 3.0, line.slope, "theory", SOURCE, 0.5)
        statement = f"{initialization}: that line meets $\\rho = 0$ at ${intercept:g}$"
        yield Claim(f"intercept-{initialization}", statement, intercept, line.intercept, "theory", SOURCE, 0.5)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    yield plane_figure(config, predicted, measured)
    yield layer_figure(config, predicted, measured)


def layer_figure(config: Config, predicted: Results, measured: Results) -> Figure:
    lines = [
        Curve(
            labels={"initialization": cell["initialization"], "slope below zero": cell["slope"]},
            x=np.arange(2, config.depth + 2),
            theory=predicted[cell.name]["four-point"].value,
            measured=measured[cell.name]["four-point"],
            role=cell["initialization"],
            panel=f"slope {cell['slope']:g} below zero",
            legend=cell["initialization"],
        )
        for slope in (config.slopes[0], config.slopes[-1])
        for cell in cells(config)
        if cell["slope"] == slope
    ]
    caption = (
        "The connected 4-point function by layer, in networks of finite width. Lines: the exact law, which bends up "
        "where layers multiply their noise. A linear orthogonal network has none: it stays on its sphere."
    )
    return curves("layers", caption, lines, x="layer $l$", y="$V/K^2$")


def plane_figure(config: Config, predicted: Results, measured: Results) -> Figure:
    rho = ratios(config)
    order = np.argsort(rho)
    lines = [
        Curve(
            labels={"initialization": initialization},
            x=rho[order],
            more={"slope below zero": np.array(config.slopes)[order].tolist()},
            theory=gather(predicted, "slope", cells_of(config, initialization)).value[order],
            measured=gather(measured, "slope", cells_of(config, initialization))[order],
            role=initialization,
            legend=initialization,
        )
        for initialization in INITIALIZATIONS
    ]
    caption = (
        "One number of the activation decides how fast networks come to differ. Lines: $3\\rho - 1$ and "
        f"$3(\\rho - 1)$, exact at any width. Points: leaky relus in networks of width {config.width}."
    )
    shown = curves("plane", caption, lines, x=r"$\rho = A_4 / A_2^2$", y="growth of $V/K^2$ per layer")
    (axes,) = shown.axes
    for name, place, shift in (("linear", 1, 14), ("relu", 2, -16)):
        at = ("data", "axes fraction")
        axes.annotate(name, (place, 0), xytext=(shift, 4), xycoords=at, textcoords="offset points")
    return shown


study = Study.from_module(
    __name__,
    question="Which property of an activation decides how fast random networks come to differ from each other?",
    headline="slope",
    equations=(
        Equation(
            r"\rho = \frac{A_4}{A_2^2}, \quad A_p = \tfrac12 (a_+^p + a_-^p)",
            "the one number of an activation with slopes $a_+$ and $a_-$",
            (
                (r"\rho", "the ratio of moments"),
                ("A_p", "moment of order $p$ of the two slopes"),
                ("a_+, a_-", "slopes of the activation for positive and negative signals"),
            ),
        ),
        Equation(
            r"E[z_i^2 z_j^2] / K^2 = (1 + (3\rho - 1)/n)^{l-1}",
            "two neurons of layer $l$, Gaussian weights, at any width",
            (*symbols("E", "K", "n"), ("z_i, z_j", "signals of two neurons"), ("l", "layer")),
        ),
        Equation(
            r"E[z_i^2 z_j^2] / K^2 = \frac{n}{n+2} (1 + 3(\rho - 1)/(n+2))^{l-1}",
            "the same for orthogonal weights",
        ),
    ),
    cites=("Day2023", "Roberts2022"),
)
