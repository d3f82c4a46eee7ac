"""Landmarks: a few points that stand for a large cloud."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Landmarks:
    """Points spread evenly over a cloud.

    Attributes:
        points: shape (landmarks, columns).
        rows: the row of the cloud that each landmark is, shape (landmarks,).
        owner: for each point of the cloud the landmark nearest to it, shape (points,).
        covering_radius: the largest distance of a point of the cloud from its nearest landmark.
    """

    points: np.ndarray
    rows: np.ndarray
    owner: np.ndarray
    covering_radius: float

    def averaged(self, cloud: np.ndarray) -> np.ndarray:
        """Each landmark moved to the mean of the points nearest to it, one step of k-means: noise averages out.

        Args:
            cloud: the cloud that the landmarks were chosen from, shape (points, columns).
        """
        sums = np.zeros_like(self.points)
        np.add.at(sums, self.owner, cloud)
        return sums / np.bincount(self.owner, minlength=len(self.points))[:, None]


def farthest_points(cloud: np.ndarray, count: int, start: int = 0) -> Landmarks:
    """Landmarks by farthest-point sampling: each is the point farthest from those chosen before.

    Landmarks are as far apart as the covering radius, at least, so that sparse regions of the cloud are
    represented like dense ones.

    Args:
        cloud: shape (points, columns).
        start: row of the first landmark.

    Raises:
        ValueError: for more landmarks than points, or less than one.
    """
    if not 1 <= count <= len(cloud):
        raise ValueError(f"count is {count}; it must lie between 1 and the {len(cloud)} points of the cloud")
    rows = np.empty(count, np.int64)
    distance = np.full(len(cloud), np.inf)
    owner = np.zeros(len(cloud), np.int64)
    row = start
    for place in range(count):
        rows[place] = row
        square = np.einsum("ij,ij->i", cloud - cloud[row], cloud - cloud[row])
        closer = square < distance
        distance[closer], owner[closer] = square[closer], place
        row = int(np.argmax(distance))
    return Landmarks(cloud[rows], rows, owner, float(np.sqrt(distance.max())))
