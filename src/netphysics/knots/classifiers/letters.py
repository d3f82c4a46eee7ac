"""Letters: how a braid word enters a network, and how its weights are drawn.

A word is a row of int8 letters, ±1 to ±`largest`, followed by zeros up to a common length.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int8, PRNGKeyArray

from ...nets import normal

Word = Int8[Array, " letters"]


def mask_of(word: Word) -> Bool[Array, " letters"]:
    """True at letters, False at the padding behind them."""
    return word != 0


def embed(table: Float[Array, "alphabet width"], word: Word) -> Float[Array, "letters width"]:
    """The vector of each letter, and zero for padding; rows of the table are -largest ... -1, 1 ... largest."""
    letters = word.astype(jnp.int32)
    largest = table.shape[0] // 2
    rows = jnp.where(letters > 0, largest + letters - 1, largest + letters)
    return jnp.where(mask_of(word)[:, None], table[rows], np.float32(0))


def draw_matrices(shapes: Sequence[tuple[int, ...]], *, key: PRNGKeyArray) -> tuple[Float[Array, "*_"], ...]:
    """Matrices with independent normal entries of variance 1 / (rows of the matrix), rows being the inputs."""
    # A draw of its own for each matrix would be compiled on its own, and take longer than a short training.
    sizes = [math.prod(shape) for shape in shapes]
    numbers = jnp.split(normal((sum(sizes),), key=key), np.cumsum(sizes)[:-1])
    return tuple(
        part.reshape(shape) / np.float32(math.sqrt(shape[-2])) for part, shape in zip(numbers, shapes, strict=True)
    )
