r"""How a network at initialization will learn, and how much that is a matter of luck: the tangent kernel by depth.

The tangent kernel says how fast the outputs move under gradient descent. At finite width it fluctuates from network
to network and mixes outputs that would not meet at infinite width; Day, Kahn and Roberts (2310.07765; Pheno 2023)
saw both saturate with depth for tanh and orthogonal weights, and grow for Gaussian ones. Here its mean, the
covariances A and B of its entries and those with the outputs, D and F, are measured without weight matrices at two
widths, extrapolated to leading order in 1/width and compared with the recursion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from netphysics.blocks import Cell
from netphysics.fields.depth import finite_width_flow, leading_order, tangent_statistics, tangent_sums
from netphysics.lab import Equation, Experiment, Results, Study, StudyConfig, budget
from netphysics.nets import LearningRates
from netphysics.report import Figure, Table, draw_measured, draw_theory, figure, legend, name_axes
from netphysics.stats import Claim, Estimate, Tally, concatenate
from netphysics.studies.fields.n_point_by_depth import INITIALIZATIONS, PAPER, Name, network

TENSORS = ("D", "F", "A", "B")


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of tangent kernels by depth."""

    activations: tuple[Name, ...] = ("tanh", "relu")
    """Activations; each at its critical weight and bias variance."""
    widths: tuple[int, int] = (160, 640)
    """Two widths n of the layers, the smaller first: leading order is what both extrapolate to."""
    depths: tuple[int, ...] = (2, 4, 6, 8, 12, 16, 20)
    """Layers whose tangent kernel is measured, each on networks of its own."""
    bias_rates: tuple[float, ...] = (0.0, 1.0)
    """Learning rates of biases, in units in which C_W is that of weights."""
    draws: int = budget(4096)
    """Networks for each depth, activation, initialization and width; rounded up to whole blocks."""
    block_size: int = 128
    """Networks per block."""

    presets: ClassVar = {
        "quick": {"activations": ("tanh",), "widths": (64, 256), "depths": (2, 4, 8, 12, 20)},
        "paper": {"depths": (2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 48), "draws": 65_536, "block_size": 1024},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.activations:
            raise ValueError("activations is empty; at least one is needed")
        if not 4 <= self.widths[0] < self.widths[1]:
            raise ValueError(f"widths are {self.widths}; they must rise and be at least 4")
        if len(self.depths) < 2 or min(self.depths) < 2 or list(self.depths) != sorted(set(self.depths)):
            raise ValueError(f"depths are {self.depths}; they must rise, be at least 2 and more than one")
        if not self.bias_rates:
            raise ValueError("bias_rates is empty; at least one is needed")
        for rate in self.bias_rates:
            LearningRates(rate, 1.0)


def cells(config: Config) -> list[Cell]:
    return [
        Cell(f"{name}-{law}-{width}", {"activation": name, "initialization": law, "width": width})
        for name in config.activations
        for law in INITIALIZATIONS
        for width in config.widths
    ]


def setting(config: Config, cell: Cell):
    """The net of a cell, the mean square of its input, and its learning rates."""
    net, mean_square = network(cell["activation"], cell["initialization"], cell["width"], max(config.depths))
    return net, mean_square, [LearningRates(rate, net.weight_variance) for rate in config.bias_rates]


def flows(config: Config, name, law):
    """Theory of one activation and initialization: all layers 1 ... max(depths), one flow for each rate."""
    cell = Cell("any", {"activation": name, "initialization": law, "width": config.widths[1]})
    net, mean_square, rates = setting(config, cell)
    return [finite_width_flow(net, mean_square, each) for each in rates]


def normalized(flow):
    """The tensors of every layer in units of K and Θ."""
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
    for name in config.activations:
        for law in INITIALIZATIONS:
            tables = [normalized(flow) for flow in flows(config, name, law)]
            tensors = {key: np.stack([table[key] for table in tables], axis=1) for key in tables[0]}
            # Extrapolation from two widths leaves the second order: of the squares of V/n and of layers/n.
            size = sum(np.abs(tensors[key]) for key in TENSORS) + np.abs(tensors["tangent_kernel_correction"])
            order = (tensors["four_point"] ** 2 + layers**2) / (6 * config.widths[0] * config.widths[1])
            found[f"{name}-{law}"] = {
                "tangent_kernel": Estimate.exact(tensors["tangent_kernel"]),
                **{
                    key: Estimate(tensors[key], size * order, 0)
                    for key in (*TENSORS, "noise", "tangent_kernel_correction")
                },
            }
    return found


def measure(config: Config, cell: Cell) -> Experiment:
    return tangent_sums(*setting(config, cell), config.depths)


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, np.ndarray]:
    found = tangent_statistics(*setting(config, cell), config.depths, tally)
    width = cell["width"]
    noise = found["A"] + 2 * found["B"]
    return {
        **{key: found[key] for key in (*TENSORS, "tangent_kernel_correction")},
        "noise": noise,
        # An orthogonal linear net has no noise at all; its rounding may have either sign.
        "spread": np.sqrt(np.maximum(noise, 0) / width),
        "off_diagonal": np.sqrt(np.maximum(found["B"], 0) / width),
    }


def extrapolated(config: Config, results: Results, name, law, quantity):
    """One quantity to leading order in 1/width."""
    return leading_order(config.widths, *(results[f"{name}-{law}-{width}"][quantity] for width in config.widths))


STATEMENTS = {
    "tangent_kernel_correction": "Θ₁, the first correction of the mean tangent kernel,",
    "D": "D, the covariance of squared outputs and tangent kernels of other outputs,",
    "F": "F, the covariance of the product of two outputs and their tangent kernel,",
    "A": "A, the covariance of the tangent kernels of two outputs,",
    "B": "B, the variance of the tangent kernel between two outputs,",
}


def compare(config: Config, predicted: Results, results: Results):
    claims, at = [], np.array(config.depths) - 1
    pairs = [(name, law) for name in config.activations for law in INITIALIZATIONS]
    for name, law in pairs:
        expected = predicted[f"{name}-{law}"]["noise"][at[-1], 0]
        observed = extrapolated(config, results, name, law, "noise")[-1, 0]
        statement = (
            f"{name}, {law}: n times the relative variance of the tangent kernel at layer {config.depths[-1]}, "
            f"λ_b = {config.bias_rates[0]:g}, is {float(expected.value):.3g}"
        )
        resolution = 0.2 + 0.1 * abs(float(expected.value))
        claims.append(Claim(f"noise-{name}-{law}", statement, expected, observed, "literature", PAPER, resolution))
    for quantity, words in STATEMENTS.items():
        expected = concatenate([predicted[f"{name}-{law}"][quantity][at] for name, law in pairs])
        observed = concatenate([extrapolated(config, results, name, law, quantity) for name, law in pairs])
        statement = f"{words} follows the recursion at every depth, extrapolated to infinite width"
        source = "arXiv:2106.10165, chapter 8, and the Haar measure's fourth moments"
        claims.append(Claim(quantity.replace("_", "-"), statement, expected, observed, "theory", source))
    return claims


def figures(config: Config, predicted: Results, results: Results):
    width = config.widths[1]

    def spread(table):
        return np.sqrt(np.maximum(table["noise"].value, 0) / width)

    def off_diagonal(table):
        return np.sqrt(np.maximum(table["B"].value, 0) / width)

    yield from by_layer(
        config,
        predicted,
        results,
        "spread",
        r"relative spread $\sqrt{(A + 2B)/n}$ / $\Theta$",
        spread,
        f"How differently two networks of width {width} will learn: the relative spread of the tangent kernel over "
        "initializations. Lines are leading order by recursion; points lie above them where higher orders count.",
    )
    yield from by_layer(
        config,
        predicted,
        results,
        "off_diagonal",
        r"mixing $\sqrt{B/n}$ / $\Theta$",
        off_diagonal,
        f"How much one output learns from the other's errors, at width {width}: the root mean square of the tangent "
        "kernel between two outputs. Orthogonal weights make it die out for tanh.",
    )
    yield from by_layer(
        config,
        predicted,
        results,
        "mean",
        r"mean tangent kernel $\Theta$",
        lambda table: table["tangent_kernel"].value,
        "The mean tangent kernel hardly depends on the initialization. Lines are infinite width, points "
        f"width {width}.",
    )


def by_layer(config: Config, predicted: Results, results: Results, quantity, label, line_of, caption):
    """Figures of two activations each."""
    for start in range(0, len(config.activations), 2):
        names = config.activations[start : start + 2]
        yield panels_of(config, predicted, results, names, quantity, label, line_of, caption)


def panels_of(config: Config, predicted: Results, results: Results, names, quantity, label, line_of, caption):
    """A panel for each activation; both initializations, and a line for each learning rate of biases."""
    plot, panels = figure(panels=len(names))
    layers, at, rows = np.arange(1, max(config.depths) + 1), np.array(config.depths) - 1, []
    for axes, name in zip(panels, names, strict=True):
        name_axes(axes, "layer $l$", label, title=name)
        for law in INITIALIZATIONS:
            table = predicted[f"{name}-{law}"]
            lines = line_of(table)
            points = results[f"{name}-{law}-{config.widths[1]}"]
            if quantity == "mean":
                excess = points["tangent_kernel_correction"] / config.widths[1]
                points = (1 + excess) * table["tangent_kernel"].value[at]
            else:
                points = points[quantity]
            for place, rate in enumerate(config.bias_rates):
                draw_theory(axes, layers, lines[:, place], law, law if place == 0 else "")
                draw_measured(axes, config.depths, points[:, place], law, law if place == 0 else "")
                rows += [
                    (name, law, rate, depth, float(lines[depth - 1, place]), points[i, place])
                    for i, depth in enumerate(config.depths)
                ]
                axes.annotate(
                    rf"$\lambda_b = {rate:g}$",
                    (layers[-1], lines[-1, place]),
                    xytext=(7, 0),
                    textcoords="offset points",
                    verticalalignment="center",
                    fontsize=8,
                )
        axes.set_ylim(bottom=0)
    legend(panels[0])
    table = Table(("activation", "initialization", "learning rate of biases", "layer", "theory", "measured"), rows)
    return Figure(f"{quantity.replace('_', '-')}-{'-'.join(names)}", caption, plot, table)


study = Study.from_module(
    __name__,
    question="How does the tangent kernel grow with depth, and how much does it vary between initializations?",
    headline="noise",
    equations=(
        Equation(
            r"H_{ij} = \sum_\mu \lambda_\mu \frac{\partial z_i}{\partial \theta_\mu}"
            r"\frac{\partial z_j}{\partial \theta_\mu}",
            "the tangent kernel, with learning rates $\\lambda_b$ of biases and $\\lambda_W/n$ of weights",
        ),
        Equation(
            r"E[\Delta H_{ij} \Delta H_{km}] = \frac{1}{n} [\delta_{ij}\delta_{km} A"
            r" + (\delta_{ik}\delta_{jm} + \delta_{im}\delta_{jk}) B]",
            "its fluctuations over networks of width n",
        ),
        Equation(
            r"B' = \chi_\perp^2 B + C_W^2 \langle\sigma'^4\rangle \Theta^2 - \omega \chi_\perp^2 \Theta^2",
            "one of the recursions; $\\omega$ is 0 for Gaussian and 1 for orthogonal weights",
        ),
    ),
    cites=("Day2023", "Roberts2022"),
)
