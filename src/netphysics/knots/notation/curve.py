"""Curve: the passages of a walk along a knot, as Gauss and Dowker-Thistlethwaite codes list them, as a diagram.

Walking once along a knot with n crossings one makes 2n passages, each crossing being passed twice. Which two
passages meet and which is above determines a prime knot up to its mirror image: on which side a strand comes in
follows, since the curve must fit into the plane. Of a composite knot each part may be a mirror image.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..braids import Diagram
from ..braids.diagram import End, genus

Passages = Sequence[tuple[int, int]]
# The search for signs looks at the whole curve again for each crossing.
LARGEST = 400


def diagram_of(passages: Passages, above: Sequence[int], what: str, signs: Sequence[int] | None = None) -> Diagram:
    """The diagram of a closed curve.

    Args:
        passages: of each crossing, the numbers (from 1) of the two passages that meet there.
        above: of each crossing, the passage that is above.
        what: the code, for messages.
        signs: of the crossings; left out, signs with which the curve fits into the plane. The first crossing is taken
            as positive, as is the first of each part of a composite diagram.

    Raises:
        ValueError: for more than 400 crossings, or a curve that does not fit into the plane.
    """
    count = len(passages)
    if count > LARGEST:
        raise ValueError(f"{what} has {count} crossings; codes that do not say them all are read up to {LARGEST}")
    crossing_at = {passage: k for k, pair in enumerate(passages) for passage in pair}
    if signs is None:
        signs = _signs_in_the_plane(passages, crossing_at, above)
        if signs is None:
            raise ValueError(f"{what} is the code of no diagram in the plane")
    elif count and genus(_drawn(dict(enumerate(signs)), 2 * count, crossing_at, above, 2 * count)):
        raise ValueError(f"{what} does not fit into the plane with these signs: it is a virtual knot")
    rows = []
    for pair, over, sign in zip(passages, above, signs, strict=True):
        (under,) = (passage for passage in pair if passage != over)
        after_under, after_over = under % (2 * count) + 1, over % (2 * count) + 1
        rows.append((under, after_over, after_under, over) if sign > 0 else (under, over, after_under, after_over))
    return Diagram(tuple(rows), tuple(signs), 0 if rows else 1)


def _signs_in_the_plane(passages: Passages, crossing_at: dict[int, int], above: Sequence[int]) -> list[int] | None:
    """Signs of the crossings with which the curve can be drawn in the plane, from its start to its end."""
    returns = sorted(max(pair) for pair in passages)

    def extended(signs: dict[int, int]) -> dict[int, int] | None:
        if len(signs) == len(passages):
            return signs
        now = returns[len(signs)]
        # The first crossing may have either sign: the other choice is the mirror image.
        for sign in (1, -1) if signs else (1,):
            tried = {**signs, crossing_at[now]: sign}
            if genus(_drawn(tried, now, crossing_at, above, 2 * len(passages))) == 0:
                found = extended(tried)
                if found is not None:
                    return found
        return None

    found = extended({})
    return None if found is None else [found[k] for k in range(len(passages))]


def _drawn(
    signs: dict[int, int], now: int, crossing_at: dict[int, int], above: Sequence[int], last: int
) -> dict[End, End]:
    """The edges of the curve from its first to its latest return to a crossing; all round once it is complete."""
    across: dict[End, End] = {}
    visits = [passage for passage in range(1, now + 1) if crossing_at[passage] in signs]
    for passage, following in zip(visits, visits[1:] + visits[:1] * (now == last), strict=False):
        ends = []
        for visit, leaves in ((passage, True), (following, False)):
            k = crossing_at[visit]
            over, under = 1 if leaves == (signs[k] > 0) else 3, 2 if leaves else 0
            slot = over if above[k] == visit else under
            ends.append((k, slot))
        across |= {ends[0]: ends[1], ends[1]: ends[0]}
    return across
