"""Angles: numbers that are known up to full turns, brought to where they can be compared with a latent.

A latent that follows an angle has no jumps, but the angle has: at the end of a turn it starts again. A straight line
through such a saw tooth explains little of it, however good the latent.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy.spatial import cKDTree

TURN = 2 * np.pi
NEIGHBORS = 4
ROUNDS = 20


def unwrap_towards(angle: Float[np.ndarray, "*shape"], reference: Float[np.ndarray, "*shape"]) -> np.ndarray:
    r"""The angle plus the number of full turns that brings it closest to a reference.

    $\hat\varphi = r + \mathrm{wrap}(\varphi - r)$ with $\mathrm{wrap}$ to $[-\pi, \pi)$.
    """
    return reference + np.mod(angle - reference + np.pi, TURN) - np.pi


def unwrap_angles(
    angle: Float[np.ndarray, " systems"], latents: Float[np.ndarray, "systems latents"]
) -> Float[np.ndarray, " systems"]:
    """An angle with the full turns added that make it a linear function of the latents, as well as that goes.

    Systems whose latents are close have angles that are close, up to turns; the differences between neighbors, brought
    to half a turn at most, give a slope without knowing the turns. The slope gives the turns, they give a better slope,
    and so on until no turn changes. An angle that the latents do not hold comes back with turns that mean nothing: it
    is for a score to say so.

    Raises:
        ValueError: for too few systems, and numbers that are not finite.
    """
    angle, latents = np.asarray(angle, np.float64), np.asarray(latents, np.float64)
    if len(angle) <= NEIGHBORS:
        raise ValueError(f"angle has {len(angle)} systems; unwrapping needs at least {NEIGHBORS + 1}")
    if not (np.isfinite(angle).all() and np.isfinite(latents).all()):
        raise ValueError("angles and latents have numbers that are not finite; leave those systems out")
    spread = latents.std(axis=0)
    z = (latents - latents.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    _, near = cKDTree(z).query(z, NEIGHBORS + 1)
    apart = (z[near[:, 1:]] - z[:, None]).reshape(-1, z.shape[1])
    gained = unwrap_towards(angle[near[:, 1:]] - angle[:, None], np.zeros((len(angle), NEIGHBORS))).ravel()
    slope = np.linalg.lstsq(apart, gained)[0]
    lifted = unwrap_towards(angle, z @ slope + np.angle(np.exp(1j * (angle - z @ slope)).mean()))
    terms = np.column_stack([z, np.ones(len(z))])
    for _ in range(ROUNDS):
        before, lifted = lifted, unwrap_towards(angle, terms @ np.linalg.lstsq(terms, lifted)[0])
        if np.array_equal(before, lifted):
            break
    return lifted
