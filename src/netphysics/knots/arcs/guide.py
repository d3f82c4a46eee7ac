"""Guides: what a walk among arc presentations prefers, written by hand or learned from unknots.

A line of length 1, whose ends are neighbors, can be removed. A guide makes short lines likely: it weighs the length of
each line and the logarithm of that, which counts most where little is missing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from statistics import fmean
from typing import NamedTuple

from .presentation import ArcPresentation


class Guide(NamedTuple):
    """A walk takes a move back with probability 1 - exp(-d) if it increases the energy by d > 0.

    The energy is the sum over all lines of `length` * l + `logarithm` * ln(l), where l is the distance between the
    ends of the line, around the circle if that is shorter.

    Attributes:
        length, logarithm: weights; 0 and 0 make the uniform walk, a large `length` the greedy one.
    """

    length: float = 0.0
    logarithm: float = 0.0

    def energies(self, size: int) -> list[float]:
        """The energy of a line by the difference of its ends, in a grid diagram of so many arcs."""
        lengths = [min(difference, size - difference) for difference in range(1, size)]
        return [0.0, *(self.length * each + self.logarithm * math.log(each) for each in lengths)]


def learn_guide(
    presentations: Sequence[ArcPresentation], random: Random, rounds: int = 6, candidates: int = 12, kept: int = 3
) -> Guide:
    """The guide whose walks need the fewest steps in the geometric mean, by the cross-entropy method.

    Candidates are drawn from a normal distribution, which is then fitted to the best of them; all candidates of a
    round walk with the same random numbers.

    Args:
        presentations: of the unknot, to learn from.
        random: where random numbers come from.
        rounds, candidates, kept: how often, how many are drawn, and how many of those are fitted.
    """
    from .walk import simplify

    mean, deviation = [0.5, 0.5], [1.0, 1.0]
    for _ in range(rounds):
        seed = random.randrange(2**32)
        drawn = [Guide(*(random.gauss(*each) for each in zip(mean, deviation, strict=True))) for _ in range(candidates)]
        costs = {
            guide: fmean(math.log(simplify(each, seed=seed, guide=guide).steps) for each in presentations)
            for guide in drawn
        }
        best = sorted(drawn, key=costs.__getitem__)[:kept]
        columns = list(zip(*best, strict=True))
        mean = [fmean(column) for column in columns]
        deviation = [
            0.1 + fmean((value - center) ** 2 for value in column) ** 0.5
            for column, center in zip(columns, mean, strict=True)
        ]
    return Guide(*mean)
