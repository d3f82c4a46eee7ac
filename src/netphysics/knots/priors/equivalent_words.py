"""Disguises: words of a given knot, made by the moves that Algorithm 5 of 2010.16263 makes unknots with."""

from __future__ import annotations

import numpy as np

from ..braids import Braid
from ..notation.names import CONWAY, KINOSHITA_TERASAKA
from .labels import are_knotted
from .markov_moves import PATIENCE, GrowingWord
from .prior import Prior
from .words import Words

# Alexander polynomial 1, as a test computes, and a Jones polynomial that is not.
ALEXANDER_TRIVIAL = (CONWAY.mirror, KINOSHITA_TERASAKA.mirror)
# The same words with one crossing changed, which unties them: unknots that look alike.
UNTIED = (
    Braid((2, 2, 2, 1, -3, -2, -2, -1, -2, 1, -3)),
    Braid((1, 1, 1, 3, 3, 2, -3, -1, -1, -2, -1, -3, -2)),
)


def equivalent_words_of(prior: Prior, knot: Braid, seeds: np.ndarray) -> Words:
    """Words of `prior.letters` letters that close to the same knot, one for each seed.

    RANDOMUNKNOT, but for its beginning: where that has the empty word, this has the word of the knot.

    Raises:
        ValueError: for a word that is longer than the prior's, or moves that never end at that length.
    """
    if len(knot) > prior.letters:
        raise ValueError(f"the knot has {len(knot)} letters, more than the {prior.letters} of its equivalent_words_of")
    letters, strands = np.zeros((len(seeds), prior.letters), np.int8), np.ones(len(seeds), np.int64)
    for row, seed in enumerate(seeds.tolist()):
        word = GrowingWord(seed, list(knot.letters), knot.strands, 0)
        for _ in range(PATIENCE):
            word.round(prior.schedule)
            if len(word.letters) == prior.letters:
                break
            if len(word.letters) > prior.letters:
                word.letters, word.strands = list(knot.letters), knot.strands
        else:
            raise ValueError(f"no word of {prior.letters} letters came out of {PATIENCE} rounds; try other moves")
        letters[row], strands[row] = word.letters, word.strands
    return Words(letters, strands, are_knotted(letters, strands), seeds)
