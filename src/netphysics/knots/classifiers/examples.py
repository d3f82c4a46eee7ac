"""Examples: words and labels to learn from, drawn from a prior by a random key."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import numpy as np
from jaxtyping import Bool, Float32, Int8, PRNGKeyArray

from ..priors import Prior, Words, matched_knots, random_knots, random_unknots, seeds_of
from .equivalence import first_forms

# Words are padded to a multiple of this, so that few shapes are compiled.
LETTERS = 8


@dataclass(frozen=True)
class Examples:
    """Words with labels, half of them knots.

    Attributes:
        words: int8, shape (count, letters), padded with zeros to `padded_length`.
        knotted: 1 for a knot and 0 for the unknot, shape (count,).
    """

    words: Int8[np.ndarray, "count letters"]
    knotted: Float32[np.ndarray, " count"]

    def __len__(self) -> int:
        return len(self.words)

    def first(self, count: int) -> Examples:
        """The first `count` examples, repeated to the same number: less to learn from, in arrays of the same size."""
        rows = np.resize(np.arange(2 * (count // 2)), len(self))
        return Examples(self.words[rows], self.knotted[rows])

    def without(self, known: Examples, *, in_no_form: bool = False) -> Examples:
        """The pairs of an unknot and a knot of which `known` has neither word, repeated to the same number.

        Words of few letters are few: of nine letters, half of the unknots that a prior draws for a test are among a
        thousand words that it drew before.

        Args:
            in_no_form: leave out words that are familiar, too.

        Raises:
            ValueError: when no pair is left.
        """
        learned = {word.tobytes() for word in known.words}
        old = self.familiar(known) if in_no_form else np.array([word.tobytes() in learned for word in self.words])
        new = ~old.reshape(-1, 2).any(axis=1)
        if not new.any():
            raise ValueError(f"all {len(self)} examples are known; draw more, or words of more letters")
        pairs = np.resize(np.flatnonzero(new), len(self) // 2)
        rows = np.stack([2 * pairs, 2 * pairs + 1], axis=1).ravel()
        return Examples(self.words[rows], self.knotted[rows])

    def familiar(self, known: Examples) -> Bool[np.ndarray, " count"]:
        """Which words are words of `known`, or such a word rotated, reversed, mirrored or turned over."""
        seen = {word.tobytes() for word in first_forms(known.words)}
        return np.array([word.tobytes() in seen for word in first_forms(self.words)])


def draw_examples(prior: Prior, count: int, *, key: PRNGKeyArray) -> Examples:
    """`count` examples of the prior.

    Raises:
        ValueError: for a count that is not even and at least 2.
    """
    return balanced(*_drawn(prior, count, key), count)


def draw_both(prior: Prior, count: int, *, key: PRNGKeyArray) -> tuple[Examples, Examples]:
    """The same examples of the prior, and as many in which counting letters tells nothing.

    Both have the same unknots. In the first, knots come from the prior; in the second, each unknot has a knot with
    the same letters in another order. An unknot for which no such order was found gives its place to another pair.

    Raises:
        ValueError: for a count that is not even and at least 2, or when no unknot has a partner.
    """
    unknots, knots = _drawn(prior, count, key)
    kept, partners = matched_knots(unknots)
    if not len(kept):
        raise ValueError(f"none of {count // 2} unknots of {prior.letters} letters has a knot with the same letters")
    return balanced(unknots, knots, count), balanced(kept, partners, count)


def _drawn(prior: Prior, count: int, key: PRNGKeyArray) -> tuple[Words, Words]:
    """Unknots and knots, half of the count each."""
    if count < 2 or count % 2:
        raise ValueError(f"count is {count}; half of the examples are knots, so it must be even and at least 2")
    seeds = seeds_of(np.asarray(jax.random.key_data(jax.random.split(key, count))))
    return random_unknots(prior, seeds[: count // 2]), random_knots(prior, seeds[count // 2 :])


def balanced(unknots: Words, knots: Words, count: int) -> Examples:
    """`count` examples, unknots and knots in turn; as many as there are, and then from the beginning again."""
    letters = unknots.letters.shape[1]
    words = np.stack([np.resize(each.letters, (count // 2, letters)) for each in (unknots, knots)], axis=1)
    words = np.pad(words, ((0, 0), (0, 0), (0, padded_length(letters) - letters)))
    return Examples(words.reshape(count, -1), np.tile(np.array([0, 1], np.float32), count // 2))


def padded_length(letters: int) -> int:
    """The length that words of so many letters are padded to."""
    return -(-letters // LETTERS) * LETTERS
