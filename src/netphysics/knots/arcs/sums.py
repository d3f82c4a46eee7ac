"""Connected sums that a grid diagram shows.

A sphere that meets the axis twice and two pages once each cuts the knot in two points: it encloses an interval of the
axis that two arcs leave. Each side, closed by a trivial arc outside, is a summand.
"""

from __future__ import annotations

from .presentation import ArcPresentation
from .walk import simplify

# Walks, and steps of each, in search of a grid diagram that shows a sum.
WALKS, STEPS = 6, 5_000


def summands(presentation: ArcPresentation) -> list[ArcPresentation]:
    """Small arc presentations of knots whose connected sum this one is, as far as a few walks show.

    One alone may still be a sum. Those that walks make trivial are left out; whether the others are knotted is for
    others to say.
    """
    for seed in range(WALKS):
        smallest = simplify(presentation, STEPS, seed=seed).smallest
        if parts := visible_summands(smallest):
            return [each for part in parts for each in summands(part)]
    return [smallest] if len(smallest) > 2 else []


def visible_summands(presentation: ArcPresentation) -> tuple[ArcPresentation, ArcPresentation] | None:
    """Two arc presentations whose connected sum this is, of a + b arcs with a + b - 2 in the sum, if it shows them.

    Neither has fewer than five arcs, which is what a knot other than the unknot needs.
    """
    for lines in (presentation, presentation.transposed):
        size = len(lines)
        for first in range(size):
            # Arcs that leave the first rows from here on, one row after another.
            leaving = 0
            for count in range(1, size - 3):
                row = (first + count - 1) % size
                for column in lines.rows[row]:
                    other = sum(lines.arcs[column]) - row
                    leaving += -1 if (other - first) % size < count else 1
                if count > 3 and leaving == 2:
                    shifted = [((low - first) % size, (high - first) % size) for low, high in lines.arcs]
                    parts = _inside(shifted, count), _inside([(a - count, b - count) for a, b in shifted], size - count)
                    left, right = (ArcPresentation(part) for part in parts)
                    # With rows for columns, vertical lines would pass below.
                    return (left, right) if lines is presentation else (left.transposed, right.transposed)
    return None


def _inside(arcs: list[tuple[int, int]], count: int) -> list[list[int]]:
    """The arcs at rows 0 to count - 1; the two that leave them meet in one more row."""
    ends = [[row if 0 <= row < count else count for row in arc] for arc in arcs]
    return [arc for arc in ends if arc != [count, count]]
