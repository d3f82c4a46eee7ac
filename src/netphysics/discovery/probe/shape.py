"""Shape: latents that are no number on a line, but one of a few values, or an angle that two of them hold."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

# More values than these are as good as a number on a line.
MOST_VALUES = 8
# What is left within groups of an even spread over k groups is 1 / k^2 of its variance; values leave this share of it.
WITHIN = 0.1
# Groups with a smaller share of the rows are no value.
RARE = 0.02
# Relative scatter of the radius of a ring, and the widest gap in radians; a disc has 0.35, a square more.
SCATTER, GAP = 0.2, 1.0
ROUNDS = 20


def few_values(z: Float[np.ndarray, " n"]) -> Float[np.ndarray, " values"]:
    """The values that a latent takes, up to eight, rising; none for a latent that varies continuously.

    They are groups that leave less than a tenth of what as many would leave of an even spread.
    """
    z = np.asarray(z, np.float64)
    spread = z.var()
    if spread == 0:
        return np.zeros(0)
    best, left = np.zeros(0), WITHIN
    for count in range(2, MOST_VALUES + 1):
        centers, place = _groups(z, count)
        rest = count**2 * ((z - centers[place]) ** 2).mean() / spread
        # Noise within values can be divided further, too, but not by much.
        if rest < left and np.bincount(place, minlength=count).min() >= RARE * len(z):
            best, left = centers, rest / 2
    return best


def _groups(z: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Centers of groups, rising, and the group of each number: Lloyd's algorithm from points far from each other."""
    centers = [np.median(z)]
    while len(centers) < count:
        centers.append(z[np.argmax(np.abs(z[:, None] - np.array(centers)).min(axis=1))])
    found = np.sort(centers)
    for _ in range(ROUNDS):
        place = np.searchsorted((found[1:] + found[:-1]) / 2, z)
        found = np.array([z[place == k].mean() if (place == k).any() else found[k] for k in range(count)])
    return found, np.searchsorted((found[1:] + found[:-1]) / 2, z)


def ring_angle(z: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, " n"] | None:
    r"""The angle around a ring that two latents lie on; None where they lie on none.

    An ellipse is fitted, $z^T Q z + l z = 1$, and brought to a circle; it must go all the way round and be thin.
    """
    z = np.asarray(z, np.float64)
    spread = z.std(axis=0)
    if not spread.all():
        return None
    x, y = ((z - z.mean(axis=0)) / spread).T
    a, b, c, d, e = np.linalg.lstsq(np.column_stack([x * x, x * y, y * y, x, y]), np.ones(len(x)))[0]
    form = np.array([[a, b / 2], [b / 2, c]])
    if not np.linalg.eigvalsh(form).min() > 0:
        return None
    center = -np.linalg.solve(form, [d, e]) / 2
    turned = (np.column_stack([x, y]) - center) @ np.linalg.cholesky(form)
    radius, angle = np.hypot(*turned.T), np.arctan2(turned[:, 1], turned[:, 0])
    around = np.sort(angle)
    widest = np.diff(around, append=around[0] + 2 * np.pi).max()
    return angle if radius.std() < SCATTER * radius.mean() and widest < GAP else None
