r"""The Alexander polynomial at one point, as a baseline: what Burau's matrices alone say about a word.

$|\log |\Delta(t)||$ at one real t is 0 for the unknot and for few knots besides. It is no network's to
know, and a network need not know it; it says how far an invariant of the nineteen-twenties gets.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int8
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from .examples import Examples
from .representations import burau

# Negative, where the coefficients of alternating knots add up; not -1, where the formula is 0/0 for even strands.
T = -0.8
# Sizes of the logarithm below this are rounding.
ROUNDING = 1e-6


def alexander_sizes(words: Int8[np.ndarray, "count letters"]) -> Float[np.ndarray, " count"]:
    r"""$|\log |\Delta(-0.8)||$ of each closure, with $\Delta(1/t) = \Delta(t)$.

    By Burau's theorem $\Delta(t) = \pm t^{(n - 1 - e)/2} \frac{1 - t}{1 - t^n} \det(1 - B(t))$ for a knot on n strands
    with writhe e.
    """
    words = np.asarray(words, np.int64)
    strands, writhe = np.abs(words).max(axis=1) + 1, np.sign(words).sum(axis=1)
    found = np.zeros(len(words))
    for n in np.unique(strands):
        rows = np.flatnonzero(strands == n)
        generators = burau(int(n), T).real
        table = np.concatenate([np.linalg.inv(generators)[::-1], np.eye(n - 1)[None], generators])
        product = np.tile(np.eye(n - 1), (len(rows), 1, 1))
        for letter in words[rows].T:
            product = product @ table[n - 1 + letter]
        size = np.abs(np.linalg.det(np.eye(n - 1) - product)) * (1 - T) / (1 - T**n)
        found[rows] = np.log(np.maximum(size, 1e-300)) + (n - 1 - writhe[rows]) / 2 * np.log(-T)
    return np.abs(found)


def alexander_log_odds(train: Examples, words: Int8[np.ndarray, "count letters"]) -> Float[np.ndarray, " count"]:
    """The log odds of a logistic regression on the logarithm of `alexander_sizes`."""
    regression = make_pipeline(StandardScaler(), LogisticRegression(C=100.0))
    features = [np.log(alexander_sizes(each) + ROUNDING)[:, None] for each in (train.words, words)]
    regression.fit(features[0], train.knotted)
    return regression.decision_function(features[1])
