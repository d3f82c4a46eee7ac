"""The shape of a cloud: pieces, dimension and holes with their noise floor, and what they ask of an autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..stats import Estimate
from .cloud import Cloud
from .homology import (
    MOST_LANDMARKS,
    Dimension,
    Reading,
    check_cost,
    components,
    dimension,
    farthest_points,
    readings,
)
from .obstructions import NOTHING, Bound, persistence_bound
from .scales import column_scales
from .suggestion import Suggestion, suggest

# Betti numbers are those of most choices of landmarks.
CHOICES = 3
# In more dimensions so few landmarks as fit say nothing about the highest degree.
HIGHEST_DEGREE = 3
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
    """

    degree: int
    betti: int
    choices: tuple[int, ...]
    odd_betti: int
    landmarks: int
    covering_radius: float
    reading: Reading


@dataclass(frozen=True)
class Shape:
    """The shape of a cloud.

    Attributes:
        points, columns: of the cloud.
        pieces: how many.
        outliers: points that belong to no piece.
        dimension: the intrinsic dimension of the largest piece.
        degrees: homology from degree 1 on.
        suggestion: latents for it.
        bound: on the worst error with a plain latent of as many numbers as the dimension, in units of the cloud.
        size: the root mean square distance of points from their mean, in the same units.
        remarks: what to know about these numbers, one sentence each.
    """

    points: int
    columns: int
    pieces: int
    outliers: int
    dimension: Dimension
    degrees: tuple[Degree, ...]
    suggestion: Suggestion
    bound: Bound
    size: float
    remarks: tuple[str, ...]

    @property
    def betti(self) -> tuple[int, ...]:
        """Betti numbers over the integers modulo 2, from degree 0."""
        return self.pieces, *(degree.betti for degree in self.degrees)

    @property
    def odd_betti(self) -> tuple[int, ...]:
        """Betti numbers over the integers modulo 3, from degree 0."""
        return self.pieces, *(degree.odd_betti for degree in self.degrees)

    @property
    def undecided(self) -> bool:
        """Whether the points are too few, or too close to one another, to tell the holes.

        Choices of landmarks disagree, or a bar is longer than most noise and shorter than what counts, or a curve would
        close across a gap that is not much larger than others.
        """
        disagree = any(len(set(degree.choices)) > 1 or degree.reading.doubtful for degree in self.degrees)
        return disagree or (self.dimension.value == 1 and len(self.degrees[0].reading.late) > 0)

    def to_json(self) -> dict[str, Any]:
        """All of it as plain JSON values; bars are those that count and the longest below the noise floor."""
        close = self.dimension.two_neighbors
        return {
            "points": self.points,
            "columns": self.columns,
            "pieces": self.pieces,
            "outliers": self.outliers,
            "dimension": self.dimension.value,
            "two_neighbors": {"dimension": float(close.value), "error": float(close.error)},
            "betti": list(self.betti),
            "undecided": self.undecided,
            "betti_modulo_3": list(self.odd_betti),
            "degrees": [_degree_json(degree) for degree in self.degrees],
            "latent": {
                "space": self.suggestion.space,
                "matched": self.suggestion.matched,
                "plain": self.suggestion.plain,
                "certain": self.suggestion.certain,
            },
            "bound": {
                "latent": f"R{self.dimension.value}",
                "worst_error": self.bound.value,
                "relative": self.bound.value / self.size,
                "argument": self.bound.argument,
            },
            "remarks": list(self.remarks),
        }


def shape_of(cloud: Cloud, *, landmarks: int | None = None, degree: int | None = None, seed: int = 0) -> Shape:
    """The shape of a cloud.

    Args:
        landmarks: for homology of every degree; by default as many as take seconds.
        degree: the highest degree of homology; by default the dimension, 3 at most.
        seed: of random choices.

    Raises:
        ValueError: for more landmarks than points, or homology that would take too long, with its cost; and for
            columns that are all constant.
    """
    if landmarks is not None and not 4 <= landmarks <= len(cloud.points):
        raise ValueError(
            f"landmarks is {landmarks}; it must lie between 4 and the {len(cloud.points)} points of the cloud"
        )
    if degree is not None:
        check_cost(landmarks or 4, degree)
    points, remarks = _prepared(cloud)
    coarse = farthest_points(points, min(MOST_LANDMARKS[0], len(points)))
    weights = np.bincount(coarse.owner, minlength=len(coarse.points))
    pieces = components(coarse.points, weights)
    labels = pieces.labels[coarse.owner]
    extent = dimension(points[labels == 0], seed=seed)
    highest = degree or (extent.value if extent.value <= HIGHEST_DEGREE else HIGHEST_DEGREE - 1)
    if landmarks is not None:
        check_cost(landmarks, highest)
    kept = points[labels >= 0]
    degrees = tuple(_degree(kept, each, landmarks, seed) for each in range(1, highest + 1))
    betti = (pieces.count, *(each.betti for each in degrees))
    odd = (pieces.count, *(each.odd_betti for each in degrees))
    bounds = [persistence_bound(each.reading.signal, each.covering_radius, extent.value) for each in degrees]
    remarks += _doubts(len(points), int((labels < 0).sum()), extent, degrees)
    return Shape(
        points=len(points),
        columns=cloud.points.shape[1],
        pieces=pieces.count,
        outliers=int((labels < 0).sum()),
        dimension=extent,
        degrees=degrees,
        suggestion=suggest(extent.value, betti, odd),
        bound=max(bounds, key=lambda bound: bound.value, default=NOTHING),
        size=float(np.sqrt(points.var(axis=0).sum())),
        remarks=tuple(remarks),
    )


def _prepared(cloud: Cloud) -> tuple[np.ndarray, list[str]]:
    """The points without constant columns, columns made comparable; and what was done."""
    varying = np.ptp(cloud.points, axis=0) > 0
    points, remarks = cloud.points[:, varying], []
    constant = [name for name, varies in zip(cloud.names, varying, strict=True) if not varies]
    if constant:
        remarks.append(f"Columns that are constant were left out: {', '.join(constant)}.")
    scales = column_scales(points)
    # Where the cloud is clear as it is and blurred afterwards, small columns were noise.
    blurred = scales.changed and dimension(points / scales.divisors).gap == 1 < dimension(points).gap
    if scales.changed and not blurred:
        remarks.append(
            "Columns that go together differ in spread by more than a factor of four; they were given the same spread, "
            "and lengths are in standard deviations of columns."
        )
        points = points / scales.divisors
    return points, remarks


def _degree(points: np.ndarray, degree: int, landmarks: int | None, seed: int) -> Degree:
    """Homology of one degree, for several choices of landmarks."""
    count = min(landmarks or MOST_LANDMARKS[degree], len(points))
    # Where every point is a landmark there is but one choice.
    starts = np.random.default_rng(seed).permutation(len(points))[: CHOICES if count < len(points) else 1]
    found, radii, odd = [], [], 0
    for start in starts:
        chosen = farthest_points(points, count, int(start))
        centers, weights = chosen.averaged(points), np.bincount(chosen.owner, minlength=count)
        found.append(readings(centers, degree, weights, FIELD)[-1])
        radii.append(chosen.covering_radius)
        if len(found) == 1:
            odd = readings(centers, degree, weights, ODD_FIELD)[-1].betti if degree > 1 or found[0].betti else 0
    numbers = [reading.betti for reading in found]
    betti = int(np.sort(numbers)[(len(numbers) - 1) // 2])
    place = numbers.index(betti)
    return Degree(degree, betti, tuple(numbers), odd, count, radii[place], found[place])


def _doubts(points: int, outliers: int, extent: Dimension, degrees: tuple[Degree, ...]) -> list[str]:
    """Where these numbers may be wrong."""
    remarks = []
    if outliers:
        remarks.append(
            f"{outliers} of {points:,} points are too far from the others or too few to be a piece, and were set aside."
        )
    close: Estimate = extent.two_neighbors
    if extent.gap > 1 and close.value - extent.value > max(1.0, 4 * float(close.error)):
        remarks.append(
            f"Between nearest neighbors the cloud has dimension {close}: that is noise; it extends in "
            f"{extent.value} at the scale of {extent.neighbors} neighbors."
        )
    if extent.gap == 1:
        remarks.append(
            "Directions along the cloud and across it differ at no scale; the dimension is that between neighbors."
        )
    for degree in degrees:
        if len(set(degree.choices)) > 1:
            found = ", ".join(map(str, degree.choices))
            remarks.append(f"Choices of landmarks disagree about degree {degree.degree}: {found}.")
    for degree in degrees:
        if degree.reading.doubtful:
            remarks.append(
                f"A bar of degree {degree.degree} is longer than those of most noise, but not by enough to count: more "
                "points would tell."
            )
    if extent.value == 1 and len(degrees[0].reading.late):
        remarks.append("A loop would close across a gap that is not much larger than others: more points would tell.")
    if extent.value > degrees[-1].degree:
        remarks.append(
            f"Homology ends at degree {degrees[-1].degree}; a bound for R{extent.value} would need degree "
            f"{extent.value}."
        )
    return remarks


def _degree_json(degree: Degree) -> dict[str, Any]:
    signal, noise = degree.reading.signal, degree.reading.noise
    return {
        "degree": degree.degree,
        "betti": degree.betti,
        "betti_by_choice": list(degree.choices),
        "landmarks": degree.landmarks,
        "covering_radius": degree.covering_radius,
        "bars": np.stack([signal.births, signal.deaths], axis=1).tolist(),
        "noise_floor": degree.reading.floor,
        "longest_noise": float(noise.ratios.max()) if len(noise) else None,
    }
