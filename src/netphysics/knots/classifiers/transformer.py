"""Transformers for braid words: with exact attention, by hashing (the Reformer), and one for closed words.

All are stacks of the same blocks, normalized before each part. A hidden layer on top decides: it sees the vectors of
all letters side by side or, where a word has no beginning, their mean.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray

from .attention import shared_attention
from .hashing import Hashing, hashed_attention
from .letters import SURROUNDINGS, WordArray, draw_matrices, embed, mask_of

# Letters that are farther apart around the circle of the word share a bias.
FARTHEST = 12


class Block(eqx.Module):
    """Attention of several heads, then a perceptron on each letter, both added to what was there."""

    query: Float[Array, "*_ width width"]
    value: Float[Array, "*_ width width"]
    mix: Float[Array, "*_ width width"]
    up: Float[Array, "*_ width hidden"]
    down: Float[Array, "*_ hidden width"]
    threshold: Float[Array, "*_ hidden"]
    distances: Float[Array, "*_ heads distances"] | None

    def __call__(
        self,
        x: Float[Array, "letters width"],
        mask: Bool[Array, " letters"],
        heads: int,
        chunk: int,
        rotations: Float[Array, "heads hashes part half"] | None,
    ) -> Float[Array, "letters width"]:
        def attend(query: Array, value: Array, bias: Array | None, rotations: Array | None) -> Array:
            if rotations is None:
                return shared_attention(query, value, mask[None, :], bias)
            return hashed_attention(query, value, mask, rotations, chunk)

        y = normalized(x)
        query, value = ((y @ matrix).reshape(len(x), heads, -1).swapaxes(0, 1) for matrix in (self.query, self.value))
        bias = None if self.distances is None else self.distances[:, wrapped_distances(mask) + FARTHEST]
        found = jax.vmap(attend)(query, value, bias, rotations)
        x = x + found.swapaxes(0, 1).reshape(x.shape) @ self.mix
        return x + jax.nn.gelu(normalized(x) @ self.up + self.threshold[None]) @ self.down


class Transformer(eqx.Module):
    """A shared-query transformer; with `hashing` a Reformer, and `cyclic` one that sees a word as a circle.

    A closed braid has no first letter. The cyclic transformer has no absolute positions, only a bias for the
    distance between two letters around the circle of the word: rotating the word does not change its answer.

    Args:
        length: letters of a padded word.
        largest: size of the largest letter.
        width, heads, depth: numbers per letter, heads that share them, and blocks. The hidden layer has eight times as
            many units.

    Raises:
        ValueError: for a width that is no multiple of the heads, or hashing and cyclic together.
    """

    table: Float[Array, "alphabet width"]
    positions: Float[Array, "letters width"] | None
    blocks: Block
    hear: Float[Array, "heard hidden"]
    bias: Float[Array, " hidden"]
    decide: Float[Array, " hidden"]
    offset: Float[Array, ""]
    heads: int = eqx.field(static=True)
    hashing: Hashing | None = eqx.field(static=True)

    def __init__(
        self,
        length: int,
        largest: int,
        *,
        width: int = 32,
        heads: int = 4,
        depth: int = 2,
        hashing: Hashing | None = None,
        cyclic: bool = False,
        key: PRNGKeyArray,
    ):
        if width % heads:
            raise ValueError(f"width is {width}; it must be a multiple of the {heads} heads")
        if hashing and cyclic:
            raise ValueError("hashing and cyclic exclude each other: hashed attention has no bias for distances")
        square, hidden = (depth, width, width), 2 * width
        heard = width if cyclic else length * width
        table, positions, hear, decide, query, value, mix, up, down = draw_matrices(
            [
                *((2 * largest + SURROUNDINGS, width), (length, width), (heard, 8 * width), (8 * width, 1)),
                *(square, square, square, (depth, width, hidden), (depth, hidden, width)),
            ],
            key=key,
        )
        self.table = table * np.float32(np.sqrt(2 * largest + SURROUNDINGS))
        self.positions = None if cyclic else positions * np.float32(np.sqrt(length))
        # One stack of arrays for all blocks: it compiles as quickly as a single one.
        self.blocks = Block(
            *(query, value, mix, up, down),
            jnp.zeros((depth, hidden), jnp.float32),
            jnp.zeros((depth, heads, 2 * FARTHEST + 1), jnp.float32) if cyclic else None,
        )
        self.hear, self.bias, self.decide = hear, jnp.zeros(8 * width, jnp.float32), decide[:, 0]
        self.offset = jnp.zeros((), jnp.float32)
        self.heads, self.hashing = heads, hashing

    def __call__(self, word: WordArray, *, key: PRNGKeyArray) -> Float[Array, ""]:
        """The log odds that the closure of the word is a knot; `key` draws the hashes, where there are any."""
        mask = mask_of(word)
        x = embed(self.table, word)
        if self.positions is not None:
            x = x + self.positions

        hashing, heads, depth = self.hashing, self.heads, len(self.blocks.query)
        rotations = hashing.rotations((depth, heads), x.shape[1] // heads, key=key) if hashing else None

        def through(x: Array, layer: tuple[Block, Array | None]) -> tuple[Array, None]:
            block, layer_rotations = layer
            return block(x, mask, heads, hashing.chunk if hashing else 0, layer_rotations), None

        x, _ = jax.lax.scan(through, x, (self.blocks, rotations))
        x = jnp.where(mask[:, None], normalized(x), np.float32(0))
        heard = x.ravel()
        if self.positions is None:
            heard = x.sum(axis=0) / jnp.maximum(mask.sum(dtype=jnp.float32), np.float32(1))
        return jax.nn.relu(heard @ self.hear + self.bias) @ self.decide + self.offset


def normalized(x: Float[Array, "letters width"]) -> Float[Array, "letters width"]:
    """Each row with mean 0 and variance 1."""
    x = x - x.mean(axis=1, keepdims=True)
    return x * jax.lax.rsqrt(jnp.mean(x**2, axis=1, keepdims=True) + np.float32(1e-5))


def wrapped_distances(mask: Bool[Array, " letters"]) -> Int[Array, "letters letters"]:
    """From letter i to letter j around the circle of the word, the shorter way, within ±FARTHEST."""
    period = jnp.maximum(mask.sum().astype(jnp.int32), 1)
    place = jnp.arange(len(mask), dtype=jnp.int32)
    ahead = (place[None, :] - place[:, None]) % period
    distance = jnp.where(2 * ahead > period, ahead - period, ahead)
    return jnp.clip(distance, -FARTHEST, FARTHEST)
