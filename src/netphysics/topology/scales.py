"""Scales: columns in different units are made comparable before distances are taken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import digamma
from scipy.stats import rankdata

# Columns whose spreads differ by less are left as they are.
COMPARABLE = 4.0
# A column that tells less than this about the others, in nats, is noise or stands for itself.
SHARED = 0.3
NEIGHBORS = 5
MOST_ROWS = 1000


@dataclass(frozen=True)
class Scales:
    """What columns are divided by.

    Attributes:
        divisors: shape (columns,); all 1 where spreads are comparable.
        changed: whether any column is divided.
    """

    divisors: np.ndarray

    @property
    def changed(self) -> bool:
        return bool((self.divisors != 1).any())


def shared_information(columns: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Mutual information of each column with all others together, in nats, shape (columns,).

    By the estimator of Kraskov, Stoegbauer and Grassberger (cond-mat/0305641), eq. (8), of ranks, which
    have no unit.

    Args:
        columns: shape (rows, columns), two columns at least.
        seed: of the choice of rows, where there are many.
    """
    rows = np.random.default_rng(seed).permutation(len(columns))[:MOST_ROWS]
    ranks = rankdata(columns[rows], axis=0) / len(rows)
    distance = cKDTree(ranks).query(ranks, NEIGHBORS + 1, p=np.inf)[0][:, -1]
    # Strictly closer ones only.
    distance = np.nextafter(distance, 0)
    found = np.empty(columns.shape[1])
    for place in range(columns.shape[1]):
        own, rest = ranks[:, [place]], np.delete(ranks, place, axis=1)
        counts = [cKDTree(part).query_ball_point(part, distance, p=np.inf, return_length=True) for part in (own, rest)]
        found[place] = digamma(NEIGHBORS) + digamma(len(rows)) - sum(np.mean(digamma(count)) for count in counts)
    return found


def column_scales(columns: np.ndarray) -> Scales:
    """Divisors that give columns the same spread where they have something to do with one another.

    A column that is independent of all others may be noise, and noise must not be made as large as what it
    disturbs: it is divided by the same as the column with the largest spread.

    Args:
        columns: shape (rows, columns), none of them constant.
    """
    spread = columns.std(axis=0)
    if columns.shape[1] == 1 or spread.max() < COMPARABLE * spread.min():
        return Scales(np.ones(columns.shape[1]))
    shared = shared_information(columns) > SHARED
    kept = spread[shared]
    if len(kept) < 2 or kept.max() < COMPARABLE * kept.min():
        return Scales(np.ones(columns.shape[1]))
    return Scales(np.where(shared, spread, kept.max()))
