"""Surfaces that are no spheres or tori: the Klein bottle, and a double cone."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, PRNGKeyArray

from .manifold import Manifold
from .spheres import angles


def klein_bottle() -> Manifold:
    r"""The Klein bottle in R^4 as a tube around a circle that comes back with its inside out:

    $((2 + \cos v) \cos u, (2 + \cos v) \sin u, \sin v \cos(u/2), \sin v \sin(u/2))$.

    No surface without an orientation embeds in space, so that a plain latent needs four numbers.
    """

    def draw(count: int, *, key: PRNGKeyArray) -> Float32[Array, "count 4"]:
        u, v = angles(count, 2, key=key).T
        tube = 2 + jnp.cos(v)
        twist = jnp.sin(v)
        return jnp.stack([tube * jnp.cos(u), tube * jnp.sin(u), twist * jnp.cos(u / 2), twist * jnp.sin(u / 2)], axis=1)

    return Manifold("klein-bottle", 2, 4, (1, 2, 1), (1, 1, 0), 4, "", 0.0, draw)


def double_cone() -> Manifold:
    r"""Two cones that meet in their apex, $x^2 + y^2 = z^2$ with $|z| \le 1$, uniformly in area.

    It has no holes, but around the apex lie two circles: no plane takes it without a tear there.
    """

    def draw(count: int, *, key: PRNGKeyArray) -> Float32[Array, "count 3"]:
        for_angle, for_height = jax.random.split(key)
        (theta,) = angles(count, 1, key=for_angle).T
        area = jax.random.uniform(for_height, (count,), jnp.float32, -1, 1)
        height = jnp.sign(area) * jnp.sqrt(jnp.abs(area))
        radius = jnp.abs(height)
        return jnp.stack([radius * jnp.cos(theta), radius * jnp.sin(theta), height], axis=1)

    return Manifold("double-cone", 2, 3, (1, 0, 0), (1, 0, 0), 3, "", 0.0, draw)
