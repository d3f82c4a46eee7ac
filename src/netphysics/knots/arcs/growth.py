"""Random arc presentations of a given knot, grown by stabilizations and mixed by exchange moves."""

from __future__ import annotations

from random import Random

from .certificate import Kind, Move
from .moves import apply, reach
from .presentation import ArcPresentation


def grow(presentation: ArcPresentation, size: int, random: Random, mixing: int = 4) -> ArcPresentation:
    """The same knot on so many arcs.

    After each stabilization at a random place, `mixing` random lines are carried past random numbers of neighbors, of
    those that they can pass.
    """
    while len(presentation) < size:
        count = len(presentation)
        kind: Kind = random.choice(("column", "row"))
        added = Move("stabilize", kind, random.randrange(count + 1), random.randrange(count))
        presentation = apply(presentation, added)
        for _ in range(mixing):
            kind, place, step = random.choice(("column", "row")), random.randrange(count + 1), random.choice((1, -1))
            lines = presentation.arcs if kind == "column" else presentation.rows
            if most := reach(list(lines), place, step):
                presentation = apply(presentation, Move("exchange", kind, place, step * random.randint(1, most)))
    return presentation
