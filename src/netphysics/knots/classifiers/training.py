"""Training of classifiers: networks that learn the unknot from words of many lengths, to be asked about new words."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Sequence

import jax
import numpy as np
from jaxtyping import Array, Key, PRNGKeyArray

from ...train.progress import as_text
from ..priors import Prior, matched_knots, random_knots, random_unknots, seeds_of
from .decisions import TrainingSettings, all_log_odds, balanced_accuracy, make_decider
from .examples import Examples
from .model_file import Classifier
from .prediction import SWEEPS

# Of fewer letters there are few unknots that do not collapse, and the prior seldom finds them.
FEWEST_LETTERS = 8
# Words of each number of letters that a network is tested on.
TESTS = 64


def train_classifier(
    settings: TrainingSettings,
    letters: int,
    words: int,
    *,
    keys: Key[Array, " members"],
    watch: Callable[[str], None] = lambda stage: None,
) -> Classifier:
    """Train one network per key, on `words` words for each number of letters from 8 to `letters`.

    Each network has words and initial weights of its own.

    Args:
        watch: told what is done next and how far the training is, in a few words.

    Raises:
        ValueError: for fewer than 2 keys, which give no error bar, or words or letters that are too few.
    """
    if len(keys) < 2:
        raise ValueError(f"there are {len(keys)} networks; an error bar needs at least 2")
    if letters < FEWEST_LETTERS:
        raise ValueError(f"letters is {letters}; shorter words are few, so it must be at least {FEWEST_LETTERS}")
    if words < 4 or words % 4:
        raise ValueError(f"words is {words}; it must be a multiple of 4, for each number of letters")
    # Predictions use words randomized by braid relations, so train on such words.
    settings = dataclasses.replace(settings, sweeps=SWEEPS)
    training_words, tests = [], []
    for number, key in enumerate(keys):
        watch(f"words for network {number + 1} of {len(keys)}")
        learn, test = jax.random.split(key)
        known = draw_training_words(letters, words, settings.length, key=learn)
        training_words.append(joined(known))
        tests.append(test_words(draw_training_words(letters, TESTS, settings.length, key=test), known))
    watch(f"training of {len(keys)} networks on {len(training_words[0]):,} words each")
    models = make_decider(settings)(keys, training_words, lambda progress: watch(as_text(progress))).models
    odds = np.asarray(all_log_odds(models, np.stack([test.words for test in tests]), keys[0]))
    accuracies = np.array([balanced_accuracy(*pair) for pair in zip(odds, (t.knotted for t in tests), strict=True)])
    strands = 1 + max(int(np.abs(words_of_one.words).max()) for words_of_one in training_words)
    return Classifier(settings, (FEWEST_LETTERS, letters), strands, accuracies, models)


def draw_training_words(letters: int, words: int, length: int, *, key: PRNGKeyArray) -> list[Examples]:
    """`words` words for each number of letters from 8 on, in turn an unknot and a knot, padded to `length`.

    Every other knot is one of the prior; each of the rest has the letters of an unknot in another order, where such a
    knot was found. So counting letters helps with half of the words at most, and no word is told by its length.
    """
    found = []
    for count in range(FEWEST_LETTERS, letters + 1):
        seeds = seeds_of(np.asarray(jax.random.key_data(jax.random.split(jax.random.fold_in(key, count), words))))
        unknots = random_unknots(Prior(count), seeds[: words // 2])
        knots = random_knots(Prior(count), seeds[words // 2 :]).letters
        partners = matched_knots(unknots)[1].letters[: words // 4]
        knots[: len(partners)] = partners
        pairs = np.stack([unknots.letters, knots], axis=1).reshape(words, count)
        rows = np.pad(pairs, ((0, 0), (0, length - count)))
        found.append(Examples(rows, np.tile(np.array([0, 1], np.float32), words // 2)))
    return found


def test_words(drawn: Sequence[Examples], known: Sequence[Examples]) -> Examples:
    """Words of which none is known in any of its symmetric forms, repeated to as many as were drawn.

    Raises:
        ValueError: when none is left: short words are few.
    """
    new = []
    for asked, learned in zip(drawn, known, strict=True):
        with contextlib.suppress(ValueError):
            new.append(asked.without(learned, in_no_form=True))
    if not new:
        raise ValueError("all words that were drawn for the test_words are known; learn from fewer, or longer ones")
    found = joined(new)
    rows = np.resize(np.arange(len(found)), sum(map(len, drawn)))
    return Examples(found.words[rows], found.knotted[rows])


def joined(parts: Sequence[Examples]) -> Examples:
    return Examples(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("words", "knotted")))
