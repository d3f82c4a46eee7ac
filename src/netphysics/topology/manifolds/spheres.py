"""Spheres, tori, and what becomes of spheres when opposite points are the same."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, PRNGKeyArray

from .manifold import Manifold


def sphere(dimension: int) -> Manifold:
    """The unit sphere S^k in R^(k + 1), uniformly.

    Raises:
        ValueError: for a dimension below 1.
    """
    _at_least_one(dimension)
    betti = (1, *[0] * (dimension - 1), 1)

    def draw(count: int, *, key: PRNGKeyArray) -> Float32[Array, "count columns"]:
        return unit_vectors(count, dimension + 1, key=key)

    name = f"S{dimension}"
    return Manifold(f"sphere-{dimension}", dimension, dimension + 1, betti, betti, dimension + 1, name, 1.0, draw)


def torus(dimension: int = 2) -> Manifold:
    """The torus T^k of k unit circles in R^(2k), uniformly.

    Raises:
        ValueError: for a dimension below 1.
    """
    _at_least_one(dimension)
    betti = tuple(math.comb(dimension, degree) for degree in range(dimension + 1))

    def draw(count: int, *, key: PRNGKeyArray) -> Float32[Array, "count columns"]:
        return on_circles(angles(count, dimension, key=key))

    return Manifold(
        f"torus-{dimension}", dimension, 2 * dimension, betti, betti, dimension + 1, f"T{dimension}", 1.0, draw
    )


def projective_plane() -> Manifold:
    r"""The real projective plane: the sphere with opposite points identified, as projectors $x x^T$ in R^9."""

    def draw(count: int, *, key: PRNGKeyArray) -> Float32[Array, "count 9"]:
        x = unit_vectors(count, 3, key=key)
        return (x[:, :, None] * x[:, None, :]).reshape(count, 9)

    return Manifold("projective-plane", 2, 9, (1, 1, 1), (1, 0, 0), 4, "RP2", 0.0, draw)


def rotations() -> Manifold:
    """The rotations of space SO(3), 3 by 3 matrices in R^9, uniformly: the 3-sphere with opposite points identified."""

    def draw(count: int, *, key: PRNGKeyArray) -> Float32[Array, "count 9"]:
        w, x, y, z = unit_vectors(count, 4, key=key).T
        rows = (
            (1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)),
            (2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)),
            (2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)),
        )
        return jnp.stack([entry for row in rows for entry in row], axis=1)

    return Manifold("rotations", 3, 9, (1, 1, 1, 1), (1, 0, 0, 1), 5, "SO3", 0.0, draw)


def unit_vectors(count: int, columns: int, *, key: PRNGKeyArray) -> Float32[Array, "count columns"]:
    """Uniform random directions."""
    x = jax.random.normal(key, (count, columns), jnp.float32)
    return x / jnp.linalg.norm(x, axis=1, keepdims=True)


def angles(count: int, circles: int, *, key: PRNGKeyArray) -> Float32[Array, "count circles"]:
    """Uniform random angles."""
    return jax.random.uniform(key, (count, circles), jnp.float32, 0, 2 * math.pi)


def on_circles(theta: Float32[Array, "count circles"]) -> Float32[Array, "count columns"]:
    """Points on unit circles, cosine and sine of one angle after the other."""
    return jnp.stack([jnp.cos(theta), jnp.sin(theta)], axis=2).reshape(len(theta), -1)


def _at_least_one(dimension: int) -> None:
    if dimension < 1:
        raise ValueError(f"dimension is {dimension}; it must be at least 1")
