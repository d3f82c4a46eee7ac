"""Scores: how much two quantities have to do with each other, whatever the function between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from scipy.optimize import isotonic_regression
from scipy.spatial.distance import pdist, squareform

from ...stats import rank_correlation

SCORES = ("explained", "pearson", "spearman", "isotonic", "information", "distance")
FEWEST = 64
# Distances of all pairs take the square of this in memory and time.
MOST_PAIRED = 1000


def explained(y: Float[np.ndarray, " n"], x: Float[np.ndarray, " n"]) -> float:
    r"""The share of the variance of y that is a function of x: $\mathrm{Var}(E[y|x]) / \mathrm{Var}(y)$.

    The correlation ratio, over $n^{1/3}$ bins of x with equal counts, without the share that chance would
    explain. 1 for any function y(x), monotone or not; 0 for independent numbers, slightly negative at times.

    Raises:
        ValueError: for fewer than 64 numbers.
    """
    if np.ptp(y) == 0:
        return 0.0
    rest, freedom = remainder(y, x)
    return float(1 - rest @ rest / freedom / np.var(y, ddof=1))


def remainder(y: Float[np.ndarray, " n"], x: Float[np.ndarray, " n"]) -> tuple[Float[np.ndarray, " n"], int]:
    """What is left of y without the part that is a function of x, and its degrees of freedom.

    Raises:
        ValueError: for fewer than 64 numbers.
    """
    if len(y) < FEWEST:
        raise ValueError(f"{len(y)} numbers are too few to explain one by another; at least {FEWEST}")
    bins = round(len(y) ** (1 / 3))
    rest = np.empty_like(y)
    # Within a bin a straight line: a bin's width is then no loss.
    for part in np.array_split(np.argsort(x, kind="stable"), bins):
        a, b = x[part] - x[part].mean(), y[part] - y[part].mean()
        rest[part] = b - a * (a @ b) / max(a @ a, np.finfo(np.float64).tiny)
    return rest, len(y) - 2 * bins


def explained_table(
    means: Float[np.ndarray, "n latents"], columns: Sequence[np.ndarray]
) -> Float[np.ndarray, "latents columns"]:
    """`explained` for every neuron by every column."""
    return np.array([[explained(z, column) for column in columns] for z in means.T]).reshape(
        means.shape[1], len(columns)
    )


def scores(
    z: Float[np.ndarray, " n"], column: Float[np.ndarray, " n"], *, seed: int = 0
) -> Float[np.ndarray, " scores"]:
    """How much a neuron has to do with a quantity, by all `SCORES`:

    - explained: the share of its variance that is any function of the quantity;
    - pearson, spearman: correlations of values and of ranks, in absolute value;
    - isotonic: the share of its variance that is a monotone function of the quantity;
    - information: mutual information in nats, from distances to nearest neighbors (Kraskov et al. 2004, Ross 2014);
    - distance: distance correlation, which is 0 for independent numbers only (Szekely et al. 2007).
    """
    # scikit-learn takes seconds to import, and most runs need none of it.
    from sklearn.feature_selection import mutual_info_regression

    z, column = np.asarray(z, np.float64), np.asarray(column, np.float64)
    if np.ptp(z) == 0 or np.ptp(column) == 0:
        return np.zeros(len(SCORES))
    some = slice(MOST_PAIRED)
    return np.array(
        [
            explained(z, column),
            abs(np.corrcoef(z, column)[0, 1]),
            abs(rank_correlation(z, column)),
            isotonic(z, column),
            mutual_info_regression(column[:, None], z, random_state=seed)[0],
            distance_correlation(z[some], column[some]),
        ]
    )


def isotonic(y: Float[np.ndarray, " n"], x: Float[np.ndarray, " n"]) -> float:
    """The share of the variance of y that is a monotone function of x, rising or falling."""
    ordered = y[np.argsort(x, kind="stable")]
    rest = min(((isotonic_regression(ordered, increasing=way).x - ordered) ** 2).mean() for way in (True, False))
    return float(1 - rest / y.var())


def distance_correlation(x: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"]) -> float:
    """Distance correlation of two lists of numbers, without the bias of few of them (Szekely and Rizzo 2013)."""
    a, b = (_centered(squareform(pdist(np.asarray(v, np.float64)[:, None]))) for v in (x, y))
    return float(np.sqrt(max((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()), 0.0)))


def _centered(distances: np.ndarray) -> np.ndarray:
    n = len(distances)
    rows = distances.sum(axis=0) / (n - 2)
    centered = distances - rows[:, None] - rows + distances.sum() / ((n - 1) * (n - 2))
    np.fill_diagonal(centered, 0)
    return centered
