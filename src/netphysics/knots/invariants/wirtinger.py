r"""The Alexander polynomial of a diagram from Wirtinger's presentation of its group.

Each arc from one crossing below to the next has an unknown, and each crossing a relation,
$x_{out} = (1 - t)\, x_{over} + t\, x_{in}$ or the same with in and out exchanged, by its sign. Without one arc and
one crossing the determinant of the relations is $\pm t^k \Delta(t)$ (Fox's calculus). Few unknowns stand in each
relation, and neighbors on the diagram stand together: elimination that takes the scarcest unknown first stays sparse.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..braids import Diagram
from .laurent import Laurent
from .modular import PRIME, interpolate, mersenne_prime

# Where the polynomial is looked at first. A nontrivial one is a unit there by a chance of about its degree over
# 2^61, and the answer is not wrong then: it is left to the other invariants.
POINT = 1_234_567_890_123_456_789


def has_trivial_alexander(diagram: Diagram) -> bool:
    """Whether the Alexander polynomial is 1 as far as one value modulo 2^61 - 1 tells; False is a proof of a knot.

    Raises:
        ValueError: for a link of several components, saying how many.
    """
    value, unit = _determinant(_relations(diagram.require_knot()), POINT, PRIME), 1
    for _ in range(len(diagram) + 1):
        if value in (unit, PRIME - unit):
            return True
        unit = unit * POINT % PRIME
    return False


def seems_knotted(diagram: Diagram) -> bool:
    """Whether the determinant of a knot, in floating-point numbers, is not 1: no proof, but a hint what to ask first.

    Raises:
        ValueError: for a link of several components, saying how many.
    """
    relations = np.array(_relations(diagram.require_knot()), dtype=int).reshape(-1, 3)
    crossing, (x, y, z) = np.arange(len(relations)), relations.T
    # At t = -1: x + z = 2 y.
    matrix = np.zeros((len(relations), len(relations) + 1))
    matrix[crossing, x] += 1
    matrix[crossing, y] -= 2
    matrix[crossing, z] += 1
    return bool(abs(abs(np.linalg.det(matrix[:, 1:])) - 1) > 0.5)


def alexander_of_diagram(diagram: Diagram) -> Laurent:
    """The Alexander polynomial of a knot, exact, with Delta(t) = Delta(1/t) and Delta(1) = 1.

    The determinant is a polynomial of degree below the number c of crossings, interpolated modulo a Mersenne prime
    that is larger than twice any coefficient: the absolute values of the coefficients of a relation add up to 4.

    Raises:
        ValueError: for a link of several components, saying how many.
    """
    relations = _relations(diagram.require_knot())
    prime = mersenne_prime(2 * len(diagram) + 2)
    points = list(range(2, len(diagram) + 3))
    values = [_determinant(relations, t, prime) for t in points]
    found = [c - prime if c > prime // 2 else c for c in interpolate(points, values, prime)]
    support = [k for k, coefficient in enumerate(found) if coefficient]
    found = found[support[0] : support[-1] + 1]
    sign = 1 if sum(found) > 0 else -1
    return Laurent([sign * coefficient for coefficient in found], -(len(found) // 2))


def _relations(diagram: Diagram) -> list[tuple[int, int, int]]:
    """For each crossing but one the arcs x, y, z of the relation x = (1 - t) y + t z; arc 0 is left out."""
    arc, number = [0] * (4 * len(diagram)), 0
    for passage in diagram.passages:
        for end in passage:
            arc[end] = number
            # Below, where an end is even, another arc begins.
            number += not end & 1
            arc[end ^ 2] = number
    # The walk ends where it began, within arc 0.
    arc = [each % max(number, 1) for each in arc]
    return [
        (arc[end + 2], arc[end + 1], arc[end]) if sign > 0 else (arc[end], arc[end + 1], arc[end + 2])
        for end, sign in zip(range(4, len(arc), 4), diagram.signs[1:], strict=True)
    ]


def _determinant(relations: Sequence[tuple[int, int, int]], t: int, prime: int) -> int:
    """The determinant modulo a prime."""
    rows: list[dict[int, int]] = []
    users: dict[int, set[int]] = {arc: set() for arc in range(1, len(relations) + 1)}
    for number, (x, y, z) in enumerate(relations):
        row: dict[int, int] = {}
        for arc, coefficient in ((x, -1), (y, 1 - t), (z, t)):
            if arc:
                row[arc] = (row.get(arc, 0) + coefficient) % prime
        rows.append({arc: coefficient for arc, coefficient in row.items() if coefficient})
        for arc in rows[-1]:
            users[arc].add(number)
    # Unknowns by the number of relations they stand in.
    scarce: dict[int, set[int]] = {}
    for arc, used in users.items():
        scarce.setdefault(len(used), set()).add(arc)
    determinant, pivots = 1, {}
    for _ in range(len(relations)):
        count = next(count for count in range(len(relations) + 1) if scarce.get(count))
        if not count:
            return 0
        arc = scarce[count].pop()
        pivot = min(users[arc], key=lambda number: len(rows[number]))
        pivots[pivot] = arc - 1
        top = rows[pivot]
        corner = top.pop(arc)
        determinant = determinant * corner % prime
        inverse = -pow(corner, -1, prime)
        before = {other: len(users[other]) for other in top}
        for other in top:
            users[other].remove(pivot)
        for number in users.pop(arc) - {pivot}:
            row = rows[number]
            factor = row.pop(arc) * inverse % prime
            for other, coefficient in top.items():
                changed = (row.get(other, 0) + factor * coefficient) % prime
                if changed:
                    row[other] = changed
                    users[other].add(number)
                elif other in row:
                    del row[other]
                    users[other].remove(number)
        for other, old in before.items():
            scarce[old].remove(other)
            scarce.setdefault(len(users[other]), set()).add(other)
    return -determinant % prime if _is_odd(pivots) else determinant


def _is_odd(permutation: dict[int, int]) -> bool:
    cycles, unseen = 0, set(permutation)
    while unseen:
        cycles += 1
        at = unseen.pop()
        while (at := permutation[at]) in unseen:
            unseen.remove(at)
    return (len(permutation) - cycles) % 2 == 1
