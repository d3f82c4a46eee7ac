"""Features of events: momenta, points of the sphere, and invariants, all without a unit."""

from __future__ import annotations

import itertools

import numpy as np

from ..phase_space import relative_basis

# Momenta of a few particles are then of order one.
MOMENTUM_UNIT = 1 / 3
# Trees split between any two numbers, and would tell samples apart by the last digit of a total energy.
DIGITS = 5


def momenta_of(events: np.ndarray) -> np.ndarray:
    """All momenta in thirds of the total energy, float32 of shape (events, 3 particles)."""
    return (events[..., 1:] / MOMENTUM_UNIT).reshape(len(events), -1).astype(np.float32)


def points_of(events: np.ndarray) -> np.ndarray:
    """Points of the sphere that phase space is, float64 of shape (events, 3 particles - 3).

    Of events whose momenta do not add up to zero, the points of what they are without the average momentum.
    """
    relative = np.einsum("kn,enj->ekj", relative_basis(events.shape[1]), events[..., 1:]).reshape(len(events), -1)
    return relative / np.linalg.norm(relative, axis=1, keepdims=True)


def invariants_of(events: np.ndarray) -> np.ndarray:
    """Masses squared of the whole event and of all pairs, in units of the energy; shape (events, 1 + pairs).

    Particles are taken in their order: pairs of different kinds are different features.
    """
    pairs = itertools.combinations(range(events.shape[1]), 2)
    masses = [events.sum(axis=1), *(events[:, i] + events[:, j] for i, j in pairs)]
    return np.stack([p[:, 0] ** 2 - np.sum(p[:, 1:] ** 2, axis=1) for p in masses], axis=1).round(DIGITS)
