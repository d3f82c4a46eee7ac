"""Arrange: before a figure is drawn, its words are moved to where they hide nothing.

Legends go to a free corner, or get room above the data; labels that lie on each other or on marks are shifted by as
little as possible; axis labels and titles that are too long are broken; tick labels that collide are turned.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, get_args

import matplotlib.figure
import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.text import Annotation, Text
from matplotlib.ticker import AutoLocator
from matplotlib.transforms import Bbox, BboxBase

from .obstacles import Obstacles, obstacles, overlap, shrunk, titles
from .style import Decades

Corner = Literal[
    "upper right",
    "upper left",
    "lower left",
    "lower right",
    "center right",
    "center left",
    "upper center",
    "lower center",
    "center",
]
CORNERS: tuple[Corner, ...] = get_args(Corner)
# Shifts of a label in points, the nearest first; sideways counts double, so that labels stay beside their lines.
SHIFTS = sorted(
    ((dx, dy) for dx in range(-36, 37, 4) for dy in range(-60, 61, 3)),
    key=lambda shift: np.hypot(2 * shift[0], shift[1]),
)
# Points of a measurement at so many places have a tick at each.
MOST_PLACES = 3
# The room that a legend may take from the data, as a share of the height of the axes.
MOST_ROOM = 0.45


def arrange(plot: matplotlib.figure.Figure) -> None:
    """Lay the figure out and move its words; nothing has to be laid out again afterwards."""
    for axes in plot.axes:
        place_ticks(axes)
    plot.draw_without_rendering()  # only now do the tick labels exist
    changed = [change(axes) for axes in plot.axes for change in (break_labels, turn_ticks)]
    changed += [place_legend(axes) for axes in plot.axes if axes.get_legend() is not None]
    if any(changed):
        plot.draw_without_rendering()
    plot.set_layout_engine("none")  # it has done its work, and would take as long again
    move_labels(plot)


def place_ticks(axes: Axes) -> None:
    """Put the ticks of the x axis where points are, if these are few and the axis would not name them.

    That is a linear axis of a few whole numbers, such as depths of 12 and 24, and a logarithmic one with fewer than two
    labels.
    """
    points = [bars.lines[0] for bars in axes.containers if isinstance(bars, ErrorbarContainer) and bars.lines[0]]
    places = np.unique(np.concatenate([np.asarray(line.get_xdata(), float) for line in points] or [np.empty(0)]))
    locator = axes.xaxis.get_major_locator()
    if not 0 < len(places) <= MOST_PLACES or not np.array_equal(places, np.round(places)):
        return
    if isinstance(locator, Decades):
        low, high = axes.get_xlim()
        if sum(low <= tick <= high for tick in locator.tick_values(low, high)) > 1:
            return
    elif not isinstance(locator, AutoLocator):
        return
    axes.set_xticks(places, [f"{place:g}" for place in places])


def break_labels(axes: Axes) -> bool:
    """Break axis labels and the title where they are longer than the axes; whether one was."""
    changed = False
    box = axes.get_window_extent()
    for text, room, length in (
        (axes.yaxis.label, axes.figure.bbox.height, "height"),
        (axes.xaxis.label, 1.25 * box.width, "width"),
        *((title, 1.15 * box.width, "width") for title in titles(axes)),
    ):
        if getattr(text.get_window_extent(), length) > room:
            text.set_text(broken(text.get_text()))
            changed = True
    return changed


def broken(label: str) -> str:
    """A label in two lines of about the same length; formulas stay whole."""
    spaces = [i for i, letter in enumerate(label) if letter == " " and label[:i].count("$") % 2 == 0]
    if not spaces or "\n" in label:
        return label
    middle = min(spaces, key=lambda i: abs(2 * i - len(label)))
    return label[:middle] + "\n" + label[middle + 1 :]


def turn_ticks(axes: Axes) -> bool:
    """Turn the labels of the x axis where neighbors touch; whether they did."""
    labels = [text for text in axes.xaxis.get_majorticklabels() if text.get_text().strip()]
    boxes = [text.get_window_extent() for text in labels]
    touching = any(overlap(one.padded(1.0), other) for one, other in pairwise(boxes))
    if touching:
        axes.tick_params(axis="x", labelrotation=35)
        for text in labels:
            text.set(horizontalalignment="right", rotation_mode="anchor")
    return touching


def place_legend(axes: Axes) -> bool:
    """Move the legend to a place where it hides nothing; whether the figure must be laid out again."""
    legend = axes.get_legend()
    if legend is None:
        return False
    found = obstacles([axes])
    box = legend.get_window_extent()
    if not found.marks(box) and not any(overlap(box, shrunk(other)) for other in found.boxes):
        return False
    area = axes.get_window_extent()
    for corner in CORNERS:
        place = _at(corner, box, area)
        if not found.marks(place) and not any(overlap(place, shrunk(other)) for other in found.boxes):
            legend.set_bbox_to_anchor(None)
            legend.set_loc(corner)
            return False
    share = (box.height + 8) / area.height
    if share > MOST_ROOM or axes.images or axes.get_aspect() != "auto":
        legend.set_loc("center left")
        legend.set_bbox_to_anchor((1.0, 0.5), transform=axes.transAxes)
        return True
    legend.set_bbox_to_anchor(None)
    legend.set_loc("upper right")
    _stretch(axes, found, box, area)
    return True


def _at(corner: str, box: BboxBase, area: BboxBase) -> BboxBase:
    """The box of a legend in a corner of its axes."""
    pad = 5.0
    x = area.x0 + pad if "left" in corner else area.x1 - pad - box.width if "right" in corner else None
    y = area.y1 - pad - box.height if "upper" in corner else area.y0 + pad if "lower" in corner else None
    x = (area.x0 + area.x1 - box.width) / 2 if x is None else x
    y = (area.y0 + area.y1 - box.height) / 2 if y is None else y
    return Bbox.from_bounds(x, y, box.width, box.height)


def _stretch(axes: Axes, found: Obstacles, box: BboxBase, area: BboxBase) -> None:
    """Raise the upper end of the y axis, until the highest mark below the legend is below it."""
    columns = found.points[found.points[:, 0] > area.x1 - box.width - 10]
    highest = max(columns[:, 1].max(initial=area.y0), *(b.y1 for b in found.boxes if overlap(b, area)), area.y0)
    used = max(highest - area.y0, 1.0)
    room = area.height - box.height - 12
    low, high = axes.transData.inverted().transform(
        [(area.x0, area.y0), (area.x0, area.y0 + area.height * used / room)]
    )[:, 1]
    axes.set_ylim(low, high)


def move_labels(plot: matplotlib.figure.Figure) -> None:
    """Shift what is written in the axes until it hides neither marks nor words."""
    movable = [text for axes in plot.axes for text in axes.texts if text.get_visible() and text.get_text().strip()]
    if not movable:
        return
    found = obstacles(plot.axes, movable)
    legends = [legend for axes in plot.axes if (legend := axes.get_legend()) is not None]
    found.boxes += [legend.get_window_extent() for legend in legends]
    page = plot.bbox
    for text in sorted(movable, key=lambda text: -text.get_window_extent().y0):
        box = text.get_window_extent()
        if found.conflicts(box):
            dx, dy = _free_shift(found, box, page)
            _shift(text, dx, dy)
            box = box.translated(dx, dy)
        found.boxes.append(box)


def _free_shift(found: Obstacles, box: BboxBase, page: BboxBase) -> tuple[int, int]:
    """The smallest shift that hides nothing and stays on the page; where there is none, the one that hides least."""
    best, least = (0, 0), found.conflicts(box)
    for shift in SHIFTS:
        moved = box.translated(*shift)
        if moved.y0 < page.y0 or moved.y1 > page.y1 or moved.x0 < page.x0 or moved.x1 > max(page.x1, box.x1):
            continue
        if (hidden := found.conflicts(moved)) < least:
            best, least = shift, hidden
        if not hidden:
            break
    return best


def _shift(text: Text, dx: int, dy: int) -> None:
    """Move a text by points of the drawing, in whatever coordinates it has its place."""
    if isinstance(text, Annotation) and text.anncoords == "offset points":
        x, y = text.xyann
        text.xyann = (x + dx, y + dy)
        return
    transform = text.get_transform()
    place = transform.transform(text.get_unitless_position())
    x, y = transform.inverted().transform(place + np.array([dx, dy]))
    text.set_position((x, y))
