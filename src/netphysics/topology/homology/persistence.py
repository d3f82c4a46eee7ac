"""Persistent homology of a few points: the bars of the Vietoris-Rips filtration, by Ripser."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import pdist, squareform

# What one core does in a few seconds, by the degree of homology.
MOST_LANDMARKS = {0: 2000, 1: 400, 2: 150, 3: 90}
# Measured on clouds of spheres and tori: one core reduces so many simplices in a second.
SIMPLICES_PER_SECOND = 2e7
BYTES_PER_SIMPLEX = 16


@dataclass(frozen=True)
class Bars:
    """Classes of homology of one degree, each with the scale at which it is born and dies.

    Attributes:
        degree: 0 counts pieces, 1 loops, 2 voids.
        births, deaths: edge lengths of the Vietoris-Rips complex, in units of the cloud; shape (bars,). The
            longest come first. A class that never dies has an infinite death.
    """

    degree: int
    births: np.ndarray
    deaths: np.ndarray

    def __len__(self) -> int:
        return len(self.births)

    @property
    def lengths(self) -> np.ndarray:
        """Deaths minus births."""
        return self.deaths - self.births

    @property
    def ratios(self) -> np.ndarray:
        """Deaths over births, which do not depend on the unit of the cloud."""
        return self.deaths / self.births

    def where(self, chosen: np.ndarray) -> Bars:
        """The bars where `chosen` is true."""
        return Bars(self.degree, self.births[chosen], self.deaths[chosen])


@dataclass(frozen=True)
class Cost:
    """What persistent homology will take.

    Attributes:
        simplices: of the full Vietoris-Rips complex; what Ripser visits is less.
        seconds: on one core, an upper end.
        gigabytes: of memory, an upper end.
    """

    simplices: int
    seconds: float
    gigabytes: float


def cost(points: int, degree: int) -> Cost:
    """The cost of homology up to `degree` of so many points: it takes simplices of degree + 2 corners."""
    simplices = sum(math.comb(points, corners) for corners in range(1, degree + 3))
    return Cost(simplices, simplices / SIMPLICES_PER_SECOND, simplices * BYTES_PER_SIMPLEX / 1e9)


def persistent_homology(points: np.ndarray, degree: int, field: int = 2) -> tuple[Bars, ...]:
    """Bars of the Vietoris-Rips filtration of the points, in degrees 0 to `degree`, over the integers modulo `field`.

    Computed by Ripser (Bauer, arXiv:1908.02518) up to the radius beyond which the complex is a cone.

    Args:
        points: shape (points, columns).
        field: a prime; homology over different ones tells torsion.

    Raises:
        ValueError: for more points than `MOST_LANDMARKS` of the degree, with the cost.
    """
    check_cost(len(points), degree)
    from ripser import ripser

    distances = squareform(pdist(points))
    found = ripser(distances, maxdim=degree, coeff=field, distance_matrix=True)["dgms"]
    return tuple(_sorted(number, np.asarray(pairs, np.float64)) for number, pairs in enumerate(found))


def check_cost(points: int, degree: int) -> None:
    """Refuse what would take too long.

    Raises:
        ValueError: with the cost, and the number of landmarks to take instead.
    """
    if degree not in MOST_LANDMARKS:
        raise ValueError(f"degree is {degree}; it must be one of {', '.join(map(str, MOST_LANDMARKS))}")
    if points > MOST_LANDMARKS[degree]:
        price = cost(points, degree)
        raise ValueError(
            f"landmarks is {points}, and homology up to degree {degree} would take {price.simplices:.1e} simplices, up "
            f"to {price.gigabytes:.3g} GB and {price.seconds:.2g} s; it must be at most {MOST_LANDMARKS[degree]}"
        )


def _sorted(degree: int, pairs: np.ndarray) -> Bars:
    order = np.argsort(pairs[:, 0] - pairs[:, 1], kind="stable")
    return Bars(degree, pairs[order, 0], pairs[order, 1])
