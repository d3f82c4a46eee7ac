"""Letters: how a braid word enters a network, and how its weights are drawn.

A word is a row of int8 letters, ±1 to ±`largest`, followed by zeros up to a common length. A letter enters with what
the closed braid looks like around it, so that a network need not find out which letters a strand meets in turn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Int8, PRNGKeyArray

from ...nets import normal

WordArray = Int8[Array, " letters"]
# Surroundings that a letter can have: four neighbors, and four kinds of each.
SURROUNDINGS = 256


def mask_of(word: WordArray) -> Bool[Array, " letters"]:
    """True at letters, False at the padding behind them."""
    return word != 0


def embed(table: Float[Array, "alphabet width"], word: WordArray) -> Float[Array, "letters width"]:
    """The vector of each letter plus that of its surroundings, and zero for padding.

    Rows of the table are -largest ... -1, 1 ... largest, and then the surroundings.
    """
    letters = word.astype(jnp.int32)
    largest = (table.shape[0] - SURROUNDINGS) // 2
    rows = jnp.where(letters > 0, largest + letters - 1, largest + letters)
    vectors = table[rows] + table[2 * largest + surroundings(word)]
    return jnp.where(mask_of(word)[:, None], vectors, np.float32(0))


def surroundings(word: WordArray) -> Int[Array, " letters"]:
    """What the closed braid looks like around each letter, as a number from 0 to 255; 0 for padding.

    Two strands come out of a crossing and two go in. On each, the next crossing has the same size or a neighboring
    one, and the same sign or the other: four kinds, one of four digits. When letters of far strands change
    places, the digits stay with their letters.
    """
    mask = mask_of(word)
    size, sign = jnp.abs(word).astype(jnp.int32), jnp.sign(word)
    period = mask.sum(dtype=jnp.int32)
    place = jnp.arange(len(word), dtype=jnp.int32)
    # Column i is what letter i sees: the smallest of a column is found by whole rows at once. The nearest crossing and
    # its kind are one number, so that finding the first gives the second.
    ahead = place[:, None] - place[None, :] - 1
    ahead = jnp.where(ahead < 0, ahead + period, ahead)
    behind = jnp.where(ahead == period - 1, ahead, period - 2 - ahead)
    step = size[:, None] - size[None, :]
    same_size, same_sign = (same.astype(jnp.int32) for same in (step == 0, sign[:, None] == sign[None, :]))
    digits = jnp.zeros(len(word), jnp.int32)
    for distance in (ahead, behind):
        crossing = jnp.where(mask[:, None], 4 * distance + 2 * same_size + same_sign, 4 * period)
        for side in (-1, 1):
            meets = (step == 0) | (step == side)
            digits = 4 * digits + jnp.where(meets, crossing, 4 * period).min(axis=0) % 4
    return jnp.where(mask, digits, 0)


def draw_matrices(shapes: Sequence[tuple[int, ...]], *, key: PRNGKeyArray) -> tuple[Float[Array, "*_"], ...]:
    """Matrices with independent normal entries of variance 1 / (rows of the matrix), rows being the inputs."""
    # A draw of its own for each matrix would be compiled on its own, and take longer than a short training.
    sizes = [math.prod(shape) for shape in shapes]
    numbers = jnp.split(normal((sum(sizes),), key=key), np.cumsum(sizes)[:-1])
    return tuple(
        part.reshape(shape) / np.float32(math.sqrt(shape[-2])) for part, shape in zip(numbers, shapes, strict=True)
    )
