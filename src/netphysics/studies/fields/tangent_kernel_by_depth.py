r"""How a network at initialization will learn, and how much that is a matter of luck: the tangent kernel by depth.

The tangent kernel says how fast the outputs move under gradient descent. At finite width it fluctuates from network
to network and mixes outputs that would not meet at infinite width; Day, Kahn and Roberts (2310.07765; Pheno 2023)
saw both saturate with depth for tanh and orthogonal weights, and grow for Gaussian ones. Here its mean, the
covariances A and B of its entries and those with the outputs, D and F, are measured without weight matrices at two
widths, extrapolated to leading order in 1/width and compared with the recursion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from netphysics.blocks import Cell
from netphysics.fields.depth import FiniteWidthFlow, finite_width_flow, tangent_statistics, tangent_sums
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, StudyConfig, budget, grid, option
from netphysics.nets import LearningRates, Net
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally, concatenate

from .critical_nets import INITIALIZATIONS, PAPER, Initialization, Name, critical_net, extrapolated, recursion
from .symbols import symbols

TENSORS = ("D", "F", "A", "B")


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of tangent kernels by depth."""

    activations: tuple[Name, ...] = option(("tanh", "relu"))
    """Activations; each at its critical weight and bias variance."""
    widths: tuple[int, int] = option((160, 640), least=4, rising=True)
    """Two widths n of the layers, the smaller first: leading order is what both extrapolate to."""
    depths: tuple[int, ...] = option((2, 4, 6, 8, 12, 16, 20), least=2, rising=True, entries=2)
    """Layers whose tangent kernel is measured, each on networks of its own."""
    bias_rates: tuple[float, ...] = option((0.0, 1.0), least=0)
    """Learning rates of biases, in units in which C_W is that of weights."""
    draws: int = budget(4096)
    """Networks for each depth, activation, initialization and width; rounded up to whole blocks."""
    block_size: int = 128
    """Networks per block."""

    presets: ClassVar = {
        "quick": {"activations": ("tanh",), "widths": (64, 256), "depths": (2, 4, 8, 12, 20)},
        "paper": {"depths": (2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 48), "draws": 65_536, "block_size": 1024},
    }


def cells(config: Config) -> list[Cell]:
    return grid(activation=config.activations, initialization=INITIALIZATIONS, width=config.widths)


def pairs(config: Config) -> list[Cell]:
    """What is extrapolated to infinite width: one for each activation and initialization."""
    return grid(activation=config.activations, initialization=INITIALIZATIONS)


def setting(config: Config, name: str, law: Initialization, width: int) -> tuple[Net, float, list[LearningRates]]:
    """A net, the mean square of its input, and its learning rates."""
    net, mean_square = critical_net(name, law, width, max(config.depths))
    return net, mean_square, [LearningRates(rate, net.weight_variance) for rate in config.bias_rates]


def normalized(flow: FiniteWidthFlow) -> dict[str, np.ndarray]:
    """The tensors of every layer in units of K and Θ, each of shape (layers,)."""
    kernel, theta = flow.kernel, flow.tangent_kernel
    return {
        "tangent_kernel": theta,
        "tangent_kernel_correction": flow.tangent_kernel_correction / theta,
        "D": flow.D / (kernel * theta),
        "F": flow.F / (kernel * theta),
        "A": flow.A / theta**2,
        "B": flow.B / theta**2,
        "noise": (flow.A + 2 * flow.B) / theta**2,
        "four_point": flow.four_point / kernel**2,
    }


def predict(config: Config) -> Results:
    found = {}
    layers = np.arange(1, max(config.depths) + 1)[:, None]
    for pair in pairs(config):
        net, mean_square, rates = setting(config, pair["activation"], pair["initialization"], config.widths[1])
        tables = [normalized(finite_width_flow(net, mean_square, each)) for each in rates]
        tensors = {key: np.stack([table[key] for table in tables], axis=1) for key in tables[0]}
        # Extrapolation from two widths leaves the second order: of the squares of V/n and of layers/n.
        size = sum(np.abs(tensors[key]) for key in TENSORS) + np.abs(tensors["tangent_kernel_correction"])
        order = (tensors["four_point"] ** 2 + layers**2) / (6 * config.widths[0] * config.widths[1])
        found[pair.name] = {
            "tangent_kernel": Estimate.exact(tensors["tangent_kernel"]),
            **{
                key: Estimate(tensors[key], size * order, 0) for key in (*TENSORS, "noise", "tangent_kernel_correction")
            },
        }
    return found


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    measured = {"layer": config.depths, "bias rate": config.bias_rates}
    names = (*TENSORS, "tangent_kernel_correction", "noise", "spread", "off_diagonal")
    return {**dict.fromkeys(names, measured), "tangent_kernel": {**measured, "layer": range(1, max(config.depths) + 1)}}


def measure(config: Config, cell: Cell) -> Experiment:
    return tangent_sums(*setting(config, cell["activation"], cell["initialization"], cell["width"]), config.depths)


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    found = tangent_statistics(
        *setting(config, cell["activation"], cell["initialization"], cell["width"]), config.depths, tally
    )
    width = cell["width"]
    noise = found["A"] + 2 * found["B"]
    return {
        **{key: found[key] for key in (*TENSORS, "tangent_kernel_correction")},
        "noise": noise,
        # An orthogonal linear net has no noise at all; its rounding may have either sign.
        "spread": np.sqrt(np.maximum(noise, 0) / width),
        "off_diagonal": np.sqrt(np.maximum(found["B"], 0) / width),
    }


STATEMENTS = {
    "tangent_kernel_correction": "Θ₁, the first correction of the mean tangent kernel,",
    "D": "D, the covariance of squared outputs and tangent kernels of other outputs,",
    "F": "F, the covariance of the product of two outputs and their tangent kernel,",
    "A": "A, the covariance of the tangent kernels of two outputs,",
    "B": "B, the variance of the tangent kernel between two outputs,",
}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    last = config.depths[-1]
    for pair in pairs(config):
        expected = predicted[pair.name]["noise"][last - 1, 0]
        observed = extrapolated(config.widths, measured, pair.name, "noise")[-1, 0]
        statement = (
            f"{pair['activation']}, {pair['initialization']}: n times the relative variance of the tangent kernel at "
            f"layer {last}, λ_b = {config.bias_rates[0]:g}, is {float(expected.value):.3g}"
        )
        resolution = 0.2 + 0.1 * abs(float(expected.value))
        yield Claim(f"noise-{pair.name}", statement, expected, observed, "theory", recursion(8), resolution)
    if "tanh" in config.activations:
        yield less_noise(config, measured)
    at = np.array(config.depths) - 1
    for quantity, words in STATEMENTS.items():
        expected = concatenate([predicted[pair.name][quantity][at] for pair in pairs(config)])
        observed = concatenate([extrapolated(config.widths, measured, pair.name, quantity) for pair in pairs(config)])
        statement = f"{words} follows the recursion at every depth, extrapolated to infinite width"
        yield Claim(quantity.replace("_", "-"), statement, expected, observed, "theory", recursion(8))


def less_noise(config: Config, measured: Results) -> Claim:
    """What the paper found."""
    gaussian, orthogonal = (
        extrapolated(config.widths, measured, f"tanh-{law}", "noise")[-1, 0] for law in INITIALIZATIONS
    )
    statement = f"tanh, layer {config.depths[-1]}: the tangent kernel fluctuates less with orthogonal weights"
    return Claim.at_most("tanh-less-noise", statement, 0.0, orthogonal - gaussian, "literature", PAPER)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    width = config.widths[1]
    captions = {
        "spread": f"How differently two networks of width {width} will learn: the relative spread of the tangent "
        "kernel over initializations. Lines are leading order by recursion; points lie above them where higher orders "
        "count.",
        "off_diagonal": f"How much one output learns from the other's errors, at width {width}: the root mean square "
        "of the tangent kernel between two outputs. Orthogonal weights make it die out for tanh.",
        "mean": "The mean tangent kernel hardly depends on the initialization. Lines are infinite width, points "
        f"width {width}.",
    }
    for quantity, caption in captions.items():
        for start in range(0, len(config.activations), 2):
            yield by_layer(config, predicted, measured, config.activations[start : start + 2], quantity, caption)


LABELS = {
    "spread": r"relative spread $\sqrt{(A + 2B)/n}$ / $\Theta$",
    "off_diagonal": r"mixing $\sqrt{B/n}$ / $\Theta$",
    "mean": r"mean tangent kernel $\Theta$",
}


def line_and_points(
    config: Config, expected: Mapping[str, Estimate], observed: Mapping[str, Estimate], quantity: str
) -> tuple[np.ndarray, Estimate]:
    """What is drawn of a quantity, at the larger width: a line (layers, rates) and points (depths, rates)."""
    width, mean = config.widths[1], expected["tangent_kernel"].value
    if quantity == "mean":
        at = np.array(config.depths) - 1
        return mean, (1 + observed["tangent_kernel_correction"] / width) * mean[at]
    square = expected["noise" if quantity == "spread" else "B"].value
    return np.sqrt(np.maximum(square, 0) / width), observed[quantity]


def by_layer(
    config: Config, predicted: Results, measured: Results, names: tuple[Name, ...], quantity: str, caption: str
) -> Figure:
    """A panel for each activation; both initializations, and a line for each learning rate of biases."""
    lines = []
    for pair in grid(activation=names, initialization=INITIALIZATIONS):
        name, law = pair["activation"], pair["initialization"]
        observed = measured[f"{pair.name}-{config.widths[1]}"]
        line, points = line_and_points(config, predicted[pair.name], observed, quantity)
        lines += [
            Curve(
                labels={"activation": name, "initialization": law, "learning rate of biases": rate},
                x=np.arange(1, max(config.depths) + 1),
                theory=line[:, place],
                measured=points[:, place],
                at=config.depths,
                role=law,
                panel=name,
                legend=law if place == 0 else "",
                end=rf"$\lambda_b = {rate:g}$",
            )
            for place, rate in enumerate(config.bias_rates)
        ]
    name = f"{quantity.replace('_', '-')}-{'-'.join(names)}"
    shown = curves(name, caption, lines, x="layer $l$", y=LABELS[quantity])
    for axes in shown.axes:
        axes.set_ylim(bottom=0)
    return shown


study = Study.from_module(
    __name__,
    question="How does the tangent kernel grow with depth, and how much does it vary between initializations?",
    headline="noise",
    equations=(
        Equation(
            r"H_{ij} = \sum_\mu \lambda_\mu \frac{\partial z_i}{\partial \theta_\mu}"
            r"\frac{\partial z_j}{\partial \theta_\mu}",
            "the tangent kernel, with learning rates $\\lambda_b$ of biases and $\\lambda_W/n$ of weights",
            (
                ("H_{ij}", "tangent kernel of outputs $i$ and $j$"),
                (r"\theta_\mu, \lambda_\mu", "parameters, and their learning rates"),
                ("z_i", "output $i$"),
            ),
        ),
        Equation(
            r"E[\Delta H_{ij} \Delta H_{km}] = \frac{1}{n} [\delta_{ij}\delta_{km} A"
            r" + (\delta_{ik}\delta_{jm} + \delta_{im}\delta_{jk}) B]",
            "its fluctuations over networks of width n",
            (
                *symbols("E", "n", r"\delta_{ij}"),
                (r"\Delta H", "deviation of the tangent kernel from its mean"),
                ("A", "covariance of the tangent kernels of two neurons, times $n$"),
                ("B", "variance of the tangent kernel between two neurons, times $n$"),
                ("i, j, k, m", "neurons"),
            ),
        ),
        Equation(
            r"B' = \chi_\perp^2 B + C_W^2 \langle\sigma'^4\rangle \Theta^2 - \omega \chi_\perp^2 \Theta^2",
            "one of the recursions; $\\omega$ is 0 for Gaussian and 1 for orthogonal weights",
            symbols(r"\chi_\perp", "C_W", r"\sigma", r"\Theta", r"\omega"),
        ),
    ),
    cites=("Day2023", "Roberts2022"),
)
