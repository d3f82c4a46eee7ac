"""The tear of the plane: how many events a generator puts around the point of the sphere that the plane has not."""

from __future__ import annotations

import numpy as np

from ..phase_space import relative_basis

# Parts of phase space around the tear, by the share of true events that they hold.
NEAREST = (0.003, 0.01, 0.03, 0.1, 0.3)


def distance_from_tear(events: np.ndarray) -> np.ndarray:
    """The angle on the sphere between events and the point that `Plane` tears, shape (events,)."""
    relative = relative_basis(events.shape[1]) @ events[..., 1:]
    height = relative[:, -1, 2] / np.linalg.norm(relative, axis=(1, 2))
    return np.arccos(np.clip(-height, -1, 1))


def profile_of_tear(generated: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """How many times as many generated events as true ones lie in parts that hold `NEAREST` of the true ones."""
    edges = np.quantile(distance_from_tear(truth), NEAREST)
    return np.searchsorted(np.sort(distance_from_tear(generated)), edges) / (np.array(NEAREST) * len(generated))
