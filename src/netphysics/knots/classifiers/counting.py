"""Counting: what strands, writhe and letters alone say about a word, by logistic regression.

A network that does no better than this has learned how the examples were made, and nothing about knots.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int8
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from .examples import Examples


def counts(words: Int8[np.ndarray, "count letters"], largest: int) -> Float[np.ndarray, "count features"]:
    """Letters, strands, writhe and its size, and how often each letter occurs, for each word."""
    words = np.asarray(words, np.int64)
    writhe = np.sign(words).sum(axis=1)
    letters = [letter for letter in range(-largest, largest + 1) if letter]
    histogram = [(words == letter).sum(axis=1) for letter in letters]
    strands = [np.abs(words).max(axis=1) == size for size in range(1, largest + 1)]
    return np.stack([(words != 0).sum(axis=1), writhe, np.abs(writhe), *strands, *histogram], axis=1).astype(np.float64)


def counting_log_odds(train: Examples, words: Int8[np.ndarray, "count letters"]) -> Float[np.ndarray, " count"]:
    """The log odds of a logistic regression on `counts`, for words it was not trained on."""
    largest = int(max(np.abs(train.words).max(), np.abs(words).max()))
    regression = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    regression.fit(counts(train.words, largest), train.knotted)
    return regression.decision_function(counts(words, largest))
