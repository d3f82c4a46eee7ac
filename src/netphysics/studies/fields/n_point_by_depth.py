"""How the fluctuations of signals grow with depth, and what orthogonal weights do about it.

Networks of finite width differ from each other: the squared norm of a signal fluctuates over an ensemble, and two
neurons of one layer are not independent. Both are the connected 4-point function V. Day, Kahn and Roberts
(2310.07765; Pheno 2023) found that for tanh it grows with depth for Gaussian weights and stays for orthogonal ones,
at leading order in 1/width. Here every network is critical; V and the first correction $K_1$ of the norm are measured
layer by layer at two widths, extrapolated to leading order, and compared with the recursion; piecewise linear
activations are compared with their exact law at each width.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from netphysics.blocks import Cell
from netphysics.fields.depth import (
    exact_four_point,
    finite_width_flow,
    has_exact_law,
    signal_statistics,
    signal_sums,
)
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, StudyConfig, budget, option
from netphysics.lab.cells import agreement, grid
from netphysics.report import Curve, Figure, curves, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers, Tally, concatenate

from .critical_nets import (
    INITIALIZATIONS,
    PAPER,
    ROUNDING,
    Initialization,
    Name,
    critical_net,
    extrapolated,
    recursion,
    rounding,
)
from .symbols import symbols


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of n-point functions by depth."""

    activations: tuple[Name, ...] = option(("tanh", "relu", "linear", "gelu"))
    """Activations; each at its critical weight and bias variance."""
    widths: tuple[int, int] = option((256, 1024), least=2, rising=True)
    """Two widths n of the layers, the smaller first: leading order is what both extrapolate to."""
    depth: int = option(32, least=4)
    """Number of layers."""
    draws: int = budget(16_384)
    """Networks for each activation, initialization and width; rounded up to whole blocks."""
    block_size: int = 512
    """Networks per block."""

    presets: ClassVar = {
        "quick": {"activations": ("tanh", "relu"), "widths": (128, 512), "depth": 16},
        "paper": {"widths": (512, 2048), "depth": 64, "draws": 131_072, "block_size": 2048},
    }


def cells(config: Config) -> list[Cell]:
    return grid(activation=config.activations, initialization=INITIALIZATIONS, width=config.widths)


def pairs(config: Config) -> list[Cell]:
    """What is extrapolated to infinite width: one for each activation and initialization."""
    return grid(activation=config.activations, initialization=INITIALIZATIONS)


def leading(config: Config, name: str, law: Initialization) -> dict[str, np.ndarray]:
    """V/K^2 and K_1/K at leading order; layers 2 ... depth."""
    net, mean_square = critical_net(name, law, config.widths[1], config.depth)
    flow = finite_width_flow(net, mean_square)
    return {
        "four_point": (flow.four_point / flow.kernel**2)[1:],
        "kernel_correction": (flow.kernel_correction / flow.kernel)[1:],
    }


@lru_cache(maxsize=64)
def exact(name: str, law: Initialization, width: int, depth: int) -> Estimate:
    """V/K^2 at this width where it is known, else at leading order with the next order as its error."""
    net, mean_square = critical_net(name, law, width, depth)
    if has_exact_law(net):
        return Estimate.exact(width * exact_four_point(net)[1:])
    flow = finite_width_flow(net, mean_square)
    first = (flow.four_point / flow.kernel**2)[1:]
    return Estimate(first, next_order(first, width), 0)


def next_order(first: Float[np.ndarray, " layers"], width: int) -> Float[np.ndarray, " layers"]:
    """How far leading order may be off: norms of critical networks multiply, so that n (exp(V/n) - 1) is typical;
    and where V stays small, a relative error of layers / width."""
    layers = np.arange(2, len(first) + 2)
    return first**2 / (2 * width) + np.abs(first) * layers / (2 * width)


def predict(config: Config) -> Results:
    found = {}
    for cell in cells(config):
        name, law, width = (cell[key] for key in ("activation", "initialization", "width"))
        lost = width * rounding(1 + np.arange(1, config.depth))
        four_point = exact(name, law, width, config.depth)
        found[cell.name] = {"four_point": Estimate(four_point.value, four_point.error + lost, 0)}
    small, large = config.widths
    layers = np.arange(2, config.depth + 1)
    for pair in pairs(config):
        expected = leading(config, pair["activation"], pair["initialization"])
        # What is left after extrapolation is of second order.
        second = {
            key: np.abs(value) * (expected["four_point"] ** 2 / 6 + layers**2 / 6) / (small * large)
            for key, value in expected.items()
        }
        rest = 2 / config.depth * second["four_point"][-1] + 10 * ROUNDING
        found[pair.name] = {key: Estimate(expected[key], second[key] + 1e-3, 0) for key in expected}
        found[pair.name]["growth"] = Estimate(growth(expected["four_point"]), rest, 0)
    return found


def growth(four_point: Float[np.ndarray, " layers"]) -> float:
    """Change of V/K^2 per layer over the second half of the net."""
    half = len(four_point) // 2
    return (four_point[-1] - four_point[half]) / (len(four_point) - 1 - half)


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    names = ("four_point", "kernel_correction", "logarithm")
    return {name: {"layer": range(2, config.depth + 1)} for name in names}


def measure(config: Config, cell: Cell) -> Experiment:
    return signal_sums(*critical_net(cell["activation"], cell["initialization"], cell["width"], config.depth))


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    net, mean_square = critical_net(cell["activation"], cell["initialization"], cell["width"], config.depth)
    found = signal_statistics(net, mean_square, tally)
    # Norms multiply from layer to layer: the logarithm has the same leading order, and less beyond it.
    logarithm = cell["width"] * np.log1p(found["four_point"] / cell["width"])
    return {**found, "logarithm": logarithm, "growth": growth(logarithm)}


# What is extrapolated to leading order for each quantity.
SOURCES = {"four_point": "logarithm", "kernel_correction": "kernel_correction"}


def at_infinite_width(config: Config, measured: Results, pair: Cell, quantity: str) -> Estimate:
    return extrapolated(config.widths, measured, pair.name, SOURCES.get(quantity, quantity))


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for pair in grid("{initialization}-{activation}", initialization=INITIALIZATIONS, activation=config.activations):
        name, law = pair["activation"], pair["initialization"]
        expected = predicted[f"{name}-{law}"]["growth"]
        observed = extrapolated(config.widths, measured, f"{name}-{law}", "growth")
        added = round(float(expected.value), 5)
        statement = f"{name}, {law}: a layer adds {added:.3g} to V/K² in the second half of the net"
        yield Claim(f"growth-{name}-{law}", statement, expected, observed, "theory", recursion(4), 0.5)
    if "tanh" in config.activations:
        yield from tanh_claims(measured, config)
    for quantity, words in (("four_point", "V/K²"), ("kernel_correction", "K₁/K")):
        statement = f"{words} follows the recursion at every layer, extrapolated to infinite width"
        expected = concatenate([predicted[pair.name][quantity] for pair in pairs(config)])
        observed = concatenate([at_infinite_width(config, measured, pair, quantity) for pair in pairs(config)])
        yield Claim(quantity.replace("_", "-"), statement, expected, observed, "theory", recursion(4))
    statement = "V/K² at each width: exact where the activation is piecewise linear, elsewhere to next order"
    where = cells(config)
    yield agreement("every-width", statement, predicted, measured, where, "theory", recursion(4), quantity="four_point")


def tanh_claims(measured: Results, config: Config) -> Iterator[Claim]:
    """What the paper found."""
    growths = {law: extrapolated(config.widths, measured, f"tanh-{law}", "growth") for law in INITIALIZATIONS}
    statement = "tanh: with Gaussian weights V/K² grows with depth, by more than 0 a layer"
    yield Claim.at_least("tanh-grows", statement, 0.0, growths["gaussian"], "literature", PAPER)
    statement = "tanh: with orthogonal weights V/K² stays, to a tenth of a unit a layer"
    yield Claim.within("tanh-stays", statement, 0.0, 0.1, growths["orthogonal"], "literature", PAPER)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    halves = [config.activations[start : start + 2] for start in range(0, len(config.activations), 2)]
    for names in halves:
        yield by_layer(config, predicted, measured, names, "four_point", "$V/K^2$")
    yield collapse(config, predicted, measured)
    for names in halves:
        yield by_layer(config, predicted, measured, names, "kernel_correction", "$K_1/K$")


CAPTIONS = {
    "four_point": "Orthogonal weights take the noise of a linear network out of every layer. What is left dies out for "
    "tanh and grows for relu: the connected 4-point function of two neurons, in units of $K^2$, lines by recursion, "
    "points extrapolated from widths {} and {}.",
    "kernel_correction": "The fluctuations move the mean norm: its first correction in 1/width. Lines by recursion, "
    "points extrapolated from widths {} and {}.",
}


def by_layer(
    config: Config, predicted: Results, measured: Results, names: tuple[Name, ...], quantity: str, label: str
) -> Figure:
    """A panel for each activation, both initializations in each."""
    lines = [
        Curve(
            labels={"activation": pair["activation"], "initialization": pair["initialization"]},
            x=np.arange(2, config.depth + 1),
            theory=predicted[pair.name][quantity].value,
            measured=at_infinite_width(config, measured, pair, quantity),
            role=pair["initialization"],
            panel=pair["activation"],
            legend=pair["initialization"],
        )
        for pair in grid(activation=names, initialization=INITIALIZATIONS)
    ]
    name, every = f"{quantity.replace('_', '-')}-{'-'.join(names)}", max(1, config.depth // 20)
    return curves(name, CAPTIONS[quantity].format(*config.widths), lines, x="layer $l$", y=label, every=every)


def collapse(config: Config, predicted: Results, measured: Results) -> Figure:
    """Relative fluctuations against depth over width: one curve for both widths."""
    roles = dict(zip(config.activations, ordered_roles(len(config.activations)), strict=True))
    layers = np.arange(2, config.depth + 1)
    lines = [
        Curve(
            labels={"activation": cell["activation"], "initialization": cell["initialization"], "width": cell["width"]},
            x=layers / cell["width"],
            more={"layer $l$": layers.tolist()},
            theory=predicted[cell.name]["four_point"].value / cell["width"],
            measured=measured[cell.name]["four_point"] / cell["width"],
            role=roles[cell["activation"]],
            panel=cell["initialization"],
            legend=cell["activation"] if cell["width"] == config.widths[0] else "",
        )
        for law in INITIALIZATIONS
        for cell in cells(config)
        if cell["initialization"] == law
    ]
    caption = (
        "Depth over width is what counts: points of two widths fall on one curve for Gaussian weights. For orthogonal "
        "weights V/n itself falls with the width wherever V stays. Lines are exact for piecewise linear activations "
        "and leading order for the others."
    )
    x, y = "layers over width $l/n$", "$V/(n K^2)$"
    return curves("collapse", caption, lines, x=x, y=y, every=max(1, config.depth // 12))


study = Study.from_module(
    __name__,
    question="How do the fluctuations of signals grow with depth, and what do orthogonal weights change?",
    headline="growth",
    equations=(
        Equation(
            r"E[z_i z_j z_k z_m]_c = \frac{V}{n}"
            r"(\delta_{ij}\delta_{km} + \delta_{ik}\delta_{jm} + \delta_{im}\delta_{jk})",
            "the connected 4-point function of the neurons of a layer",
            (
                *symbols("E", "V", "n", r"\delta_{ij}"),
                ("z_i", "signal of neuron $i$ of a layer"),
                (r"E[\cdot]_c", "connected part of a mean over networks"),
                ("i, j, k, m", "neurons"),
            ),
        ),
        Equation(
            r"V' = \chi_\parallel^2 V + C_W^2 (\langle\sigma^4\rangle - \langle\sigma^2\rangle^2) - 2\omega K'^2",
            "its recursion; $\\omega$ is 0 for Gaussian and 1 for orthogonal weights",
            symbols(r"\chi_\parallel", "C_W", r"\sigma", r"\omega", "K"),
        ),
        Equation(
            r"V' = n C_W^2 \mathrm{Var}\left(\frac{|s|^2}{n}\right) \quad \text{or} \quad "
            r"\frac{n C_W^2}{n+2} \left(n \mathrm{Var}\frac{|s|^2}{n} - 2 \left(E\frac{|s|^2}{n}\right)^2\right)",
            "what is measured: the average over the last layer by hand, for Gaussian and for orthogonal weights",
            (("s", r"activations $\sigma(z)$ of the layer before"),),
        ),
    ),
    cites=("Day2023", "Roberts2022"),
)
