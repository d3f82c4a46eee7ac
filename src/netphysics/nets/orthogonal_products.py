"""Orthogonal matrices that are cheap to draw or to apply: products of rotations of planes and of reflections."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, PRNGKeyArray

from netphysics.nets.draws import normal, split
from netphysics.nets.orthogonalization import product


def signed_permutation(n: int, *, key: PRNGKeyArray) -> Float32[Array, "{n} {n}"]:
    """A uniformly random permutation matrix with random signs."""
    order_key, sign_key = split(key, 2)
    signs = jax.random.rademacher(sign_key, (n, 1), jnp.float32)
    return signs * jnp.eye(n, dtype=jnp.float32)[jax.random.permutation(order_key, n)]


def givens_product(n: int, rounds: int, *, key: PRNGKeyArray) -> Float32[Array, "{n} {n}"]:
    """A random signed permutation, then `rounds` of rotations: each pairs the rows at random and rotates every
    pair by a random angle. At most 2^rounds entries of a row are not zero."""
    half = n // 2

    def turn(matrix, key):
        order_key, angle_key = split(key, 2)
        matrix = matrix[jax.random.permutation(order_key, n)]
        angle = jax.random.uniform(angle_key, (half, 1), jnp.float32, 0, np.float32(2 * math.pi))
        first, second = matrix[:half], matrix[half : 2 * half]
        cosine, sine = jnp.cos(angle), jnp.sin(angle)
        rotated = [cosine * first - sine * second, sine * first + cosine * second]
        return jnp.concatenate([*rotated, matrix[2 * half :]]), None

    start_key, turn_key = split(key, 2)
    start = signed_permutation(n, key=start_key)
    return jax.lax.scan(turn, start, split(turn_key, rounds))[0] if rounds else start


def householder_product(n: int, reflectors: int, *, key: PRNGKeyArray) -> Float32[Array, "{n} {n}"]:
    """A random signed permutation, then reflections at uniformly random hyperplanes."""

    def reflect(matrix, key):
        direction = normal((1, n), key=key)
        direction = direction * jax.lax.rsqrt(jnp.sum(direction**2))
        return matrix - np.float32(2) * direction.T * product(direction, matrix), None

    start_key, reflect_key = split(key, 2)
    start = signed_permutation(n, key=start_key)
    return jax.lax.scan(reflect, start, split(reflect_key, reflectors))[0] if reflectors else start
