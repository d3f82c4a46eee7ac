"""Points over named places: a kind of figure that writes its own table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..stats import Estimate, stack
from .curves import entry, place_key
from .figure import Figure, Number, Table, TableEntry
from .palette import ordered_roles
from .style import draw_measured, draw_theory, figure, name_axes


def categories(
    name: str,
    caption: str,
    values: Mapping[str, Mapping[str, Estimate]],
    *,
    y: str,
    places: str = "",
    log: str = "",
    expected: Number | Mapping[str, Number] | None = None,
    limits: tuple[Number, Number] | None = None,
    points: str = "measured",
    roles: Sequence[str] = (),
    key: str = "best",
) -> Figure:
    """A figure of points over named places, a series for each color, and its table.

    Args:
        values: by series, then by place: what was measured there. Places stand in the order in which they first occur.
        y: the name of the axis with symbol and unit.
        places: the name of the other axis, and of the table's column of places.
        log: `"y"` for a logarithmic scale.
        expected: what theory says: one line across, or a short one at each place; a column of the table.
        limits: both ends of the axis.
        points: the name of the column of points, where they are not measured but computed.
        roles: colors of the series; an ordered list by default.
        key: where the legend stands, in matplotlib's words, or `"outside"`.

    Raises:
        ValueError: for no values.
    """
    named = list(dict.fromkeys(place for series in values.values() for place in series))
    if not named:
        raise ValueError(f"figure {name} has no values; it needs at least one")
    plot, panels = figure()
    axes = panels[0]
    name_axes(axes, places, y, log=log)
    if isinstance(expected, Mapping):
        for place, value in expected.items():
            draw_theory(axes, named.index(place) + np.array([-0.35, 0.35]), np.full(2, value), "ink")
    elif expected is not None:
        draw_theory(axes, np.array([-0.5, len(named) - 0.5]), np.full(2, expected), "ink")
    shifts = 0.08 * (np.arange(len(values)) - (len(values) - 1) / 2) * 2
    for shift, role, (series, found) in zip(shifts, roles or ordered_roles(len(values)), values.items(), strict=True):
        x = np.array([named.index(place) for place in found]) + shift
        draw_measured(axes, x, stack(list(found.values())), role, series)
    axes.set_xticks(range(len(named)), named)
    axes.set_xlim(-0.5, len(named) - 0.5)
    if limits is not None:
        axes.set_ylim(float(limits[0]), float(limits[1]))
    if len(values) > 1:
        place_key(panels, key)
    theory: dict[str, list[TableEntry]] = {place: [] for place in named}
    if expected is not None:
        theory = {place: [expected.get(place, "") if isinstance(expected, Mapping) else expected] for place in named}
    columns = ("series", places or "place", *(["theory"] if expected is not None else []), points)
    rows = [(series, place, *theory[place], entry(found[place])) for series, found in values.items() for place in found]
    one = len(values) == 1
    return Figure(name, caption, plot, Table(columns[one:], [row[one:] for row in rows]), twin=True)
