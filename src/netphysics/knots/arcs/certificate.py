"""Certificates: a list of moves from one arc presentation to another, and the checker that believes no one.

The checker is written from the definitions of the moves. It shares nothing with the code that finds and applies
them, so that a mistake there cannot repeat itself here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Arcs = tuple[tuple[int, int], ...]


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
    kind: Literal["column", "row"]
    place: int = 0
    number: int = 0


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

    @property
    def proves_unknot(self) -> bool:
        """Whether the certificate, once it is checked, shows that both of its ends are the unknot."""
        return ((0, 1), (0, 1)) in (self.start, self.end)


def check(certificate: ArcCertificate) -> None:
    """Replay a certificate.

    Raises:
        ValueError: for a start that is no link, the first move that is not allowed, or an end that is not reached.
    """
    arcs = [tuple(arc) for arc in certificate.start]
    uses = sorted(row for arc in arcs for row in arc)
    if uses != sorted(2 * list(range(len(arcs)))) or any(low >= high for low, high in arcs):
        raise ValueError(f"the certificate starts at {list(certificate.start)}, which is no arc presentation")
    # The ends of all columns, and those of all rows: of each line the places of the two that it meets.
    ends = {"column": arcs, "row": _crossed(arcs)}
    for number, move in enumerate(certificate.moves):
        try:
            _replay(ends, move)
        except _NotAllowed:
            found = list(ends["column"])
            raise ValueError(f"move {number} of the certificate, {tuple(move)}, is not allowed at {found}") from None
    if tuple(ends["column"]) != tuple(certificate.end):
        raise ValueError(f"the certificate ends at {ends['column']}, not at {list(certificate.end)}")


class _NotAllowed(Exception):
    pass


def _demand(condition: bool) -> None:
    if not condition:
        raise _NotAllowed


def _crossed(lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The columns of each row, from the rows of each column; or back."""
    meeting: list[list[int]] = [[] for _ in lines]
    for place, ends in enumerate(lines):
        for end in ends:
            meeting[end].append(place)
    return [(first, second) for first, second in meeting]


def _replay(ends: dict[str, list[tuple[int, int]]], move: Move) -> None:
    """Make a move, if it is allowed."""
    _demand(move.kind in ends)
    other = "row" if move.kind == "column" else "column"
    lines, size, place, number = ends[move.kind], len(ends[move.kind]), move.place, move.number
    if move.name == "exchange":
        _demand(0 <= place < size and 0 < abs(number) < size)
        _carry(lines, ends[other], place, number)
        return
    if move.name == "shift":
        _demand(0 <= number <= size)
        lines = lines[number:] + lines[:number]
    elif move.name == "stabilize":
        _demand(0 <= place <= size and 0 <= number < size)
        lines = _stabilized(lines, place, number)
    else:
        _demand(move.name == "destabilize" and 0 <= place < size)
        lines = _destabilized(lines, place)
    ends[move.kind], ends[other] = lines, _crossed(lines)


def _carry(lines: list[tuple[int, int]], crossing: list[tuple[int, int]], place: int, number: int) -> None:
    for _ in range(abs(number)):
        beyond = (place + (1 if number > 0 else -1)) % len(lines)
        (a, b), (c, d) = lines[place], lines[beyond]
        # Between the ends of the one lie both ends of the other, or none.
        _demand(len({a, b, c, d}) == 4 and (a < c < b) == (a < d < b))
        for swapped, old, new in ((a, place, beyond), (b, place, beyond), (c, beyond, place), (d, beyond, place)):
            stays = sum(crossing[swapped]) - old
            crossing[swapped] = (min(stays, new), max(stays, new))
        lines[place], lines[beyond] = lines[beyond], lines[place]
        place = beyond


def _destabilized(lines: list[tuple[int, int]], place: int) -> list[tuple[int, int]]:
    size = len(lines)
    low, high = lines[place]
    _demand(size > 2 and (high - low == 1 or (low, high) == (0, size - 1)))
    kept, gone = (low, high) if high - low == 1 else (high, low)
    rest = lines[:place] + lines[place + 1 :]
    joined = [[kept if end == gone else end for end in line] for line in rest]
    _demand(all(one != other for one, other in joined))
    one_less = [[end - (end > gone) for end in line] for line in joined]
    return [(min(line), max(line)) for line in one_less]


def _stabilized(lines: list[tuple[int, int]], place: int, split: int) -> list[tuple[int, int]]:
    meeting = [number for number, line in enumerate(lines) if split in line]
    grown = []
    for number, line in enumerate(lines):
        ends = [end + 1 if end > split or (end == split and number == meeting[1]) else end for end in line]
        grown.append((min(ends), max(ends)))
    return [*grown[:place], (split, split + 1), *grown[place:]]
