"""Ensembles of networks with one hidden layer, against the free theory and its exact corrections in 1/N.

Halverson, Maiti and Stoner (2008.08601) draw networks with an Erf, a Gauss and a ReLU activation at widths
N = 2 ... 1000 and see their correlation functions become those of a Gaussian process. Here every connected
2-, 4- and 6-point function is measured with an error bar and compared with its exact value at that width:
given the hidden layer the output is Gaussian with covariance C, so that connected functions are joint
cumulants of C over networks, and those of N independent units fall exactly as N^(1-k) for 2k points.

The Gauss-net has log-normal tails. At the paper's bias, sigma_b = 1, no affordable ensemble sees them; the
default here is 0.3. Try --bias-std 1: the error bars are then marked as not to be trusted, and the claims
stay undecided.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.fields.interactions import connected_functions
from netphysics.fields.interactions.correlators import Connected
from netphysics.fields.kernels import output_kernel, preactivation_covariance
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, StudyConfig, budget, option
from netphysics.lab.cells import agreement, gather, grid
from netphysics.lab.inputs import digit_images, read_points
from netphysics.nets import Net, batch_size, in_batches, sampler
from netphysics.nets import activation as named_activation
from netphysics.report import Curve, Figure, Table, curves, ordered_roles
from netphysics.report.style import draw_measured, figure, guide, legend, name_axes
from netphysics.stats import Claim, Estimate, Numbers, Tally, fit_power_law, multi_indices

from .published import BIAS_STD, PAPER, PAPER_GRID, PAPER_POINTS
from .symbols import symbols
from .three_estimators import connected_of, sums_of

DIGITS = 6
# The Gauss-net sees its images at less contrast, for the sake of its tails.
DIGIT_SCALE = {"erf": 1.0, "gauss": 0.3, "relu": 1.0}
ORDERS = {"two": 2, "four": 4, "six": 6}


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the Gaussian-process limit."""

    activations: tuple[Literal["erf", "gauss", "relu"], ...] = option(("erf", "gauss", "relu"), distinct=True)
    """Networks to draw: erf, gauss (the normalized exponential of the paper) and relu."""
    widths: tuple[int, ...] = option((2, 3, 4, 5, 10, 20, 50, 100, 500, 1000), least=1, distinct=True)
    """Numbers N of hidden units."""
    inputs: str = "paper"
    """Where to look: paper (its six points on a line), grid (its four corners of a square), digits (six
    images of handwritten digits, pixels from 0 to 1, for gauss from 0 to 0.3), or a file, .npy or text,
    with one point per row."""
    estimator: Literal["published", "rao-blackwell", "pooled"] = "rao-blackwell"
    """published: products of outputs. rao-blackwell: output weights averaged by hand. pooled: moments of
    single units in the exact 1/N law, which it assumes."""
    weight_std: float = option(1.0, least=0)
    """sigma_W of both layers."""
    bias_std: float | None = option(None, least=0)
    """sigma_b of both layers; left out: 1 for erf, 0.3 for gauss, 0 for relu."""
    draws: int = budget(400_000)
    """Networks for each activation and width; rounded up to whole blocks."""

    presets: ClassVar = {
        "quick": {"widths": (2, 5, 15, 50), "draws": 65_536},
        "paper": {"draws": 10_000_000},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        points(self, self.activations[0])


def points(config: Config, activation: str) -> np.ndarray:
    """The inputs of one activation's networks, shape (k, d_in)."""
    if config.inputs == "paper":
        return PAPER_POINTS[activation]
    if config.inputs == "grid":
        return PAPER_GRID[activation]
    if config.inputs == "digits":
        return DIGIT_SCALE[activation] * digit_images(DIGITS)
    return read_points(config.inputs)


def network(config: Config, activation: str, width: int) -> Net:
    bias_std = BIAS_STD[activation] if config.bias_std is None else config.bias_std
    shape = (points(config, activation).shape[1], width, 1)
    return Net(shape, activation, "gaussian", config.weight_std**2, bias_std**2)


def cells(config: Config) -> list[Cell]:
    return grid("{activation}_N={width}", activation=config.activations, width=config.widths)


def cells_of(config: Config, activation: str) -> list[Cell]:
    """One activation at every width."""
    return [cell for cell in cells(config) if cell["activation"] == activation]


@functools.lru_cache(maxsize=8)
def unit_theory(config: Config, activation: str) -> tuple[Connected, np.ndarray]:
    """Exact connected functions at N = 1, from which those at any width follow; and the bias-free kernel."""
    net, inputs = network(config, activation, 1), points(config, activation)
    return connected_functions(net, inputs), output_kernel(net, inputs, output_bias=False)


def without_budget(config: Config) -> Config:
    """One theory serves all budgets and widths."""
    return dataclasses.replace(config, draws=Config.draws, widths=Config.widths)


def predict(config: Config) -> Results:
    found = {}
    for cell in cells(config):
        exact, _ = unit_theory(without_budget(config), cell["activation"])
        width = cell["width"]
        found[cell.name] = {
            "two": Estimate(exact.two, exact.two_error, 0),
            "four": Estimate(exact.four / width, exact.four_error / width, 0),
            "six": Estimate(exact.six / width**2, exact.six_error / width**2, 0),
            "four_size": Estimate.exact(1 / width),
            "six_size": Estimate.exact(1 / width**2),
        }
    return found


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    inputs = len(points(config, config.activations[0]))
    groups = {name: multi_indices(inputs, order) for name, order in ORDERS.items()}
    axes = {"two": "input pair", "four": "four inputs", "six": "six inputs"}
    return {name: {axes[name]: [" ".join(map(str, row)) for row in rows]} for name, rows in groups.items()}


def measure(config: Config, cell: Cell) -> Experiment:
    net, sigma = network(config, cell["activation"], cell["width"]), named_activation(cell["activation"])
    inputs = points(config, cell["activation"])
    _, kernel = unit_theory(without_budget(config), cell["activation"])
    sample = sampler(net, inputs)
    variance = jnp.asarray(np.diag(preactivation_covariance(net, inputs))[:, None], jnp.float32)

    def layers(key: Array) -> tuple[Array, Array]:
        preactivations, outputs = sample(key)
        return sigma(preactivations, variance), outputs[:, 0]

    def sums(keys: Array) -> dict[str, Array]:
        return sums_of(config.estimator, net, kernel, *jax.vmap(layers)(keys))

    return jax.jit(in_batches(sums, batch_size(net, len(inputs))))


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    net = network(config, cell["activation"], cell["width"])
    exact, kernel = unit_theory(without_budget(config), cell["activation"])
    found = connected_of(config.estimator, net, kernel, tally.sums, tally.count)
    if config.estimator != "published":
        found["two"] = found["two"] + net.bias_variance
    # Sizes: how much of the exact tensor of N = 1 is in the measured one.
    sizes = {
        "four_size": found["four"] @ exact.four / (exact.four @ exact.four),
        "six_size": found["six"] @ exact.six / (exact.six @ exact.six),
    }
    return found | sizes


STATEMENTS = {
    "two": "the 2-point function equals the kernel at every width",
    "four": "the connected 4-point function has its exact value at every width",
    "six": "the connected 6-point function has its exact value at every width",
}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for activation in config.activations:
        here = cells_of(config, activation)
        for name, words in STATEMENTS.items():
            source = f"{PAPER}, section 2" if name == "two" else "exact 1/N law of independent hidden units"
            id, statement = f"{activation}-{name}", f"{activation}: {words}"
            yield agreement(id, statement, predicted, measured, here, "theory", source, quantity=name)
        if len(config.widths) < 2:
            continue
        for name, power, superscript, resolution in (("four", -1.0, "⁻¹", 0.1), ("six", -2.0, "⁻²", 0.4)):
            law = fit_power_law(np.array(config.widths, float), gather(measured, f"{name}_size", here))
            statement = f"{activation}: the connected {ORDERS[name]}-point function falls as N{superscript}"
            id = f"{activation}-{name}-slope"
            yield Claim(id, statement, power, law.exponent, "literature", PAPER, resolution)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    roles: dict[str, str] = dict(zip(config.activations, ordered_roles(len(config.activations)), strict=True))
    lines = []
    for name, power in (("four", 1), ("six", 2)):
        for activation, role in roles.items():
            exact, _ = unit_theory(without_budget(config), activation)
            scale = float(np.sqrt(np.mean(getattr(exact, name) ** 2)))
            lines.append(
                Curve(
                    labels={"activation": activation, "points": ORDERS[name]},
                    x=config.widths,
                    theory=scale * np.array(config.widths, float) ** -power,
                    measured=scale * gather(measured, f"{name}_size", cells_of(config, activation)),
                    role=role,
                    panel=name,
                    legend=activation,
                )
            )
    yield curves(
        "connected-functions",
        "Interactions fade as networks widen. Points are the part of the measured connected 4- and 6-point functions "
        "that lies along the exact tensor; lines are the exact laws $1/N$ and $1/N^2$, with no free parameter.",
        lines,
        x="width $N$ (hidden units)",
        y={name: rf"$G_c^{{({ORDERS[name]})}}$ (rms over inputs)" for name in ("four", "six")},
        log="xy",
        # The exact laws themselves already have these slopes.
        slope={"four": -1, "six": -2},
    )
    yield kernel_figure(config, predicted, measured, roles)


def kernel_figure(config: Config, predicted: Results, measured: Results, roles: Mapping[str, str]) -> Figure:
    plot, (axes,) = figure()
    name_axes(axes, "width $N$ (hidden units)", "(2-point function − kernel) / error", log="x")
    guide(axes, y=0, label="kernel")
    rows = []
    for shift, (activation, role) in enumerate(roles.items()):
        for cell in cells_of(config, activation):
            two, kernel = measured[cell.name]["two"], predicted[cell.name]["two"]
            pulls, width = (two - kernel).value / two.error, cell["width"]
            spread = width * 1.08 ** (shift - 1) * np.ones(len(pulls))
            label = activation if width == config.widths[0] else ""
            draw_measured(axes, spread, Estimate(pulls, np.zeros(len(pulls)), two.draws), role, label)
            rows += [
                (activation, width, pair, float(kernel.value[pair]), two[pair], float(pulls[pair]))
                for pair in range(len(pulls))
            ]
    legend(axes)
    caption = (
        "The 2-point function is the kernel at every width, not only in the limit. Each point is one pair of inputs, "
        "in units of its standard error."
    )
    table = Table(("activation", "width N", "pair of inputs", "kernel", "2-point function", "pull"), rows)
    return Figure("kernel", caption, plot, table)


study = Study.from_module(
    __name__,
    question="Do wide networks become Gaussian processes, and what is left of their interactions at width N?",
    headline="four_size",
    equations=(
        Equation(
            r"K(x,x') = \sigma_b^2 + \sigma_W^2 \langle \sigma(z) \sigma(z') \rangle",
            "the kernel, exact at every width",
            (
                ("K(x,x')", "kernel of two inputs"),
                (r"\sigma_W, \sigma_b", r"standard deviations of weights (times $\sqrt N$) and biases"),
                (r"\sigma(z)", "activation of a hidden unit"),
            ),
        ),
        Equation(
            r"G_c^{(4)} = \frac{\sigma_W^4}{N} ( 3 M_{1234} - M_{12} M_{34} - M_{13} M_{24} - M_{14} M_{23} )",
            "the connected 4-point function; M are moments of one hidden unit",
            symbols("N", "G_c^{(4)}", "M_{1234}"),
        ),
        Equation(
            r"G_c^{(2k)} \propto N^{1-k}",
            "every connected function at width N",
            (("G_c^{(2k)}", "connected function of $2k$ outputs"),),
        ),
    ),
    cites=("Halverson2021",),
)
