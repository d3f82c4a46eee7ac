r"""Connected correlators (joint cumulants) from moments, up to six points.

$G_c(1..n) = \sum_{\pi} (-1)^{|\pi|-1} (|\pi|-1)! \prod_{B \in \pi} \langle \prod_{i \in B} f_i \rangle$

over all set partitions $\pi$ of the points (McCullagh, Tensor Methods in Statistics, eq. 2.9).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from .symmetric import multi_indices, pairings, positions, set_partitions

HIGHEST_ORDER = 6


def connected(moments: Mapping[int, np.ndarray], points: int, order: int) -> np.ndarray:
    """The connected n-point function on all sorted multi-indices of `points` points.

    Args:
        moments: packed moment tensors by order, `moments[j]` of shape (number of multi-indices of
            order j,), in the order of `multi_indices`. Orders that are absent are taken to vanish:
            an ensemble that is symmetric under f -> -f needs even orders only.
        points: number k of points.
        order: n, from 1 to 6.

    Returns:
        float64 array, shape (number of multi-indices of order n,).

    Raises:
        ValueError: for an order outside 1..6.
    """
    if not 1 <= order <= HIGHEST_ORDER:
        raise ValueError(f"order is {order}; connected functions are known for orders 1 to {HIGHEST_ORDER}")
    table = multi_indices(points, order)
    total = np.zeros(len(table))
    for partition in set_partitions(tuple(range(order))):
        if any(len(block) not in moments for block in partition):
            continue
        sign = (-1) ** (len(partition) - 1) * math.factorial(len(partition) - 1)
        product = np.full(len(table), float(sign))
        for block in partition:
            where = positions(points, len(block))[tuple(table[:, list(block)].T)]
            product *= np.asarray(moments[len(block)])[where]
        total += product
    return total


def wick(kernel: np.ndarray, order: int) -> np.ndarray:
    """Gaussian moments: the sum over pairings of products of a symmetric (k, k) kernel, packed.

    Isserlis' theorem; zero for odd orders.
    """
    kernel = np.asarray(kernel, dtype=np.float64)
    table = multi_indices(len(kernel), order)
    total = np.zeros(len(table))
    for pairing in pairings(tuple(range(order))):
        total += np.prod([kernel[table[:, a], table[:, b]] for a, b in pairing], axis=0)
    return total
