"""Predictions: the probability of a knot that trained networks give, and how far it depends on the word."""

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
class Prediction:
    """How likely networks find it that a word closes to a knot.

    Attributes:
        probability: of a knot, the mean over networks, each averaged over equivalent words; the error is that of a
            mean over independent trainings.
        word_to_word_std: standard deviation of one network's probability from one equivalent word to another. The
            knot is the same for all of them, so that a network that understood knots would have none.
        words: number of equivalent words.
        note: a warning when the word lies outside the training range.
    """

    probability: Estimate
    word_to_word_std: float
    words: int
    note: str = ""

    def to_json(self) -> dict:
        """The prediction as plain JSON values."""
        return {
            "probability": float(self.probability.value),
            "error": float(self.probability.error),
            "networks": self.probability.draws,
            "word_to_word_std": self.word_to_word_std,
            "words": self.words,
            "note": self.note,
        }


def predict(classifier: Classifier, braid: Braid, words: int = 64, *, key: PRNGKeyArray) -> Prediction:
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
    word = np.zeros(classifier.settings.length, np.int8)
    word[: len(braid)] = braid.letters
    said = np.asarray(probabilities(classifier.models, jnp.asarray(word), words, key), np.float64)
    note = f"the classifier learned from words of {fewest} to {most} letters only" if len(braid) < fewest else ""
    return Prediction(over_networks(said.mean(axis=1)), float(said.std(axis=1).mean()), words, note)


@compiled(once=True)
def probabilities(models: PyTree, word: Array, words: int, key: PRNGKeyArray) -> Float[Array, "members words"]:
    """The probability of a knot that each network gives to equivalent words."""
    drawn, hashed = jax.random.split(key)
    augmented = jax.vmap(lambda key: equivalent_word(word, SWEEPS, key=key))(jax.random.split(drawn, words))
    odds = eqx.filter_vmap(lambda model: log_odds(model, augmented, key=hashed))(models)
    return jax.nn.sigmoid(odds)
