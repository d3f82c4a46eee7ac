"""A knot diagram on the sphere that Reidemeister moves change, and that keeps a list of them.

Its vertices have four ends each, 4 v to 4 v + 3, counterclockwise, the even ones on the strand below. Beside crossings
there are marks: points of the knot with two ends, 0 and 2, and where a path is sketched across the diagram, points
that the path shares with it.
"""

from __future__ import annotations

from ..braids import Diagram
from .certificate import ReidemeisterMove


def turned(end: int, by: int) -> int:
    """The end so many places counterclockwise of another one, around the same vertex."""
    return (end & ~3) | ((end + by) & 3)


class NothingLeft(Exception):
    """There is no crossing left."""


class PlanarMap:
    """A diagram of a knot.

    Attributes:
        across: where the edge ends that begins at an end; -1 if there is none.
        number: of each vertex that is a crossing, its number in the certificate.
        moves: those that were made.
    """

    def __init__(self, diagram: Diagram):
        self.across = [-1] * (4 * len(diagram))
        for (one, slot), (other, place) in diagram.other_end.items():
            self.across[4 * one + slot] = 4 * other + place
        self.number = {vertex: vertex for vertex in range(len(diagram))}
        self.numbered = len(diagram)
        self.moves: list[ReidemeisterMove] = []

    def vertex(self) -> int:
        """A new vertex without edges."""
        self.across += [-1] * 4
        return len(self.across) // 4 - 1

    def crossing(self) -> int:
        vertex = self.vertex()
        self.number[vertex] = self.numbered
        self.numbered += 1
        return vertex

    def join(self, one: int, other: int) -> None:
        self.across[one], self.across[other] = other, one

    def insert(self, entering: int, end: int) -> int:
        """Put a passage of a vertex, which one enters through an end, on the edge that begins at another end.

        Returns:
            The end through which one enters.
        """
        far = self.across[end]
        self.join(end, entering)
        self.join(entering ^ 2, far)
        return entering

    def excise(self, entering: int) -> None:
        """Take a passage of a vertex off its strand."""
        self.join(self.across[entering], self.across[entering ^ 2])

    def mark(self, end: int, slot: int) -> int:
        """A new mark on the edge that begins at an end, with its end `slot` toward that."""
        return self.insert(4 * self.vertex() + slot, end) // 4

    def unmark(self, mark: int) -> None:
        self.excise(4 * mark)
        self.across[4 * mark] = self.across[4 * mark + 2] = -1

    def reach(self, end: int) -> int:
        """Where one arrives beyond marks, leaving through an end."""
        across, number = self.across, self.number
        far = across[end]
        while far // 4 not in number and across[(far & ~3) | 1] == across[far | 3] == -1:
            far = across[far ^ 2]
        return far

    def origin(self, end: int) -> tuple[int, int]:
        """The crossing and slot at which the edge begins that goes on through an end."""
        while end // 4 not in self.number:
            end = self.across[end ^ 2]
        return self.number[end // 4], end & 3

    def remove_kink(self, corner: int) -> None:
        """The first move at a corner that is a face."""
        self.moves.append(ReidemeisterMove("R1-", *self.origin(corner)))
        self.take_off(corner // 4)
        self.end_if_trivial()

    def remove_bigon(self, corner: int, other: int) -> None:
        """The second move at a corner of a face with two, the other of which is at another vertex."""
        self.moves.append(ReidemeisterMove("R2-", *self.origin(corner)))
        self.take_off(corner // 4)
        self.take_off(other)
        self.end_if_trivial()

    def end_if_trivial(self) -> None:
        if not self.number:
            raise NothingLeft

    def take_off(self, vertex: int) -> None:
        self.excise(4 * vertex)
        self.excise(4 * vertex + 1)
        self.across[4 * vertex : 4 * vertex + 4] = [-1] * 4
        del self.number[vertex]

    def add_kink(self, end: int, above: bool, left: bool, around: int) -> int:
        """The first move on the edge that leaves through an end, which makes a loop that ends behind a mark.

        Args:
            end: where the edge leaves.
            above: whether it comes first on the strand above.
            left: whether the loop is on its left.
            around: the end at which one leaves the mark, that the loop goes around.

        Returns:
            The end through which one comes first.
        """
        self.moves.append(ReidemeisterMove("R1+", *self.origin(end), int(above), int(left)))
        entering = self.insert(4 * self.crossing() + above, end)
        self.insert(turned(entering, 3 if left else 1), around)
        return entering

    def add_bigon(self, over: int, under: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """The second move on two edges that leave through ends with the same face on their left.

        On one edge, which turns back to itself, that is two kinks, one within the other.

        Returns:
            The ends through which one leaves the new vertices along the edge above, and along the one below.
        """
        one, other = self.origin(over), self.origin(under)
        turn = 0
        if one != other:
            self.moves.append(ReidemeisterMove("R2+", *one, *other))
            left, right = self.crossing(), self.crossing()
        elif self.precedes(over, under):
            left, right = self.crossing(), self.crossing()
            self.moves.append(ReidemeisterMove("R1+", *one, 1, 0))
            self.moves.append(ReidemeisterMove("R1+", self.number[left], 3, 1, 1))
            turn = 2
        else:
            right, left = self.crossing(), self.crossing()
            self.moves.append(ReidemeisterMove("R1+", *one, 0, 0))
            self.moves.append(ReidemeisterMove("R1+", self.number[right], 2, 0, 1))
        above = self.insert(4 * left + (3 ^ turn), over) ^ 2, self.insert(4 * right + 1, 4 * left + (1 ^ turn)) ^ 2
        self.insert(4 * right, under)
        self.insert(4 * left + turn, 4 * right + 2)
        return above, (4 * left + (2 ^ turn), 4 * right + 2)

    def precedes(self, one: int, other: int) -> bool:
        """Whether one of two ends on an edge, both of which point the same way, comes before the other one."""
        while other // 4 not in self.number:
            other = self.across[other ^ 2]
            if other == one:
                return True
        return False

    def remove_triangle(self, corner: int, hops: list[tuple[int, int]]) -> None:
        """The third move at a corner of a face with three.

        Args:
            corner: one of the face.
            hops: passages (the ends at which one enters them) that are carried along their strands, each with the end
                behind which it comes to lie.
        """
        self.moves.append(ReidemeisterMove("R3", *self.origin(corner)))
        for entering, end in hops:
            self.excise(entering)
            self.insert(entering, end)
