"""Curves: circles that are joined, linked or knotted."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, PRNGKeyArray

from .manifold import Manifold
from .spheres import angles


def figure_eight() -> Manifold:
    """Two unit circles in the plane that touch in the origin."""

    def draw(count: int, *, key: PRNGKeyArray) -> Float32[Array, "count 2"]:
        (theta,), which = _angles_and_circles(count, 2, key=key)
        side = 2.0 * which.astype(jnp.float32) - 1
        return jnp.stack([side * (1 - jnp.cos(theta)), jnp.sin(theta)], axis=1)

    return Manifold("figure-eight", 1, 2, (1, 2), (1, 2), 2, "", 0.0, draw)


def wedge_of_circles(circles: int) -> Manifold:
    """Unit circles in planes at right angles that have one point in common.

    Raises:
        ValueError: for less than one circle.
    """
    if circles < 1:
        raise ValueError(f"circles is {circles}; it must be at least 1")

    def draw(count: int, *, key: PRNGKeyArray) -> Float32[Array, "count columns"]:
        (theta,), which = _angles_and_circles(count, circles, key=key)
        plane = jax.nn.one_hot(which, circles, dtype=jnp.float32)
        point = jnp.stack([1 - jnp.cos(theta), jnp.sin(theta)], axis=1)
        return (plane[:, :, None] * point[:, None, :]).reshape(count, 2 * circles)

    betti = (1, circles)
    return Manifold(f"wedge-{circles}", 1, 2 * circles, betti, betti, 2, "S1" if circles == 1 else "", 0.0, draw)


def hopf_link() -> Manifold:
    """Two unit circles in space, each through the center of the other."""

    def draw(count: int, *, key: PRNGKeyArray) -> Float32[Array, "count 3"]:
        (theta,), which = _angles_and_circles(count, 2, key=key)
        x, y, zero = jnp.cos(theta), jnp.sin(theta), jnp.zeros_like(theta)
        one, other = jnp.stack([x, y, zero], axis=1), jnp.stack([1 + x, zero, y], axis=1)
        return jnp.where(which[:, None] == 0, one, other)

    return Manifold("hopf-link", 1, 3, (2, 2), (2, 2), 2, "", 0.5, draw)


def trefoil() -> Manifold:
    r"""The trefoil knot $((2 + \cos 3t) \cos 2t, (2 + \cos 3t) \sin 2t, \sin 3t)$: a circle, knotted in space only."""

    def draw(count: int, *, key: PRNGKeyArray) -> Float32[Array, "count 3"]:
        (t,) = angles(count, 1, key=key).T
        tube = 2 + jnp.cos(3 * t)
        return jnp.stack([tube * jnp.cos(2 * t), tube * jnp.sin(2 * t), jnp.sin(3 * t)], axis=1)

    return Manifold("trefoil", 1, 3, (1, 1), (1, 1), 2, "S1", 0.0, draw)


def _angles_and_circles(count: int, circles: int, *, key: PRNGKeyArray) -> tuple[Float32[Array, "1 count"], Array]:
    """An angle for each point, and the circle that it lies on."""
    for_angle, for_circle = jax.random.split(key)
    return angles(count, 1, key=for_angle).T, jax.random.randint(for_circle, (count,), 0, circles, jnp.int32)
