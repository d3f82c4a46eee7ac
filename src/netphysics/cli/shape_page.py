"""The page of a cloud's shape: what it is, the bars with their noise floor, and what it asks of an autoencoder."""

from __future__ import annotations

from netphysics.report import Figure, Table, figure, legend, name_axes, ordered_roles, role_of
from netphysics.report.page import free_page
from netphysics.report.style import MUTED
from netphysics.topology.shape import Shape
from netphysics.topology.shape_words import NAMES, facts, headline

# Bars below the noise floor are shown as far as they can be told apart.
MOST_BARS = 60


def shape_page(found: Shape, data: str, command: str) -> str:
    """The shape of a cloud as one self-contained HTML page; `command` is shown as the way to find it again."""
    return free_page(
        "shape.html",
        "shape",
        [bars_figure(found)],
        found=found,
        data=data,
        headline=headline(found),
        facts=facts(found),
        names=NAMES,
        command=command,
    )


def bars_figure(found: Shape) -> Figure:
    """Birth and death of every bar, and the noise floor of each degree."""
    plot, panels = figure(panels=len(found.degrees))
    rows = []
    for axes, degree, role in zip(panels, found.degrees, ordered_roles(len(found.degrees)), strict=True):
        name_axes(axes, "born at distance", "death / birth", title=NAMES[degree.degree])
        reading, look = degree.reading, role_of(role)
        for bars, counts in ((reading.noise, False), (reading.signal, True)):
            axes.plot(
                bars.births,
                bars.ratios,
                look.marker,
                color=look.light if counts else MUTED,
                markersize=7 if counts else 3,
                alpha=1 if counts else 0.5,
                label="shape" if counts else "noise",
            )
            rows += [
                (degree.degree, float(birth), float(death), float(death / birth), "shape" if counts else "noise")
                for birth, death in zip(bars.births[:MOST_BARS], bars.deaths[:MOST_BARS], strict=True)
            ]
        axes.axhline(reading.floor, color=MUTED, linewidth=0.8, dashes=(5, 4), label="noise floor")
        axes.set_ylim(bottom=1)
        legend(axes)
    caption = (
        "Holes and how long they last. A hole is born at the distance where points around it join, and dies where "
        "they fill it. The shape of the cloud is above the dashed noise floor; below it is what a finite sample "
        "makes of a space without such holes."
    )
    return Figure("bars", caption, plot, Table(("degree", "birth", "death", "death / birth", "counts as"), rows))
