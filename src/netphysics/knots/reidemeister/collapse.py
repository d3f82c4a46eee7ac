"""Diagrams that fall apart: moves that remove crossings, with third moves between them, leave none."""

from __future__ import annotations

from random import Random
from typing import Literal

from .certificate import ReidemeisterMove
from .planar_map import PlanarMap, turned

# Faces that are looked at for a third move, for each crossing.
LOOKS = 20


def collapse(drawing: PlanarMap) -> list[ReidemeisterMove] | None:
    """Moves that remove all crossings, as far as a short search shows; None if some stay.

    First and second moves that remove crossings are made wherever there is one, and third moves at random faces.
    """
    falling = _Falling(drawing)
    crossings, random = list(drawing.number), Random(len(drawing.moves))
    falling.remove(crossings[:])
    for _ in range(LOOKS * len(crossings)):
        if not falling.across:
            break
        falling.carry(4 * random.choice(crossings) + random.randrange(4))
    return None if falling.across else falling.moves


class _Falling:
    """A diagram that loses its crossings.

    Attributes:
        across: where each edge ends; without marks.
        number: of each vertex.
        moves: those that were made.
    """

    def __init__(self, drawing: PlanarMap):
        self.number = drawing.number
        ends = (end for vertex in drawing.number for end in range(4 * vertex, 4 * vertex + 4))
        self.across = {end: drawing.reach(end) for end in ends}
        self.moves: list[ReidemeisterMove] = []

    def following(self, corner: int) -> int:
        """The next corner of the same face, with the face on the left."""
        return turned(self.across[corner], -1)

    def record(self, name: Literal["R1-", "R2-", "R3"], corner: int) -> None:
        self.moves.append(ReidemeisterMove(name, self.number[corner // 4], corner & 3))

    def remove(self, waiting: list[int]) -> None:
        """Make the first and second moves that remove crossings at some vertices, and then at those beside them."""
        while waiting:
            vertex = waiting.pop()
            for corner in range(4 * vertex, 4 * vertex + 4):
                if corner not in self.across:
                    break
                other = self.following(corner)
                if other == corner:
                    self.record("R1-", corner)
                    waiting += self.take_off([vertex])
                elif other // 4 != vertex and self.following(other) == corner and (corner + other) % 2:
                    self.record("R2-", corner)
                    waiting += self.take_off([vertex, other // 4])

    def take_off(self, vertices: list[int]) -> list[int]:
        """Take vertices off their strands.

        Returns:
            Those beside them.
        """
        beside = []
        for vertex in vertices:
            for end in (4 * vertex, 4 * vertex + 1):
                before, after = self.across[end], self.across[end ^ 2]
                self.across[before], self.across[after] = after, before
                beside += [before // 4, after // 4]
        for vertex in vertices:
            for end in range(4 * vertex, 4 * vertex + 4):
                del self.across[end]
        return beside

    def carry(self, corner: int) -> None:
        """Make the third move at a corner, if there is one, and what it makes possible."""
        if corner not in self.across:
            return
        corners = [corner, second := self.following(corner), third := self.following(second)]
        if self.following(third) != corner or len({each // 4 for each in corners}) < 3:
            return
        sides = [(each, self.across[each]) for each in corners]
        if any(start % 2 and end % 2 for start, end in sides):
            self.record("R3", corner)
            for start, end in sides:
                before, after = self.across[start ^ 2], self.across[end ^ 2]
                for one, other in ((before, end), (end ^ 2, start ^ 2), (start, after)):
                    self.across[one], self.across[other] = other, one
            self.remove([each // 4 for each in corners])
