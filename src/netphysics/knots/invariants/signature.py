r"""Signature and determinant from the Goeritz matrix of a checkerboard coloring.

Color the regions of a diagram black and white. Each crossing carries $\eta = \pm 1$: whether turning the upper
strand counterclockwise sweeps black or white. With one row for each white region but one, $g_{ij} = -\sum \eta$ over
the crossings where regions i and j meet, and rows that would add up to 0 with the missing one,

$|\det g|$ is the determinant and $\sigma = \mathrm{sign}(g) - \mu$ the signature, where $\mu$ adds up
$\eta$ over the crossings at which the black surface does not follow the orientation (Gordon and Litherland, Invent.
Math. 47 (1978) 53).
"""

from __future__ import annotations

from fractions import Fraction

from ..braids import Braid, Diagram

LARGEST_DIAGRAM = 300


def signature(knot: Braid | Diagram) -> int:
    """The signature of a knot or link; -2 for the positive trefoil, -1 for the positive Hopf link, as in KnotInfo.

    Raises:
        ValueError: for a diagram of several pieces, or more than 300 crossings.
    """
    matrix, correction = _goeritz(knot)
    return sum((pivot > 0) - (pivot < 0) for pivot in _pivots(matrix)) - correction


def determinant(knot: Braid | Diagram) -> int:
    """The determinant |Delta(-1)| of a knot or link, odd for a knot; 1 for the unknot.

    Raises:
        ValueError: for a diagram of several pieces, or more than 300 crossings.
    """
    product = Fraction(1)
    for pivot in _pivots(_goeritz(knot)[0]):
        product *= pivot
    return abs(int(product))


def _goeritz(knot: Braid | Diagram) -> tuple[list[list[int]], int]:
    """The Goeritz matrix and the correction of the signature."""
    diagram = Diagram.of_braid(knot) if isinstance(knot, Braid) else knot
    if not diagram.is_connected:
        raise ValueError(f"the diagram of {len(diagram)} crossings falls apart; its signature needs one piece")
    if len(diagram) > LARGEST_DIAGRAM:
        raise ValueError(f"the diagram has {len(diagram)} crossings; the signature takes up to {LARGEST_DIAGRAM}")
    # Corner s of a crossing lies between its edges s and s + 1.
    region = {corner: number for number, face in enumerate(diagram.faces) for corner in face}
    white = _one_color(diagram, region)
    matrix = [[0] * len(white) for _ in white]
    correction = 0
    for crossing, sign in enumerate(diagram.signs):
        # Turning the upper strand, edges 1 and 3, counterclockwise sweeps corners 1 and 3.
        sweeps_white = region[crossing, 1] in white
        eta = -1 if sweeps_white else 1
        first, second = (white[region[crossing, s]] for s in ((1, 3) if sweeps_white else (0, 2)))
        if first != second:
            matrix[first][second] -= eta
            matrix[second][first] -= eta
            matrix[first][first] += eta
            matrix[second][second] += eta
        # The oriented smoothing joins corners 1 and 3 of a positive crossing, 0 and 2 of a negative one; where
        # it joins white ones it cuts the black surface as its orientation does.
        if sweeps_white != (sign > 0):
            correction += eta
    return [row[1:] for row in matrix[1:]], correction


def _one_color(diagram: Diagram, region: dict[tuple[int, int], int]) -> dict[int, int]:
    """Regions of the color of one corner, numbered: those that are met at opposite corners."""
    if not diagram.crossings:
        return {0: 0}
    start = region[0, 1]
    white, grown = {start: 0}, [start]
    while grown:
        now = grown.pop()
        for crossing, corner in diagram.faces[now]:
            other = region[crossing, (corner + 2) % 4]
            if other not in white:
                white[other] = len(white)
                grown.append(other)
    return white


def _pivots(matrix: list[list[int]]) -> list[Fraction]:
    """The diagonal of a diagonal matrix that is congruent to a symmetric one, exact."""
    rows = [[Fraction(x) for x in row] for row in matrix]
    pivots: list[Fraction] = []
    while rows:
        k = next((k for k, row in enumerate(rows) if row[k]), None)
        if k is None:
            # All diagonal entries vanish: adding row and column j to k makes one that does not.
            places = [(k, j) for k, row in enumerate(rows) for j, x in enumerate(row) if x]
            if not places:
                return pivots + [Fraction(0)] * len(rows)
            k, j = places[0]
            rows[k] = [a + b for a, b in zip(rows[k], rows[j], strict=True)]
            for row in rows:
                row[k] += row[j]
        pivot, top = rows[k][k], rows.pop(k)
        pivots.append(pivot)
        for row in rows:
            factor = row[k] / pivot
            if factor:
                row[:] = [a - factor * b for a, b in zip(row, top, strict=True)]
            del row[k]
    return pivots
