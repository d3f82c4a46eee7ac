"""How the fluctuations of signals grow with depth, and what orthogonal weights do about it.

Networks of finite width differ from each other: the squared norm of a signal fluctuates over an ensemble, and two
neurons of one layer are not independent. Both are the connected 4-point function V. Day, Kahn and Roberts
(2310.07765; Pheno 2023) found that for tanh it grows with depth for Gaussian weights and stays for orthogonal ones,
at leading order in 1/width. Here every network is critical; V and the first correction $K_1$ of the norm are measured
layer by layer at two widths, extrapolated to leading order, and compared with the recursion; piecewise linear
activations are compared with their exact law at each width.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal

import numpy as np

from netphysics.blocks import Cell
from netphysics.fields.depth import (
    critical_point,
    exact_four_point,
    finite_width_flow,
    has_exact_law,
    leading_order,
    signal_statistics,
    signal_sums,
)
from netphysics.lab import Equation, Experiment, Results, Study, StudyConfig, budget
from netphysics.nets import Net, activation
from netphysics.report import Figure, Table, draw_measured, draw_theory, figure, legend, name_axes, ordered_roles
from netphysics.stats import Claim, Estimate, Tally, concatenate

PAPER = "arXiv:2310.07765; Day, Pheno 2023"
INITIALIZATIONS = ("gaussian", "orthogonal")
Name = Literal["tanh", "relu", "linear", "gelu", "erf", "sin", "swish", "leaky-relu"]
# Relative rounding of one layer in float32; it adds up like a random walk.
ROUNDING = 2e-7


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of n-point functions by depth."""

    activations: tuple[Name, ...] = ("tanh", "relu", "linear", "gelu")
    """Activations; each at its critical weight and bias variance."""
    widths: tuple[int, int] = (256, 1024)
    """Two widths n of the layers, the smaller first: leading order is what both extrapolate to."""
    depth: int = 32
    """Number of layers."""
    draws: int = budget(16_384)
    """Networks for each activation, initialization and width; rounded up to whole blocks."""
    block_size: int = 512
    """Networks per block."""

    presets: ClassVar = {
        "quick": {"activations": ("tanh", "relu"), "widths": (128, 512), "depth": 16},
        "paper": {"widths": (512, 2048), "depth": 64, "draws": 131_072, "block_size": 2048},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.activations:
            raise ValueError("activations is empty; at least one is needed")
        if not 2 <= self.widths[0] < self.widths[1]:
            raise ValueError(f"widths are {self.widths}; they must rise and be at least 2")
        if self.depth < 4:
            raise ValueError(f"depth is {self.depth}; it must be at least 4")


def network(name: str, initialization: str, width: int, depth: int) -> tuple[Net, float]:
    """A critical net, and the mean square of an input at which its first kernel is K*, or 1 where that is free."""
    point = critical_point(activation(name))
    first = point.kernel or 1.0
    variances = point.weight_variance, point.bias_variance
    return Net((width,) * (depth + 1), name, initialization, *variances), (first - variances[1]) / variances[0]


def cells(config: Config) -> list[Cell]:
    return [
        Cell(f"{name}-{law}-{width}", {"activation": name, "initialization": law, "width": width})
        for name in config.activations
        for law in INITIALIZATIONS
        for width in config.widths
    ]


def leading(config: Config, name, law):
    """V/K^2 and K_1/K at leading order; layers 2 ... depth."""
    net, mean_square = network(name, law, config.widths[1], config.depth)
    flow = finite_width_flow(net, mean_square)
    return {
        "four_point": (flow.four_point / flow.kernel**2)[1:],
        "kernel_correction": (flow.kernel_correction / flow.kernel)[1:],
    }


@lru_cache(maxsize=64)
def exact(name, law, width, depth):
    """V/K^2 at this width where it is known, else at leading order with the next order as its error."""
    net, mean_square = network(name, law, width, depth)
    if has_exact_law(net):
        return Estimate.exact(width * exact_four_point(net)[1:])
    flow = finite_width_flow(net, mean_square)
    first = (flow.four_point / flow.kernel**2)[1:]
    return Estimate(first, next_order(first, width), 0)


def next_order(first, width):
    """How far leading order may be off: norms of critical networks multiply, so that n (exp(V/n) - 1) is typical;
    and where V stays small, a relative error of layers / width."""
    layers = np.arange(2, len(first) + 2)
    return first**2 / (2 * width) + np.abs(first) * layers / (2 * width)


def predict(config: Config) -> Results:
    found = {}
    for cell in cells(config):
        name, law, width = (cell[key] for key in ("activation", "initialization", "width"))
        rounding = width * ROUNDING * np.sqrt(1 + np.arange(1, config.depth))
        four_point = exact(name, law, width, config.depth)
        found[cell.name] = {"four_point": Estimate(four_point.value, four_point.error + rounding, 0)}
    for name in config.activations:
        for law in INITIALIZATIONS:
            small, large = config.widths
            layers = np.arange(2, config.depth + 1)
            expected = leading(config, name, law)
            # What is left after extrapolation is of second order.
            second = {
                key: np.abs(value) * (expected["four_point"] ** 2 / 6 + layers**2 / 6) / (small * large)
                for key, value in expected.items()
            }
            found[f"{name}-{law}"] = {key: Estimate(expected[key], second[key] + 1e-3, 0) for key in expected}
            change = growth(expected["four_point"])
            rest = 2 / config.depth * second["four_point"][-1] + 10 * ROUNDING
            found[f"{name}-{law}"]["growth"] = Estimate(change, rest, 0)
    return found


def growth(four_point):
    """Change of V/K^2 per layer over the second half of the net."""
    half = len(four_point) // 2
    return (four_point[-1] - four_point[half]) / (len(four_point) - 1 - half)


def measure(config: Config, cell: Cell) -> Experiment:
    return signal_sums(*network(cell["activation"], cell["initialization"], cell["width"], config.depth))


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, np.ndarray]:
    net, mean_square = network(cell["activation"], cell["initialization"], cell["width"], config.depth)
    found = signal_statistics(net, mean_square, tally)
    # Norms multiply from layer to layer: the logarithm has the same leading order, and less beyond it.
    logarithm = cell["width"] * np.log1p(found["four_point"] / cell["width"])
    return {**found, "logarithm": logarithm, "growth": growth(logarithm)}


# What is extrapolated to leading order for each quantity.
SOURCES = {"four_point": "logarithm", "kernel_correction": "kernel_correction"}


def extrapolated(config: Config, results: Results, name, law, quantity):
    """One quantity to leading order in 1/width."""
    return leading_order(config.widths, *(results[f"{name}-{law}-{width}"][quantity] for width in config.widths))


def compare(config: Config, predicted: Results, results: Results):
    claims = []
    for law in INITIALIZATIONS:
        for name in config.activations:
            expected = predicted[f"{name}-{law}"]["growth"]
            observed = extrapolated(config, results, name, law, "growth")
            added = round(float(expected.value), 5)
            statement = f"{name}, {law}: a layer adds {added:.3g} to V/K² in the second half of the net"
            claims.append(Claim(f"growth-{name}-{law}", statement, expected, observed, "literature", PAPER, 0.5))
    pairs = [(name, law) for name in config.activations for law in INITIALIZATIONS]
    source = "arXiv:2106.10165, chapter 4, and the Haar measure's fourth moments"
    for quantity, words in (("four_point", "V/K²"), ("kernel_correction", "K₁/K")):
        statement = f"{words} follows the recursion at every layer, extrapolated to infinite width"
        expected = concatenate([predicted[f"{name}-{law}"][quantity] for name, law in pairs])
        observed = concatenate([extrapolated(config, results, name, law, SOURCES[quantity]) for name, law in pairs])
        claims.append(Claim(quantity.replace("_", "-"), statement, expected, observed, "theory", source))
    statement = "V/K² at each width: exact where the activation is piecewise linear, elsewhere to next order"
    expected = concatenate([predicted[cell.name]["four_point"] for cell in cells(config)])
    observed = concatenate([results[cell.name]["four_point"] for cell in cells(config)])
    claims.append(Claim("every-width", statement, expected, observed, "theory", source))
    return claims


def figures(config: Config, predicted: Results, results: Results):
    for start in range(0, len(config.activations), 2):
        names = config.activations[start : start + 2]
        yield by_layer(config, predicted, results, names, "four_point", "$V/K^2$")
    yield collapse(config, predicted, results)
    for start in range(0, len(config.activations), 2):
        names = config.activations[start : start + 2]
        yield by_layer(config, predicted, results, names, "kernel_correction", "$K_1/K$")


CAPTIONS = {
    "four_point": "Orthogonal weights take the noise of a linear network out of every layer. What is left dies out for "
    "tanh and grows for relu: the connected 4-point function of two neurons, in units of $K^2$, lines by recursion, "
    "points extrapolated from widths {} and {}.",
    "kernel_correction": "The fluctuations move the mean norm: its first correction in 1/width. Lines by recursion, "
    "points extrapolated from widths {} and {}.",
}


def by_layer(config: Config, predicted: Results, results: Results, names, quantity, label):
    """A panel for each activation, both initializations in each."""
    plot, panels = figure(panels=len(names))
    layers, rows = np.arange(2, config.depth + 1), []
    shown = slice(0, None, max(1, config.depth // 20))
    for axes, name in zip(panels, names, strict=True):
        name_axes(axes, "layer $l$", label, title=name)
        for law in INITIALIZATIONS:
            line = predicted[f"{name}-{law}"][quantity]
            points = extrapolated(config, results, name, law, SOURCES[quantity])
            draw_theory(axes, layers, line.value, law, law)
            draw_measured(axes, layers[shown], points[shown], law, law)
            rows += [
                (name, law, int(layer), float(value), point)
                for layer, value, point in zip(layers, line.value, points, strict=True)
            ]
    legend(panels[0])
    caption = CAPTIONS[quantity].format(*config.widths)
    table = Table(("activation", "initialization", "layer", "theory", "measured"), rows)
    return Figure(f"{quantity.replace('_', '-')}-{'-'.join(names)}", caption, plot, table)


def collapse(config: Config, predicted: Results, results: Results):
    """Relative fluctuations against depth over width: one curve for both widths."""
    plot, panels = figure(panels=2)
    rows = []
    for axes, law in zip(panels, INITIALIZATIONS, strict=True):
        name_axes(axes, "layers over width $l/n$", "$V/(n K^2)$", title=law)
        for name, role in zip(config.activations, ordered_roles(len(config.activations)), strict=True):
            for width in config.widths:
                cell = f"{name}-{law}-{width}"
                layers = np.arange(2, config.depth + 1)
                line, points = predicted[cell]["four_point"].value / width, results[cell]["four_point"] / width
                draw_theory(axes, layers / width, line, role)
                shown = slice(0, None, max(1, config.depth // 12))
                label = name if width == config.widths[0] else ""
                draw_measured(axes, (layers / width)[shown], points[shown], role, label)
                rows += [
                    (name, law, width, int(layer), float(value), point)
                    for layer, value, point in zip(layers, line, points, strict=True)
                ]
    legend(panels[0])
    caption = (
        "Depth over width is what counts: points of two widths fall on one curve for Gaussian weights. For orthogonal "
        "weights V/n itself falls with the width wherever V stays. Lines are exact for piecewise linear activations "
        "and leading order for the others."
    )
    table = Table(("activation", "initialization", "width", "layer", "theory", "measured"), rows)
    return Figure("collapse", caption, plot, table)


study = Study.from_module(
    __name__,
    question="How do the fluctuations of signals grow with depth, and what do orthogonal weights change?",
    headline="growth",
    equations=(
        Equation(
            r"E[z_i z_j z_k z_m]_c = \frac{V}{n}"
            r"(\delta_{ij}\delta_{km} + \delta_{ik}\delta_{jm} + \delta_{im}\delta_{jk})",
            "the connected 4-point function of the neurons of a layer",
        ),
        Equation(
            r"V' = \chi_\parallel^2 V + C_W^2 (\langle\sigma^4\rangle - \langle\sigma^2\rangle^2) - 2\omega K'^2",
            "its recursion; $\\omega$ is 0 for Gaussian and 1 for orthogonal weights",
        ),
        Equation(
            r"V' = n C_W^2 \mathrm{Var}\left(\frac{|s|^2}{n}\right) \quad \text{or} \quad "
            r"\frac{n C_W^2}{n+2} \left(n \mathrm{Var}\frac{|s|^2}{n} - 2 \left(E\frac{|s|^2}{n}\right)^2\right)",
            "what is measured: the average over the last layer by hand, for Gaussian and for orthogonal weights",
        ),
    ),
    cites=("Day2023", "Roberts2022"),
)
