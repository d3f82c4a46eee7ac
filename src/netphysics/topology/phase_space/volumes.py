"""Volumes of phase space: closed form, quadrature, and Monte Carlo with its error."""

from __future__ import annotations

import math

import numpy as np

from ...stats import Estimate
from .sampling import Sample
from .space import PhaseSpace

NODES = 64
MOST_BODIES = 5


def massless_volume(bodies: int, energy: float = 1.0) -> float:
    r"""$\Phi_n = (2\pi)^{4-3n} (\pi/2)^{n-1} s^{n-2} / ((n-1)! (n-2)!)$ (Kleiss, Stirling and Ellis 1986).

    The measure is $(2\pi)^4 \delta^4(P - \sum p_i) \prod d^3p_i / ((2\pi)^3 2 E_i)$.
    """
    n, s = bodies, energy**2
    return (
        (2 * math.pi) ** (4 - 3 * n)
        * (math.pi / 2) ** (n - 1)
        * s ** (n - 2)
        / (math.factorial(n - 1) * math.factorial(n - 2))
    )


def volume(space: PhaseSpace) -> float:
    r"""The volume by quadrature of $\Phi_n(s) = \int \frac{dM^2}{2\pi} \Phi_2(s; M, m_n) \Phi_{n-1}(M^2)$.

    Raises:
        ValueError: for massive particles by more than 5, where the nested sums grow too large.
    """
    if space.is_massless:
        return massless_volume(space.bodies, space.energy)
    if space.bodies > MOST_BODIES:
        raise ValueError(f"masses has {space.bodies} entries; quadrature takes at most {MOST_BODIES} massive particles")
    return float(_volume(np.array([space.energy]), space.masses)[0])


def _volume(energy: np.ndarray, masses: tuple[float, ...]) -> np.ndarray:
    """Volumes at several total energies."""
    if len(masses) == 2:
        return _two_body(energy, np.array(masses[0]), masses[1])
    least = sum(masses[:-1])
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    angle = math.pi / 4 * (nodes + 1)
    # In this variable the square roots at both ends are smooth.
    reach = (energy - masses[-1] - least)[..., None]
    mass = least + reach * np.sin(angle) ** 2
    step = reach * np.sin(2 * angle) * math.pi / 4 * weights
    inner = _volume(mass, masses[:-1])
    return np.sum(_two_body(energy[..., None], mass, masses[-1]) * inner * mass / math.pi * step, axis=-1)


def _two_body(energy: np.ndarray, mass: np.ndarray, other: float) -> np.ndarray:
    """Two-body volume sqrt(lambda(s, M^2, m^2)) / (8 pi s)."""
    s = energy**2
    triangle = (s - (mass + other) ** 2) * (s - (mass - other) ** 2)
    return np.sqrt(np.maximum(triangle, 0)) / (8 * math.pi * s)


def measured_volume(space: PhaseSpace, drawn: Sample) -> Estimate:
    """The volume as the mean weight of a sample times the volume of massless phase space."""
    scale = massless_volume(space.bodies, space.energy)
    count = len(drawn.weights)
    return Estimate(scale * drawn.weights.mean(), scale * drawn.weights.std(ddof=1) / count**0.5, count)
