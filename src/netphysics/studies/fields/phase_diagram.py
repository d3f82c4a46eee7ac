r"""Where in the plane of weight and bias variance do deep networks work, and which activations have such a place?

In wide networks a signal's kernel K flows to a fixed point, and two numbers say what becomes of small differences
between inputs there: χ_∥ for their norms, χ_⊥ for their angles and for gradients. Below χ_⊥ = 1 all inputs become
alike, above it they are torn apart and gradients explode; a network is critical where both numbers are 1. This
study draws the plane, classifies activations, and measures K and both numbers in networks of finite width.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import jax
import jax.numpy as jnp
import numpy as np

from netphysics.blocks import Cell
from netphysics.fields.depth import (
    CorrelationMap,
    averages,
    critical_point,
    edge_of_chaos,
    finite_width_flow,
    fixed_point,
    susceptibility,
)
from netphysics.lab import Equation, Experiment, Results, Study, StudyConfig, budget
from netphysics.nets import Net, activation, batch_size, in_batches, sampler
from netphysics.report import (
    Figure,
    Table,
    draw_measured,
    draw_published,
    draw_theory,
    figure,
    legend,
    name_axes,
    ordered_roles,
)
from netphysics.stats import Claim, Estimate, Tally, stack

ACTIVATIONS = ("relu", "linear", "tanh", "sin", "erf", "elu", "gelu", "swish", "sigmoid", "softplus")
# Critical (C_b, C_W) that were published, or follow from slopes at zero.
PUBLISHED = {
    "relu": (0.0, 2.0),
    "linear": (0.0, 1.0),
    "tanh": (0.0, 1.0),
    "sin": (0.0, 1.0),
    "gelu": (0.17292239, 1.98305826),
    "swish": (0.55514317, 1.98800468),
}
# Nets that are measured: activation, C_W and C_b.
NETS = {
    "tanh-ordered": ("tanh", 1.2, 0.2),
    "tanh-torch": ("tanh", 25 / 9, 0.0),
    "erf-chaotic": ("erf", 2.0, 0.05),
    "gelu-ordered": ("gelu", 1.5, 0.3),
    "relu-ordered": ("relu", 1.5, 0.5),
}
QUANTITIES = ("kernel", "parallel", "perpendicular")
PRINCIPLES = "arXiv:2106.10165, chapter 5"
GAIN = "calculate_gain of PyTorch: 5/3 for tanh"


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the phase diagram."""

    activation: Literal["tanh", "sin", "erf", "gelu", "swish", "elu", "relu"] = "tanh"
    """Activation whose plane is drawn."""
    nets: tuple[str, ...] = tuple(NETS)
    """Nets to measure, of tanh-ordered, tanh-torch, erf-chaotic, gelu-ordered and relu-ordered."""
    points: int = 80
    """Points of the plane along each axis."""
    width: int = 512
    """Width n of the networks that are measured."""
    depth: int = 6
    """Layers L that they have; their inputs start at the fixed point."""
    draws: int = budget(32_768)
    """Networks for each pair of variances; rounded up to whole blocks."""
    block_size: int = 1024
    """Networks per block."""

    presets: ClassVar = {
        "quick": {"points": 60, "width": 256, "depth": 4, "draws": 8_192, "block_size": 512},
        "paper": {"points": 240, "width": 1024, "draws": 262_144},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, least in (("points", 2), ("width", 8), ("depth", 2)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least {least}")
        if not self.nets or not set(self.nets) <= set(NETS):
            raise ValueError(f"nets are {self.nets}; each must be one of {', '.join(NETS)}")


def cells(config: Config) -> list[Cell]:
    return [Cell(name, {"net": name}) for name in config.nets]


def network(config: Config, cell: Cell) -> tuple[Net, float]:
    """The net of a cell, and |x|²/d_in of the input whose first kernel is the fixed point."""
    name, weight, bias = NETS[cell["net"]]
    kernel = float(fixed_point(activation(name), weight, bias).kernel)
    net = Net((config.width,) * (config.depth + 2), name, "gaussian", weight, bias)
    return net, (kernel - bias) / weight


def plane(config: Config) -> tuple[np.ndarray, np.ndarray]:
    """σ_w and σ_b along the axes of the plane."""
    return np.linspace(0.6, 2.4, config.points), np.linspace(0.0, 1.5, config.points)


def predict(config: Config) -> Results:
    found = {cell.name: predicted_net(config, cell) for cell in cells(config)}
    weight, bias = plane(config)
    sigma = activation(config.activation)
    everywhere = fixed_point(sigma, weight[None] ** 2, bias[:, None] ** 2)
    found["plane"] = {
        "kernel": Estimate.exact(np.where(np.isfinite(everywhere.kernel), everywhere.kernel, -1.0)),
        "parallel": Estimate.exact(everywhere.parallel),
        "perpendicular": Estimate.exact(everywhere.perpendicular),
    }
    for name in ACTIVATIONS:
        point = critical_point(activation(name))
        if point.weight_variance is not None:
            found[name] = {"critical": Estimate.exact(np.array([point.bias_variance, point.weight_variance]))}
    return found


def predicted_net(config: Config, cell: Cell):
    """K, χ_∥ and χ_⊥ in the last hidden layer, to first order in 1/width."""
    net, mean_square = network(config, cell)
    flow = finite_width_flow(net, mean_square)
    K, K1, V = (each[-2] for each in (flow.kernel, flow.kernel_correction, flow.four_point))
    mean = averages(net.activation, np.array(K))
    chi = susceptibility(net.activation, net.weight_variance, np.array(K))
    # The mean over kernels that vary with variance V/n; for the ratio of norms, its size serves as error.
    shift = net.weight_variance * (mean.slope_square_rate * K1 + mean.slope_square_bend * V / 2) / config.width
    order = (abs(K1) / K + V / K**2) / config.width
    return {
        "kernel": Estimate(K * (1 + K1 / K / config.width), K * order**2, 0),
        "parallel": Estimate(float(chi.parallel), float(chi.parallel) * order, 0),
        "perpendicular": Estimate(float(chi.perpendicular + shift), float(chi.perpendicular) * order**2, 0),
    }


def measure(config: Config, cell: Cell) -> Experiment:
    net, mean_square = network(config, cell)
    weight = np.float32(net.weight_variance)
    slope = jax.vmap(jax.grad(net.activation.value))

    def last(z):
        z = z[0]
        value, derivative = net.activation.value(z), slope(z)
        return jnp.stack([jnp.mean(z**2), weight * jnp.mean(z * value * derivative), weight * jnp.mean(derivative**2)])

    sample = sampler(net, np.full((1, config.width), math.sqrt(mean_square)), observe=last)

    def sums(keys):
        return {"means": jax.vmap(lambda key: sample(key)[-2])(keys).sum(axis=0)}

    return jax.jit(in_batches(sums, batch_size(net, 1)))


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, np.ndarray]:
    """χ_∥ = C_W <z s s'> / K, by partial integration of its definition."""
    kernel, numerator, perpendicular = tally.mean("means")
    return {"kernel": kernel, "parallel": numerator / kernel, "perpendicular": perpendicular}


def compare(config: Config, predicted: Results, measured: Results) -> list[Claim]:
    claims = []
    for name in config.nets:
        sigma, weight, bias = NETS[name]
        expected, observed = (stack([results[name][each] for each in QUANTITIES]) for results in (predicted, measured))
        statement = (
            rf"{sigma} at $C_W = {weight:.3g}$, $C_b = {bias:g}$: its fixed point has these $K$, $\chi_\parallel$ and "
            r"$\chi_\perp$"
        )
        claims.append(Claim(name, statement, expected, observed, "theory", PRINCIPLES))
    if "tanh-torch" in config.nets:
        claims.append(gain_claim(predicted["tanh-torch"], measured["tanh-torch"]))
    for name, pair in PUBLISHED.items():
        statement = f"{name} is critical at $C_b = {pair[0]:g}$, $C_W = {pair[1]:g}$"
        found = predicted[name]["critical"]
        observed = Estimate(found.value, np.full(2, 5e-9), 0)  # half of the last digit that is given
        claims.append(Claim(f"critical-{name}", statement, np.array(pair), observed, "literature", PRINCIPLES))
    return claims


def gain_claim(predicted: Results, measured_net) -> Claim:
    chi = measured_net["perpendicular"]
    return Claim(
        "torch-gain",
        "The gain recommended for tanh is chaotic: gradients grow by a factor e within 5.2 layers",
        Estimate(1 / math.log(float(predicted["perpendicular"].value)), 0.05, 0),
        chi.map(lambda x: 1 / np.log(x), lambda x: -1 / (x * np.log(x) ** 2)),
        "theory",
        GAIN,
    )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    yield plane_figure(config, predicted)
    yield classes_figure(predicted)
    yield correlation_figure()
    yield nets_figure(config, predicted, measured)


def plane_figure(config: Config, predicted: Results):
    plot, (axes,) = figure(height=3.6)
    weight, bias = plane(config)
    name_axes(axes, r"$\sigma_w = \sqrt{C_W}$", r"$\sigma_b = \sqrt{C_b}$")
    names = [name for name in ("tanh", "sin", "erf", "gelu", "swish", "elu") if name != config.activation]
    for role, name in zip(ordered_roles(len(names)), names, strict=True):
        draw_edge(axes, name, role, weight, bias)
    draw_edge(axes, config.activation, "fields", weight, bias, wide=True)
    chaotic = predicted["plane"]["perpendicular"].value > 1
    axes.contourf(weight, bias, chaotic, levels=[0.5, 1.5], colors=["#5157b1"], alpha=0.08)
    axes.text(0.04, 0.9, "ordered", transform=axes.transAxes)
    axes.text(0.96, 0.1, "chaotic", transform=axes.transAxes, horizontalalignment="right")
    axes.set(xlim=(weight[0], weight[-1]), ylim=(-0.03, bias[-1]))
    legend(axes, loc="center right")
    rows = [
        (float(weight[j]), float(bias[i]), *(float(predicted["plane"][name].value[i, j]) for name in QUANTITIES))
        for i in range(0, config.points, max(1, config.points // 8))
        for j in range(0, config.points, max(1, config.points // 8))
    ]
    return Figure(
        "plane",
        "Order on one side, chaos on the other. Shaded: where nearly equal inputs of a "
        f"{config.activation} net are torn apart. Lines: where angles are kept, for several activations; each starts "
        "at a point without bias, or where its fixed point first is stable. In the table a kernel of -1 is infinite.",
        plot,
        Table((r"$\sigma_w$", r"$\sigma_b$", "$K^*$", r"$\chi_\parallel$", r"$\chi_\perp$"), rows),
    )


def draw_edge(axes, name, role, weight, bias, wide=False):
    line_weight, line_bias = (np.sqrt(each) for each in edge_of_chaos(activation(name)))
    shown = (line_weight <= 1.2 * weight[-1]) & (line_bias <= 1.2 * bias[-1])
    if np.ptp(line_weight) < 1e-6:  # relu: a point
        draw_measured(axes, line_weight[:1], Estimate.exact(line_bias[:1]), role, name)
        return
    draw_theory(axes, line_weight[shown], line_bias[shown], role, name)
    if wide:
        axes.lines[-1].set_linewidth(2.2)


def classes_figure(predicted: Results):
    plot, (axes,) = figure()
    name_axes(axes, "critical $C_W$", "critical $C_b$")
    rows, groups = [], {}
    for name in ACTIVATIONS:
        point = critical_point(activation(name))
        numbers = ["none" if value is None else float(value) for value in (point.bias_variance, point.weight_variance)]
        kernel = "none" if point.kernel is None else float(point.kernel)
        rows.append((name, point.kind, *numbers, "any" if point.kind == "scale-invariant" else kernel, point.reason))
        if point.weight_variance is not None:
            groups.setdefault(point.kind, []).append((point.weight_variance, point.bias_variance, name))
    for role, (kind, members) in zip(ordered_roles(len(groups)), groups.items(), strict=True):
        x, y, _ = zip(*members, strict=True)
        draw_measured(axes, np.array(x), Estimate.exact(np.array(y)), role, kind)
    for place, height, label in same_places([each for members in groups.values() for each in members]):
        axes.annotate(label, (place, height), xytext=(0, 8), textcoords="offset points", rotation=25)
    axes.set(xlim=(0.6, 2.5), ylim=(-0.05, 0.75))
    for name, (bias, weight) in PUBLISHED.items():
        draw_published(axes, np.array(weight), np.array(bias), "other", "published" if name == "relu" else "")
    legend(axes, loc="upper left")
    return Figure(
        "classes",
        "Three ways to be critical, and two activations that have none. Filled: found from Gaussian averages alone. "
        "Open: published. The table says why each belongs where it does.",
        plot,
        Table(("activation", "class", "$C_b$", "$C_W$", "$K^*$", "reason"), rows),
    )


def same_places(members):
    """Names by where they stand, those at one place under one label."""
    places = {}
    for weight, bias, name in members:
        places.setdefault((round(weight, 3), round(bias, 3)), []).append(name)
    return [(*place, ", ".join(label)) for place, label in places.items()]


def correlation_figure():
    plot, (axes,) = figure(height=3.6)
    name_axes(axes, "correlation $c$", "next layer's $c'$")
    grid, rows = np.linspace(-1, 1, 81), []
    cases = {
        "tanh, ordered": NETS["tanh-ordered"],
        "tanh, gain 5/3": NETS["tanh-torch"],
        "relu, critical": ("relu", 2.0, 0.0),
    }
    axes.plot([-1, 1], [-1, 1], color="0.6", linewidth=0.6, zorder=1)
    for role, (label, (name, weight, bias)) in zip(ordered_roles(len(cases)), cases.items(), strict=True):
        sigma = activation(name)
        chart = CorrelationMap(sigma, weight, bias, float(fixed_point(sigma, weight, bias).kernel))
        draw_theory(axes, grid, chart(grid), role, label)
        for point in chart.fixed_points():
            draw = draw_measured if point.stability == "stable" else draw_published
            draw(axes, np.array([point.correlation]), Estimate.exact(np.array([point.correlation])), role)
            rows.append((label, float(point.correlation), float(point.slope), point.stability))
    legend(axes, loc="lower right")
    return Figure(
        "correlations",
        "What a layer does to the correlation of two signals. Where a line crosses the diagonal the correlation stays: "
        "filled points attract, open ones do not. Ordered nets make all inputs alike, chaotic ones make them "
        "orthogonal.",
        plot,
        Table(("net", "fixed correlation", "slope", "stability"), rows),
    )


def nets_figure(config: Config, predicted: Results, measured: Results):
    plot, (axes,) = figure()
    name_axes(axes, r"$\chi_\parallel$: norms", r"$\chi_\perp$: angles, gradients")
    axes.axhline(1, color="0.6", linewidth=0.6)
    axes.axvline(1, color="0.6", linewidth=0.6)
    rows = []
    for role, name in zip(ordered_roles(len(config.nets)), config.nets, strict=True):
        expected, observed = predicted[name], measured[name]
        draw_published(axes, expected["parallel"].value, expected["perpendicular"], role)
        draw_measured(axes, observed["parallel"].value[None], observed["perpendicular"][None], role, name)
        rows += [(name, each, float(expected[each].value), observed[each]) for each in QUANTITIES]
    axes.plot([1], [1], marker="*", markersize=9, color="0.3", linestyle="none")
    axes.annotate("critical", (1, 1), xytext=(-8, 6), textcoords="offset points", horizontalalignment="right")
    axes.set(xlim=(0.3, 1.4))
    legend(axes, loc="lower right")
    return Figure(
        "nets",
        "Networks of finite width sit where theory puts them. Filled: measured; open: predicted. The star is "
        "criticality: norms and angles are kept.",
        plot,
        Table(("net", "quantity", "theory", "measured"), rows),
    )


study = Study.from_module(
    __name__,
    question="Which weight and bias variances let deep networks work, and which activations have any?",
    headline="perpendicular",
    equations=(
        Equation(r"K^* = C_b + C_W \langle \sigma(z)^2 \rangle_{z \sim N(0, K^*)}", "the kernel of all deep layers"),
        Equation(
            r"\chi_\parallel = C_W \, \partial_K \langle \sigma^2 \rangle, \quad"
            r" \chi_\perp = C_W \langle \sigma'^2 \rangle",
            "what a layer does to differences of norms, and of angles; correlation lengths are $1 / |\\ln \\chi|$",
        ),
        Equation(
            r"c' = [C_b + C_W \langle \sigma(z_a) \sigma(z_b) \rangle] / K^*",
            "what it does to the correlation of two signals",
        ),
    ),
    cites=("Day2023", "Roberts2022"),
)
