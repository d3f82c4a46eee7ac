"""From a diagram to a braid: Vogel's proof of Alexander's theorem (Comment. Math. Helv. 65 (1990) 104).

Wherever two Seifert circles run along one face in the same sense, a Reidemeister move pushes one over the
other. Once none do, the circles are nested and run around one axis: they are the strands of a closed braid.
"""

from __future__ import annotations

from itertools import combinations, pairwise

from .braid import Braid
from .diagram import Diagram


def braid_of(diagram: Diagram) -> Braid:
    """A braid whose closure is the given knot or link, on as many strands as the diagram has Seifert circles.

    Raises:
        ValueError: for a diagram of several pieces.
    """
    if not diagram.is_connected:
        raise ValueError(f"the diagram of {len(diagram)} crossings falls apart; a braid is made of one piece only")
    while (moved := _pushed(diagram)) is not None:
        diagram = moved
    return _nested(diagram) if diagram.crossings else Braid((), 1)


def _pushed(diagram: Diagram) -> Diagram | None:
    """The diagram after one move on a face along which two circles run in the same sense, if there is any."""
    circle_of = {edge: k for k, circle in enumerate(diagram.seifert_circles) for edge in circle}
    for face in diagram.faces:
        for on_left in (True, False):
            edges = {diagram.crossings[k][slot] for k, slot in face if diagram.is_forward((k, slot)) == on_left}
            for over, under in combinations(sorted(edges), 2):
                if circle_of[over] != circle_of[under]:
                    return _push(diagram, over, under, on_left)
    return None


def _push(diagram: Diagram, over: int, under: int, on_left: bool) -> Diagram:
    """A finger of the edge `over` across the edge `under`; the face between them is on the left of both, or on
    the right of both. Each edge becomes three; the first part keeps the label.
    """
    new = max(max(row) for row in diagram.crossings)
    parts = {over: (over, new + 1, new + 2), under: (under, new + 3, new + 4)}
    rows = [list(row) for row in diagram.crossings]
    for k, row in enumerate(diagram.crossings):
        for slot, label in enumerate(row):
            if label in parts and not diagram.is_forward((k, slot)):
                rows[k][slot] = parts[label][2]
    (e1, e2, e3), (f1, f2, f3) = parts[over], parts[under]
    # The upper strand meets the crossings in the order x, y, and the lower one, which runs against it, y, x.
    if on_left:
        crossings, signs = [(f2, e2, f3, e1), (f1, e2, f2, e3)], (1, -1)
    else:
        crossings, signs = [(f2, e1, f3, e2), (f1, e3, f2, e2)], (-1, 1)
    before = [(a, b, c, d) for a, b, c, d in rows]
    return Diagram((*before, *crossings), diagram.signs + signs)


def _nested(diagram: Diagram) -> Braid:
    """The braid of a diagram whose Seifert circles are nested: circle k, from the inmost, is strand k."""
    circles = _in_order(diagram)
    place = {edge: k for k, circle in enumerate(circles) for edge in circle}
    letter = {}
    comes_in: dict[int, int] = {}  # the crossing to which an edge leads
    for number, (row, sign) in enumerate(zip(diagram.crossings, diagram.signs, strict=True)):
        incoming = (row[0], row[3] if sign > 0 else row[1])
        comes_in |= dict.fromkeys(incoming, number)
        letter[number] = sign * (1 + min(place[edge] for edge in incoming))
    waiting = [[comes_in[edge] for edge in circle] for circle in _cut(diagram, circles)]
    word = []
    # A crossing is next when it is next on both of its strands.
    while any(waiting):
        for lower, upper in pairwise(waiting):
            if lower and upper and lower[0] == upper[0]:
                word.append(letter[lower.pop(0)])
                upper.pop(0)
    return Braid(word, len(circles))


def _in_order(diagram: Diagram) -> list[list[int]]:
    """The Seifert circles from one end of their chain to the other; neighbors share crossings."""
    circles = diagram.seifert_circles
    of = {edge: k for k, circle in enumerate(circles) for edge in circle}
    neighbors: list[set[int]] = [set() for _ in circles]
    for a, b, c, d in diagram.crossings:
        for edges in ((a, b), (a, d), (c, b), (c, d)):
            one, two = (of[edge] for edge in edges)
            neighbors[one].add(two)
            neighbors[two].add(one)
    chain = [next(k for k, near in enumerate(neighbors) if len(near - {k}) <= 1)]
    while len(chain) < len(circles):
        chain.append(next(iter(neighbors[chain[-1]] - set(chain[-2:]))))
    return [circles[k] for k in chain]


def _cut(diagram: Diagram, circles: list[list[int]]) -> list[list[int]]:
    """The circles, each turned so that it starts where a line from the axis outward crosses it."""
    beside: dict[int, list[set[int]]] = {edge: [] for circle in circles for edge in circle}
    for face in diagram.faces:
        edges = {diagram.crossings[k][slot] for k, slot in face}
        for edge in edges:
            beside[edge].append(edges)
    turned, edge = [], circles[0][0]
    for circle, outer in zip(circles, [*circles[1:], []], strict=True):
        start = circle.index(edge)
        turned.append(circle[start:] + circle[:start])
        if outer:
            edge = next(far for edges in beside[edge] for far in sorted(edges) if far in set(outer))
    return turned
