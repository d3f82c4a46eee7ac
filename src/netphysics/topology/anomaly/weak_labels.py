"""Weak labels: a classifier of two mixtures with unequal shares of signal finds the signal (CWoLa).

The best classifier of two mixtures is the best one of what they are mixed from, whatever the shares (Metodiev, Nachman
and Thaler, arXiv:1708.02949).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

FOLDS = 5
# Few and coarse leaves: a small signal drowns in a classifier that can tell single events.
LEAVES, LEAST, ROUNDS, RATE = 4, 400, 60, 0.1


@dataclass(frozen=True)
class WeakLabels:
    """Classifiers of data against a reference.

    Attributes:
        data_scores: of the events of the data, each by the classifier that has not seen it; log odds of being data.
        classifiers: one for each fold.
    """

    data_scores: np.ndarray
    classifiers: Sequence[HistGradientBoostingClassifier]

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Mean log odds of being data, of events that no classifier has seen."""
        return np.mean([each.decision_function(features) for each in self.classifiers], axis=0)


def weak_labels(data: np.ndarray, reference: np.ndarray, seed: int = 0) -> WeakLabels:
    """Train classifiers, boosted trees, that tell data from a reference with less signal, or none.

    Args:
        data, reference: features, shapes (events, features).

    Raises:
        ValueError: for fewer events than there are folds.
    """
    for name, features in (("data", data), ("reference", reference)):
        if len(features) < FOLDS:
            raise ValueError(f"{name} has {len(features)} events; {FOLDS} folds take at least as many")
    features = np.concatenate([data, reference])
    labels = np.repeat([1, 0], [len(data), len(reference)])
    scores, classifiers = np.zeros(len(labels)), []
    # Trees this small take longer to share among threads than to grow.
    with threadpool_limits(1, "openmp"):
        for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(features, labels):
            classifier = HistGradientBoostingClassifier(
                max_leaf_nodes=LEAVES,
                min_samples_leaf=LEAST,
                max_iter=ROUNDS,
                learning_rate=RATE,
                class_weight="balanced",
                random_state=seed,
            )
            scores[test] = classifier.fit(features[train], labels[train]).decision_function(features[test])
            classifiers.append(classifier)
    return WeakLabels(scores[: len(data)], tuple(classifiers))
