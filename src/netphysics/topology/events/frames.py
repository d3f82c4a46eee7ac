"""Frames: whether momenta add up to zero, and the boost after which they do."""

from __future__ import annotations

import numpy as np

from .events import TOLERANCE, refuse


def imbalance(momenta: np.ndarray) -> np.ndarray:
    """Length of the total three-momentum of each event over its total energy, shape (events,)."""
    total = momenta.sum(axis=1)
    return np.linalg.norm(total[:, 1:], axis=1) / total[:, 0]


def check_conservation(momenta: np.ndarray, source: str = "events", tolerance: float = TOLERANCE) -> None:
    """Refuse events whose momenta do not add up to zero.

    Raises:
        ValueError: with how many they are, and which is the first.
    """
    words = f"violate momentum conservation by more than {tolerance:g} of their energy"
    refuse(imbalance(momenta) > tolerance, source, words)


def at_rest(momenta: np.ndarray, source: str = "events") -> np.ndarray:
    """Each event in the frame where its momenta add up to zero, in units of its mass.

    Raises:
        ValueError: for events whose particles all fly in one direction, which have no such frame.
    """
    total = momenta.sum(axis=1)
    mass_squared = total[:, 0] ** 2 - np.sum(total[:, 1:] ** 2, axis=1)
    refuse(mass_squared <= 1e-12 * total[:, 0] ** 2, source, "have no rest frame")
    mass = np.sqrt(mass_squared)
    velocity, gamma = -total[:, 1:] / mass[:, None], total[:, 0] / mass
    along = np.einsum("enj,ej->en", momenta[..., 1:], velocity)
    energy = gamma[:, None] * momenta[..., 0] + along
    kick = momenta[..., 0] + along / (1 + gamma)[:, None]
    space = momenta[..., 1:] + kick[..., None] * velocity[:, None]
    return np.concatenate([energy[..., None], space], axis=2) / mass[:, None, None]
