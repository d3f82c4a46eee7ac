"""Simulation: the same nuisances by Monte Carlo, the judge of every expansion; coverage and pulls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from ...stats import Estimate
from .covariance import Nuisances
from .propagation import Network, derivatives, propagate_jacobian


def simulate(network: Network, inputs: np.ndarray, nuisances: Nuisances, draws: int, seed: int = 0) -> np.ndarray:
    """Outputs at shifted inputs, float64 of shape (draws, outputs).

    Raises:
        ValueError: for fewer than 2 draws.
    """
    if draws < 2:
        raise ValueError(f"draws is {draws}; a width takes at least 2")
    return outputs_at(network, inputs + nuisances.shifts(draws, np.random.default_rng(seed)))


def outputs_at(network: Network, points: np.ndarray) -> np.ndarray:
    """Outputs at many points, float64 of shape (points, outputs)."""
    with jax.enable_x64(True):
        return np.asarray(jax.vmap(lambda x: jnp.atleast_1d(network(x)))(jnp.asarray(points, jnp.float64)))


@dataclass(frozen=True)
class Breakdown:
    """How an expansion fares as uncertainties grow, over examples.

    Attributes:
        sigmas: sizes of the uncertainty.
        ratios: simulated over propagated width, shape (sigmas, examples).
        coverages: share of simulated outputs within one propagated sigma of the propagated mean, same shape.
        pulls: simulated deviations from the propagated mean over sigma, shape (sigmas, examples, draws).
    """

    sigmas: np.ndarray
    ratios: np.ndarray
    coverages: np.ndarray
    pulls: np.ndarray

    @property
    def ratio(self) -> Estimate:
        """Median ratio of widths over examples, with the error of a median from its quartiles."""
        return median(self.ratios)

    @property
    def coverage(self) -> Estimate:
        """Mean coverage over examples; it would be 0.6827 for a normal output of known width."""
        examples = self.coverages.shape[1]
        return Estimate(self.coverages.mean(axis=1), self.coverages.std(axis=1, ddof=1) / examples**0.5, examples)


def breakdown(
    network: Network,
    examples: np.ndarray,
    nuisances: Callable[[np.ndarray, float], Nuisances],
    sigmas: np.ndarray,
    draws: int = 1000,
    order: int = 1,
    seed: int = 0,
) -> Breakdown:
    """Compare propagation with simulation for several sizes of an uncertainty.

    Args:
        network: with one output.
        examples: shape (examples, inputs).
        nuisances: of an example at a size, for instance `resolution`.

    Raises:
        ValueError: for fewer than 2 examples, and where `propagate_jacobian` does.
    """
    if len(examples) < 2:
        raise ValueError(f"examples has {len(examples)} rows; an error bar takes at least 2")
    rng, shape = np.random.default_rng(seed), (len(sigmas), len(examples))
    values, jacobians, hessians = derivatives(network, examples, order)
    pulls, ratios = np.zeros((*shape, draws)), np.zeros(shape)
    for place, sigma in enumerate(sigmas.tolist()):
        uncertain = [nuisances(example, sigma) for example in examples]
        shifted = np.concatenate(
            [example + each.shifts(draws, rng) for example, each in zip(examples, uncertain, strict=True)]
        )
        outputs = outputs_at(network, shifted).reshape(len(examples), draws)
        for row, each in enumerate(uncertain):
            found = propagate_jacobian(values[row], jacobians[row], each, None if hessians is None else hessians[row])
            pulls[place, row] = (outputs[row] - found.output[0] - found.bias[0]) / found.sigma[0]
            ratios[place, row] = outputs[row].std(ddof=1) / found.sigma[0]
    return Breakdown(sigmas, ratios, np.mean(np.abs(pulls) < 1, axis=2), pulls)


def median(values: np.ndarray) -> Estimate:
    """The median along the last axis; its error is that of a normal sample with these quartiles."""
    count = values.shape[-1]
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75), axis=-1)
    return Estimate(middle, 1.2533 * (high - low) / 1.349 / count**0.5, count)


def ensemble_spread(networks: np.ndarray) -> Estimate:
    """What a deep ensemble does not agree on: the standard deviation of outputs over networks, with its error.

    Args:
        networks: outputs of shape (networks, examples).

    Raises:
        ValueError: for fewer than 2 networks.
    """
    members = len(networks)
    if members < 2:
        raise ValueError(f"networks has {members} rows; a spread takes at least 2")
    spread = networks.std(axis=0, ddof=1)
    return Estimate(spread, spread / (2 * (members - 1)) ** 0.5, members)
