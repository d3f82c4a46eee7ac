r"""Equivalent words: other words of the same length whose closure is the same knot, or its mirror image.

Whether a closure is knotted does not change when its word is rotated, read backwards, mirrored, or turned upside
down, nor under the relations of the braid group, $\sigma_i \sigma_j = \sigma_j \sigma_i$ for $|i - j| > 1$ and
$\sigma_i \sigma_j \sigma_i = \sigma_j \sigma_i \sigma_j$ for $|i - j| = 1$, with mixed signs where these follow. None
of these moves shortens a word, and none asks whether it could be shortened.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Int, Int8, PRNGKeyArray

from .letters import WordArray


def symmetric_word(word: WordArray, *, key: PRNGKeyArray) -> WordArray:
    """The word by chance reversed and turned upside down, then rotated and mirrored so that it begins with 1.

    Where it begins is drawn from the places of letters of size 1. A network that sees no other beginnings
    has fewer forms of each knot to learn.
    """
    flips, where = jax.random.split(key)
    backward, over = jax.random.bernoulli(flips, shape=(2,))
    word = rotated(word, jnp.zeros((), jnp.int32), backward)
    size = jnp.abs(word)
    word = jnp.where(over, jnp.sign(word) * (size.max() + jnp.int8(1) - size), word)
    lots = jax.random.uniform(where, (len(word),), jnp.float32)
    start = jnp.argmax(jnp.where(jnp.abs(word) == 1, lots, np.float32(-1))).astype(jnp.int32)
    word = rotated(word, start, jnp.asarray(False))
    return word * jnp.where(word[0] < 0, jnp.int8(-1), jnp.int8(1))


def equivalent_word(word: WordArray, sweeps: int, *, key: PRNGKeyArray) -> WordArray:
    """A symmetric word of what comes out of so many sweeps of relations.

    In a sweep the word is cut, at a random place of its circle, into pieces of two letters and then of three; in each
    a relation is used with probability 1/2 where there is one.
    """
    end, walk = jax.random.split(key)
    letters = jnp.sum(word != 0, dtype=jnp.int32)

    def sweep(word: Array, numbers: Array) -> tuple[Array, None]:
        word = rotated(word, (numbers[0] * letters.astype(jnp.float32)).astype(jnp.int32), jnp.asarray(False))
        coins = numbers[1:] < 0.5
        return braided(commuted(word, coins), coins[len(word) // 2 :]), None

    numbers = jax.random.uniform(walk, (sweeps, 1 + len(word) // 2 + len(word) // 3), jnp.float32)
    return symmetric_word(jax.lax.scan(sweep, word, numbers)[0], key=end)


def first_forms(words: Int8[np.ndarray, "count letters"]) -> Int8[np.ndarray, "count letters"]:
    """The first, in one order, of all forms of each word: the same for words that differ by a symmetry only.

    The words have the same number of letters, with zeros behind them.
    """
    letters = int((words != 0).sum(axis=1).max(initial=0))
    word = np.asarray(words[:, :letters], np.int64)
    size = np.abs(word)
    first = None
    for turned in (size, size.max(axis=1, keepdims=True) + 1 - size):
        for code in (2 * turned + (word < 0), 2 * turned + (word > 0)):
            for read in (code, code[:, ::-1]):
                for start in range(letters):
                    # Rows as strings of bytes, which numpy compares letter by letter.
                    form = np.ascontiguousarray(np.roll(read, start, axis=1), np.uint8).view(f"S{letters}").ravel()
                    first = form if first is None else np.where(form < first, form, first)
    assert first is not None  # There are letters.
    code = np.frombuffer(first.tobytes(), np.uint8).reshape(word.shape).astype(np.int8)
    found = np.zeros_like(words)
    found[:, :letters] = np.where(code % 2, -(code // 2), code // 2)
    return found


def rotated(word: WordArray, start: Int[Array, ""], backward: Bool[Array, ""]) -> WordArray:
    """The word from another place on, around the end; or backward from there."""
    letters = jnp.sum(word != 0, dtype=jnp.int32)
    place = jnp.arange(len(word), dtype=jnp.int32)
    moved = word[(start + jnp.where(backward, -place, place)) % jnp.maximum(letters, 1)]
    return jnp.where(place < letters, moved, jnp.int8(0))


def commuted(word: WordArray, coins: Bool[Array, " coins"]) -> WordArray:
    """Neighbors of far strands exchanged, in pairs from the first letter on and where the coin says so."""
    pieces = len(word) // 2
    a, b = word[: 2 * pieces].reshape(pieces, 2).T
    fits = (jnp.abs(jnp.abs(a) - jnp.abs(b)) > 1) & (a != 0) & (b != 0) & coins[:pieces]
    return rewritten(word, fits, [b, a])


def braided(word: WordArray, coins: Bool[Array, " coins"]) -> WordArray:
    """The braid relation in triples from the first letter on, where it holds and the coin says so."""
    pieces = len(word) // 3
    a, b, c = word[: 3 * pieces].reshape(pieces, 3).T
    i, j = jnp.abs(a), jnp.abs(b)
    neighbors = (jnp.abs(i - j) == 1) & (i == jnp.abs(c)) & (i != 0) & (j != 0)
    fits = neighbors & ~((a == c) & (jnp.sign(a) != jnp.sign(b))) & coins[:pieces]
    return rewritten(word, fits, [jnp.sign(c) * j, jnp.sign(b) * i, jnp.sign(a) * j])


def rewritten(word: WordArray, fits: Bool[Array, " pieces"], letters: list[Array]) -> WordArray:
    """Other letters in the pieces of the word where they fit."""
    size = len(fits) * len(letters)
    old = word[:size].reshape(len(fits), len(letters))
    new = jnp.where(fits[:, None], jnp.stack(letters, axis=1), old)
    return jnp.concatenate([new.ravel(), word[size:]])
