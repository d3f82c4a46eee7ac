"""Circular coordinates: angles of the points of a cloud around its loops."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import lsqr
from scipy.spatial.distance import pdist, squareform

from .persistence import check_cost

# Homology of clouds that matter here has no torsion of this order.
FIELD = 47


def circular_coordinates(points: np.ndarray, circles: int) -> np.ndarray:
    r"""An angle around each of the most persistent loops, from 0 to 2 pi, shape (points, circles).

    A loop is dual to a cocycle with integer values on edges. The function f that makes $\alpha + \delta f$ smallest in
    the sense of least squares is the angle, in full turns: neighbors then differ by as little as possible up to
    whole turns (de Silva, Morozov and Vejdemo-Johansson, Discrete Comput. Geom. 45 (2011) 737).

    Args:
        points: shape (points, columns), landmarks for instance.

    Raises:
        ValueError: for more points than homology of degree 1 allows, or more circles than there are loops.
    """
    check_cost(len(points), 1)
    from ripser import ripser

    distances = squareform(pdist(points))
    found = ripser(distances, maxdim=1, coeff=FIELD, do_cocycles=True, distance_matrix=True)
    bars, cocycles = found["dgms"][1], found["cocycles"][1]
    if len(bars) < circles:
        raise ValueError(f"circles is {circles}; the points have {len(bars)} loops of any size")
    longest = np.argsort(bars[:, 0] - bars[:, 1], kind="stable")[:circles]
    return np.stack([_angle(distances, bars[bar], cocycles[bar]) for bar in longest], axis=1)


def _angle(distances: np.ndarray, bar: np.ndarray, cocycle: np.ndarray) -> np.ndarray:
    """The angle of one loop, at a scale inside of its bar."""
    scale = 0.5 * (bar[0] + bar[1])
    first, second = np.nonzero(np.triu(distances <= scale, 1))
    values = np.zeros(distances.shape)
    start, end, value = cocycle.T
    lifted = np.where(value > FIELD // 2, value - FIELD, value)
    values[start, end], values[end, start] = lifted, -lifted
    edges = np.arange(len(first))
    difference = csr_matrix(
        (np.repeat([-1.0, 1.0], len(edges)), (np.tile(edges, 2), np.concatenate([first, second]))),
        (len(edges), len(distances)),
    )
    turns = lsqr(difference, -values[first, second])[0]
    return 2 * np.pi * (turns % 1)
