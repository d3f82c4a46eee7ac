"""Wick's theorem as a source of diagrams: all topologies of an n-point function, order by order."""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement

from netphysics.fields.interactions.diagrams import Diagram, Vertex, point_legs, relabeled, relabelings

# The externals at each point, and the symmetric table of lines.
_Wiring = tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]


def contract(externals: int, vertices: Sequence[Vertex]) -> tuple[Diagram, ...]:
    """All diagrams with these vertices and `externals` external points, vacuum bubbles included.

    Their numbers of contractions add up to (n - 1)!! for n legs altogether. Raises ValueError for an odd
    number of legs, which has no contractions.
    """
    if externals < 0:
        raise ValueError(f"externals is {externals}; the number of external points must be >= 0.")
    vertices = tuple(sorted(vertices))
    legs = point_legs(vertices)
    total = externals + sum(legs)
    if total % 2:
        raise ValueError(f"{externals} external points and {sum(legs)} legs of vertices are an odd number.")
    moves = relabelings(vertices)
    seen = {
        max(relabeled(attached, lines, move) for move in moves)
        for attached, lines in _wirings(legs)
        if sum(attached) <= externals
    }
    diagrams = [Diagram(externals, vertices, attached, lines) for attached, lines in seen]
    return tuple(sorted(diagrams, key=_simplicity))


def expand(
    externals: int,
    interactions: Sequence[Vertex],
    order: int,
    *,
    vacuum_bubbles: bool = False,
    propagator_corrections: bool = True,
) -> tuple[Diagram, ...]:
    """All diagrams of an n-point function up to the given order in the interactions together.

    Vacuum bubbles are left out unless asked for, because they cancel against the normalization. Without
    `propagator_corrections`, diagrams with a component that corrects a two-point function are left out: the
    rule for a K that is the exact two-point function, as it is for networks with one hidden layer.
    Interactions whose legs make the total odd contribute nothing.
    """
    if order < 0:
        raise ValueError(f"order is {order}; the order of perturbation theory must be >= 0.")
    found: list[Diagram] = []
    for count in range(order + 1):
        for vertices in combinations_with_replacement(sorted(set(interactions)), count):
            if (externals + sum(point_legs(vertices))) % 2 == 0:
                found += contract(externals, vertices)
    return tuple(
        diagram
        for diagram in found
        if (vacuum_bubbles or not diagram.has_vacuum_bubble)
        and (propagator_corrections or not diagram.corrects_propagator)
    )


def _simplicity(diagram: Diagram) -> tuple:
    """Connected diagrams lead a list, and vacuum bubbles close it."""
    pieces = diagram.direct + len(diagram.components)
    return (diagram.has_vacuum_bubble, pieces, diagram.corrects_propagator, diagram.lines, diagram.attached)


def _wirings(legs: tuple[int, ...]) -> Iterator[_Wiring]:
    """All ways to use up the legs: externals at each point, and the symmetric table of lines."""
    size = len(legs)

    def fill(
        point: int, free: tuple[int, ...], rows: tuple[tuple[int, ...], ...], attached: tuple[int, ...]
    ) -> Iterator[_Wiring]:
        if point == size:
            lines = tuple(tuple(rows[min(i, j)][abs(i - j)] for j in range(size)) for i in range(size))
            yield attached, lines
            return
        for loops in range(free[0] // 2 + 1):
            for shared in _bounded(free[1:], free[0] - 2 * loops):
                left = tuple(have - used for have, used in zip(free[1:], shared, strict=True))
                external = free[0] - 2 * loops - sum(shared)
                yield from fill(point + 1, left, (*rows, (loops, *shared)), (*attached, external))

    return fill(0, legs, (), ())


def _bounded(limits: tuple[int, ...], total: int) -> Iterator[tuple[int, ...]]:
    """All tuples of non-negative integers below the limits, inclusive, with a sum of at most `total`."""
    if not limits:
        yield ()
        return
    for first in range(min(limits[0], total) + 1):
        for rest in _bounded(limits[1:], total - first):
            yield (first, *rest)
