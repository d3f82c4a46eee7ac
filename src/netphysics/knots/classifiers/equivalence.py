r"""Equivalent words: other words of the same length whose closure is the same knot, or its mirror image.

Whether a closure is knotted does not change when its word is rotated, read backwards, mirrored, or turned upside
down, nor under the relations of the braid group, $\sigma_i \sigma_j = \sigma_j \sigma_i$ for $|i - j| > 1$ and
$\sigma_i \sigma_j \sigma_i = \sigma_j \sigma_i \sigma_j$ for $|i - j| = 1$, with mixed signs where these follow. None
of these moves shortens a word, and none asks whether it could be shortened.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, PRNGKeyArray

from .letters import Word


def symmetric_word(word: Word, *, key: PRNGKeyArray) -> Word:
    """The word rotated by a random number of places, and by chance reversed, mirrored, turned upside down."""
    where, flips = jax.random.split(key)
    backward, mirrored, over = jax.random.bernoulli(flips, shape=(3,))
    word = rotated(word, jax.random.uniform(where, (), jnp.float32), backward)
    size = jnp.abs(word)
    turned = jnp.sign(word) * (size.max() + jnp.int8(1) - size)
    word = jnp.where(over, turned, word)
    return jnp.where(mirrored, -word, word)


def equivalent_word(word: Word, sweeps: int, *, key: PRNGKeyArray) -> Word:
    """A symmetric word after so many sweeps of relations.

    In a sweep the word is cut, at a random place of its circle, into pieces of two letters and then of three; in each
    a relation is used with probability 1/2 where there is one.
    """
    start, walk = jax.random.split(key)

    def sweep(word, numbers):
        word = rotated(word, numbers[0], jnp.asarray(False))
        coins = numbers[1:] < 0.5
        return braided(commuted(word, coins), coins[len(word) // 2 :]), None

    numbers = jax.random.uniform(walk, (sweeps, 1 + len(word) // 2 + len(word) // 3), jnp.float32)
    return jax.lax.scan(sweep, symmetric_word(word, key=start), numbers)[0]


def rotated(word: Word, where: Float[Array, ""], backward: Bool[Array, ""]) -> Word:
    """The word from another place on, a share `where` of its length, around the end; or backward from there."""
    letters = jnp.sum(word != 0, dtype=jnp.int32)
    place = jnp.arange(len(word), dtype=jnp.int32)
    start = (where * letters).astype(jnp.int32)
    moved = word[(start + jnp.where(backward, -place, place)) % jnp.maximum(letters, 1)]
    return jnp.where(place < letters, moved, jnp.int8(0))


def commuted(word: Word, coins: Bool[Array, " coins"]) -> Word:
    """Neighbors of far strands exchanged, in pairs from the first letter on and where the coin says so."""
    pieces = len(word) // 2
    a, b = word[: 2 * pieces].reshape(pieces, 2).T
    fits = (jnp.abs(jnp.abs(a) - jnp.abs(b)) > 1) & (a != 0) & (b != 0) & coins[:pieces]
    return rewritten(word, fits, [b, a])


def braided(word: Word, coins: Bool[Array, " coins"]) -> Word:
    """The braid relation in triples from the first letter on, where it holds and the coin says so."""
    pieces = len(word) // 3
    a, b, c = word[: 3 * pieces].reshape(pieces, 3).T
    i, j = jnp.abs(a), jnp.abs(b)
    neighbors = (jnp.abs(i - j) == 1) & (i == jnp.abs(c)) & (i != 0) & (j != 0)
    fits = neighbors & ~((a == c) & (jnp.sign(a) != jnp.sign(b))) & coins[:pieces]
    return rewritten(word, fits, [jnp.sign(c) * j, jnp.sign(b) * i, jnp.sign(a) * j])


def rewritten(word: Word, fits: Bool[Array, " pieces"], letters: list[Array]) -> Word:
    """Other letters in the pieces of the word where they fit."""
    size = len(fits) * len(letters)
    old = word[:size].reshape(len(fits), len(letters))
    new = jnp.where(fits[:, None], jnp.stack(letters, axis=1), old)
    return jnp.concatenate([new.ravel(), word[size:]])
