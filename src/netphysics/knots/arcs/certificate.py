"""Certificates: a list of moves from one arc presentation to another, and the checker that believes no one.

The checker is written from the definitions of the moves. It shares nothing with the code that finds and applies
them, so that a mistake there cannot repeat itself here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Arcs = tuple[tuple[int, int], ...]
Kind = Literal["column", "row"]
OTHER: dict[Kind, Kind] = {"column": "row", "row": "column"}


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
    grid = _Grid(certificate.start)
    for _ in grid.follow(certificate.moves):
        pass
    if (reached := grid.columns()) != list(certificate.end):
        raise ValueError(f"the certificate ends at {reached}, not at {list(certificate.end)}")


def replay(certificate: ArcCertificate) -> Iterator[list[tuple[int, int]]]:
    """The rows of each column at the start of a certificate and after each of its moves.

    Raises:
        ValueError: for a start that is no link, or the first move that is not allowed.
    """
    grid = _Grid(certificate.start)
    yield grid.columns()
    for _ in grid.follow(certificate.moves):
        yield grid.columns()


class _NotAllowed(Exception):
    pass


def _demand(condition: bool) -> None:
    if not condition:
        raise _NotAllowed


class _Grid:
    """Lines under keys that rise with their places: one that is removed takes its key along, others keep theirs.

    Attributes:
        keys: of columns and of rows, in the order of their places.
        ends: of each column, by its key, the keys of the two rows that it meets; and of each row those of its columns.
    """

    def __init__(self, start: Sequence[Sequence[int]]):
        size = len(start)
        uses = sorted(row for arc in start for row in arc)
        if uses != sorted(2 * list(range(size))) or any(low >= high for low, high in start):
            raise ValueError(f"the certificate starts at {list(start)}, which is no arc presentation")
        self.number([list(arc) for arc in start])

    def number(self, columns: list[list[int]]) -> None:
        """Take places as keys."""
        rows: list[list[int]] = [[] for _ in columns]
        for place, ends in enumerate(columns):
            for end in ends:
                rows[end].append(place)
        self.keys = {"column": list(range(len(columns))), "row": list(range(len(columns)))}
        self.ends = {"column": columns, "row": rows}

    def places(self, kind: Kind) -> list[list[int]]:
        """Of each line of a kind the places of the two that it meets, in no order."""
        place = {key: place for place, key in enumerate(self.keys[OTHER[kind]])}
        return [[place[end] for end in self.ends[kind][key]] for key in self.keys[kind]]

    def columns(self) -> list[tuple[int, int]]:
        """The rows of each column, the lower one first."""
        return [(min(ends), max(ends)) for ends in self.places("column")]

    def follow(self, moves: Sequence[Move]) -> Iterator[None]:
        """Make moves, and stop after each of them.

        Raises:
            ValueError: for the first one that is not allowed.
        """
        for number, move in enumerate(moves):
            try:
                self.make(move)
            except _NotAllowed:
                said = f"move {number} of the certificate, {tuple(move)}, is not allowed at {self.columns()}"
                raise ValueError(said) from None
            yield

    def make(self, move: Move) -> None:
        name, kind, place, number = move
        _demand(kind in OTHER)
        size = len(self.keys[kind])
        if name == "exchange":
            _demand(0 <= place < size and 0 < abs(number) < size)
            self.carry(kind, place, number)
        elif name == "destabilize":
            _demand(0 <= place < size and size > 2)
            self.destabilize(kind, place)
        elif name == "stabilize":
            _demand(0 <= place <= size and 0 <= number < size)
            self.stabilize(kind, place, number)
        else:
            _demand(name == "shift" and 0 <= number <= size)
            lines = self.places(kind)
            self.write(kind, lines[number:] + lines[:number])

    def write(self, kind: Kind, lines: list[list[int]]) -> None:
        """Begin anew with the places that each line of a kind meets."""
        self.number(lines)
        if kind == "row":
            self.ends = {"column": self.ends["row"], "row": self.ends["column"]}

    def carry(self, kind: Kind, place: int, number: int) -> None:
        keys, lines, crossing = self.keys[kind], self.ends[kind], self.ends[OTHER[kind]]
        size, step = len(keys), 1 if number > 0 else -1
        start = here = keys[place]
        carried = low, high = sorted(lines[start])
        for at in range(place + step, place + number + step, step):
            there = keys[at % size]
            c, d = passed = lines[there]
            # Between the ends of the one lie both ends of the other, or none.
            if c in carried or d in carried or (low < c < high) != (low < d < high):
                raise _NotAllowed
            lines[here] = passed
            for crossed in (crossing[c], crossing[d]):
                crossed[crossed[0] != there] = here
            here = there
        lines[here] = carried
        for crossed in (crossing[low], crossing[high]):
            # Neither end of the carried line was shared, so no passed line has come to its old place there.
            crossed[crossed[0] != start] = here

    def destabilize(self, kind: Kind, place: int) -> None:
        other = OTHER[kind]
        keys, lines, crossing = self.keys[other], self.ends[kind], self.ends[other]
        removed = self.keys[kind][place]
        low, high = sorted(lines[removed])
        at = bisect_left(keys, low)
        follows = at + 1 < len(keys) and keys[at + 1] == high
        _demand(follows or (keys[0], keys[-1]) == (low, high))
        kept, gone = (low, high) if follows else (high, low)
        # The other line at each.
        far, near = (sum(crossing[end]) - removed for end in (gone, kept))
        _demand(far != near)
        crossing[kept] = [near, far]
        ends = lines[far]
        ends[ends[0] != gone] = kept
        del self.keys[kind][place], keys[at + follows]

    def stabilize(self, kind: Kind, place: int, split: int) -> None:
        lines, crossing = self.places(kind), self.places(OTHER[kind])
        second = max(crossing[split])
        ends = lines[second]
        longer = [[one + (one > split), other + (other > split)] for one, other in lines]
        longer[second] = [split + 1 if end == split else end + (end > split) for end in ends]
        self.write(kind, [*longer[:place], [split, split + 1], *longer[place:]])
