"""The two-sample test of a classifier: an area of one half is a generator that nobody can tell from the truth."""

from __future__ import annotations

import itertools

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from ...stats import Estimate
from ..anomaly import area_under_curve

DIGITS = 5


def observables(momenta: np.ndarray) -> np.ndarray:
    """What a classifier may look at: directions, energies, and masses of pairs, shape (events, features)."""
    pairs = itertools.combinations(range(momenta.shape[1]), 2)
    masses = [p[:, 0] ** 2 - np.sum(p[:, 1:] ** 2, axis=1) for p in (momenta[:, i] + momenta[:, j] for i, j in pairs)]
    energies = np.maximum(momenta[..., :1], np.finfo(np.float32).tiny)
    directions = (momenta[..., 1:] / energies).reshape(len(momenta), -1)
    found = np.concatenate([momenta.reshape(len(momenta), -1), directions, np.stack(masses, axis=1)], axis=1)
    # What is exact in one sample and rounded in the other must not tell them apart.
    return found.round(DIGITS)


def classifier_test(generated: np.ndarray, truth: np.ndarray, seed: int = 0) -> Estimate:
    """Area under the curve of boosted trees, trained on half of both samples and tested on the other half.

    Args:
        generated, truth: momenta, shapes (events, n, 4).

    Raises:
        ValueError: for fewer than 100 events of a kind, and generated momenta that are not finite.
    """
    for name, momenta in (("generated", generated), ("truth", truth)):
        if len(momenta) < 100:
            raise ValueError(f"{name} has {len(momenta)} events; the test takes at least 100")
        if not np.isfinite(momenta).all():
            raise ValueError(f"{name} holds NaN or infinity")
    fake, true = observables(generated), observables(truth)
    halves = [np.concatenate([fake[half::2], true[half::2]]) for half in (0, 1)]
    labels = np.repeat([1, 0], [len(fake[0::2]), len(true[0::2])])
    with threadpool_limits(1, "openmp"):
        classifier = HistGradientBoostingClassifier(max_iter=200, random_state=seed).fit(halves[0], labels)
        scores = classifier.decision_function(halves[1])
    split = len(fake[1::2])
    return area_under_curve(scores[split:], scores[:split])
