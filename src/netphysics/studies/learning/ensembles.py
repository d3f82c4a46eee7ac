"""Ensembles that learn the data of a study, and what is counted of each network."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Array

from netphysics.fields.depth import finite_width_flow
from netphysics.fields.learning import Descent, Ensemble, Network, make_ensemble, outputs
from netphysics.fields.learning.data import Labeled
from netphysics.fields.learning.networks import Description
from netphysics.nets import LearningRates, Net
from netphysics.stats import Numbers, Tally

from .options import CHUNKS, DescentConfig, LearningConfig, examples


def trainer(
    config: LearningConfig, net: Description, descent: Descent, rates: LearningRates | None = None
) -> Callable[[Array], Ensemble]:
    """A function of keys that draws networks and trains them on the data of a study."""
    data = examples(config)[0]
    return make_ensemble(net, data.inputs, data.targets, descent, rates, chunks=CHUNKS)


def own_rate_trainer(config: DescentConfig, net: Net) -> Callable[[Array], Ensemble]:
    """Gradient descent, each network at the fraction of its own largest stable rate that the config asks for."""
    return trainer(config, net, Descent(config.steps, config.fraction), LearningRates.matching(net))


def steps_of(config: LearningConfig) -> np.ndarray:
    """The middle of each stretch of steps over which losses are averaged."""
    chunk = -(-config.steps // CHUNKS)
    ends = np.minimum(chunk * np.arange(1, -(-config.steps // chunk) + 1), config.steps)
    return (np.concatenate([[0], ends[:-1]]) + ends - 1) // 2


def accuracies(networks: Network, data: Labeled) -> np.ndarray:
    """The share of examples that each network gets right, shape (networks,)."""
    return np.mean(np.asarray(outputs(networks, data.inputs)).argmax(axis=-1) == data.labels, axis=1)


def final_losses(ensemble: Ensemble) -> np.ndarray:
    """The last mean loss of each network; of one that diverged, the highest loss of all."""
    last = ensemble.losses[-1]
    return np.where(np.isnan(last), np.nanmax(ensemble.losses), last)


def loss_curves(ensemble: Ensemble) -> np.ndarray:
    """The losses of each network by step, shape (networks, chunks), where it diverged the highest loss of all."""
    return np.where(np.isnan(ensemble.losses), np.nanmax(ensemble.losses), ensemble.losses).T


def kernel_spread(net: Net) -> float:
    r"""Predicted relative spread of a diagonal entry of the tangent kernel over networks, \sqrt{(A + 2 B) / n} / Θ."""
    flow = finite_width_flow(net, 1.0, LearningRates.matching(net))
    return math.sqrt(max(flow.A[-1] + 2 * flow.B[-1], 0) / flow.width) / float(flow.tangent_kernel[-1])


def moments(**quantities: np.ndarray) -> dict[str, Numbers]:
    """Sums over networks, the first axis, of each quantity and of its square."""
    sums = {}
    for name, values in quantities.items():
        values = np.asarray(values, np.float64)
        sums[name] = values.sum(axis=0)
        sums[f"{name}_square"] = np.sum(values**2, axis=0)
    return sums


def deviation(tally: Tally, name: str, draws: int) -> Numbers:
    """The standard deviation over networks of a quantity of `moments`, with the variance unbiased."""
    variance = tally.mean(f"{name}_square") - tally.mean(name) ** 2
    return np.sqrt(np.maximum(variance, 0) * draws / max(draws - 1, 1))
