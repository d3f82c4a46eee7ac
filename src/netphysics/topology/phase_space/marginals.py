"""Laws that massless flat phase space must obey: one observable each, with its distribution function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Marginal:
    """One number of an event and its exact law.

    Attributes:
        observable: of momenta with shape (events, n, 4) and total energy 1, shape (events,).
        cumulative: the distribution function.
    """

    name: str
    observable: Callable[[np.ndarray], np.ndarray]
    cumulative: Callable[[np.ndarray], np.ndarray]

    def p_value(self, momenta: np.ndarray) -> float:
        """Of the Kolmogorov-Smirnov test of the events against the law."""
        return float(stats.kstest(self.observable(momenta), self.cumulative).pvalue)


def marginals(bodies: int) -> tuple[Marginal, ...]:
    """Laws of massless flat phase space with n particles.

    Twice the energy of a particle is Beta(2, n - 2), its light-cone fraction Beta(1, n - 1), its direction uniform;
    the mass squared of a pair follows 2(1 - y) for three particles and 6(1 - y^2 + 2 y ln y) for four.

    Raises:
        ValueError: for fewer than 2 bodies.
    """
    if bodies < 2:
        raise ValueError(f"bodies is {bodies}; a phase space has at least 2 particles")
    laws = [
        Marginal("light-cone fraction", lambda p: p[:, 0, 0] + p[:, 0, 3], stats.beta(1, bodies - 1).cdf),
        Marginal("cosine of a polar angle", lambda p: p[:, 0, 3] / p[:, 0, 0], stats.uniform(-1, 2).cdf),
    ]
    if bodies > 2:
        laws.append(Marginal("energy", lambda p: 2 * p[:, 0, 0], stats.beta(2, bodies - 2).cdf))
    if bodies == 3:
        laws.append(Marginal("mass of a pair", pair_mass_squared, stats.beta(1, 2).cdf))
    if bodies == 4:
        laws.append(Marginal("mass of a pair", pair_mass_squared, _pair_of_four))
    return tuple(laws)


def pair_mass_squared(momenta: np.ndarray, first: int = 0, second: int = 1) -> np.ndarray:
    """Invariant mass squared of two particles of each event, shape (events,)."""
    pair = momenta[:, first] + momenta[:, second]
    return pair[:, 0] ** 2 - np.sum(pair[:, 1:] ** 2, axis=1)


def _pair_of_four(y: np.ndarray) -> np.ndarray:
    y = np.clip(y, 0, 1)
    return 6 * y - 3 * y**2 - 2 * y**3 + 6 * y**2 * np.log(np.where(y > 0, y, 1))
