"""Everything that exchange moves lead to at one size: a decision without luck, for few arcs.

If no grid diagram among them can be destabilized and there are more than two arcs, the knot is no unknot: an unknot's
arc presentations lead to the trivial one without ever growing (Dynnikov, Fund. Math. 190 (2006) 29; math/0208153).
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from .presentation import ArcPresentation

# Two rows are packed into one byte.
LARGEST = 16


class Exhaustion(NamedTuple):
    """What exchange moves lead to.

    Attributes:
        count: grid diagrams that were found, those that differ by cyclic shifts counted once.
        complete: whether these are all.
        shrinks: whether one of them can be destabilized; the search ends there.
    """

    count: int  # type: ignore[assignment]  # It takes the place of tuple.count, which nobody asks for.
    complete: bool
    shrinks: bool


def exhaust(presentation: ArcPresentation, limit: int = 20_000) -> Exhaustion:
    """Look at all grid diagrams that exchange moves and cyclic shifts make of one.

    Args:
        presentation: where to start.
        limit: grid diagrams that are looked at, at most. More than 16 arcs are not looked at.
    """
    size = len(presentation)
    if size > LARGEST:
        return Exhaustion(0, False, False)
    tables = _Tables(size)
    start = tables.normal(bytes(size * low + high for low, high in presentation.arcs))
    seen, grown = {start}, [start]
    while grown:
        columns = grown.pop()
        rows = tables.crossed(columns)
        if size > 2 and (tables.shrinks(columns) or tables.shrinks(rows)):
            return Exhaustion(len(seen), False, True)
        for lines in (columns, rows):
            for place, (one, other) in enumerate(pairwise(lines + lines[:1])):
                if (one, other) in tables.free:
                    after = tables.swapped(lines, place)
                    found = tables.normal(after if lines is columns else tables.crossed(after))
                    if found not in seen:
                        if len(seen) == limit:
                            return Exhaustion(limit, False, False)
                        seen.add(found)
                        grown.append(found)
    return Exhaustion(len(seen), True, False)


class _Tables:
    """Tables for lines of one size; a line with ends a < b is the byte size a + b.

    Attributes:
        free: pairs of lines that may be exchanged.
        short: lines whose ends are neighbors.
        shifts: for each cyclic shift of the ends, what becomes of a line.
    """

    def __init__(self, size: int):
        self.size = size
        lines = [(a, b) for a in range(size) for b in range(a + 1, size)]
        self.free = {
            (size * a + b, size * c + d)
            for a, b in lines
            for c, d in lines
            if len({a, b, c, d}) == 4 and (a < c < b) == (a < d < b)
        }
        self.short = {size * a + b for a, b in lines if b - a in (1, size - 1)}
        self.shifts = []
        for number in range(size):
            table = bytearray(256)
            for a, b in lines:
                low, high = sorted(((a + number) % size, (b + number) % size))
                table[size * a + b] = size * low + high
            self.shifts.append(bytes(table))

    def normal(self, lines: bytes) -> bytes:
        """The first in the alphabet of all cyclic shifts."""
        size = self.size
        forms = []
        for table in self.shifts:
            twice = lines.translate(table) * 2
            first = min(twice)
            at = twice.find(first)
            while at < size:
                forms.append(twice[at : at + size])
                at = twice.find(first, at + 1)
        return min(forms)

    def crossed(self, lines: bytes) -> bytes:
        """Rows from columns, or back."""
        size = self.size
        pairs, lows = [0] * size, [-1] * size
        for place, line in enumerate(lines):
            for end in divmod(line, size):
                if lows[end] < 0:
                    lows[end] = place
                else:
                    pairs[end] = size * lows[end] + place
        return bytes(pairs)

    def shrinks(self, lines: bytes) -> bool:
        return any(line in self.short for line in lines)

    def swapped(self, lines: bytes, place: int) -> bytes:
        swapped = bytearray(lines)
        beyond = (place + 1) % self.size
        swapped[place], swapped[beyond] = swapped[beyond], swapped[place]
        return bytes(swapped)
