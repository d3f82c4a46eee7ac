"""Moves on arc presentations: where each applies, and what it does.

Exchange moves, cyclic shifts, stabilizations and destabilizations. What makes a move legal is stated in
`certificate.Move`; `certificate.check` replays it on its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .certificate import ArcCertificate, Arcs, Kind, Move
from .presentation import ArcPresentation

Lines = list[tuple[int, int]]


def apply(presentation: ArcPresentation, move: Move) -> ArcPresentation:
    """The arc presentation after a move.

    Raises:
        ValueError: for a move that is not allowed there.
    """
    if move.kind == "row":
        return apply(presentation.transposed, move._replace(kind="column")).transposed
    columns, size = list(presentation.arcs), len(presentation)
    name, _, place, number = move
    if name == "exchange" and 0 <= place < size and 0 < abs(number) <= reach(columns, place, 1 if number > 0 else -1):
        carried = columns.pop(place)
        # Where it goes beyond an end of the list, a passed column comes round to the other end.
        if place + number >= size:
            columns = columns[1:] + columns[:1]
        elif place + number < 0:
            columns = columns[-1:] + columns[:-1]
        columns.insert((place + number) % size, carried)
        return ArcPresentation(columns)
    if name == "destabilize" and size > 2 and 0 <= place < size and are_neighbors(*columns[place], size):
        low, high = columns.pop(place)
        kept, gone = (low, high) if high - low == 1 else (high, low)
        joined = ((kept if row == gone else row for row in arc) for arc in columns)
        return ArcPresentation([[row - (row > gone) for row in arc] for arc in joined])
    if name == "stabilize" and 0 <= place <= size and 0 <= number < size:
        last = presentation.rows[number][1]
        split = [
            [row + (row > number or (row == number and column == last)) for row in arc]
            for column, arc in enumerate(columns)
        ]
        return ArcPresentation([*split[:place], (number, number + 1), *split[place:]])
    if name == "shift" and 0 <= number <= size:
        return ArcPresentation(columns[number:] + columns[:number])
    raise ValueError(f"the move {tuple(move)} is not allowed at {list(map(list, presentation.arcs))}")


def apply_all(presentation: ArcPresentation, moves: Sequence[Move]) -> ArcPresentation:
    """The arc presentation after several moves.

    Raises:
        ValueError: for the first that is not allowed where it comes.
    """
    for move in moves:
        presentation = apply(presentation, move)
    return presentation


def certify(start: ArcPresentation, moves: Sequence[Move]) -> ArcCertificate:
    """The certificate that `moves` lead from `start` to where they lead."""
    return ArcCertificate(start.arcs, tuple(moves), apply_all(start, moves).arcs)


def are_neighbors(low: int, high: int, size: int) -> bool:
    """Whether two places are next to each other on a circle of `size` places."""
    return high - low in (1, size - 1)


def reach(lines: Lines, place: int, step: int) -> int:
    """How many neighbors the line at a place can pass, all of them but none twice at most."""
    low, high = lines[place]
    for passed in range(1, len(lines)):
        ends = lines[(place + step * passed) % len(lines)]
        if low in ends or high in ends or (low < ends[0] < high) != (low < ends[1] < high):
            return passed - 1
    return len(lines) - 1


def _lines_of_each_kind(presentation: ArcPresentation) -> tuple[tuple[Kind, Arcs], tuple[Kind, Arcs]]:
    return ("column", presentation.arcs), ("row", presentation.rows)


def exchanges(presentation: ArcPresentation) -> Iterator[Move]:
    """All exchanges of neighbors."""
    for kind, lines in _lines_of_each_kind(presentation):
        yield from (Move("exchange", kind, place, 1) for place in range(len(lines)) if reach(list(lines), place, 1))


def destabilizations(presentation: ArcPresentation) -> Iterator[Move]:
    """All moves that remove a line."""
    size = len(presentation)
    if size > 2:
        for kind, lines in _lines_of_each_kind(presentation):
            for place, (low, high) in enumerate(lines):
                if are_neighbors(low, high, size):
                    yield Move("destabilize", kind, place)


def stabilizations(presentation: ArcPresentation) -> Iterator[Move]:
    """All moves that add a line."""
    size = len(presentation)
    for kind in ("column", "row"):
        for place in range(size + 1):
            yield from (Move("stabilize", kind, place, number) for number in range(size))
