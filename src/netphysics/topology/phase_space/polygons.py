"""Polygons: momenta of an event laid tip to tail close, and flat phase space makes them random knots."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float


def polygon(event: Float[Array, "n 4"]) -> Float[Array, "n 3"]:
    """The corners of the closed polygon whose edges are the momenta, the first at the origin.

    Flat massless phase space is the symmetric measure on polygons of fixed total length (Cantarella, Deguchi and
    Shonkwiler, arXiv:1206.3161).
    """
    steps = jnp.cumsum(event[:, 1:], axis=0)
    return jnp.concatenate([jnp.zeros((1, 3), event.dtype), steps[:-1]])


def mean_square_chord(bodies: int, steps: int, energy: float = 1.0) -> float:
    """Mean square distance of corners k edges apart, for total length `energy`: 6k(n-k)/((n-1)n(n+1)) for length 2.

    (Cantarella, Deguchi and Shonkwiler, arXiv:1206.3161, for length 2.)

    Raises:
        ValueError: for a number of steps that does not lie between 0 and n.
    """
    n, k = bodies, steps
    if not 0 <= k <= n:
        raise ValueError(f"steps is {k}; it must lie between 0 and the {n} edges")
    return energy**2 * 6 * k * (n - k) / (4 * (n - 1) * n * (n + 1))
