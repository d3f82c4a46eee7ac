"""Opinions: what trained networks think of one knot, how far they agree, and how far they depend on its word."""

from __future__ import annotations

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray, PyTree

from ...stats import Estimate
from ...train import compiled
from ..braids import Braid
from .decisions import log_odds
from .equivalence import equivalent_word
from .model_file import Classifier, over_networks

# Sweeps of braid relations between a word and an equivalent one.
SWEEPS = 8


@dataclass(frozen=True)
class Opinion:
    """How likely networks find it that a word closes to a knot.

    Attributes:
        probability: of a knot, the mean over networks, each averaged over equivalent words; the error is that of a
            mean over independent trainings.
        spread: standard deviation of one network's probability from one equivalent word to another. The knot is
            the same for all of them, so that a network that understood knots would have none.
        words: number of equivalent words.
        note: in what the word is unlike those that the networks learned from, if in anything.
    """

    probability: Estimate
    spread: float
    words: int
    note: str = ""

    def to_json(self) -> dict:
        """The opinion as plain JSON values."""
        return {
            "probability": float(self.probability.value),
            "error": float(self.probability.error),
            "networks": self.probability.draws,
            "spread": self.spread,
            "words": self.words,
            "note": self.note,
        }


def opinion(classifier: Classifier, braid: Braid, words: int = 64, *, key: PRNGKeyArray) -> Opinion:
    """What networks think of a braid, from so many random words that have the same closure.

    Raises:
        ValueError: for a word of no letters, or of more letters or strands than the networks learned from.
    """
    fewest, most = classifier.letters
    if not 0 < len(braid) <= most:
        raise ValueError(f"the word has {len(braid)} letters; the classifier learned from words of {fewest} to {most}")
    if braid.strands > classifier.strands:
        raise ValueError(
            f"the word has {braid.strands} strands; the classifier learned from words of at most {classifier.strands}"
        )
    word = np.zeros(classifier.schooling.length, np.int8)
    word[: len(braid)] = braid.letters
    said = np.asarray(probabilities(classifier.models, jnp.asarray(word), words, key), np.float64)
    note = f"the classifier learned from words of {fewest} to {most} letters only" if len(braid) < fewest else ""
    return Opinion(over_networks(said.mean(axis=1)), float(said.std(axis=1).mean()), words, note)


@compiled(once=True)
def probabilities(models: PyTree, word: Array, words: int, key: PRNGKeyArray) -> Float[Array, "members words"]:
    """The probability of a knot that each network gives to equivalent words."""
    drawn, hashed = jax.random.split(key)
    disguised = jax.vmap(lambda key: equivalent_word(word, SWEEPS, key=key))(jax.random.split(drawn, words))
    odds = eqx.filter_vmap(lambda model: log_odds(model, disguised, key=hashed))(models)
    return jax.nn.sigmoid(odds)
