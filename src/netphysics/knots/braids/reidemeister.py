"""Random Reidemeister moves on diagrams, which make a knot look like another one.

Rows of crossings here begin with either edge of the strand below, and labels are in no order: `Diagram.of_pd` reads
them.
"""

from __future__ import annotations

from random import Random

from .diagram import Diagram, End

Rows = list[list[int]]


def inflate(diagram: Diagram, crossings: int, random: Random, mixing: int = 3) -> Diagram:
    """The same knot with at least so many crossings, and at most one more than that.

    First and second moves add crossings at random places, and after each of them some third moves, as many as
    `mixing` triangles that are drawn at random allow, carry them away.

    Raises:
        ValueError: for a link of several components, saying how many.
    """
    diagram.require_knot()
    if not diagram.crossings:
        diagram = Diagram.of_pd([[1, 2, 2, 1]])
    while len(diagram) < crossings:
        face = random.choice(diagram.faces)
        edges = {diagram.crossings[k][slot]: (k, slot) for k, slot in face}
        if len(edges) > 1 and random.random() < 0.7:
            diagram = second_move(diagram, *random.sample(sorted(edges.values()), 2))
        else:
            diagram = first_move(diagram, random.choice(face), random.randrange(4))
        for _ in range(mixing):
            triangles = [face for face in diagram.faces if is_free(diagram, face)]
            if triangles:
                diagram = third_move(diagram, random.choice(triangles))
    return diagram


def first_move(diagram: Diagram, end: End, form: int) -> Diagram:
    """A kink of one of four forms in the edge that leaves a crossing through an end."""
    rows, label = _rows(diagram)
    e1, e2, loop = rows[end[0]][end[1]], label, label + 1
    other = diagram.other_end[end]
    rows[other[0]][other[1]] = e2
    rows.append([[e1, loop, loop, e2], [e1, e2, loop, loop], [loop, e1, e2, loop], [e2, e1, loop, loop]][form])
    return Diagram.of_pd(rows)


def second_move(diagram: Diagram, over: End, under: End) -> Diagram:
    """A finger of one edge above another; both leave through their ends with the same face on their left."""
    rows, label = _rows(diagram)
    parts = []
    for number, end in enumerate((over, under)):
        first, other = rows[end[0]][end[1]], diagram.other_end[end]
        second, third = label + 2 * number, label + 2 * number + 1
        rows[other[0]][other[1]] = third
        parts.append((first, second, third))
    (e1, e2, e3), (f1, f2, f3) = parts
    return Diagram.of_pd([*rows, [f2, e2, f3, e1], [f1, e2, f2, e3]])


def is_free(diagram: Diagram, face: list[End]) -> bool:
    """Whether a face is a triangle of three crossings, one of whose sides is above at both of its ends."""
    if len(face) != 3 or len({crossing for crossing, _ in face}) < 3:
        return False
    return any(end[1] % 2 and diagram.other_end[end][1] % 2 for end in face)


def third_move(diagram: Diagram, face: list[End]) -> Diagram:
    """One side of a free triangle carried across the crossing of the other two."""
    rows, _ = _rows(diagram)
    moved = [row[:] for row in rows]
    for start in face:
        end = diagram.other_end[start]
        side = rows[start[0]][start[1]]
        # Along the strand: an edge, the first crossing, the side, the second crossing, an edge.
        before, after = (rows[crossing][(slot + 2) % 4] for crossing, slot in (start, end))
        # The strand now comes to the second crossing first.
        moved[start[0]][(start[1] + 2) % 4], moved[start[0]][start[1]] = side, after
        moved[end[0]][(end[1] + 2) % 4], moved[end[0]][end[1]] = side, before
    return Diagram.of_pd(moved)


def _rows(diagram: Diagram) -> tuple[Rows, int]:
    """The rows, and a label that is not in use; nor are those after it."""
    rows = [list(row) for row in diagram.crossings]
    return rows, max(map(max, rows)) + 1
