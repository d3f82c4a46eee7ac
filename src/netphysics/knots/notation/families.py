"""Families of knots: torus knots and pretzel knots, by their numbers."""

from __future__ import annotations

from ..braids import Braid, Diagram
from .words import MOST_LETTERS, MOST_STRANDS

MOST_CROSSINGS = 10_000


def torus_knot(p: int, q: int) -> Braid:
    """T(p, q), the closure of (s_1 ... s_(p-1))^q, on the fewer of p and q strands; T(2, 3) is the closure of 1 1 1.

    Raises:
        ValueError: for a p or q of 0, or a braid of more than 100 000 letters or 500 strands.
    """
    strands, turns = sorted((abs(p), abs(q)))
    if not 1 <= strands <= MOST_STRANDS or (strands - 1) * turns > MOST_LETTERS:
        raise ValueError(
            f"T({p},{q}) has a braid of {max(strands - 1, 0) * turns} letters on {strands} strands; at most "
            f"{MOST_LETTERS} and {MOST_STRANDS} are read, and at least one strand"
        )
    sign = 1 if (p > 0) == (q > 0) else -1
    return Braid([sign * letter for letter in range(1, strands)] * turns, strands)


def pretzel_knot(*twists: int) -> Diagram:
    """P(a, b, ...): columns of half twists side by side, neighbors joined at the top and at the bottom.

    P(1, 1, 1) is the closure of -1 -1 -1.

    Raises:
        ValueError: for fewer than two columns, a column of 0, more than 10 000 crossings, or a link of several
            components, saying how many.
    """
    name = f"P({','.join(map(str, twists))})"
    if len(twists) < 2 or 0 in twists or sum(map(abs, twists)) > MOST_CROSSINGS:
        raise ValueError(
            f"{name} must have two columns or more, none of 0 and at most {MOST_CROSSINGS} crossings in all"
        )
    columns, even = len(twists), sum(twist % 2 == 0 for twist in twists)
    if (components := even or 2 - columns % 2) > 1:
        raise ValueError(
            f"{name} is a link of {components} components without an orientation; write its PD code or a braid"
        )
    tops, bottoms = list(range(columns)), list(range(columns, 2 * columns))
    rows, label = [], 2 * columns
    for k, count in enumerate(twists):
        # The left edge of a column comes from the column before, its right one goes to the column after.
        left, right = tops[k - 1], tops[k]
        for number in range(abs(count)):
            below = (bottoms[k - 1], bottoms[k]) if number == abs(count) - 1 else (label, label + 1)
            label += 2
            around = [left, below[0], below[1], right]
            rows.append(around if count > 0 else [*around[1:], around[0]])
            left, right = below
    return Diagram.of_pd(rows)
