"""Knots with the letters of unknots: the same strands, writhe and histogram, in another order."""

from __future__ import annotations

import numpy as np

from .batched_words import close_to_knots
from .labels import are_knotted
from .streams import respawned, uniforms
from .words import Words

# The orders of a word are a stream of their own beside the one that drew it.
STREAM = 2**32
# Exchanges of two letters, for each letter of the word, before the first order is looked at.
BURN_IN = 16
# The weight of a letter beside its inverse. Were it 0, short words could not come from one order to all others.
TOLERANCE = 1 / 4
# Orders that are looked at before an unknot is left without a partner.
ORDERS = 200


def matched_knots(unknots: Words) -> tuple[Words, Words]:
    """For each unknot a knot with the same letters in another order, so that strands, writhe and histogram agree.

    The order comes from a Markov chain in which two letters, drawn at random, change places. An order has a weight
    of 1/4 for each letter that is beside its inverse, around the end included, and those without any, from which
    SmartCollapse takes nothing away, are all as likely. The chain begins at the unknot, makes 16 attempts for
    each letter, and one more for each letter until such an order closes to a knot and an invariant shows it.
    Unknots for which none comes in 200 looks are left out: short words may have none.

    Returns:
        The unknots that have a partner, and their partners.
    """
    letters, strands = unknots.letters.copy(), unknots.strands
    seeds = respawned(unknots.seeds, STREAM)
    count = letters.shape[1]
    found, discarded = np.zeros(len(unknots), bool), 0
    for look in range(-BURN_IN + 1, ORDERS):
        left = np.flatnonzero(~found)
        if not len(left):
            break
        numbers = np.arange(3 * count, dtype=np.uint64) + np.uint64(3 * count * (look + BURN_IN))
        letters[left] = exchanged(letters[left], uniforms(seeds[left, None], numbers))
        if look >= 0:
            stays = left[(letters[left] != -np.roll(letters[left], 1, axis=1)).all(axis=1)]
            closed = stays[close_to_knots(letters[stays], strands[stays])]
            shown = are_knotted(letters[closed], strands[closed])
            found[closed[shown]] = True
            discarded += int((~shown).sum())
    kept = Words(unknots.letters[found], strands[found], unknots.knotted[found], unknots.seeds[found])
    return kept, Words(letters[found], strands[found], np.ones(found.sum(), bool), kept.seeds, discarded)


def exchanged(words: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Words after attempts to exchange two letters; shape (count, N), and random numbers (count, 3 * attempts)."""
    words = words.copy()
    rows, length = np.arange(len(words)), words.shape[1]
    places = (numbers * length).astype(np.intp).T
    for one, other, number in zip(places[::3], places[1::3], numbers.T[2::3], strict=True):
        before = _beside_inverse(words, rows, one, other)
        words[rows, one], words[rows, other] = words[rows, other], words[rows, one]
        worse = _beside_inverse(words, rows, one, other) - before
        back = number >= TOLERANCE**worse
        rows_back, one_back, other_back = rows[back], one[back], other[back]
        letters = words[rows_back, one_back]
        words[rows_back, one_back], words[rows_back, other_back] = words[rows_back, other_back], letters
    return words


def _beside_inverse(words: np.ndarray, rows: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How often the letters at two places are beside their inverses."""
    count = np.zeros(len(words))
    for place in (one, other):
        letter = words[rows, place]
        count += words[rows, place - 1] == -letter
        count += words[rows, (place + 1) % words.shape[1]] == -letter
    return count
