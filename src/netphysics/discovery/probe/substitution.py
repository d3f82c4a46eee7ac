"""Substitution: whether a candidate can take the place of a neuron.

A neuron is a function of what was observed, noise included, so that no candidate explains all of its variance. What
counts is what it does for the answers: where the neuron is replaced by a function of the candidate and answers stay as
good, or become better since the candidate has no noise, the neuron holds that candidate.

Nor is a neuron defined but for functions of the others, which a decoder can take off again: the amplitude of a spring
comes with something of its frequency, if another neuron holds the frequency. So it is what a neuron tells *beside the
others* that a candidate must tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ...train import compiled
from ..objective import squared_error
from ..scinet import SciNet, answers
from ..worlds import Sample
from .scores import remainder

# Rounds of fitting one function after the other.
ROUNDS = 4


def substitution(
    model: SciNet, means: Float[np.ndarray, "systems latents"], sample: Sample, columns: Mapping[str, np.ndarray]
) -> Float[np.ndarray, "latents columns"]:
    """The share of what a neuron does for the answers that each candidate does in its place, beside the other neurons.

    1 where squared errors are those with the neuron, 0 where they are those with what the other neurons tell of it;
    above 1 where the candidate serves better than the neuron. In its place comes a sum of functions, one of the
    candidate and one of each other neuron.

    Args:
        means: means of the neurons on the systems of the sample; silent ones are 0.
        columns: the candidates on these systems.
    """
    means = np.asarray(means, np.float64)
    shares = np.zeros((means.shape[1], len(columns)))
    with_neuron = _error(model, means, sample)
    kept = [k for k, z in enumerate(means.T) if np.ptp(z) > 0]
    for k in kept:
        others = [means[:, other] for other in kept if other != k]
        without = _error(model, _replaced(means, k, sum_of_functions(means[:, k], others)), sample)
        for i, column in enumerate(columns.values()):
            told = sum_of_functions(means[:, k], [np.asarray(column, np.float64), *others])
            replaced = _error(model, _replaced(means, k, told), sample)
            if without > with_neuron:
                shares[k, i] = (without - replaced) / (without - with_neuron)
    return shares


def sum_of_functions(y: Float[np.ndarray, " n"], columns: Sequence[np.ndarray]) -> Float[np.ndarray, " n"]:
    """y as far as it is a sum of functions, one of each column: those of `explained`, straight within bins.

    They are fitted in turn, each to what the others leave (backfitting: Hastie and Tibshirani, Generalized Additive
    Models, 1990).
    """
    center = y.mean()
    parts = np.zeros((len(columns), len(y)))
    for _ in range(ROUNDS):
        for i, column in enumerate(columns):
            rest = y - center - parts.sum(axis=0) + parts[i]
            parts[i] = rest - remainder(rest, column)[0]
    return center + parts.sum(axis=0)


def _replaced(means: np.ndarray, k: int, column: np.ndarray) -> np.ndarray:
    return np.concatenate([means[:, :k], column[:, None], means[:, k + 1 :]], axis=1)


def _error(model: SciNet, means: np.ndarray, sample: Sample) -> float:
    return float(_squared_error(model, jnp.asarray(means, jnp.float32), sample))


@compiled(once=True)
def _squared_error(model: SciNet, means: Float[Array, "systems latents"], sample: Sample) -> Float[Array, ""]:
    return squared_error(answers(model, means, sample.questions), sample)
