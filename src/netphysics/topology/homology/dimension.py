"""Intrinsic dimension of a cloud: of its tangent spaces, and from the distances to two neighbors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from ...stats import Estimate

# Variances along the cloud and across it have to differ by this factor, or there is no telling them apart.
CLEAR_GAP = 4.0
MOST_CENTERS = 200
SMALLEST_NEIGHBORHOOD = 12
# A neighborhood is a fraction of the cloud at most, and has several points for each dimension.
LARGEST_SHARE = 0.25
POINTS_PER_DIMENSION = 4


@dataclass(frozen=True)
class Dimension:
    """Intrinsic dimension of a cloud.

    Attributes:
        value: the dimension.
        gap: variance along the cloud over variance across it. 1 where they cannot be told apart at any scale.
        neighbors: points in such a neighborhood.
        fills: whether the cloud extends alike in all directions that there are. Where it does not, and there is no gap,
            the dimension comes from two neighbors, and is a guess.
        two_neighbors: the estimate by Facco et al. (arXiv:1803.06992), at the smallest scale that there is: where
            noise is larger than the distance between points, it is the dimension of the noise.
    """

    value: int
    gap: float
    neighbors: int
    two_neighbors: Estimate
    fills: bool = False

    @property
    def guessed(self) -> bool:
        return self.gap == 1 and not self.fills


def two_neighbors(cloud: np.ndarray) -> Estimate:
    r"""Intrinsic dimension from the ratio $\mu$ of the distances to the second and the first neighbor.

    $P(\mu) = d \mu^{-d-1}$ whatever the density (Facco et al., arXiv:1803.06992). The estimate is that of largest
    likelihood, $d = (n - 1) / \sum \ln \mu$, with standard error $d / \sqrt{n}$, on the smallest 90 %: ratios
    above the quantile $q$ count as ratios of that size. It is at most the number of columns, which points on a
    lattice, with neighbors at one distance, would exceed.

    Args:
        cloud: shape (points, columns), all different, three at least.
    """
    distances, _ = cKDTree(cloud).query(cloud, 3)
    logarithms = np.sort(np.log(distances[:, 2] / distances[:, 1]))
    kept = max(int(0.9 * len(logarithms)), 2)
    total = logarithms[:kept].sum() + (len(logarithms) - kept) * logarithms[kept - 1]
    columns = cloud.shape[1]
    value = min((kept - 1) / total, columns) if total > 0 else float(columns)
    return Estimate(value, value / np.sqrt(kept), len(cloud))


def dimension(cloud: np.ndarray, *, seed: int = 0) -> Dimension:
    """The number of directions in which a cloud extends around its points, at the smallest scale where that is clear.

    For neighborhoods of every size the variances along principal axes are averaged over centers. Noise is as large in
    all directions; as soon as neighborhoods are larger than it, variances along the cloud are far above those across.

    Args:
        cloud: shape (points, columns).
        seed: of the choice of centers.
    """
    close = two_neighbors(cloud)
    centers = cloud[np.random.default_rng(seed).permutation(len(cloud))[:MOST_CENTERS]]
    sizes = _sizes(len(cloud))
    _, rows = cKDTree(cloud).query(centers, sizes[-1])
    for size in sizes:
        # Below rounding of the data all directions are alike.
        variances = _variances(cloud, rows[:, :size])
        variances = np.maximum(variances, 1e-12 * variances[0])
        gaps = variances[:-1] / variances[1:]
        clear = np.flatnonzero(gaps[: size // POINTS_PER_DIMENSION] > CLEAR_GAP)
        if len(clear):
            return Dimension(int(clear[0]) + 1, float(gaps[clear[0]]), size, close)
    columns = cloud.shape[1]
    # The largest neighborhoods tell directions best.
    if sizes[-1] >= POINTS_PER_DIMENSION * columns and variances[0] < CLEAR_GAP * variances[-1]:
        return Dimension(columns, 1.0, sizes[-1], close, fills=True)
    return Dimension(int(np.clip(round(float(close.value)), 1, columns)), 1.0, 0, close)


def _sizes(points: int) -> list[int]:
    """Numbers of neighbors, in steps of a factor of about 1.5."""
    largest = max(int(LARGEST_SHARE * points), min(SMALLEST_NEIGHBORHOOD, points))
    sizes = [min(SMALLEST_NEIGHBORHOOD, points)]
    while sizes[-1] * 1.5 <= largest:
        sizes.append(int(sizes[-1] * 1.5))
    return sizes


def _variances(cloud: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Variances along principal axes, largest first, each neighborhood scaled to the same size, then averaged."""
    near = cloud[rows] - cloud[rows].mean(axis=1, keepdims=True)
    squares = np.linalg.svd(near, compute_uv=False) ** 2
    return (squares / squares.sum(axis=1, keepdims=True)).mean(axis=0)
