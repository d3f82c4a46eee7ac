"""The edges of a planar diagram as one list: end 4 k + s is slot s of crossing k, and the list has the end across.

Walks along strands and around faces are quick on such a list. An end is left through the opposite one, `end ^ 2`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def ends_across(rows: Sequence[Sequence[int]]) -> list[int]:
    """Of each end the one across its edge; -1 somewhere if a label does not occur twice."""
    first: dict[int, int] = {}
    across = [-1] * (4 * len(rows))
    labels = [label for row in rows for label in row]
    for end, label in enumerate(labels):
        other = first.setdefault(label, end)
        if other != end:
            if across[other] >= 0:
                return [-1]
            across[end], across[other] = other, end
    return across


def strands_along(across: Sequence[int]) -> list[list[int]]:
    """The components, each as the ends through which it comes into crossings; below, where possible, forward."""
    count = len(across)
    starts = [*range(0, count, 4), *range(1, count, 4)]
    return _orbits([across[end ^ 2] for end in range(count)], starts, both_ways=True)


def faces_around(across: Sequence[int]) -> list[list[int]]:
    """The regions of the plane: the ends at which one leaves a crossing, with the face on the left."""
    starts = (start for end, far in enumerate(across) if end < far for start in (end, far))
    # Along the edge to its other end, then to the next edge clockwise there.
    return _orbits([(end & ~3) | (end - 1 & 3) for end in across], starts, both_ways=False)


def _orbits(following: Sequence[int], starts: Iterable[int], both_ways: bool) -> list[list[int]]:
    """Of a permutation; what comes into a crossing both ways is walked one way only."""
    unseen, orbits = bytearray(b"\1") * len(following), []
    for start in starts:
        if unseen[start]:
            orbit, end = [], start
            while unseen[end]:
                unseen[end] = 0
                orbit.append(end)
                end = following[end]
            orbits.append(orbit)
            if both_ways:
                for end in orbit:
                    unseen[end ^ 2] = 0
    return orbits
