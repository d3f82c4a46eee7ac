"""Icosahedral colorings: how often a knot's group maps to the rotations of an icosahedron."""

from __future__ import annotations

import functools
from itertools import permutations

from ..braids import Diagram


@functools.cache
def _rotations() -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    """Tables of g x g^-1 and g^-1 x g for the 12 rotations by 72 degrees that are conjugate to one of them.

    The rotations of an icosahedron are the even permutations of five things; those by 72 degrees are five-cycles.
    """
    one = (1, 2, 3, 4, 0)

    def conjugated(g: tuple[int, ...], x: tuple[int, ...]) -> tuple[int, ...]:
        """g x g^-1"""
        out = [0] * 5
        for k in range(5):
            out[g[k]] = g[x[k]]
        return tuple(out)

    def is_even(g: tuple[int, ...]) -> bool:
        return sum(g[i] > g[j] for i in range(5) for j in range(i + 1, 5)) % 2 == 0

    members = sorted({conjugated(g, one) for g in permutations(range(5)) if is_even(g)})
    number = {g: k for k, g in enumerate(members)}
    forward = tuple(tuple(number[conjugated(g, x)] for x in members) for g in members)
    backward = tuple(tuple(row.index(x) for x in range(len(members))) for row in forward)
    return forward, backward


def colorings(diagram: Diagram) -> int:
    """Number of homomorphisms from the knot group to the rotations of an icosahedron that send meridians to
    rotations by 72 degrees of one sense; 12 for the unknot.

    At a crossing the arcs below have colors x and y = g x g^-1, with g the color of the arc above. The work
    grows like 12 to the number of arcs that fix all others; a few for knots of about ten crossings.
    """
    forward, backward = _rotations()
    arc = _arcs(diagram)
    relations = [
        (arc[b], arc[a], arc[c]) if sign > 0 else (arc[b], arc[c], arc[a])
        for (a, b, c, _), sign in zip(diagram.crossings, diagram.signs, strict=True)
    ]

    def extended(colors: dict[int, int]) -> dict[int, int] | None:
        """The colors that follow from some; None when they contradict each other."""
        changed = True
        while changed:
            changed = False
            for over, x, y in relations:
                if over not in colors:
                    continue
                for known, other, tables in ((x, y, forward), (y, x, backward)):
                    if known in colors:
                        color = tables[colors[over]][colors[known]]
                        changed |= other not in colors
                        if colors.setdefault(other, color) != color:
                            return None
        return colors

    def count(colors: dict[int, int] | None) -> int:
        if colors is None:
            return 0
        free = [over for over, *_ in relations if over not in colors]
        if not free:
            return 1
        following = max(free, key=free.count)
        return sum(count(extended({**colors, following: color})) for color in range(len(forward)))

    # All colors are alike, so the first arc may have any.
    return len(forward) * count(extended({arc[diagram.crossings[0][0]]: 0})) if relations else len(forward)


def _arcs(diagram: Diagram) -> dict[int, int]:
    """A name for the arc of each edge: edges that follow each other above a crossing belong to one arc."""
    name = {label: label for row in diagram.crossings for label in row}
    for _, b, _, d in diagram.crossings:
        old, new = name[b], name[d]
        name = {label: new if arc == old else arc for label, arc in name.items()}
    return name
