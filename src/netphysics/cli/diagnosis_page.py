"""The page of a diagnosis: cause, advice, signals and gradients by layer, verdicts, theory beside measurement."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.ticker import MaxNLocator

from netphysics.fields.diagnosis import Diagnosis, facts
from netphysics.report import Figure, Table, draw_measured, draw_theory, figure, legend, name_axes
from netphysics.report.page import free_page
from netphysics.stats import Estimate

from .diagnosis_text import VERDICTS

INITIALIZATIONS = ("gaussian", "orthogonal")


def diagnosis_page(found: Diagnosis, command: str = "") -> str:
    """The diagnosis as one self-contained HTML page; `command` is shown as the way to make it again."""
    return free_page(
        "diagnosis.html",
        "diagnosis",
        figures(found),
        found=found,
        facts=facts(found),
        questions=VERDICTS,
        command=command,
    )


def figures(found: Diagnosis) -> Iterator[Figure]:
    """Signals and gradients by layer, then the spread from seed to seed by depth where there is theory."""
    yield layer_figure(found)
    if found.spreads:
        yield spread_figure(found)


def spread_figure(found: Diagnosis) -> Figure:
    """Predicted relative spread of the tangent kernel, and the measured one of the network at hand."""
    plot, (axes,) = figure()
    name_axes(axes, "hidden layers $L$", r"relative spread of the tangent kernel")
    lines = {name: found.layers[f"predicted spread, {name}"].value for name in INITIALIZATIONS}
    layers = np.arange(1, found.depth + 1)
    for name, line in lines.items():
        draw_theory(axes, layers, line, name, name)
    seen = next(row.measured for row in found.comparisons if row.name == "relative spread of the tangent kernel")
    mine = next(name for name in INITIALIZATIONS if name in found.network)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    assert seen is not None, "the spread of an ensemble is measured"
    draw_measured(axes, np.array([found.depth]), seen.map(np.atleast_1d, np.ones_like), mine, "your networks")
    axes.set_ylim(bottom=0)
    legend(axes)
    rows = [
        (int(layer), float(lines["gaussian"][i]), float(lines["orthogonal"][i]), seen if layer == found.depth else "")
        for i, layer in enumerate(layers)
    ]
    caption = (
        "How differently networks of different seeds learn. Lines are theory to first order in $L/n$ for the same net "
        "with Gaussian and with orthogonal weights, the point is an ensemble of the network at hand."
    )
    return Figure("spread", caption, plot, Table(("hidden layers", *INITIALIZATIONS, "measured"), rows))


def layer_figure(found: Diagnosis) -> Figure:
    """Norms, gradients where there are any, and angles where there are two inputs, in every hidden layer."""
    panels = [("norm", "mean square of a preactivation", "y")]
    if "gradient" in found.layers:
        panels.append(("gradient", "squared gradient", "y"))
    if "cosine" in found.layers:
        panels.append(("cosine", "cosine of two inputs", ""))
    plot, axes = figure(panels=len(panels))
    role = next((name for name in INITIALIZATIONS if name in found.network), "other")
    rows, layers = [], np.arange(1, len(found.layers["norm"]) + 1)
    for place, (name, label, log) in zip(axes, panels, strict=True):
        name_axes(place, "layer $l$", label, log=log)
        place.xaxis.set_major_locator(MaxNLocator(integer=True))
        line, points = found.layers.get(f"predicted {name}"), found.layers[name]
        if line is not None:
            draw_theory(place, layers, line, role)
        if np.isfinite(points.error).all():
            draw_measured(place, layers, points, role)
        else:
            draw_measured(place, layers, Estimate(points.value, 0.0, points.draws), role)
        rows += [(label, int(layer), "" if line is None else line[i], points[i]) for i, layer in enumerate(layers)]
    caption = (
        "What becomes of the size of a signal, of gradients on their way back to the first layer, and of the angle "
        "between two signals. Lines are theory, points measurement."
    )
    return Figure("layers", caption, plot, Table(("quantity", "layer", "theory", "measured"), rows))
