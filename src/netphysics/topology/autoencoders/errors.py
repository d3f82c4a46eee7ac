"""Errors of autoencoders: the mean, the worst, and the tear where the worst is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

# On spaces of unit size: a point that comes back farther away than this lies in a tear.
TEAR = 0.3
SUCCESS = 0.1


@dataclass(frozen=True)
class Errors:
    """Distances of points from what comes back of them.

    Attributes:
        distances: shape (members, points).
    """

    distances: Float[np.ndarray, "members points"]

    @property
    def sup(self) -> Float[np.ndarray, " members"]:
        """The largest error."""
        return self.distances.max(axis=1)

    @property
    def rms(self) -> Float[np.ndarray, " members"]:
        """The root mean square error, which training makes small."""
        return np.sqrt(np.mean(self.distances.astype(np.float64) ** 2, axis=1))

    @property
    def median(self) -> Float[np.ndarray, " members"]:
        return np.median(self.distances, axis=1)

    @property
    def worst(self) -> Int[np.ndarray, " members"]:
        """The point with the largest error."""
        return self.distances.argmax(axis=1)

    def tear(self, threshold: float = TEAR) -> Float[np.ndarray, " members"]:
        """The fraction of points with an error above the threshold."""
        return np.mean(self.distances > threshold, axis=1)

    def successes(self, threshold: float = SUCCESS) -> int:
        """Members without any error above the threshold."""
        return int(np.sum(self.sup < threshold))


def errors(points: Float[np.ndarray, "points columns"], back: Float[np.ndarray, "members points columns"]) -> Errors:
    """Errors from points and what comes back of them."""
    return Errors(np.linalg.norm(back - np.asarray(points)[None], axis=2))


def rayleigh(length: float, count: int) -> float:
    r"""The probability that the mean of so many uniform unit vectors of the plane is as long as this or longer.

    With $z = n \bar R^2$ it is $e^{-z} (1 + (2 z - z^2) / 4 n)$ to second order (Mardia and Jupp, Directional
    Statistics, section 6.3.1).

    Args:
        length: of the mean of the vectors.
        count: how many there are.
    """
    z = count * length**2
    return float(np.clip(np.exp(-z) * (1 + (2 * z - z**2) / (4 * count)), 0, 1))
