"""Composite Gauss-Legendre quadrature: the one rule that everything else here is built from."""

from functools import cache

import numpy as np
from jaxtyping import Float64

Array = np.ndarray

# exp(-HALF_RANGE^2 / 2) < 2e-22: what a standard normal leaves outside is below rounding.
HALF_RANGE = 10.0
EVEN_EDGES = np.linspace(-HALF_RANGE, HALF_RANGE, 9)
_DISTANCES = np.array([-8.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 8.0])


@cache
def gauss_legendre(nodes: int) -> tuple[Float64[Array, " nodes"], Float64[Array, " nodes"]]:
    """Nodes and weights of Gauss-Legendre quadrature on [-1, 1]."""
    return np.polynomial.legendre.leggauss(nodes)


def panel_rule(
    edges: Float64[Array, "*batch edges"], nodes: int
) -> tuple[Float64[Array, "*batch points"], Float64[Array, "*batch points"]]:
    """Gauss-Legendre quadrature with `nodes` nodes between each two neighboring edges.

    The edges are sorted here, and panels of no length are harmless (their weights are zero), so a caller
    may throw in every place where the integrand is not smooth.
    """
    edges = np.sort(edges, axis=-1)
    left, right = edges[..., :-1, None], edges[..., 1:, None]
    points, weights = gauss_legendre(nodes)
    half = (right - left) / 2
    shape = (*edges.shape[:-1], -1)
    return ((left + right) / 2 + half * points).reshape(shape), (half * weights).reshape(shape)


def graded_edges(centers: Float64[Array, "*batch c"], slope: float, width: float) -> Float64[Array, "*batch edges"]:
    """Edges in u where slope * u passes the centers, and at growing distances of `width` around them.

    They resolve a kink that a Gaussian has blurred, or a smooth step such as tanh.
    """
    if abs(slope) < 1e-12:
        return np.zeros((*centers.shape[:-1], 0))
    edges = (centers[..., None] + width * _DISTANCES) / slope
    return np.clip(edges, -HALF_RANGE, HALF_RANGE).reshape(*centers.shape[:-1], -1)


def normal_density(points: Float64[Array, "*shape"]) -> Float64[Array, "*shape"]:
    """Density of the standard normal distribution."""
    return np.exp(-(points**2) / 2) / np.sqrt(2 * np.pi)
