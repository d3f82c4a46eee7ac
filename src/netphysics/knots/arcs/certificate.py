"""Certificates: a list of moves from one arc presentation to another, and the checker that believes no one.

The checker is written from the definitions of the moves. It shares nothing with the code that finds and applies
them, so that a mistake there cannot repeat itself here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Arcs = tuple[tuple[int, int], ...]
Kind = Literal["column", "row"]


class Move(NamedTuple):
    """One move on a grid diagram; places count lines of a kind from 0, and the last is a neighbor of the first.

    Two lines interleave if, going round the places of the other kind, one meets their ends in turn.

    | name | what it does |
    |---|---|
    | exchange | carries the line at `place` past `number` neighbors upward (downward for a negative number), none of \
which it interleaves or shares an end with |
    | destabilize | removes the line at `place`, whose ends are neighbors, and joins these two lines into one, which \
takes the place of the lower one; of the last and the first it is the last that counts as the lower |
    | stabilize | undoes that: splits the line of the other kind at `number` into two neighbors, of which the lower \
keeps its lower end, and joins them by a new line at `place` |
    | shift | makes the first `number` lines the last |
    """

    name: Literal["exchange", "destabilize", "stabilize", "shift"]
    kind: Kind
    place: int = 0
    number: int = 0

    def __str__(self) -> str:
        return f"{self.name} {self.kind} {self.place}" + (f" by {self.number:+d}" if self.name == "exchange" else "")


@dataclass(frozen=True)
class ArcCertificate:
    """The claim that two arc presentations are the same link, with the moves that show it.

    Attributes:
        start: the two rows of each column of the first one, the lower row first.
        moves: what is done to it, in order.
        end: the rows of each column that come out.
    """

    start: Arcs
    moves: tuple[Move, ...]
    end: Arcs

    def to_json(self) -> dict:
        """The certificate as plain JSON values; a move is [name, kind, place, number]."""
        return {
            "start": [list(arc) for arc in self.start],
            "moves": [list(move) for move in self.moves],
            "end": [list(arc) for arc in self.end],
        }

    @classmethod
    def from_json(cls, values: dict) -> ArcCertificate:
        start, end = (tuple((low, high) for low, high in values[name]) for name in ("start", "end"))
        return cls(start, tuple(Move(*move) for move in values["moves"]), end)

    def then(self, other: ArcCertificate) -> ArcCertificate:
        """These moves, and then those of a certificate that starts where this one ends."""
        return ArcCertificate(self.start, self.moves + other.moves, other.end)

    @property
    def proves_unknot(self) -> bool:
        """Whether the certificate, once it is checked, shows that both of its ends are the unknot."""
        return ((0, 1), (0, 1)) in (self.start, self.end)


def check(certificate: ArcCertificate) -> None:
    """Replay a certificate.

    Raises:
        ValueError: for a start that is no link, the first move that is not allowed, or an end that is not reached.
    """
    *_, columns = replay(certificate)
    if (reached := _sorted(columns)) != list(certificate.end):
        raise ValueError(f"the certificate ends at {reached}, not at {list(certificate.end)}")


def replay(certificate: ArcCertificate) -> Iterator[list[list[int]]]:
    """The rows of each column at the start of a certificate and after each of its moves, in lists that change.

    Raises:
        ValueError: for a start that is no link, or the first move that is not allowed.
    """
    size = len(certificate.start)
    uses = sorted(row for arc in certificate.start for row in arc)
    if uses != sorted(2 * list(range(size))) or any(low >= high for low, high in certificate.start):
        raise ValueError(f"the certificate starts at {list(certificate.start)}, which is no arc presentation")
    # The ends of all columns, and those of all rows: of each line the places of the two that it meets.
    columns = [list(arc) for arc in certificate.start]
    ends = {"column": columns, "row": _crossed(columns)}
    yield ends["column"]
    for number, move in enumerate(certificate.moves):
        try:
            _replay(ends, move)
        except _NotAllowed:
            found = _sorted(ends["column"])
            raise ValueError(f"move {number} of the certificate, {tuple(move)}, is not allowed at {found}") from None
        yield ends["column"]


class _NotAllowed(Exception):
    pass


def _demand(condition: bool) -> None:
    if not condition:
        raise _NotAllowed


def _sorted(lines: list[list[int]]) -> list[tuple[int, int]]:
    return [(min(line), max(line)) for line in lines]


def _crossed(lines: list[list[int]]) -> list[list[int]]:
    """The columns of each row, from the rows of each column; or back."""
    meeting: list[list[int]] = [[] for _ in lines]
    for place, ends in enumerate(lines):
        for end in ends:
            meeting[end].append(place)
    return meeting


def _replay(ends: dict[str, list[list[int]]], move: Move) -> None:
    """Make a move, if it is allowed."""
    _demand(move.kind in ends)
    other = "row" if move.kind == "column" else "column"
    lines, crossing, place, number = ends[move.kind], ends[other], move.place, move.number
    size = len(lines)
    if move.name == "exchange":
        _demand(0 <= place < size and 0 < abs(number) < size)
        _carry(lines, crossing, place, number)
    elif move.name == "destabilize":
        _demand(0 <= place < size and size > 2)
        _destabilize(lines, crossing, place)
    elif move.name == "stabilize":
        _demand(0 <= place <= size and 0 <= number < size)
        _stabilize(lines, crossing, place, number)
    else:
        _demand(move.name == "shift" and 0 <= number <= size)
        ends[move.kind] = lines[number:] + lines[:number]
        ends[other] = [[(end - number) % size for end in line] for line in crossing]


def _carry(lines: list[list[int]], crossing: list[list[int]], place: int, number: int) -> None:
    carried, start = lines[place], place
    low, high = sorted(carried)
    for _ in range(abs(number)):
        beyond = (place + (1 if number > 0 else -1)) % len(lines)
        passed = lines[beyond]
        c, d = passed
        # Between the ends of the one lie both ends of the other, or none.
        _demand(c not in carried and d not in carried and (low < c < high) == (low < d < high))
        lines[place] = passed
        for end in passed:
            crossing[end][crossing[end].index(beyond)] = place
        place = beyond
    lines[place] = carried
    for end in carried:
        # Neither end of the carried line was shared, so no passed line has come to its old place there.
        crossing[end][crossing[end].index(start)] = place


def _destabilize(lines: list[list[int]], crossing: list[list[int]], place: int) -> None:
    low, high = sorted(lines.pop(place))
    _demand(high - low == 1 or (low, high) == (0, len(lines)))
    kept, gone = (low, high) if high - low == 1 else (high, low)
    (far,) = (end for end in crossing[gone] if end != place)
    (near,) = (end for end in crossing[kept] if end != place)
    _demand(far != near)
    crossing[kept] = [near, far]
    del crossing[gone]
    crossing[:] = [[one - (one > place), other - (other > place)] for one, other in crossing]
    ends = lines[far - (far > place)]
    ends[ends.index(gone)] = kept
    lines[:] = [[one - (one > gone), other - (other > gone)] for one, other in lines]


def _stabilize(lines: list[list[int]], crossing: list[list[int]], place: int, split: int) -> None:
    second = max(crossing[split])
    ends = lines[second]
    lines[:] = [[one + (one > split), other + (other > split)] for one, other in lines]
    lines[second] = [split + 1 if end == split else end + (end > split) for end in ends]
    lines.insert(place, [split, split + 1])
    crossing[:] = _crossed(lines)
