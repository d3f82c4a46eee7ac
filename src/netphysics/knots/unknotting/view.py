"""What an agent sees of a word: its letters around the front, each relative to the one that is about to be carried.

Relations act at the front, and a closed braid has no beginning: so the view is that of a circle seen from its front.
Sizes are relative, turned over and mirrored words look the same, and nothing in it depends on N: what was learned on
short words can be tried on long ones.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Int8

from .actions import Actions
from .words import Word, at, braids, collapses, commutes, largest, length_of

# Letters in view on either side of the front.
REACH = 12
# Differences of sizes from here on look the same.
FAR = 3
CLASSES = 2 * (2 * FAR + 1)
EDGES = 4
# Letters in view on either side of a place.
NEAR = 2
SEEN = (2 * REACH + 1) * CLASSES + 2 * EDGES + 8
SEEN_AT_PLACE = (2 * NEAR + 1) * CLASSES
ONE = np.float32(1)


def view(word: Word) -> Float[Array, " seen"]:
    """The word as an agent sees it, from its front."""
    near = neighborhood(word)
    carried = near[REACH + 1]
    side = orientation(word)
    letters = relative(near, carried, side).ravel()
    size, top = jnp.abs(carried).astype(jnp.int32), largest(word).astype(jnp.int32)
    sizes = jnp.abs(word).astype(jnp.int32)
    below, above = size - 1, top - size
    ends = jnp.stack([jnp.where(side > 0, below, above), jnp.where(side > 0, above, below)])
    edges = jax.nn.one_hot(jnp.minimum(ends, EDGES - 1), EDGES, dtype=jnp.float32).ravel()
    counts = jnp.stack([(sizes == 1).sum(dtype=jnp.int32), (sizes == top).sum(dtype=jnp.int32)])
    counts = ONE / jnp.maximum(jnp.where(side > 0, counts, counts[::-1]), 1).astype(jnp.float32)
    length = length_of(word).astype(jnp.float32)
    a, b, c = (near[REACH + k] for k in range(3))
    possible = jnp.stack([commutes(a, b), braids(a, b, c), collapses(word)]).astype(jnp.float32)
    amounts = jnp.stack([jnp.log1p(length) / np.float32(4), jnp.log1p(top.astype(jnp.float32)) / np.float32(2)])
    wraps = (length > 2 * REACH).astype(jnp.float32)[None]
    return jnp.concatenate([letters, edges, counts, possible, amounts, wraps])


def neighborhood(word: Word) -> Int8[Array, " near"]:
    """The letters around the front of the circle, REACH on its left, the front letter, and REACH behind it."""
    offsets = jnp.arange(-REACH, REACH + 1, dtype=jnp.int32)
    return word[offsets % jnp.maximum(length_of(word), 1)]


def orientation(word: Word) -> Int[Array, ""]:
    """Which way up to see a word: the first letter is above the second, or the third or the last one is."""
    size = jnp.abs(word).astype(jnp.int32)
    front, third, last = size[0], size[2], jnp.abs(at(word, length_of(word) - 1)).astype(jnp.int32)
    side = jnp.zeros((), jnp.int32)
    for other in (front, third, last):
        side = jnp.where(side == 0, jnp.sign(other - size[1]), side)
    return jnp.where(side == 0, 1, side)


def relative(
    letters: Int8[Array, " letters"], to: Int8[Array, ""], side: Int[Array, ""]
) -> Float[Array, "letters classes"]:
    """Letters as seen from another one: the difference of sizes as one of seven, and with the product of signs."""
    difference = side * (jnp.abs(letters).astype(jnp.int32) - jnp.abs(to).astype(jnp.int32))
    kinds = jax.nn.one_hot(jnp.clip(difference, -FAR, FAR) + FAR, 2 * FAR + 1, dtype=jnp.float32)
    signs = (jnp.sign(letters) * jnp.sign(to)).astype(jnp.float32)[:, None]
    return jnp.concatenate([kinds, kinds * signs], axis=1)


def conjugations(word: Word, actions: Actions) -> Float[Array, "letters twice_classes"]:
    """The letters that a word may be conjugated by, as seen from its first and from its last letter."""
    letters = jnp.asarray([argument for _, argument in actions.table[5 : 5 + actions.letters]], jnp.int8)
    side = orientation(word)
    ends = (word[0], at(word, length_of(word) - 1))
    return jnp.concatenate([relative(letters, end, side) for end in ends], axis=1)


def views_at_places(word: Word) -> Float[Array, "room seen"]:
    """The letters around each place of a word, relative to the one that is there."""
    side = orientation(word)
    around = np.arange(len(word), dtype=np.int32)[:, None] + np.arange(-NEAR, NEAR + 1, dtype=np.int32)
    near = word[around % jnp.maximum(length_of(word), 1)]
    return jax.vmap(lambda letters: relative(letters, letters[NEAR], side).ravel())(near)
