"""The page of a search for anomalies: areas, curves, the events that stand out, and what scores cannot see."""

from __future__ import annotations

from netphysics.report import Figure, Table, draw_measured, figure, legend, name_axes, ordered_roles
from netphysics.report.page import free_page
from netphysics.topology.anomaly import SIGNAL_EFFICIENCIES, Search


def anomaly_page(found: Search, words: tuple[str, ...] = (), command: str = "") -> str:
    """The search as one self-contained HTML page; `words` tell what was read, `command` makes it again."""
    figures = [improvement_figure(found)] if found.performance else []
    return free_page("anomaly.html", "anomaly", figures, found=found, words=words, command=command)


def improvement_figure(found: Search) -> Figure:
    """By what factor a cut on each score raises the significance of a small signal, by the share of it that is kept."""
    plot, (axes,) = figure()
    name_axes(axes, r"signal efficiency $\epsilon_S$", r"significance improvement $\epsilon_S/\sqrt{\epsilon_B}$")
    rows = []
    for role, (name, performance) in zip(ordered_roles(len(found.performance)), found.performance.items(), strict=True):
        draw_measured(axes, SIGNAL_EFFICIENCIES, performance.improvement, role, name, band=True)
        rows += [
            (name, float(efficiency), improvement)
            for efficiency, improvement in zip(SIGNAL_EFFICIENCIES, performance.improvement, strict=True)
        ]
    axes.axhline(1, color="#676a70", linewidth=0.8)
    axes.set_ylim(bottom=0)
    legend(axes)
    caption = (
        "By what factor a cut on each score raises the significance of a small signal. Below 1 the cut loses more "
        "signal than it gains in purity."
    )
    return Figure("improvement", caption, plot, Table(("score", "signal efficiency", "improvement"), rows))
