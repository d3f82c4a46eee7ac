"""Hard diagrams of the unknot (Kauffman and Lambropoulou, Hard Unknots and Collapsing Tangles)."""

from dataclasses import dataclass
from random import Random

from netphysics.knots.braids import Diagram


@dataclass(frozen=True)
class Tangle:
    """Crossings, and the edges that leave at the corners.

    Attributes:
        rows: as in a PD code.
        corners: labels of the edges at southwest, southeast, northeast and northwest.
    """

    rows: tuple[tuple[int, ...], ...]
    corners: tuple[int, int, int, int]

    @property
    def inverse(self) -> "Tangle":
        """1/x for x: turned by a quarter, with all crossings changed."""
        return Tangle(tuple(row[1:] + row[:1] for row in self.rows), (*self.corners[1:], self.corners[0]))

    def __add__(self, other: "Tangle") -> "Tangle":
        """The other one on the right."""
        beyond = 1 + max(label for tangle in (self, other) for label in (*tangle.corners, *sum(tangle.rows, ())))
        southwest, southeast, northeast, northwest = (label + beyond for label in other.corners)
        rows = self.rows + tuple(tuple(label + beyond for label in row) for row in other.rows)
        west, east = self.corners, (southeast, northeast)
        return joined(rows, {southwest: west[1], northwest: west[2]}, (west[0], *east, west[3]))

    @property
    def closed(self) -> Diagram:
        """The numerator closure: both ends above joined, and both below."""
        southwest, southeast, northeast, northwest = self.corners
        return Diagram.of_pd(joined(self.rows, {southeast: southwest, northeast: northwest}, self.corners).rows)


def joined(rows: tuple[tuple[int, ...], ...], names: dict[int, int], corners: tuple[int, ...]) -> Tangle:
    return Tangle(
        tuple(tuple(names.get(label, label) for label in row) for row in rows),
        tuple(names.get(label, label) for label in corners),
    )


def twists(number: int) -> Tangle:
    """An integer tangle: so many crossings in a row."""
    crossing = Tangle((((0, 1, 2, 3) if number > 0 else (1, 2, 3, 0)),), (0, 1, 2, 3))
    tangle = crossing
    for _ in range(abs(number) - 1):
        tangle = tangle + crossing
    return tangle


def rational(terms: list[int], sign: int = 1) -> Tangle:
    """The tangle of a continued fraction, its first term first."""
    tangle = twists(sign * terms[-1])
    for term in terms[-2::-1]:
        tangle = twists(sign * term) + tangle.inverse
    return tangle


def fractions(crossings: int, random: Random) -> tuple[Tangle, Tangle]:
    """A rational tangle p/q and -r/s with ps - qr = 1 or -1, about so many crossings together.

    r/s is the continued fraction of p/q without its last term.
    """
    while True:
        terms = [random.randint(1, 4) for _ in range(random.randint(3, 9))]
        if abs(2 * sum(terms) - terms[-1] - crossings) <= 1 and terms[-1] > 1:
            return rational(terms), rational(terms[:-1], sign=-1)


def hard_unknot(crossings: int, random: Random) -> Diagram:
    """The sum of two such tangles, closed; each of them is alternating."""
    one, other = fractions(crossings, random)
    return (one + other).closed


def hard_sum(crossings: int, random: Random) -> Diagram:
    """The connected sum of two such unknots."""
    (a, b), (c, d) = (fractions(crossings // 2, random) for _ in range(2))
    return ((a + b).inverse + (c + d).inverse).inverse.closed
