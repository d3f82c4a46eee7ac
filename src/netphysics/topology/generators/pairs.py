"""Pairs: which event of a process a flat event is carried to.

Flow matching learns the mean of the velocities of all paths through a point. Between events drawn independently these
velocities are far larger than their mean, which has to be found under them; between neighbors they are not.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..phase_space import relative_basis

# Pairs are sought among so many events at a time; all orders have the same law.
BLOCK = 256
# Each round leaves less than half of the error of the one before.
ROUNDS = 10


def shortest_pairs(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Events of `ends`, in another order and each turned, so that they are near those of `starts`.

    Optimal transport within blocks (Tong et al., arXiv:2302.00482), after the best rotation or reflection of each
    pair (Klein, Kraemer and Noe, arXiv:2306.15030). Both laws stay what they are where neither prefers a
    direction.

    Args:
        starts, ends: massless events at rest with total energy 1, float64 of the same shape (events, n, 4).

    Raises:
        ValueError: for arrays of different shapes.
    """
    if starts.shape != ends.shape:
        raise ValueError(f"ends has shape {ends.shape}; it must be that of starts, {starts.shape}")
    found = ends.copy()
    for first in range(0, len(starts), BLOCK):
        block = slice(first, first + BLOCK)
        one, other = _on_sphere(starts[block]), _on_sphere(ends[block])
        _, order = linear_sum_assignment(overlaps(one, other), maximize=True)
        left, _, right = np.linalg.svd(np.einsum("eki,ekj->eij", one, other[order]))
        found[block] = ends[block][order]
        found[block, :, 1:] = np.einsum("eij,enj->eni", left @ right, found[block, :, 1:])
    return found


def overlaps(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    r"""The largest scalar product of each start with each end, over rotations and reflections of the end.

    It is the sum of the singular values of the 3 x 3 matrix $M = \sum_k p_k q_k^T$. With their elementary symmetric
    functions $s_1, s_2, s_3$, and those of their squares, $s_1^2 = e_1 + 2 s_2$ and $s_2^2 = e_2 + 2 s_3 s_1$, which is
    solved in rounds.

    Args:
        starts, ends: vectors, shapes (starts, k, 3) and (ends, k, 3).

    Returns:
        Shape (starts, ends).
    """
    m = np.einsum("aki,bkj->ijab", starts, ends, optimize=True)

    def turned(rows: int, columns: int) -> np.ndarray:
        return np.roll(m, (-rows, -columns), (0, 1))

    minors = turned(1, 1) * turned(2, 2) - turned(1, 2) * turned(2, 1)
    e1, e2 = np.sum(m**2, axis=(0, 1)), np.sum(minors**2, axis=(0, 1))
    s3 = np.abs(np.sum(m[0] * minors[0], axis=0))
    s1 = np.sqrt(e1)
    for _ in range(ROUNDS):
        s1 = np.sqrt(e1 + 2 * np.sqrt(e2 + 2 * s3 * s1))
    return s1


def _on_sphere(events: np.ndarray) -> np.ndarray:
    """Relative momenta of length 1, shape (events, n - 1, 3)."""
    relative = relative_basis(events.shape[1]) @ events[..., 1:]
    return relative / np.linalg.norm(relative, axis=(1, 2), keepdims=True)
