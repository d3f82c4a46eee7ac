"""Components: how many pieces a cloud is in, by single linkage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist

# A part with a smaller share of the points is an outlier or a tail, not a piece.
SMALLEST_SHARE = 0.02
FEWEST_POINTS = 3
# A gap this improbable, exp(-5), separates pieces.
SURPRISE = 5.0
# Gaps between neighbors are taken to be no smaller than this quantile of all of them.
TYPICAL_GAP = 0.9


@dataclass(frozen=True)
class Components:
    """Pieces of a cloud.

    Attributes:
        labels: the piece of each point, 0 for the largest; -1 for points of parts too small to be a piece.
        cut: single linkage stops at this distance; infinite for one piece.
        connected_at: the largest gap that had to be bridged inside of a piece.
        surprise: of the most improbable gap between parts that could be pieces: minus the logarithm of its probability.
    """

    labels: np.ndarray
    cut: float
    connected_at: float
    surprise: float

    @property
    def count(self) -> int:
        return int(self.labels.max()) + 1


def components(points: np.ndarray, weights: np.ndarray | None = None) -> Components:
    """The pieces of a cloud: parts that are farther from one another than gaps inside of them can explain.

    Gaps between random points on a curve are exponential, the law with the largest gaps of all that fill their
    space. The largest of m such gaps exceeds the second by a factor 1 + t / (H_m - 1) with probability exp(-t),
    with the harmonic number H_m. A gap that beats the next one by the factor of t = 5 separates pieces.

    Args:
        points: shape (points, columns), two at least.
        weights: how many points of a larger cloud each stands for.
    """
    weights = np.ones(len(points)) if weights is None else np.asarray(weights, np.float64)
    tree = linkage(pdist(points), "single")
    heights = tree[:, 2]
    smallest = max(float(FEWEST_POINTS), SMALLEST_SHARE * weights.sum())
    parting = _smaller_parts(tree, weights) >= smallest
    # A gap has to beat all smaller ones that join a few points at least, wherever: curves are sampled more densely in
    # places. Single points that join late are the tail of a cluster, and say nothing about what separates two.
    bridges = np.where(_smaller_parts(tree, np.ones(len(points))) >= FEWEST_POINTS, heights, 0)
    elsewhere = np.concatenate([[0.0], np.maximum.accumulate(bridges)[:-1]])
    gaps = np.maximum(elsewhere, np.quantile(heights, TYPICAL_GAP))
    surprise = (heights / gaps - 1) * max(np.sum(1 / np.arange(1, len(points))) - 1, 0.5)
    separate = np.flatnonzero(parting & (surprise > SURPRISE))
    most = float(surprise[parting].max(initial=0))
    if len(separate):
        # Merges are in the order of their heights.
        cut = float(np.sqrt(heights[separate[0]] * gaps[separate[0]]))
        labels = _labels(fcluster(tree, cut, "distance"), weights, smallest)
        return Components(labels, cut, float(heights[heights <= cut].max()), most)
    return Components(np.zeros(len(points), np.int64), np.inf, float(heights.max()), most)


def _smaller_parts(tree: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weight of the lighter of the two parts that each merge joins."""
    total = np.concatenate([weights, np.zeros(len(tree))])
    lighter = np.empty(len(tree))
    for step, (one, other) in enumerate(tree[:, :2].astype(np.int64)):
        total[len(weights) + step] = total[one] + total[other]
        lighter[step] = min(total[one], total[other])
    return lighter


def _labels(clusters: np.ndarray, weights: np.ndarray, smallest: float) -> np.ndarray:
    """Labels by size, -1 for parts that are too small."""
    size = np.bincount(clusters, weights)
    order = [cluster for cluster in np.argsort(-size, kind="stable") if size[cluster] >= smallest]
    rank = np.full(len(size), -1)
    rank[order] = np.arange(len(order))
    return rank[clusters]
