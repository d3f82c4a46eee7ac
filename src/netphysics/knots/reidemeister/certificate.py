"""Certificates in Reidemeister moves, from a PD code to the diagram without crossings.

Planar isotopy is no move: a PD code is a diagram up to isotopy of the sphere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Rows = tuple[tuple[int, int, int, int], ...]


class ReidemeisterMove(NamedTuple):
    """One Reidemeister move on a diagram.

    Crossings have numbers, those of the start its row numbers from 0; a new one has the first number that has never
    been used. Slots 0 to 3 of a crossing are its edges counterclockwise, 0 and 2 those of the strand below. Corner s of
    a crossing lies between its slots s and s + 1, and an edge that one leaves along through slot s has on its left the
    face of corner s.

    | name | what it does |
    |---|---|
    | R1- | removes the crossing whose corner `slot` is a face of its own |
    | R1+ | makes a kink in the edge that leaves `crossing` through `slot`: walking out, one comes first to the \
crossing on the strand above if `other` is 1, below if it is 0, and has the loop on the left if `other_slot` is 1, on \
the right if it is 0 |
    | R2- | removes the two crossings of the face with two sides at corner `slot`, one strand of which is above |
    | R2+ | lays the edge that leaves `crossing` through `slot` above the one that leaves `other` through \
`other_slot`, across the face that both have on their left; new crossings are numbered along the edge above |
    | R3 | carries strands across each other at the face with three sides at corner `slot`, one side of which is above \
at both of its ends |
    """

    name: Literal["R1-", "R1+", "R2-", "R2+", "R3"]
    crossing: int
    slot: int
    other: int = 0
    other_slot: int = 0


@dataclass(frozen=True)
class ReidemeisterCertificate:
    """The claim that a diagram is one of the unknot, with the moves that show it.

    Attributes:
        start: its PD code.
        moves: what is done to it, in order, until no crossing is left.
    """

    start: Rows
    moves: tuple[ReidemeisterMove, ...]

    def to_json(self) -> dict:
        """The certificate as plain JSON values; a move is [name, crossing, slot, other, other_slot]."""
        return {"start": [list(row) for row in self.start], "moves": [list(move) for move in self.moves]}

    @classmethod
    def from_json(cls, values: dict) -> ReidemeisterCertificate:
        start = tuple((a, b, c, d) for a, b, c, d in values["start"])
        return cls(start, tuple(ReidemeisterMove(*move) for move in values["moves"]))

    @property
    def most_crossings(self) -> int:
        """Crossings of the largest diagram on the way."""
        count = most = len(self.start)
        for move in self.moves:
            count += {"R1+": 1, "R2+": 2, "R1-": -1, "R2-": -2, "R3": 0}[move.name]
            most = max(most, count)
        return most
