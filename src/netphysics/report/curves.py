"""Curves over an axis: a kind of figure that writes its own table.

What is drawn is what the table has, so that the two cannot part. A figure that neither this kind nor `categories` fits
is made by hand of the verbs in `style`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from ..stats import Estimate
from .figure import Figure, Number, Table, TableEntry
from .style import draw_measured, draw_published, draw_theory, figure, house, legend, name_axes, slope_guide

Places = np.ndarray | Sequence[Number]
# Ends of lines nearer than this, in parts of the panel's height, share their words.
SAME_END = 0.03


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What theory says, what was measured, and what others have published, along one axis.

    Attributes:
        labels: what tells this curve from the others: the first columns of the table, by their names.
        x: places, shape (n,); integers stay integers in the table.
        theory: a line; an estimate shows its error as a pale band.
        measured: points with error bars, shape (n,), or as many as there are places in `at`.
        published: open markers, shape (n,).
        at: where it was measured, if not at every x: some of the places, shape (m,).
        more: further columns of the table, by their names, with an entry for each x.
        role: the color and marker, an entry of the palette.
        panel: the panel that it is drawn in; panels stand in the order in which they first occur.
        legend: its words in the key.
        end: words at the end of its line.

    Raises:
        ValueError: for a curve with nothing to draw, or with numbers that are not as many as its places.
    """

    labels: Mapping[str, TableEntry]
    x: Places
    theory: ArrayLike | Estimate | None = None
    measured: Estimate | None = None
    published: ArrayLike | Estimate | None = None
    at: Places | None = None
    more: Mapping[str, Sequence[TableEntry]] = field(default_factory=dict)
    role: str
    panel: str = ""
    legend: str = ""
    end: str = ""

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError(f"curve {dict(self.labels)} has neither theory, nor measured, nor published; it needs one")
        for name, places, values in self._parts():
            if values.shape != places.shape:
                raise ValueError(f"{name} of a curve has shape {values.shape}; its places have {places.shape}")
        if unknown := set(self.measured_at.tolist()) - set(np.asarray(self.x).tolist()):
            raise ValueError(f"at has {min(unknown)}, which is none of the places x of the curve")

    @property
    def measured_at(self) -> np.ndarray:
        """Where it was measured, shape (m,)."""
        return np.asarray(self.x if self.at is None else self.at)

    @property
    def height(self) -> Estimate:
        """What runs along the axis: the line, or where there is none the points."""
        return as_estimate(next(part for part in (self.theory, self.measured, self.published) if part is not None))

    @property
    def columns(self) -> list[str]:
        """Which of theory, measured and published there are."""
        return [name for name in COLUMNS if getattr(self, name) is not None]

    def _parts(self) -> list[tuple[str, np.ndarray, Estimate]]:
        x = np.asarray(self.x)
        places = {"theory": x, "measured": self.measured_at, "published": x}
        return [(name, places[name], as_estimate(getattr(self, name))) for name in self.columns]

    def rows(self, columns: Sequence[str], more: Sequence[str]) -> list[tuple[TableEntry, ...]]:
        """The rows of the table, one for each x; a number that is not there is left empty."""
        x, places = np.asarray(self.x).tolist(), self.measured_at.tolist()
        # Where places are those of x each has its own entry, even if two of them are equal.
        order = range(len(x)) if self.at is None else [places.index(each) if each in places else None for each in x]
        entries: dict[str, list[TableEntry]] = {name: [""] * len(x) for name in columns}
        for name, _, values in self._parts():
            of_x = order if name == "measured" else range(len(x))
            entries[name] = ["" if i is None else entry(values[i]) for i in of_x]
        added = {name: self.more.get(name, [""] * len(x)) for name in more}
        return [
            (*self.labels.values(), each, *(added[name][i] for name in more), *(entries[name][i] for name in columns))
            for i, each in enumerate(x)
        ]

    def draw(self, axes: Axes, every: int, band: bool) -> None:
        """The line, the open markers and the points; of many points every so many, on a band of their errors."""
        if self.theory is not None:
            draw_theory(axes, np.asarray(self.x), self.theory, self.role, self.legend)
        if self.published is not None:
            draw_published(axes, np.asarray(self.x), self.published, self.role, "" if self.theory else self.legend)
        if self.measured is not None:
            if band:
                draw_measured(axes, self.measured_at, self.measured, self.role, band=True)
            shown = slice(None, None, every)
            draw_measured(axes, self.measured_at[shown], self.measured[shown], self.role, self.legend)


COLUMNS = ("theory", "measured", "published")


def as_estimate(values: ArrayLike | Estimate) -> Estimate:
    return values if isinstance(values, Estimate) else Estimate.exact(values)


def entry(value: Estimate) -> TableEntry:
    """A number as a table has it: without an error where it is exact."""
    return value if value.draws or value.error else float(value.value)


def curves(
    name: str,
    caption: str,
    lines: Sequence[Curve],
    *,
    x: str,
    y: str | Mapping[str, str],
    log: str = "",
    every: int = 1,
    band: bool = False,
    slope: Number | Mapping[str, Number] | None = None,
    points: str = "measured",
    key: str = "best",
    share_y: bool = False,
    height: Number | None = None,
) -> Figure:
    """A figure of curves in one or more panels, and its table.

    Args:
        name, caption: those of the figure.
        lines: the curves, in the order of the table.
        x: the name of the axis with symbol and unit, and of its column.
        y: the same of the other axis. If panels show different quantities, the name of each panel's; panels then
            have no title.
        log: the axes with a logarithmic scale, `""`, `"x"`, `"y"` or `"xy"`.
        every: of the points only every so many are drawn; the table has them all.
        band: whether a band shows the errors of all points.
        points: the name of the column of points, where they are not measured but computed.
        slope: a power law to guide the eye, below all lines; for all panels or each.
        key: where the legend stands in the first panel, in matplotlib's words; `"outside"` is right of the last one.
        share_y: whether all panels have the scale of the first.
        height: of the figure, in inches.

    Raises:
        ValueError: for no curves, or curves whose labels have different names.
    """
    if not lines:
        raise ValueError(f"figure {name} has no curves; it needs at least one")
    if len({tuple(line.labels) for line in lines}) > 1:
        raise ValueError(f"curves of figure {name} have labels of different names; a table has one set of columns")
    titles = list(dict.fromkeys(line.panel for line in lines))
    plot, panels = figure(len(titles)) if height is None else figure(len(titles), height)
    for axes, title in zip(panels, titles, strict=True):
        one_quantity = isinstance(y, str)
        name_axes(axes, x, y if isinstance(y, str) else y[title], log=log, title=title if one_quantity else "")
        if share_y and axes is not panels[0]:
            axes.sharey(panels[0])
        members = [line for line in lines if line.panel == title]
        for line in members:
            line.draw(axes, every, band)
        power = slope.get(title) if isinstance(slope, Mapping) else slope
        if power is not None:
            _guide_below(axes, members, power)
        _name_ends(axes, members, log)
    place_key(panels, key)
    columns = [column for column in COLUMNS if any(column in line.columns for line in lines)]
    more = list(dict.fromkeys(column for line in lines for column in line.more))
    rows = [row for line in lines for row in line.rows(columns, more)]
    names = [points if column == "measured" else column for column in columns]
    return Figure(name, caption, plot, Table((*lines[0].labels, x, *more, *names), rows), twin=True)


def place_key(panels: Sequence[Axes], key: str) -> None:
    """The legend of what has words for it, where matplotlib's words say, or `"outside"`."""
    if not any(axes.get_legend_handles_labels()[1] for axes in panels):
        return
    if key == "outside":
        legend(panels[-1], loc="center left", bbox_to_anchor=(1, 0.5))
    else:
        legend(panels[0], loc=key)


def _guide_below(axes: Axes, members: Sequence[Curve], power: Number) -> None:
    x = np.concatenate([np.asarray(line.x, float) for line in members])
    tops = [float(np.max(line.height.value)) for line in members]
    slope_guide(axes, (x.min(), x.max()), 0.15 * min(tops), power)


def _name_ends(axes: Axes, members: Sequence[Curve], log: str) -> None:
    """Words where lines end, those of lines that end alike in one place."""
    ends = []
    for line in members:
        if line.end:
            values = line.height.value
            ends.append((float(np.asarray(line.x)[-1]), float(values[-1]), line.end))
    if not ends:
        return
    scale = np.log if "y" in log else np.asarray
    low, high = (float(scale(bound)) for bound in axes.get_ylim())
    groups: list[tuple[float, float, list[str]]] = []
    for place, height, words in ends:
        for _, other, names in groups:
            if abs(scale(height) - scale(other)) < SAME_END * (high - low):
                names.append(words)
                break
        else:
            groups.append((place, height, [words]))
    with house():
        for place, height, names in groups:
            style: dict[str, Any] = {"textcoords": "offset points", "verticalalignment": "center", "fontsize": 9}
            axes.annotate(", ".join(dict.fromkeys(names)), (place, height), xytext=(5, 0), **style)
