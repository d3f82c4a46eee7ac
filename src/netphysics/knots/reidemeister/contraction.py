"""From a PD code to a grid diagram by Reidemeister moves: what `arcs.contraction` does, drawn in the plane.

What has arrived at the axis is drawn as a grid whose columns pass above rows. The end of an edge that is not finished
is a column that goes on downward, and the rest of the diagram lies below. So the first crossing is drawn, and pulling
one along an edge is planar isotopy, but that a new row on top is swept there from below. An edge that is swung into
another page is a strand above everything, or below everything, that is swept onto its way along the top or bottom row.
"""

from __future__ import annotations

from ..arcs.contraction import Axis
from ..braids import Diagram
from ..braids.diagram import End
from .lines import (
    COLUMN,
    EAST,
    NORTH,
    NORTHEAST,
    NORTHWEST,
    ROW,
    SOUTH,
    SOUTHEAST,
    SOUTHWEST,
    WEST,
    Corner,
    Crossing,
    Line,
    Lines,
)


def draw_grid(lines: Lines, diagram: Diagram, axis: Axis) -> None:
    """Make the moves from a diagram to the grid diagram that a contraction has led to.

    Rows are numbered as they come, columns are named by the ends that stand for pages.
    """
    _first_crossing(lines)
    for name, number in axis.steps:
        end = divmod(number, 4)
        if name == "pull":
            _pull(lines, diagram.other_end[end], *end)
        elif name == "split":
            _split(lines, end, diagram.other_end[end])
        elif lines.meets[end][0] == lines.order[ROW][-1]:
            _swing_above(lines, end, diagram.other_end[end])
        else:
            _swing_below(lines, end, diagram.other_end[end])


def _first_crossing(lines: Lines) -> None:
    ends = [(0, slot) for slot in range(4)]
    lines.arrange(ROW, [0, 1])
    lines.arrange(COLUMN, ends)
    lines.meets |= {0: [ends[0], ends[2]], 1: [ends[1], ends[3]]}
    lines.meets |= {end: [slot % 2] for slot, end in enumerate(ends)}
    lines.cross(ends[1], 0, 1)
    for slot in (0, 2):
        lines.turn(ends[slot], 0, lines.drawing.mark(slot, 2))
    lines.turn(ends[1], 1, lines.drawing.mark(3, 0))
    lines.turn(ends[3], 1, lines.drawing.mark(4 * lines.corners[ends[1], 1] + 2, 2))


def _pull(lines: Lines, pulled: End, crossing: int, slot: int) -> None:
    """Pull a crossing into the grid along a column that arrives at a slot of it."""
    rows, columns = lines.order
    right, straight, left = ((crossing, (slot + k) % 4) for k in (1, 2, 3))
    at, above = lines.place[pulled], slot % 2 == 0
    lines.kind[straight] = COLUMN
    lines.hand_over(pulled, straight)
    (met,) = lines.meets[straight] = lines.meets.pop(pulled)
    lines.meets[met] = [straight if column == pulled else column for column in lines.meets[met]]
    lines.arrange(COLUMN, [straight if column == pulled else column for column in columns])
    row = len(rows)
    first, last = (lines.drawing.mark(4 * crossing + (slot + k) % 4, 2) for k in (1, 3))
    if above:
        ascending: list[Crossing | Corner] = []
        descending: list[Crossing | Corner] = []
        for crossed in rows:
            spans = lines.spans(crossed, straight)
            if (end := lines.end(crossed, straight, WEST)) >= 0 or spans:
                ascending.append(
                    Crossing(right, crossed, end if end >= 0 else lines.beside(crossed, at - 1, -1), NORTH)
                )
            if (end := lines.end(crossed, straight, EAST)) >= 0 or spans:
                descending.append(Crossing(left, crossed, end if end >= 0 else lines.beside(crossed, at + 1, 1), SOUTH))
        route = [*ascending, Corner(right, row, 0), Corner(left, row, 2), *descending[::-1]]
        lines.reroute(4 * first + 2, 4 * first + 3, route, 4 * last + 1, above=True)
        lines.drawing.unmark(first)
        lines.drawing.unmark(last)
    else:
        lines.cross(straight, row, 4 * crossing + (slot + 2) % 4)
        lines.turn(right, row, first)
        lines.turn(left, row, last)
    lines.meets |= {right: [row], left: [row], row: [right, left]}
    lines.arrange(ROW, [*rows, row] if above else [row, *rows])
    lines.arrange(COLUMN, [*columns[:at], right, straight, left, *columns[at + 1 :]])


def _swing_above(lines: Lines, end: End, far: End) -> None:
    """Swing the top row's column `end` onto the column `far`, which the edge leads to."""
    rows = lines.order[ROW]
    (row,), (met,) = lines.meets[end], lines.meets[far]
    (other,) = (column for column in lines.meets[row] if column != end)
    route: list[Crossing | Corner] = [Corner(far, row, 2)]
    for crossed in rows[-2 : lines.place[met] : -1]:
        if lines.spans(crossed, far):
            route.append(Crossing(far, crossed, lines.beside(crossed, lines.place[far] - 1, -1), SOUTH))
    here, there, place = lines.place[other], lines.place[far], lines.place[end]
    # The strand leaves along the top row; the route keeps above it, unless it turns down before the strand does.
    way = (SOUTHEAST if there > here else SOUTHWEST) if min(here, place) < there < max(here, place) else NORTH
    start, away = 4 * lines.corners[other, row] + 2, lines.between(other, row, way)
    lines.reroute(start, away, route, lines.between(far, met, NORTH), above=True)
    _finish(lines, end, far)


def _swing_below(lines: Lines, end: End, far: End) -> None:
    """Swing the bottom row's column `end` onto the column `far`, which the edge leads to."""
    columns, drawing = lines.order[COLUMN], lines.drawing
    (row,) = lines.meets[end]
    (other,) = (column for column in lines.meets[row] if column != end)
    here, there, place = lines.place[other], lines.place[far], lines.place[end]
    east = there > here
    passed = columns[here + 1 : there] if east else columns[here - 1 : there : -1]
    # Where the strand itself goes the same way and farther down, the route keeps above it up to there.
    ahead = min(here, there) < place < max(here, there)
    away = lines.between(
        other, row, (NORTHEAST if east else NORTHWEST) if ahead else (SOUTHEAST if east else SOUTHWEST)
    )
    route: list[Crossing | Corner] = []
    for column in passed:
        if column == end:
            ahead = False
        elif len(lines.meets[column]) == 1:
            crossed = lines.end(column, row, NORTH) if ahead else lines.beside(column, 0, 1)
            route.append(Crossing(column, row, crossed, EAST if east else WEST))
    route.append(Corner(far, row, 2))
    last = drawing.mark(lines.beside(far, 0, 1), 2)
    lines.reroute(4 * lines.corners[other, row] + 2, away, route, 4 * last + (3 if east else 1), above=False)
    drawing.unmark(last)
    _finish(lines, end, far)


def _finish(lines: Lines, end: End, far: End) -> None:
    (row,) = lines.meets.pop(end)
    lines.meets[far].append(row)
    lines.meets[row] = [far if column == end else column for column in lines.meets[row]]
    lines.arrange(COLUMN, [column for column in lines.order[COLUMN] if column != end])


def _split(lines: Lines, end: End, far: End) -> None:
    """Lay an edge from column to column across the top, in a new row."""
    rows = lines.order[ROW]
    row = len(rows)
    (met,), (last,) = lines.meets[end], lines.meets[far]
    step = 1 if lines.place[end] < lines.place[far] else -1

    def above(column: Line, first: Line, direction: int, step: int) -> list[Crossing]:
        crossed = [each for each in rows[lines.place[first] + 1 :] if lines.spans(each, column)]
        at = lines.place[column] + step
        return [Crossing(column, each, lines.beside(each, at, step), direction) for each in crossed]

    route: list[Crossing | Corner] = [*above(end, met, NORTH, -step), Corner(end, row, 0), Corner(far, row, 2)]
    route += above(far, last, SOUTH, step)[::-1]
    away, arrival = lines.between(end, met, NORTH), lines.between(far, last, NORTH)
    lines.reroute(4 * lines.corners[end, met], away, route, arrival, above=True)
    lines.meets[end].append(row)
    lines.meets[far].append(row)
    lines.meets[row] = [end, far]
    lines.arrange(ROW, [*rows, row])
