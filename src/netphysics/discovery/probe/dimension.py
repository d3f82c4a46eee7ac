"""Intrinsic dimension: how many numbers an observation consists of, from distances alone."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from ...stats import Estimate

FEWEST = 20


def intrinsic_dimension(points: Float[np.ndarray, "n coordinates"]) -> Estimate:
    r"""The dimension of the set that points lie on, by the ratio $\mu$ of distances to the second and first neighbor.

    Where the density hardly changes between neighbors, $\mu$ has the law $P(\mu > m) = m^{-d}$. The estimate is
    $d = (n - 1) / \sum \ln \mu$, and its standard error $d / \sqrt{n - 2}$. Points that occur twice count once.
    Noise in the observations is a dimension like others, at the distances of neighbors. Above ten dimensions the
    estimate falls short: neighbors are then as far apart as the set is wide.

    Facco, d'Errico, Rodriguez and Laio, Sci. Rep. 7 (2017) 12140, with the maximum of the likelihood in the
    place of their fit.

    Raises:
        ValueError: for fewer than 20 different points.
    """
    points = np.unique(np.asarray(points, np.float64), axis=0)
    if len(points) < FEWEST:
        raise ValueError(f"{len(points)} different points are too few for a dimension; at least {FEWEST}")
    points = points - points.mean(axis=0)
    square = (points**2).sum(axis=1)
    # One matrix product: trees are slower in many dimensions.
    distances = square[:, None] + square - 2 * points @ points.T
    np.fill_diagonal(distances, np.inf)
    one, two = np.partition(distances, 1, axis=1)[:, :2].T
    n, total = len(points), np.log(two / np.maximum(one, np.finfo(np.float64).eps * square.max())).sum() / 2
    return Estimate((n - 1) / total, (n - 1) / total / np.sqrt(n - 2), n)
