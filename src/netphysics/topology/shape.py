"""The shape of a cloud: pieces, dimension and holes with their noise floor, and what they ask of an autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..stats import Estimate
from .cloud import Cloud
from .degrees import Degree, homology_of
from .homology import Dimension, check_cost, dimension, pieces
from .obstructions import NOTHING, Bound, persistence_bound
from .scales import column_scales
from .suggestion import Suggestion, contradiction, suggest

# In more dimensions so few landmarks as fit say nothing about the highest degree.
HIGHEST_DEGREE = 3


@dataclass(frozen=True)
class Shape:
    """The shape of a cloud.

    Attributes:
        points, columns: of the cloud.
        pieces: how many.
        apart: whether gaps decide how many pieces there are.
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
    apart: bool
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
        """Whether the points are too few, or too close to one another, to tell the shape.

        A gap between parts is larger than most and smaller than what separates; the dimension is a guess; choices of
        landmarks disagree; a bar is longer than most noise and shorter than what counts; a hole may be smaller than
        landmarks can show; no space has such Betti numbers; or a curve would close across a gap that is not much
        larger than others.
        """
        guesses = not self.apart or self.dimension.guessed
        disagree = any(len(set(degree.choices)) > 1 or degree.reading.doubtful for degree in self.degrees)
        coarse = any(degree.coarse(self.degrees) for degree in self.degrees)
        open_curve = self.dimension.value == 1 and len(self.degrees[0].reading.late) > 0
        contradictory = bool(contradiction(self.dimension.value, self.betti, self.odd_betti))
        return guesses or disagree or coarse or contradictory or open_curve

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
            "degrees": [degree.to_json() for degree in self.degrees],
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
        if degree < 1:
            raise ValueError(f"degree is {degree}; it must be at least 1")
        check_cost(landmarks or 4, degree)
    points, remarks = _prepared(cloud)
    parts = pieces(points)
    labels = parts.labels
    extent = dimension(points[labels == 0], seed=seed)
    highest = degree or (extent.value if extent.value <= HIGHEST_DEGREE else HIGHEST_DEGREE - 1)
    if landmarks is not None:
        check_cost(landmarks, highest)
    kept = points[labels >= 0]
    degrees = tuple(homology_of(kept, each, landmarks, seed) for each in range(1, highest + 1))
    betti = (parts.count, *(each.betti for each in degrees))
    odd = (parts.count, *(each.odd_betti for each in degrees))
    bounds = [persistence_bound(each.reading.signal, each.covering_radius, extent.value) for each in degrees]
    remarks += _doubts(labels, parts.doubtful, extent, degrees)
    remarks += filter(None, [contradiction(extent.value, betti, odd)])
    return Shape(
        points=len(points),
        columns=cloud.points.shape[1],
        pieces=parts.count,
        apart=not parts.doubtful,
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


def _doubts(labels: np.ndarray, gap: bool, extent: Dimension, degrees: tuple[Degree, ...]) -> list[str]:
    """Where these numbers may be wrong."""
    remarks = []
    if outliers := int((labels < 0).sum()):
        remarks.append(
            f"{outliers} of {len(labels):,} points are too far from the others or too few to be a piece, and were set "
            "aside."
        )
    if gap:
        remarks.append(
            "A gap between parts is larger than others, but not by enough to separate pieces: more points would tell."
        )
    close: Estimate = extent.two_neighbors
    if extent.gap > 1 and close.value - extent.value > max(1.0, 4 * float(close.error)):
        remarks.append(
            f"Between nearest neighbors the cloud has dimension {close}: that is noise; it extends in "
            f"{extent.value} at the scale of {extent.neighbors} neighbors."
        )
    if extent.guessed:
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
        if degree.coarse(degrees):
            remarks.append(
                f"Holes of degree {degree.degree} may be smaller than its {degree.landmarks} landmarks can show, "
                "which miss holes of lower degree."
            )
    if extent.value == 1 and len(degrees[0].reading.late):
        remarks.append("A loop would close across a gap that is not much larger than others: more points would tell.")
    if extent.value > degrees[-1].degree:
        remarks.append(
            f"Homology ends at degree {degrees[-1].degree}; a bound for R{extent.value} would need degree "
            f"{extent.value}."
        )
    return remarks
