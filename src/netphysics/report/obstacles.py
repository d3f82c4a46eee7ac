"""Obstacles: where the marks and the words of a figure are, in points of the drawing, so that labels can avoid them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxBase

# Lines are followed in steps of so many points; a marker reaches so far from its center.
STEP, MARKER = 3.0, 3.0
# Boxes of text have air above and below their letters, which may be shared.
AIR = 0.08


@dataclass
class Obstacles:
    """Points on marks, shape (n, 2), and boxes of words, as (left, bottom, right, top)."""

    points: np.ndarray
    boxes: list[BboxBase]

    def marks(self, box: BboxBase) -> int:
        """How many points of marks lie in a box."""
        x, y = self.points.T
        return int(np.count_nonzero((x > box.x0) & (x < box.x1) & (y > box.y0) & (y < box.y1)))

    def conflicts(self, box: BboxBase) -> int:
        """How much a box is in the way of what is there: points of marks, and ten for each box of words."""
        tight = shrunk(box)
        return self.marks(box.padded(1.0)) + 10 * sum(overlap(tight, shrunk(other)) for other in self.boxes)


def shrunk(box: BboxBase) -> BboxBase:
    """A box of text without the air above and below its letters."""
    air = AIR * min(box.height, box.width)
    return Bbox.from_extents(box.x0, box.y0 + air, box.x1, box.y1 - air)


def overlap(one: BboxBase, other: BboxBase) -> bool:
    return bool(one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1)


def obstacles(axes: Iterable[Axes], without: Iterable[Text] = ()) -> Obstacles:
    """What is drawn in these axes, but for some texts and for legends."""
    skipped = {id(text) for text in without}
    points: list[np.ndarray] = [np.zeros((0, 2))]
    boxes: list[BboxBase] = []
    for each in axes:
        inside = each.get_window_extent().padded(1.0)
        for path in mark_points(each):
            x, y = path.T
            points.append(path[(x > inside.x0) & (x < inside.x1) & (y > inside.y0) & (y < inside.y1)])
        boxes += [text.get_window_extent() for text in words(each) if id(text) not in skipped]
    return Obstacles(np.concatenate(points), boxes)


def mark_points(axes: Axes) -> Iterator[np.ndarray]:
    """Points on every line, marker and error bar, each an array of shape (n, 2); bands and bars are no obstacle."""
    for line in axes.lines:
        if not line.get_visible():
            continue
        path = line.get_path().transformed(line.get_transform())
        if line.get_linestyle() not in ("None", "none", ""):
            yield along(path)
        if line.get_marker() not in ("None", "none", "", None):
            yield around(np.asarray(path.vertices))
    for collection in axes.collections:
        if isinstance(collection, LineCollection):
            for path in collection.get_paths():
                yield along(path.transformed(collection.get_transform()))
        elif isinstance(collection, PathCollection):
            yield around(np.asarray(collection.get_offset_transform().transform(collection.get_offsets())))
    for patch in axes.patches:
        if not patch.get_fill():
            yield along(patch.get_path().transformed(patch.get_transform()))


def along(path: Path) -> np.ndarray:
    """Points on a path, a few apart."""
    found = [np.zeros((0, 2))]
    for polygon in map(np.asarray, path.to_polygons(closed_only=False)):
        steps = np.diff(polygon, axis=0)
        counts = np.clip(np.nan_to_num(np.hypot(*steps.T)) / STEP, 1, 400).astype(int)
        pieces = [
            start + step * np.linspace(0, 1, n, endpoint=False)[:, None]
            for start, step, n in zip(polygon, steps, counts, strict=False)
        ]
        found += [*pieces, polygon[-1:]]
    return np.concatenate(found)


def around(centers: np.ndarray) -> np.ndarray:
    """Points on the edge of markers."""
    shifts = MARKER * np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)])
    return (np.asarray(centers, float)[:, None] + shifts).reshape(-1, 2)


def titles(axes: Axes) -> list[Text]:
    """The titles of axes, which stand on the left, in the middle or on the right."""
    return [child for child in axes.get_children() if isinstance(child, Text) and child not in axes.texts]


def words(axes: Axes) -> Iterator[Text]:
    """All texts of axes that are seen: title, axis labels, tick labels, and what is written in them."""
    labels = (axis.label for axis in (axes.xaxis, axes.yaxis))
    ticks = (
        tick for axis in (axes.xaxis, axes.yaxis) for tick in (*axis.get_majorticklabels(), *axis.get_minorticklabels())
    )
    for text in (*titles(axes), *labels, *ticks, *axes.texts):
        if text.get_visible() and text.get_text().strip():
            yield text
