"""Substitution: whether a candidate can take the place of a neuron.

A neuron is a function of what was observed, noise included, so that no candidate explains all of its variance. What
counts is what it does for the answers: where the neuron is replaced by a function of the candidate and answers stay as
good, or become better since the candidate has no noise, the neuron holds that candidate.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ...train import compiled
from ..objective import squared_error
from ..scinet import SciNet, answers
from ..worlds import Sample
from .scores import remainder


def substitution(
    model: SciNet, means: Float[np.ndarray, "systems latents"], sample: Sample, columns: Mapping[str, np.ndarray]
) -> Float[np.ndarray, "latents columns"]:
    """The share of what a neuron does for the answers that a function of each candidate does in its place.

    1 where squared errors are those with the neuron, 0 where they are those with the neuron held at its mean; above 1
    where the candidate serves better than the neuron. The function is the one of `explained`: straight within bins.

    Args:
        means: means of the neurons on the systems of the sample; silent ones are 0.
        columns: the candidates on these systems.
    """
    means = np.asarray(means, np.float64)
    shares = np.zeros((means.shape[1], len(columns)))
    with_neuron = _error(model, means, sample)
    for k in range(means.shape[1]):
        z = means[:, k]
        if np.ptp(z) == 0:
            continue
        without = _error(model, _replaced(means, k, np.full(len(z), z.mean())), sample)
        for i, column in enumerate(columns.values()):
            function = z - remainder(z, np.asarray(column, np.float64))[0]
            replaced = _error(model, _replaced(means, k, function), sample)
            if without > with_neuron:
                shares[k, i] = (without - replaced) / (without - with_neuron)
    return shares


def _replaced(means: np.ndarray, k: int, column: np.ndarray) -> np.ndarray:
    return np.concatenate([means[:, :k], column[:, None], means[:, k + 1 :]], axis=1)


def _error(model: SciNet, means: np.ndarray, sample: Sample) -> float:
    return float(_squared_error(model, jnp.asarray(means, jnp.float32), sample))


@compiled(once=True)
def _squared_error(model: SciNet, means: Float[Array, "systems latents"], sample: Sample) -> Float[Array, ""]:
    return squared_error(answers(model, means, sample.questions), sample)
