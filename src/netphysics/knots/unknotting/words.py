"""Words on the device: every action on a padded word, in a form that compiles to straight loops over its letters.

A word is a row of int8 letters, flush left and followed by zeros up to 2N. Its closure is a knot, so that all
generators occur in it, and the number of strands is the largest size plus one.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Int, Int8

from .actions import KINDS, LARGEST, Actions

Word = Int8[Array, " room"]
Length = Int[Array, ""]
ZERO = np.int8(0)


def length_of(word: Word) -> Length:
    """Number of letters."""
    return (word != 0).sum(dtype=jnp.int32)


def largest(word: Word) -> Int8[Array, ""]:
    """Size of the largest letter, which is the number of strands minus one."""
    return jnp.abs(word).max()


def shift_left(word: Word) -> Word:
    """The first letter goes to the end."""
    place = places(word)
    return jnp.where(place == length_of(word) - 1, word[0], ahead(word, 1))


def shift_right(word: Word) -> Word:
    """The last letter goes to the front."""
    place, length = places(word), length_of(word)
    back = jnp.concatenate([at(word, length - 1)[None], word[:-1]])
    return jnp.where(place < length, back, ZERO)


def commute(word: Word, place: Length) -> Word:
    """The letters at a place and after it change places, where they commute."""
    a, b = at(word, place), at(word, place + 1)
    fits = commutes(a, b)
    k = places(word)
    swapped = jnp.where(k == place, b, jnp.where(k == place + 1, a, word))
    return jnp.where(fits, swapped, word)


def braid(word: Word, place: Length) -> Word:
    """s_i s_j s_i = s_j s_i s_j and its mixed forms on the three letters from a place on, where it applies."""
    a, b, c = (at(word, place + k) for k in range(3))
    i, j = jnp.abs(a), jnp.abs(b)
    k = places(word)
    new = jnp.where(k == place, j * jnp.sign(c), jnp.where(k == place + 1, i * jnp.sign(b), j * jnp.sign(a)))
    return jnp.where(braids(a, b, c) & (k >= place) & (k < place + 3), new, word)


def conjugate(word: Word, letter: Int8[Array, ""]) -> Word:
    """g w g^-1, where the letter g is on the strands of the word and there is room."""
    place, length = places(word), length_of(word)
    longer = jnp.concatenate([letter[None], word[:-1]])
    longer = jnp.where(place == length + 1, -letter, longer)
    fits = (jnp.abs(letter) <= largest(word)) & (length + 2 <= len(word))
    return jnp.where(fits, longer, word)


def exchange(word: Word) -> Word:
    """The only two letters of the largest size, or else of size 1, change places where their signs differ."""
    size = jnp.abs(word)
    high, low = size == largest(word), size == 1
    return jnp.where(jnp.where(opposite(word, high), high, opposite(word, low) & low), -word, word)


def stabilize(word: Word, sign: Int8[Array, ""]) -> Word:
    """With a new largest letter behind it, where there is room."""
    appended = jnp.where(places(word) == length_of(word), sign * (largest(word) + np.int8(1)), word)
    return jnp.where(largest(word) < LARGEST, appended, word)


def collapse(word: Word) -> Word:
    """SmartCollapse, the very word of `braids.smart_collapse`.

    Each turn of the loop makes the first change that applies: the first two neighbors that are inverse to each other
    go; the ends go, if they are inverse; or the last letter goes that is the only one of its size at
    the top or at the bottom.
    """
    place = places(word)

    def turn(carry: tuple[Word, Bool[Array, ""]]) -> tuple[Word, Bool[Array, ""]]:
        word, _ = carry
        length, top, size = length_of(word), largest(word), jnp.abs(word)
        inverse = cancels(word)
        neighbors, first = inverse.any(), inverse.argmax()
        ends = (word[0] == -at(word, length - 1)) & (length > 0)
        single = singles(word)
        last = jnp.where(single, place, -1).max()
        bottom = (at(size, last) == 1) & (top > 1)
        without_pair = jnp.where(place < first, word, ahead(word, 2))
        without_ends = jnp.where(place < length - 2, ahead(word, 1), ZERO)
        without_single = jnp.where(place < last, word, ahead(word, 1))
        without_single = without_single - jnp.where(bottom, jnp.sign(without_single), ZERO)
        shorter = jnp.where(neighbors, without_pair, jnp.where(ends, without_ends, without_single))
        return shorter, collapses(shorter)

    return jax.lax.while_loop(lambda carry: carry[1], turn, (word, collapses(word)))[0]


def collapses(word: Word) -> Bool[Array, ""]:
    """Whether SmartCollapse removes anything."""
    length = length_of(word)
    ends = (length > 0) & (word[0] == -at(word, length - 1))
    return (cancels(word) | singles(word)).any() | ends


def cancels(word: Word) -> Bool[Array, " room"]:
    """Where a letter is followed by its inverse."""
    return (word == -ahead(word, 1)) & (word != 0)


def singles(word: Word) -> Bool[Array, " room"]:
    """Where a letter is the only one of its size, at the top or at the bottom."""
    size, top = jnp.abs(word), largest(word)
    high, low = size == top, size == 1
    return (high & (high.sum(dtype=jnp.int32) == 1) & (top > 0)) | (low & (low.sum(dtype=jnp.int32) == 1))


def exchanges(word: Word) -> Bool[Array, ""]:
    """Whether the only two letters of the largest size, or of size 1, have opposite signs."""
    size = jnp.abs(word)
    return opposite(word, size == largest(word)) | opposite(word, size == 1)


def opposite(word: Word, chosen: Bool[Array, " room"]) -> Bool[Array, ""]:
    """Whether two letters are chosen, and their signs differ."""
    balance = jnp.where(chosen, jnp.sign(word), ZERO).sum(dtype=jnp.int32)
    return (chosen.sum(dtype=jnp.int32) == 2) & (balance == 0)


def commutes(a: Int8[Array, "*_"], b: Int8[Array, "*_"]) -> Bool[Array, "*_"]:
    """Whether two letters commute; no padding does."""
    return (jnp.abs(jnp.abs(a) - jnp.abs(b)) > 1) & (a != 0) & (b != 0)


def braids(a: Int8[Array, "*_"], b: Int8[Array, "*_"], c: Int8[Array, "*_"]) -> Bool[Array, "*_"]:
    """Whether three letters can be rewritten by braid relation 2, as in `braids.braid_relation`."""
    neighbors = (jnp.abs(a) == jnp.abs(c)) & (jnp.abs(jnp.abs(a) - jnp.abs(b)) == 1) & (a != 0) & (b != 0)
    return neighbors & ~((a == c) & ((a > 0) != (b > 0)))


def legal(word: Word, actions: Actions) -> Bool[Array, " actions"]:
    """Which actions do something of their own; a relation that does not apply would only shift."""
    length, following = length_of(word), (ahead(word, 1), ahead(word, 2))
    commuting, braiding = commutes(word, following[0]), braids(word, *following)
    front = jnp.stack([length > 1, length > 1, commuting[0], braiding[0], collapses(word)])
    letters = np.array([argument for _, argument in actions.table[5 : 5 + actions.letters]], np.int8)
    conjugating = (largest(word) >= np.abs(letters)) & (length + 2 <= actions.room)
    parts: list[Array] = [front, conjugating]
    if actions.extended:
        room = (length < actions.room) & (largest(word) < LARGEST)
        parts += [jnp.stack([exchanges(word), room, room]), commuting | braiding]
    return jnp.concatenate(parts) & np.array([KINDS[kind] not in actions.without for kind, _ in actions.table])


def act(word: Word, action: Int[Array, ""], actions: Actions) -> Word:
    """The word after an action. One of many branches is taken: map it, where it should be fast on CPUs, do not vmap."""
    kinds, arguments = (np.array(column, np.int32) for column in zip(*actions.table, strict=True))
    branches = [
        lambda word, argument: shift_left(word),
        lambda word, argument: shift_right(word),
        lambda word, argument: shift_right(commute(word, argument)),
        lambda word, argument: shift_right(braid(word, argument)),
        lambda word, argument: collapse(word),
        lambda word, argument: conjugate(word, argument.astype(jnp.int8)),
        lambda word, argument: exchange(word),
        lambda word, argument: stabilize(word, argument.astype(jnp.int8)),
        lambda word, argument: braid(commute(word, argument), argument),
    ]
    used = branches if actions.extended else branches[:6]
    return jax.lax.switch(jnp.asarray(kinds)[action], used, word, jnp.asarray(arguments)[action])


def places(word: Word) -> Int[Array, " room"]:
    return jnp.arange(len(word), dtype=jnp.int32)


def ahead(word: Word, steps: int) -> Word:
    """Each letter replaced by the one so many places later, or by 0."""
    return jnp.concatenate([word[steps:], jnp.zeros(steps, word.dtype)])


def at(word: Int8[Array, " room"], place: Length) -> Int8[Array, ""]:
    """The letter at a place, 0 outside. A sum over the letters: on CPUs it fuses with what uses it."""
    return jnp.where(places(word) == place, word, ZERO).sum(dtype=jnp.int8)
