"""Intervals: where a number lies, at a stated confidence, when its error bar has few degrees of freedom."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv, stdtrit

from .estimate import NORMAL_DOF, Estimate


def student_interval(estimate: Estimate, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends of the two-sided interval of Student's t, each of the shape of the estimate.

    All entries of an array lie in their intervals together at that confidence (Bonferroni). An exact number is its
    own interval; where a value or an error is not known, the interval is NaN.
    """
    miss = (1 - confidence) / max(estimate.value.size, 1)
    half = stdtrit(min(estimate.dof, NORMAL_DOF), 1 - miss / 2) * estimate.error
    return np.asarray(estimate.value - half), np.asarray(estimate.value + half)


def binomial_interval(hits: int, trials: int, confidence: float) -> tuple[float, float]:
    """The interval of Clopper and Pearson (Biometrika 26 (1934) 404) for the share behind `hits` of `trials`.

    Either end is missed with probability (1 - confidence) / 2 at most, whatever the share and the number of trials.
    The shorter intervals of Wilson and Jeffreys keep that rate on average only: where all of four trials succeed, a
    share at their lower end of 99 % does so 4 and 5 times as often as that.

    Raises:
        ValueError: unless 0 <= hits <= trials and trials >= 1.
    """
    if not 0 <= hits <= trials or trials < 1:
        raise ValueError(f"hits is {hits} of {trials} trials; there must be at least one trial and no more hits")
    miss = (1 - confidence) / 2
    low = betaincinv(hits, trials - hits + 1, miss) if hits else 0.0
    high = betaincinv(hits + 1, trials - hits, 1 - miss) if hits < trials else 1.0
    return float(low), float(high)
