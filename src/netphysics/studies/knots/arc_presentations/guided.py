"""Guided walks beside the uniform one: a guide written by hand, the greedy one, and one learned on smaller grids."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np

from netphysics.knots.arcs import Guide, grow, learn_guide, simplify

from .walks import TRIVIAL

BY_HAND, GREEDY = Guide(length=1.0), Guide(length=1e9)
GUIDES = ("by hand", "greedy", "learned")
# Grids that a guide learns from, and others of each size on which it is tested.
LESSONS, TESTS = 12, 4


def log_steps_gained(arcs: Sequence[int], steps: int, seed: int) -> np.ndarray:
    """The logarithm of steps with each guide minus that without, means over new grids, shape (guides, sizes).

    One realization learns a guide of its own, from grids of the smallest size.
    """
    random = Random(seed)
    learned = learn_guide([grow(TRIVIAL, arcs[0], random) for _ in range(LESSONS)], random)
    gained = np.zeros((len(GUIDES), len(arcs)))
    for column, size in enumerate(arcs):
        for _ in range(TESTS):
            grid, draw = grow(TRIVIAL, size, random), random.randrange(2**32)
            uniform = simplify(grid, steps, seed=draw).steps
            for row, guide in enumerate((BY_HAND, GREEDY, learned)):
                gained[row, column] += np.log(simplify(grid, steps, seed=draw, guide=guide).steps / uniform)
    return gained / TESTS
