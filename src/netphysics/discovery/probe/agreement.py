r"""Agreement: whether trainings from different seeds found the same concepts.

A neuron is defined up to a monotone function, and a group of neurons up to a mixture. So each neuron's means on some
systems, the same ones for all seeds, become normal scores by their ranks; then the space that the active
neurons span is what a seed found, as its projector P. For two seeds $\mathrm{tr}(P_s P_t)$ is the sum of their squared
canonical correlations. Projectors are sums over seeds like anything else, and
$\mathrm{tr}(\sum_{s \ne t} P_s P_t) = |\sum_s P_s|^2 - \sum_s |P_s|^2$.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy.special import ndtri
from scipy.stats import rankdata


def span(means: Float[np.ndarray, "systems active"]) -> Float[np.ndarray, "systems systems"]:
    """The projector onto the functions of the systems that the neurons span, after their ranks."""
    scores = ndtri((rankdata(means, axis=0) - 0.5) / len(means)) if means.shape[1] else means
    basis = np.linalg.qr(scores - scores.mean(axis=0))[0]
    return basis @ basis.T


def agreement(mean: Float[np.ndarray, "systems systems"], neurons: float, seeds: int) -> float:
    """The mean squared canonical correlation between two seeds: 1 where all found the same, 0 for strangers.

    Args:
        mean: mean of the projectors over seeds.
        neurons: mean number of active neurons, which is the mean of their squares, too.
        seeds: how many; NaN for fewer than two, or without neurons.
    """
    if seeds < 2 or neurons == 0:
        return float("nan")
    pairs = (seeds * (mean**2).sum() - neurons) / (seeds - 1)
    # Chance alone correlates k of n directions by k/n.
    chance = neurons / (len(mean) - 1)
    return float((pairs / neurons - chance) / (1 - chance))
