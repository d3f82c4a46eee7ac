"""The strip beside a claim: pulls on a scale of standard errors, or an interval against its bound."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..stats import Claim

# The strip of pulls ends here, in standard errors; what lies beyond sits at its end as an arrow.
STRIP_END = 5.0
# An interval and its bound take so much of a strip.
FILLED = 0.85


@dataclass(frozen=True)
class Strip:
    """What is drawn on a scale from -1 to 1.

    Attributes:
        allowed: the shaded part, where a claim would agree.
        marks: places of the observed values, and whether they lie beyond the end.
        bar: both ends of an interval, or None.
    """

    allowed: tuple[float, float]
    marks: Sequence[tuple[float, bool]]
    bar: tuple[float, float] | None = None


def pull_strip(claim: Claim, order: Iterable[int]) -> Strip:
    """Pulls of the entries of an equality from -5 to +5; within 2 is shaded."""
    pulls = np.ravel(np.asarray(claim.pulls))
    marks = [(float(np.clip(pulls[i] / STRIP_END, -1, 1)), bool(abs(pulls[i]) > STRIP_END)) for i in order]
    return Strip((-0.4, 0.4), [(place, beyond) for place, beyond in marks if math.isfinite(place)])


def interval_strip(claim: Claim) -> Strip | None:
    """The interval of a single value beside the values that the claim allows; None for a count."""
    if claim.interval is None:
        return None
    low, high = (float(np.ravel(end)[0]) for end in claim.interval)
    value, bound = float(np.ravel(claim.observed.value)[0]), float(np.ravel(claim.expected.value)[0])
    least, most = claim_range(claim, bound)
    ends = [x for x in (low, high, value, least, most) if math.isfinite(x)]
    middle, half = (min(ends) + max(ends)) / 2, (max(ends) - min(ends)) / 2

    def place(x: float) -> float:
        return float(np.clip(FILLED * (x - middle) / half, -1, 1)) if half else 0.0

    return Strip((place(least), place(most)), [(place(value), False)], (place(low), place(high)))


def claim_range(claim: Claim, bound: float) -> tuple[float, float]:
    """The smallest and the largest value with which a bound, a fraction or a tolerance would be met."""
    if claim.kind == "within":
        return bound - claim.tolerance, bound + claim.tolerance
    side = claim.side if claim.kind == "fraction" else claim.kind
    return (bound, math.inf) if side == "at-least" else (-math.inf, bound)
