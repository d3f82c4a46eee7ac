"""What an agent sees of a word: its letters around the front, each relative to the one that is about to be carried.

Relations act at the front, and a closed braid has no beginning: so the view is that of a circle seen from its front.
Sizes are relative, turned over and mirrored words look the same, and nothing in it depends on N: what was learned on
short words can be tried on long ones.

Nearly all of it is classes, one of a few for each letter. A layer that takes them as vectors with a single one adds up
rows of its weights, so classes are kept as such: that is a tenth of the arithmetic, and exact.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Int8, UInt8

from .actions import Actions
from .words import Word, at, braids, collapses, commutes, largest, length_of

# Letters in view on either side of the front.
REACH = 12
# Differences of sizes from here on look the same; of each difference there are two classes, for like and unlike signs.
FAR = 3
CLASSES = 2 * (2 * FAR + 1)
# Strands beyond the letter that is about to be carried look the same from here on.
EDGE = 3
# Beside the letters, the strands below and above, and what is possible at the front; then counts and sizes.
SIGHTS, AMOUNTS = 2 * REACH + 1 + 3, 4
# Letters in view on either side of a place.
NEAR = 2
SIGHTS_AT_PLACE = 2 * NEAR + 1
ONE = np.float32(1)


class View(NamedTuple):
    """A word as an agent sees it, from its front.

    Attributes:
        classes: of each sight the class, below `CLASSES`.
        amounts: one over the number of letters of the smallest and of the largest size, and logarithms of the
            length and of the largest size.
    """

    classes: UInt8[Array, "*batch sights"]
    amounts: Float[Array, "*batch amounts"]


def view(word: Word) -> View:
    """The word from its front."""
    near = neighborhood(word)
    carried = near[REACH + 1]
    side = orientation(word)
    size, top = jnp.abs(carried).astype(jnp.int32), largest(word).astype(jnp.int32)
    sizes = jnp.abs(word).astype(jnp.int32)
    below, above = size - 1, top - size
    ends = jnp.stack([jnp.where(side > 0, below, above), jnp.where(side > 0, above, below)])
    counts = jnp.stack([(sizes == 1).sum(dtype=jnp.int32), (sizes == top).sum(dtype=jnp.int32)])
    counts = ONE / jnp.maximum(jnp.where(side > 0, counts, counts[::-1]), 1).astype(jnp.float32)
    length = length_of(word).astype(jnp.float32)
    a, b, c = (near[REACH + k] for k in range(3))
    relation = jnp.where(commutes(a, b), 1, jnp.where(braids(a, b, c), 2, 0)).astype(jnp.int32)
    possible = relation + jnp.where(collapses(word), 3, 0) + jnp.where(length > 2 * REACH, 6, 0)
    # The empty word has no letter to be carried, and is still within bounds.
    others = jnp.append(jnp.clip(ends, 0, EDGE), possible).astype(jnp.uint8)
    classes = jnp.concatenate([relative(near, carried, side), others])
    sizes = jnp.stack([jnp.log1p(length) / np.float32(4), jnp.log1p(top.astype(jnp.float32)) / np.float32(2)])
    return View(classes, jnp.concatenate([counts, sizes]))


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


def relative(letters: Int8[Array, " letters"], to: Int8[Array, ""], side: Int[Array, ""]) -> UInt8[Array, " letters"]:
    """Letters as seen from another one: the difference of sizes as one of seven, for like and for unlike signs."""
    difference = side * (jnp.abs(letters).astype(jnp.int32) - jnp.abs(to).astype(jnp.int32))
    unlike: Bool[Array, " letters"] = (letters < 0) != (to < 0)
    return (jnp.clip(difference, -FAR, FAR) + FAR + jnp.where(unlike, CLASSES // 2, 0)).astype(jnp.uint8)


def conjugations(word: Word, actions: Actions) -> UInt8[Array, "letters 2"]:
    """The letters that a word may be conjugated by, as seen from its first and from its last letter."""
    letters = jnp.asarray([argument for _, argument in actions.table[5 : 5 + actions.letters]], jnp.int8)
    side = orientation(word)
    ends = (word[0], at(word, length_of(word) - 1))
    return jnp.stack([relative(letters, end, side) for end in ends], axis=1)


def views_at_places(word: Word) -> UInt8[Array, "room sights"]:
    """The letters around each place of a word, relative to the one that is there."""
    side = orientation(word)
    around = np.arange(len(word), dtype=np.int32)[:, None] + np.arange(-NEAR, NEAR + 1, dtype=np.int32)
    near = word[around % jnp.maximum(length_of(word), 1)]
    return jax.vmap(lambda letters: relative(letters, letters[NEAR], side))(near)
