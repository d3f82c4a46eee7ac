"""Figures of the phase diagram."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from netphysics.fields.depth import CorrelationMap, critical_point, edge_of_chaos, fixed_point
from netphysics.lab import Results
from netphysics.nets import activation
from netphysics.report import Figure, Table, TableEntry, ordered_roles, role_of
from netphysics.report.style import draw_measured, draw_published, draw_theory, figure, guide, legend, name_axes
from netphysics.stats import Estimate

from .settings import ACTIVATIONS, NETS, PUBLISHED, QUANTITIES, Config, plane


def plane_figure(config: Config, predicted: Results) -> Figure:
    """Order and chaos of one activation, and the edges of several."""
    plot, (axes,) = figure(height=3.6)
    weight, bias = plane(config)
    name_axes(axes, r"$\sigma_w = \sqrt{C_W}$", r"$\sigma_b = \sqrt{C_b}$")
    names = [name for name in ("tanh", "sin", "erf", "gelu", "swish", "elu") if name != config.activation]
    for role, name in zip(ordered_roles(len(names)), names, strict=True):
        draw_edge(axes, name, role, weight, bias)
    draw_edge(axes, config.activation, "fields", weight, bias, wide=True)
    chaotic = predicted["plane"]["perpendicular"].value > 1
    axes.contourf(weight, bias, chaotic, levels=[0.5, 1.5], colors=[role_of("fields").light], alpha=0.08)
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


def draw_edge(
    axes: Axes,
    name: str,
    role: str,
    weight: Float[np.ndarray, " points"],
    bias: Float[np.ndarray, " points"],
    wide: bool = False,
) -> None:
    """Where an activation keeps angles: a line in the plane, or a point."""
    line_weight, line_bias = (np.sqrt(each) for each in edge_of_chaos(activation(name)))
    shown = (line_weight <= 1.2 * weight[-1]) & (line_bias <= 1.2 * bias[-1])
    if np.ptp(line_weight) < 1e-6:  # relu: a point
        draw_measured(axes, line_weight[:1], Estimate.exact(line_bias[:1]), role, name)
        return
    draw_theory(axes, line_weight[shown], line_bias[shown], role, name)
    if wide:
        axes.lines[-1].set_linewidth(2.2)


def classes_figure() -> Figure:
    """Critical points of all activations, by class."""
    plot, (axes,) = figure()
    name_axes(axes, "critical $C_W$", "critical $C_b$")
    rows: list[tuple[TableEntry, ...]] = []
    groups: dict[str, list[tuple[float, float, str]]] = {}
    for name in ACTIVATIONS:
        point = critical_point(activation(name))
        numbers = ["none" if value is None else float(value) for value in (point.bias_variance, point.weight_variance)]
        kernel = "none" if point.kernel is None else float(point.kernel)
        rows.append((name, point.kind, *numbers, "any" if point.kind == "scale-invariant" else kernel, point.reason))
        if point.weight_variance is not None and point.bias_variance is not None:
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


def same_places(members: Sequence[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Names by where they stand, those at one place under one label."""
    places: dict[tuple[float, float], list[str]] = {}
    for weight, bias, name in members:
        places.setdefault((round(weight, 3), round(bias, 3)), []).append(name)
    return [(*place, ", ".join(label)) for place, label in places.items()]


def correlation_figure() -> Figure:
    """What a layer does to correlations, for three nets."""
    plot, (axes,) = figure(height=3.6)
    name_axes(axes, "correlation $c$", "next layer's $c'$")
    grid, rows = np.linspace(-1, 1, 81), []
    cases = {
        "tanh, ordered": NETS["tanh-ordered"],
        "tanh, gain 5/3": NETS["tanh-torch"],
        "relu, critical": ("relu", 2.0, 0.0),
    }
    guide(axes, diagonal=True)
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


def nets_figure(config: Config, predicted: Results, measured: Results) -> Figure:
    """Measured and predicted places of the nets."""
    plot, (axes,) = figure()
    name_axes(axes, r"$\chi_\parallel$: norms", r"$\chi_\perp$: angles, gradients")
    guide(axes, x=1, y=1)
    rows = []
    for role, name in zip(ordered_roles(len(config.nets)), config.nets, strict=True):
        expected, observed = predicted[name], measured[name]
        draw_published(axes, expected["parallel"].value, expected["perpendicular"], role)
        draw_measured(axes, observed["parallel"].value[None], observed["perpendicular"][None], role, name)
        rows += [(name, each, float(expected[each].value), observed[each]) for each in QUANTITIES]
    axes.plot([1], [1], marker="*", markersize=9, color=role_of("ink").light, linestyle="none")
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
