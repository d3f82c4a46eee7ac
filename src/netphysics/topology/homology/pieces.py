"""Pieces of a large cloud: components of its landmarks, also where a few points bridge what lies between pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from .components import SURPRISE, Components, components
from .landmarks import farthest_points
from .persistence import MOST_LANDMARKS

# From here to `SURPRISE`, and without stragglers from `SURPRISE` to the number below, points do not decide.
DOUBT = 2.5
# The share of points, those with the fewest others around, that may be stragglers between pieces.
STRAGGLERS = 0.05
NEIGHBORS = 8
# Without stragglers gaps are wider: of 390 clouds in one piece none had a surprise above 5.3, most are below 1.
SURPRISE_WITHOUT = 8.0


@dataclass(frozen=True)
class Pieces:
    """Pieces of a cloud.

    Attributes:
        labels: the piece of each point, 0 for the largest; -1 for outliers, and for stragglers between pieces.
        doubtful: whether a gap is larger than most inside of a piece, but not by enough.
    """

    labels: np.ndarray
    doubtful: bool

    @property
    def count(self) -> int:
        return int(self.labels.max()) + 1


def pieces(points: np.ndarray) -> Pieces:
    """The pieces of a cloud.

    Landmarks by farthest-point sampling are many where points are few, so that tails of clusters touch. Where the cloud
    is in one piece, its sparsest points are therefore left out to see whether it falls apart: Gaussian clusters do, at
    eight standard deviations, and clouds in one piece do not.

    Args:
        points: shape (points, columns), three at least.
    """
    whole, labels = _of_landmarks(points)
    if whole.count > 1:
        return Pieces(labels, False)
    distance = cKDTree(points).query(points, min(NEIGHBORS + 1, len(points)))[0][:, -1]
    dense = distance <= np.quantile(distance, 1 - STRAGGLERS)
    core, inside = _of_landmarks(points[dense])
    if core.surprise > SURPRISE_WITHOUT:
        labels = np.full(len(points), -1)
        labels[dense] = inside
        return Pieces(labels, False)
    return Pieces(labels, whole.surprise > DOUBT or core.surprise > SURPRISE)


def _of_landmarks(points: np.ndarray) -> tuple[Components, np.ndarray]:
    """Components of landmarks, and the one that each point belongs to."""
    chosen = farthest_points(points, min(MOST_LANDMARKS[0], len(points)))
    found = components(chosen.points, np.bincount(chosen.owner, minlength=len(chosen.points)))
    return found, found.labels[chosen.owner]
