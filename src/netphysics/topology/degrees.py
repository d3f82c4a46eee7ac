"""Homology of a cloud degree by degree, for several choices of landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .homology import MOST_LANDMARKS, Reading, farthest_points, readings

# Betti numbers are those of most choices of landmarks.
CHOICES = 3
# Torsion shows as Betti numbers that depend on the field.
FIELD, ODD_FIELD = 2, 3


@dataclass(frozen=True)
class Degree:
    """Homology of one degree.

    Attributes:
        degree: 1 for loops, 2 for voids, 3 for what bounds in four dimensions.
        betti: the Betti number over the integers modulo 2: the median over choices of landmarks.
        choices: the Betti number for each choice of landmarks.
        odd_betti: the Betti number over the integers modulo 3, by the first choice.
        landmarks: how many.
        covering_radius: the largest distance of a point from its landmark.
        reading: of the first choice that found the median.
        lower: the Betti numbers of degrees below, from degree 1 on, by the same landmarks.
    """

    degree: int
    betti: int
    choices: tuple[int, ...]
    odd_betti: int
    landmarks: int
    covering_radius: float
    reading: Reading
    lower: tuple[int, ...]

    def coarse(self, finer: Sequence[Degree]) -> bool:
        """Whether it found nothing, with landmarks too few for holes of lower degree that more landmarks showed."""
        return not self.betti and any(
            self.lower[each.degree - 1] < each.betti for each in finer if each.degree < self.degree
        )

    def to_json(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        signal, noise = self.reading.signal, self.reading.noise
        return {
            "degree": self.degree,
            "betti": self.betti,
            "betti_by_choice": list(self.choices),
            "landmarks": self.landmarks,
            "covering_radius": self.covering_radius,
            "bars": np.stack([signal.births, signal.deaths], axis=1).tolist(),
            "noise_floor": self.reading.floor,
            "longest_noise": float(noise.ratios.max()) if len(noise) else None,
        }


def homology_of(points: np.ndarray, degree: int, landmarks: int | None, seed: int) -> Degree:
    """Homology of one degree, for several choices of landmarks.

    Args:
        landmarks: how many; by default as many as take seconds.
    """
    count = min(landmarks or MOST_LANDMARKS[degree], len(points))
    # Where every point is a landmark there is but one choice.
    starts = np.random.default_rng(seed).permutation(len(points))[: CHOICES if count < len(points) else 1]
    found, radii, odd = [], [], 0
    for start in starts:
        chosen = farthest_points(points, count, int(start))
        centers, weights = chosen.averaged(points), np.bincount(chosen.owner, minlength=count)
        found.append(readings(centers, degree, weights, FIELD))
        radii.append(chosen.covering_radius)
        if len(found) == 1:
            odd = readings(centers, degree, weights, ODD_FIELD)[-1].betti if degree > 1 or found[0][-1].betti else 0
    numbers = [each[-1].betti for each in found]
    betti = int(np.sort(numbers)[(len(numbers) - 1) // 2])
    place = numbers.index(betti)
    *lower, reading = found[place]
    below = tuple(each.betti for each in lower)
    return Degree(degree, betti, tuple(numbers), odd, count, radii[place], reading, below)
