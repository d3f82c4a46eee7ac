"""Processes: events of three and four massless particles by their matrix elements, averaged over directions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import numpy as np

from ..phase_space import PhaseSpace, sample, unweighted

# Gluons that are soft or collinear come with infinite probability; pairs below this share of s are not resolved.
RESOLVED = 0.05


@dataclass(frozen=True)
class Process:
    """What is produced, and how likely each event is.

    Attributes:
        square: the squared matrix element up to a constant, of momenta with shape (events, n, 4) and total energy 1,
            shape (events,).
        cut: pairs with a smaller share of the squared energy are not resolved, and such events do not occur.
    """

    name: str
    bodies: int
    square: Callable[[np.ndarray], np.ndarray]
    cut: float = 0.0

    def events(self, count: int, seed: int) -> np.ndarray:
        """At least `count` unweighted events cut to that number, float64 of shape (count, n, 4).

        Raises:
            ValueError: for a count below 1.
        """
        if count < 1:
            raise ValueError(f"count is {count}; it must be at least 1")
        found: list[np.ndarray] = []
        space, key = PhaseSpace.massless(self.bodies), jax.random.key(seed)
        while sum(map(len, found)) < count:
            key, for_events = jax.random.split(key)
            drawn = sample(space, 4 * count, key=for_events)
            found.append(unweighted(drawn, self.square(drawn.momenta), seed + len(found)))
        return np.concatenate(found)[:count]


def pair(momenta: np.ndarray, i: int, j: int) -> np.ndarray:
    """p_i·p_j of each event, shape (events,)."""
    p, q = momenta[:, i], momenta[:, j]
    return p[:, 0] * q[:, 0] - np.sum(p[:, 1:] * q[:, 1:], axis=1)


def _muon_decay(momenta: np.ndarray) -> np.ndarray:
    """Muon to electron, antineutrino, neutrino: (p_mu·p_antineutrino)(p_e·p_neutrino), unpolarized."""
    return momenta[:, 1, 0] * pair(momenta, 0, 2)


def _quarks_and_gluon(momenta: np.ndarray) -> np.ndarray:
    """(x_1^2 + x_2^2) / ((1 - x_1)(1 - x_2)) of quark and antiquark, where all pairs are resolved."""
    x = 2 * momenta[..., 0]
    resolved = (1 - x > RESOLVED).all(axis=1)
    # Unresolved events count nothing, whatever stands in their place.
    one, two = np.maximum(1 - x[:, 0], RESOLVED), np.maximum(1 - x[:, 1], RESOLVED)
    return np.where(resolved, (x[:, 0] ** 2 + x[:, 1] ** 2) / (one * two), 0)


def _two_pairs(momenta: np.ndarray) -> np.ndarray:
    """A toy of four particles: (p_1·p_2)(p_3·p_4)."""
    return pair(momenta, 0, 1) * pair(momenta, 2, 3)


MUON_DECAY = Process("muon decay", 3, _muon_decay)
QUARKS_AND_GLUON = Process("e+e- to quarks and a gluon", 3, _quarks_and_gluon, RESOLVED)
TWO_PAIRS = Process("two pairs, 4 bodies", 4, _two_pairs)
PROCESSES = (MUON_DECAY, QUARKS_AND_GLUON, TWO_PAIRS)
