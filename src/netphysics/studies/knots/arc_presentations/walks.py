"""Unknots made in three ways, and what a walk among arc presentations and a walk of braid moves make of them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Literal, NamedTuple

import numpy as np

from netphysics.knots.arcs import ArcPresentation, arc_presentation, check, grow, replay, simplify
from netphysics.knots.braids import Braid, Diagram, apply, inflate, untangle
from netphysics.knots.braids import check as check_braids
from netphysics.knots.priors import Prior, random_unknots
from netphysics.knots.published import ArcIndex

Kind = Literal["Reidemeister moves", "grown grids", "Markov moves"]
MARKOV: Kind = "Markov moves"
TRIVIAL = ArcPresentation([(0, 1), (0, 1)])
# Points of a way, from its beginning to its end.
POINTS = 11
# Steps after which one looks how far a walk from a knot of the table has come.
BUDGETS = (30, 100, 300, 1000, 3000)


class Way(NamedTuple):
    """From an unknot to what a walk made of it, replayed.

    Attributes:
        untied: whether that is the trivial arc presentation, or the empty word.
        cost: steps of the walk, or moves of the certificate where steps are not counted.
        growing: moves after which there was more than before.
        sizes: arcs or letters at `POINTS` moments of the way, over those at its beginning, shape (points,).
    """

    untied: bool
    cost: int
    growing: int
    sizes: np.ndarray


def unknots(kind: Kind, arcs: int, seeds: np.ndarray) -> Sequence[ArcPresentation | Braid]:
    """Unknots whose arc presentations have so many arcs: two more than crossings, where they come from a diagram."""
    randoms = [Random(seed) for seed in seeds.tolist()]
    if kind == "grown grids":
        return [grow(TRIVIAL, arcs, random) for random in randoms]
    if kind == MARKOV:
        words = random_unknots(Prior(arcs - 2), seeds)
        return [words.braid(number) for number in range(len(words))]
    return [arc_presentation(inflate(Diagram((), (), 1), arcs - 2, random)) for random in randoms]


def walk_of_arcs(unknot: ArcPresentation | Braid, steps: int, seed: int) -> Way:
    """The walk among arc presentations."""
    presentation = arc_presentation(unknot) if isinstance(unknot, Braid) else unknot
    walk = simplify(presentation, steps, seed=seed)
    check(walk.certificate)
    sizes = [len(columns) for columns in replay(walk.certificate)]
    return way(len(walk.smallest) == 2, walk.steps, sizes)


def walk_of_braids(braid: Braid, relations: int, seed: int) -> Way:
    """The walk by braid relations, exchange moves, conjugations and stabilizations."""
    certificate = untangle(braid, relations, seed)
    check_braids(certificate)
    sizes = [len(braid)]
    for move in certificate.moves:
        braid = apply(braid, move)
        sizes.append(len(braid))
    return way(not sizes[-1], len(certificate.moves), sizes)


def way(untied: bool, cost: int, sizes: list[int]) -> Way:
    moments = np.linspace(0, len(sizes) - 1, POINTS).round().astype(int)
    return Way(untied, cost, int((np.diff(sizes) > 0).sum()), np.array(sizes)[moments] / sizes[0])


def arcs_found(knot: ArcIndex, seed: int) -> list[int]:
    """The arcs that a walk from KnotInfo's braid has come to after each of `BUDGETS` steps."""
    start = arc_presentation(knot.braid)
    return [len(simplify(start, steps, seed=seed).smallest) for steps in BUDGETS]
