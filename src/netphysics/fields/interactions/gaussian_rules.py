"""Quadrature rules for preactivations z ~ N(0, q): points and weights shared by all moments.

A rule turns every hidden moment into a weighted sum over the same points, so that all moments of order n
follow from one product of matrices. What limits the choice is the rank r of q, at most d_in + 1, not the
number of inputs:

    r = 1            panels on the line, cut at the kinks
    r = 2            panels in the angle, cut where one of the z_a changes sign, times panels in the
                     radius, for activations with a kink at zero
    r = 2, 3, 4      the trapezoidal rule on a square lattice, for smooth activations: its error falls
                     faster than any power of the spacing, and much faster than that of Gauss-Hermite rules
    otherwise        scrambled Sobol points; the scramblings are independent, which gives an honest error
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy.special import gamma, ndtri

from netphysics.fields.quadrature import (
    EVEN_EDGES,
    HALF_RANGE,
    graded_edges,
    normal_density,
    panel_rule,
)

Array = np.ndarray
Kinks = tuple[float, ...]

_PANEL_NODES = (8, 12, 18, 27)
_RADIAL_EDGES = np.linspace(0.0, HALF_RANGE, 5)
# The lattice is made finer by a quarter as long as it stays affordable.
_LATTICE_RADIUS, _COARSEST_SPACING, _MOST_LATTICE_POINTS = 9.0, 0.75, 1_100_000
_SCRAMBLINGS, _SOBOL_POINTS, _SEED = 32, 1 << 13, 20080860


@dataclass(frozen=True)
class Rule:
    """Points z (one column per quadrature point) and weights such that E[g(z)] ~ sum_j w_j g(z_j)."""

    points: Float64[Array, "k j"]
    weights: Float64[Array, " j"]


def factor(covariance: Float64[Array, "k k"]) -> Float64[Array, "k r"]:
    """F with F F^T = q and as many columns as the numerical rank of q.

    Raises ValueError when q is not symmetric and positive semidefinite to rounding.
    """
    if not np.all(np.isfinite(covariance)):
        raise ValueError("covariance has entries that are not finite.")
    if not np.allclose(covariance, covariance.T, rtol=0.0, atol=1e-12 * np.max(np.abs(covariance))):
        raise ValueError("covariance is not symmetric.")
    values, vectors = np.linalg.eigh(covariance)
    rounding = 1e-14 * len(values) * max(np.max(np.abs(values)), np.finfo(float).tiny)
    if values[0] < -10 * rounding:
        raise ValueError(f"covariance has the eigenvalue {values[0]:.3g}; it must be positive semidefinite.")
    kept = values > rounding
    return vectors[:, kept] * np.sqrt(values[kept])


def refinements(factor: Float64[Array, "k r"], kinks: Kinks) -> Iterator[Rule] | None:
    """Finer and finer rules for z = F u, or None where only random points will do."""
    rank = factor.shape[1]
    if rank == 0:
        point = Rule(np.zeros((len(factor), 1)), np.ones(1))
        return iter([point, point])
    if rank == 1:
        return (_line(factor, kinks, nodes) for nodes in _PANEL_NODES)
    if rank <= 4 and not kinks:
        return (_lattice(factor, spacing) for spacing in _spacings(rank))
    if rank == 2 and set(kinks) == {0.0}:
        return (_polar(factor, nodes) for nodes in _PANEL_NODES)
    return None


def random_rules(factor: Float64[Array, "k r"], degree: int = 0, count: int = _SCRAMBLINGS) -> list[Rule]:
    """So many independent scramblings of one Sobol sequence.

    With a `degree` n > 0 all points u are moved to the sphere |u|^n = E|u|^n: exact in the radius for
    integrands that are homogeneous of that degree, and right for no others.
    """
    from scipy.stats import qmc  # slow to import, and hardly ever needed

    rank = factor.shape[1]
    power = np.prod(rank + 2.0 * np.arange(degree // 2))
    rng = np.random.default_rng(_SEED)
    weights = np.full(_SOBOL_POINTS, 1 / _SOBOL_POINTS)
    rules = []
    for _ in range(count):
        uniform = qmc.Sobol(rank, bits=30, rng=rng).random(_SOBOL_POINTS)
        # Half a lattice step keeps the points off 0, where the normal quantile is infinite.
        u = ndtri(uniform + 0.5**31).T
        if degree:
            u = u * power ** (1 / degree) / np.linalg.norm(u, axis=0)
        rules.append(Rule(factor @ u, weights))
    return rules


def _line(factor: Float64[Array, "k 1"], kinks: Kinks, nodes: int) -> Rule:
    steps = np.array([0.0, *kinks])
    edges = [EVEN_EDGES, *(graded_edges(steps, float(slope), 1.0) for slope in factor[:, 0])]
    u, weights = panel_rule(np.concatenate(edges), nodes)
    return Rule(factor * u, weights * normal_density(u))


def _polar(factor: Float64[Array, "k 2"], nodes: int) -> Rule:
    """Panels in the angle end where z_a = 0, so that between them kinks at zero are never crossed."""
    turn = np.arctan2(factor[:, 1], factor[:, 0]) + np.pi / 2
    cuts = np.sort(np.mod(np.concatenate([turn, turn + np.pi, np.arange(8) * np.pi / 4]), 2 * np.pi))
    angle, angle_weights = panel_rule(np.append(cuts, cuts[0] + 2 * np.pi), nodes)
    radius, radius_weights = panel_rule(_RADIAL_EDGES, nodes)
    radius_weights = radius_weights * radius * np.exp(-(radius**2) / 2) / (2 * np.pi)
    directions = factor @ np.stack([np.cos(angle), np.sin(angle)])
    points = directions[:, :, None] * radius
    return Rule(points.reshape(len(factor), -1), np.outer(angle_weights, radius_weights).ravel())


def _spacings(rank: int) -> Iterator[float]:
    ball = np.pi ** (rank / 2) / gamma(rank / 2 + 1) * _LATTICE_RADIUS**rank
    spacing = _COARSEST_SPACING
    while ball / spacing**rank <= _MOST_LATTICE_POINTS:
        yield spacing
        spacing *= 0.75


def _lattice(factor: Float64[Array, "k r"], spacing: float) -> Rule:
    rank = factor.shape[1]
    ticks = spacing * np.arange(-int(_LATTICE_RADIUS / spacing), int(_LATTICE_RADIUS / spacing) + 1)
    lattice = np.stack(np.meshgrid(*[ticks] * rank, indexing="ij")).reshape(rank, -1)
    lattice = lattice[:, np.sum(lattice**2, axis=0) <= _LATTICE_RADIUS**2]
    return Rule(factor @ lattice, np.prod(spacing * normal_density(lattice), axis=0))
