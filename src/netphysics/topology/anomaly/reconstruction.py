"""Reconstruction as a score: how far an event is from what an autoencoder makes of it."""

from __future__ import annotations

import numpy as np

from ..autoencoders import Autoencoder, images

# The first learning rate for momenta, which are of order one. At a rate of 0.003, which suits spaces of one and two
# dimensions, plain latents need twice as many steps to come as far: the tear of phase space is slow to narrow.
RATE = 0.02
# Sets of events of all sizes share one program.
CHUNK = 4096


def reconstruction_errors(models: Autoencoder, points: np.ndarray) -> np.ndarray:
    """Distance of events from their reconstructions by every member, float64 of shape (members, events).

    Args:
        models: all members as one, as training gives them.
        points: shape (events, numbers).
    """
    missing = -len(points) % CHUNK
    padded = np.concatenate([points, np.zeros((missing, points.shape[1]))]).astype(np.float32)
    found = []
    for start in range(0, len(padded), CHUNK):
        chunk = padded[start : start + CHUNK]
        found.append(np.linalg.norm(images(models, chunk)[1] - chunk[None], axis=2))
    return np.concatenate(found, axis=1)[:, : len(points)].astype(np.float64)
