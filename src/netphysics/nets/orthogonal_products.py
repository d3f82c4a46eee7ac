"""Orthogonal matrices that are cheap to draw or to apply: products of rotations of planes and of reflections."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, PRNGKeyArray

from netphysics.nets.draws import normal, random_words, split
from netphysics.nets.orthogonalization import product

# Angle of the smallest 32-bit word.
TURN = np.float32(2 * math.pi / 2**32)


def signed_permutation(n: int, *, key: PRNGKeyArray) -> Float32[Array, "{n} {n}"]:
    """A uniformly random permutation matrix with random signs."""
    order, signs = random_words(n, key=key)
    matrix = jnp.eye(n, dtype=jnp.float32)[jnp.argsort(order)]
    return jnp.where(signs[:, None] >> np.uint32(31) == 0, matrix, -matrix)


def givens_product(n: int, rounds: int, *, key: PRNGKeyArray) -> Float32[Array, "{n} {n}"]:
    """A random signed permutation, then `rounds` of rotations: each pairs the rows at random and rotates every
    pair by a random angle. At most 2^rounds entries of a row are not zero."""
    half = n // 2

    def turn(matrix: Array, key: PRNGKeyArray) -> tuple[Array, None]:
        order, angles = random_words(n, key=key)
        matrix = matrix[jnp.argsort(order)]
        angle = TURN * angles[:half, None].astype(jnp.float32)
        first, second = matrix[:half], matrix[half : 2 * half]
        cosine, sine = jnp.cos(angle), jnp.sin(angle)
        rotated = [cosine * first - sine * second, sine * first + cosine * second]
        return jnp.concatenate([*rotated, matrix[2 * half :]]), None

    start_key, turn_key = split(key, 2)
    start = signed_permutation(n, key=start_key)
    return jax.lax.scan(turn, start, split(turn_key, rounds))[0] if rounds else start


def householder_product(n: int, reflectors: int, *, key: PRNGKeyArray) -> Float32[Array, "{n} {n}"]:
    """A random signed permutation, then reflections at uniformly random hyperplanes."""

    def reflect(matrix: Array, key: PRNGKeyArray) -> tuple[Array, None]:
        direction = normal((1, n), key=key)
        direction = direction * jax.lax.rsqrt(jnp.sum(direction**2))
        return matrix - np.float32(2) * direction.T * product(direction, matrix), None

    start_key, reflect_key = split(key, 2)
    start = signed_permutation(n, key=start_key)
    return jax.lax.scan(reflect, start, split(reflect_key, reflectors))[0] if reflectors else start
