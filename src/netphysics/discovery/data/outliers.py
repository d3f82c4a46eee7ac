r"""Outliers: gross errors in a table, found before any network learns.

A squared error is ruled by what is far off. The remedy is reweighted least squares (Rousseeuw and Leroy, Robust
Regression and Outlier Detection, 1987): a robust fit says how far each answer lies from what is to be expected, those
too far off get weight 0, and all else is as before. Weights are fixed before training, so all networks and baselines
are judged by the same rows, and an error is still a root mean square. With a Huber loss it would be none: what is not
explained counts less, the more so the less a network explains, and the error without latents means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

# Answers further off than so many robust standard errors, readings further out than so many robust deviations.
OUTLYING = 5.0
# The median absolute deviation of a normal law is its standard deviation divided by this.
NORMAL = 1.4826
# The robust fit learns from no more rows than these in each half.
MOST_LEARNED = 10_000
RATE = 0.2
EXPECTED = {"max_iter": 100, "max_leaf_nodes": 15}
# How far off answers usually are varies slowly, but is needed where rows are few, too.
USUAL = {"max_iter": 60, "max_leaf_nodes": 8, "min_samples_leaf": 8}


class Limits(NamedTuple):
    """The least and the largest number of a column that is shown as it is; what is beyond is shown as at the limit."""

    low: float
    high: float


def limits(columns: Mapping[str, np.ndarray], names: Sequence[str]) -> dict[str, Limits]:
    """Median plus and minus five robust standard deviations of each column that has numbers beyond them."""
    found = {}
    for name in names:
        known = columns[name][~np.isnan(columns[name])]
        center = float(np.median(known))
        far = OUTLYING * NORMAL * float(np.median(np.abs(known - center)))
        # More than half of the numbers may be one: then nothing is known of the width.
        if far > 0 and np.abs(known - center).max() > far:
            found[name] = Limits(center - far, center + far)
    return found


def within(columns: Mapping[str, np.ndarray], limits: Mapping[str, Limits]) -> dict[str, np.ndarray]:
    """The columns that have limits, with what is beyond at the limit."""
    return {name: np.clip(columns[name], *ends) for name, ends in limits.items() if name in columns}


def far_off(squares: Float[np.ndarray, " rows"]) -> tuple[float, float]:
    """Which share of rows lies more than five robust standard errors off, and its share of the squared error.

    Args:
        squares: squared errors of the rows.
    """
    far = squares > (OUTLYING * NORMAL) ** 2 * np.median(squares)
    return float(far.mean()), float(squares[far].sum() / squares.sum()) if far.any() else 0.0


def outlying(
    inputs: Float[np.ndarray, "rows numbers"],
    answer: Float[np.ndarray, " rows"],
    error: Float[np.ndarray, " rows"],
    labels: Int[np.ndarray, " rows"],
    held: Bool[np.ndarray, " rows"],
) -> Bool[np.ndarray, " rows"]:
    r"""The answers that lie more than five robust standard errors from what a robust fit expects.

    The fit is a line by Huber's loss and, of what it leaves, boosted trees that minimize $|a - \hat a| / \sigma$. Other
    trees say how far off answers like this one are in the median: where the fit is bad, answers are not to blame.
    Each half of the rows for training is judged by what was learned from the other, and rows for testing by both.

    Args:
        inputs, answer: what is shown, and what is right; NaN where it is missing.
        error: of an answer, in any unit: what is expected of it is relative to this.
        labels: rows of one label stay in one half.
        held: rows for testing.
    """
    known, half = ~np.isnan(answer), np.random.default_rng(0).integers(0, 2, int(labels.max()) + 1)[labels]
    learned = [np.flatnonzero(known & ~held & (half == side))[:MOST_LEARNED] for side in (0, 1)]
    judges = np.where(held, 0.5, half == 0)  # how much the second half's fit counts for a row

    def judged(fits: Sequence[Float[np.ndarray, " rows"]]) -> Float[np.ndarray, " rows"]:
        return (1 - judges) * fits[0] + judges * fits[1]

    far = np.abs(answer - judged([_expected(inputs, answer, 1 / error, rows) for rows in learned])) / error
    usual = judged([_trees(inputs[rows], far[rows], None, USUAL).predict(inputs) for rows in learned])
    scale = NORMAL * np.maximum(np.median(far[known & ~held]), usual)
    return known & (far > OUTLYING * scale) & (scale > 0)


def _expected(
    inputs: Float[np.ndarray, "rows numbers"],
    answer: Float[np.ndarray, " rows"],
    weights: Float[np.ndarray, " rows"],
    rows: Int[np.ndarray, " learned"],
) -> Float[np.ndarray, " rows"]:
    """What is expected of all answers by a robust fit to these rows."""
    from sklearn.linear_model import HuberRegressor
    from sklearn.preprocessing import StandardScaler

    straight = np.nan_to_num(StandardScaler().fit(inputs[rows]).transform(inputs))
    unit = np.std(answer[rows]) or 1.0
    line = HuberRegressor(max_iter=1000).fit(straight[rows], answer[rows] / unit, weights[rows] / weights[rows].mean())
    base = unit * line.predict(straight)
    return base + _trees(inputs[rows], (answer - base)[rows], weights[rows], EXPECTED).predict(inputs)


def _trees(inputs: np.ndarray, answers: np.ndarray, weights: np.ndarray | None, sizes: Mapping[str, int]) -> Any:
    """Boosted trees fitted by absolute errors."""
    # scikit-learn takes seconds to import, and most runs need none of it.
    from sklearn.ensemble import HistGradientBoostingRegressor

    trees = HistGradientBoostingRegressor(
        loss="absolute_error", learning_rate=RATE, early_stopping=False, random_state=0, **sizes
    )
    return trees.fit(inputs, answers, weights)
