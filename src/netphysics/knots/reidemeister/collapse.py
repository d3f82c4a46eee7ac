"""Diagrams that fall apart: first and second moves that remove crossings, and nothing else, leave none."""

from __future__ import annotations

from typing import Literal

from .certificate import ReidemeisterMove
from .planar_map import PlanarMap, turned


def collapse(drawing: PlanarMap) -> list[ReidemeisterMove] | None:
    """First and second moves that remove all crossings, as far as doing what can be done shows; None if some stay."""
    across = {end: drawing.reach(end) for vertex in drawing.number for end in range(4 * vertex, 4 * vertex + 4)}
    moves = []
    waiting = list(drawing.number)
    while waiting:
        vertex = waiting.pop()
        for end in range(4 * vertex, 4 * vertex + 4):
            if end not in across:
                break
            met = across[end]
            removed: tuple[int, ...] = ()
            if met == turned(end, 1):
                removed = (vertex,)
            elif met // 4 != vertex and across[turned(met, -1)] == turned(end, 1) and met % 2 == end % 2:
                removed = vertex, met // 4
            if removed:
                name: Literal["R1-", "R2-"] = "R1-" if len(removed) == 1 else "R2-"
                moves.append(ReidemeisterMove(name, drawing.number[vertex], end & 3))
                waiting += _without(across, removed)
    return None if across else moves


def _without(across: dict[int, int], removed: tuple[int, ...]) -> list[int]:
    """Take vertices off their strands.

    Returns:
        Those beside them.
    """
    beside = []
    for vertex in removed:
        for end in (4 * vertex, 4 * vertex + 1):
            before, after = across[end], across[end ^ 2]
            across[before], across[after] = after, before
            beside += [before // 4, after // 4]
    for vertex in removed:
        for end in range(4 * vertex, 4 * vertex + 4):
            del across[end]
    return beside
