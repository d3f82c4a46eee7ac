r"""Resolved phase space of three massless particles: where no pair has less than a share c of the squared energy.

A cut makes holes: collinear events are missing, and phase space without them is no sphere. A flow cannot make a hole,
and blurs its edge, which a classifier sees. But shares of the squared energy $y_{ij} = s_{ij} / s$, with sum 1, are
distributed evenly over a triangle, and so are

$$y'_{ij} = c + (1 - 3 c) y_{ij}$$

over the triangle that a cut leaves. Momenta with these shares, turned to where they are nearest to the old ones, make
flat resolved events of flat events, one to one but for collinear ones. A flow then has no edge to learn.
"""

from __future__ import annotations

import numpy as np


def opened(events: np.ndarray, cut: float) -> np.ndarray:
    """The resolved event that each event stands for; flat events become flat in resolved phase space.

    Args:
        events: three massless particles at rest with total energy 1, float64 of shape (events, 3, 4).
        cut: the least share of the squared energy in a pair, at least 0 and below 1/3.

    Raises:
        ValueError: for a cut that leaves nothing, or events of another number of particles.
    """
    _check(events, cut)
    return _with_shares(events, cut + (1 - 3 * cut) * (1 - 2 * events[..., 0]))


def closed(events: np.ndarray, cut: float) -> np.ndarray:
    """The event that stands for each resolved event: the inverse of `opened`.

    Raises:
        ValueError: as `opened`, and for events that are not resolved.
    """
    _check(events, cut)
    shares = 1 - 2 * events[..., 0]
    if shares.min() < cut:
        raise ValueError(f"events hold a pair with {shares.min():.3g} of the squared energy; it must be at least {cut}")
    return _with_shares(events, (shares - cut) / (1 - 3 * cut))


def _check(events: np.ndarray, cut: float) -> None:
    if events.shape[1:] != (3, 4):
        raise ValueError(f"events is an array of shape {events.shape}; it must be (events, 3, 4)")
    if not 0 <= cut < 1 / 3:
        raise ValueError(f"cut is {cut}; it must be at least 0 and below 1/3")


def _with_shares(events: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Events in which all pairs but that without particle i have the share i, as near to the old ones as can be.

    A matrix of momenta P has the Gram matrix P P^T, which shares fix. Of all with the new one, its square root times
    the orthogonal part of P is the nearest.
    """
    energies = (1 - shares) / 2
    products = energies[:, :, None] * energies[:, None, :]
    for i, j, k in ((0, 1, 2), (0, 2, 1), (1, 2, 0)):
        products[:, i, j] = products[:, j, i] = products[:, i, j] - shares[:, k] / 2
    squares, axes = np.linalg.eigh(products)
    root = axes * np.sqrt(np.maximum(squares, 0))[:, None, :] @ np.swapaxes(axes, 1, 2)
    # Momenta lie in a plane: of three singular values the last is zero.
    left, _, right = np.linalg.svd(events[..., 1:])
    momenta = root @ left[..., :2] @ right[:, :2]
    return np.concatenate([energies[..., None], momenta], axis=2)
