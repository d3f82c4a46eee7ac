"""Rows and columns of a grid diagram on a map: where they cross and turn, and how one of them takes another way.

Columns pass above rows. A column that ends at one row only goes on downward, out of the part of the diagram that is a
grid. Directions count eighths of a turn, counterclockwise from south.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..braids import Diagram
from ..braids.diagram import End
from .collapse import collapse
from .planar_map import NothingLeft, PlanarMap, turned
from .sweep import sweep

# The name of a row or of a column.
Line = int | End
ROW, COLUMN = 0, 1
SOUTH, SOUTHEAST, EAST, NORTHEAST, NORTH, NORTHWEST, WEST, SOUTHWEST = range(8)
# Along rows and along columns, the directions in which places fall and rise.
DIRECTIONS = ((WEST, EAST), (SOUTH, NORTH))


class Crossing(NamedTuple):
    """On a route: a crossing with the line at an end, in a direction of travel."""

    column: Line
    row: Line
    end: int
    direction: int


class Corner(NamedTuple):
    """On a route: a corner, and the slot of its mark to which one comes: 0 from the column, 2 from the row."""

    column: Line
    row: Line
    slot: int


class Lines:
    """Rows and columns of a diagram.

    Attributes:
        drawing: the map of the diagram.
        order: rows from below, and columns from the left.
        kind, place: of each line; places count lines of a kind.
        meets: of each line, those of the other kind that it ends at.
        corners: of a column and a row that meet, the mark there. Its end 0 is on the column, its end 2 on the row.
        crossings: of a column and a row that cross, the end of the vertex that points south.
        keys: column and row of these vertices.
        looked: how many moves had been made at the last look whether the diagram falls apart.
    """

    def __init__(self, diagram: Diagram):
        self.drawing = PlanarMap(diagram)
        self.order: tuple[list[Line], list[Line]] = ([], [])
        self.kind: dict[Line, int] = {}
        self.place: dict[Line, int] = {}
        self.meets: dict[Line, list[Line]] = {}
        self.corners: dict[tuple[Line, Line], int] = {}
        self.crossings: dict[tuple[Line, Line], int] = {}
        self.keys: dict[int, tuple[Line, Line]] = {}

    def arrange(self, kind: int, order: Sequence[Line]) -> None:
        """Put lines of a kind in order."""
        self.order[kind][:] = order
        for place, line in enumerate(order):
            self.kind[line], self.place[line] = kind, place

    def key(self, line: Line, other: Line) -> tuple[Line, Line]:
        """Of two lines the column and the row."""
        return (line, other) if self.kind[line] == COLUMN else (other, line)

    def cross(self, column: Line, row: Line, south: int) -> None:
        self.crossings[column, row] = south
        self.keys[south // 4] = column, row

    def turn(self, column: Line, row: Line, mark: int) -> None:
        self.corners[column, row] = mark
        self.keys[mark] = column, row

    def forget(self, vertex: int) -> None:
        key = self.keys.pop(vertex)
        del (self.corners if key in self.corners else self.crossings)[key]

    def heading(self, line: Line, corner: Line) -> int:
        """The direction in which a line leaves a corner."""
        rises = any(self.place[other] > self.place[corner] for other in self.meets[line])
        return DIRECTIONS[self.kind[line]][rises]

    def end(self, line: Line, other: Line, direction: int) -> int:
        """The end, in a direction along a line, of the vertex that it has in common with another one; -1 if none."""
        key = self.key(line, other)
        if key in self.crossings:
            return turned(self.crossings[key], direction // 2)
        if key in self.corners and self.heading(line, other) == direction:
            return 4 * self.corners[key] + (0 if self.kind[line] == COLUMN else 2)
        return -1

    def spans(self, line: Line, other: Line) -> bool:
        """Whether another line lies strictly between the ends of a line."""
        places = [self.place[met] for met in self.meets[line]]
        return (len(places) == 1 or min(places) < self.place[other]) and self.place[other] < max(places)

    def beside(self, line: Line, at: int, step: int) -> int:
        """Of the first vertex of a line, from a place on in steps of 1 or -1, the end that points back."""
        others = self.order[1 - self.kind[line]]
        back = DIRECTIONS[self.kind[line]][step < 0]
        while (end := self.end(line, others[at], back)) < 0:
            at += step
        return end

    def between(self, column: Line, row: Line, direction: int) -> int:
        """The end, 1 or 3, of a corner through which one leaves in a direction that is not one of its lines'."""
        vertical, horizontal = self.heading(column, row), self.heading(row, column)
        first = (direction - vertical) % 8 < (horizontal - vertical) % 8
        return 4 * self.corners[column, row] + (1 if first else 3)

    def hand_over(self, one: Line, other: Line) -> None:
        """Give all corners and crossings of a line to another one."""
        for crossed in self.order[1 - self.kind[one]]:
            key = self.key(one, crossed)
            if key in self.corners:
                mark = self.corners[key]
                self.forget(mark)
                self.turn(*self.key(other, crossed), mark)
            elif key in self.crossings:
                south = self.crossings[key]
                self.forget(south // 4)
                self.cross(*self.key(other, crossed), south)

    def reroute(self, start: int, away: int, route: Sequence[Crossing | Corner], arrival: int, above: bool) -> None:
        """Sweep a strand that is above or below all others, from one mark to another, onto a route.

        Args:
            start: the end of the first mark through which the strand leaves.
            away: the end of the first mark, 1 or 3, through which the route leaves.
            route: crossings and corners along it.
            arrival: the end of the second mark, 1 or 3, through which the route arrives.
            above: whether the strand is above all others.
        """
        drawing, entered = self.drawing, self.drawing.across[start]
        while (vertex := entered // 4) != arrival // 4:
            following = drawing.across[entered ^ 2]
            if vertex in self.keys:
                self.forget(vertex)
            if vertex not in drawing.number:
                drawing.unmark(vertex)
            entered = following
        sweep(drawing, start, away, [step.end for step in route if isinstance(step, Crossing)], arrival, above)
        end = start
        for step in route:
            if isinstance(step, Corner):
                mark = drawing.mark(end, step.slot)
                self.turn(step.column, step.row, mark)
                end = 4 * mark + (step.slot ^ 2)
            else:
                entered = drawing.across[end]
                self.cross(step.column, step.row, turned(entered, -((step.direction + 4) % 8 // 2)))
                end = entered ^ 2
        # Not too often: a look is at all crossings.
        if len(drawing.moves) >= self.looked + max(len(drawing.number), self.looked // 4):
            self.collapse()

    def collapse(self) -> None:
        """If the diagram falls apart by itself, let it."""
        self.looked = len(self.drawing.moves)
        if moves := collapse(self.drawing):
            self.drawing.moves += moves
            raise NothingLeft
