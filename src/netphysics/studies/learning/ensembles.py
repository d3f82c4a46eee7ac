"""What studies of trained ensembles share: their data, the networks they train, and what is counted of each."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Array

from netphysics.fields.depth import critical_point, finite_width_flow
from netphysics.fields.learning import Descent, Ensemble, Network, make_ensemble, outputs
from netphysics.fields.learning.data import Labeled, load, split
from netphysics.fields.learning.networks import Description
from netphysics.lab import StudyConfig, option
from netphysics.nets import LearningRates, Net, activation
from netphysics.nets.net import Initialization
from netphysics.stats import Numbers, Tally

INITIALIZATIONS = ("gaussian", "orthogonal")
TALK = "Day, Pheno 2023, future work"
HUANG = "arXiv:2004.05867"
# Mean losses that are kept of a training.
CHUNKS = 25


@dataclass(frozen=True)
class LearningConfig(StudyConfig):
    """What studies of trained ensembles have in common."""

    data: str = "digits"
    """What is learned: digits (scikit-learn's), a folder with the files of MNIST, Fashion-MNIST or CIFAR-10 (binary
    version), or a table, .npz or CSV, with a column "label"."""
    train: int = option(300, least=2)
    """Examples to train on."""
    test: int = option(500, least=2)
    """Examples to test on."""
    steps: int = option(300, least=CHUNKS)
    """Steps of training."""
    block_size: int = 4
    """Networks per block; they are trained side by side."""

    def __post_init__(self) -> None:
        super().__post_init__()
        examples(self)


@functools.lru_cache(maxsize=4)
def read(data: str, train: int, test: int) -> tuple[Labeled, Labeled]:
    return split(load(data), train, test)


def examples(config: LearningConfig) -> tuple[Labeled, Labeled]:
    """What to train on and what to test on, each example at |x|² = d_in.

    Raises:
        ValueError: for data that cannot be read, or that are too few.
    """
    return read(config.data, config.train, config.test)


def critical(config: LearningConfig, name: str, initialization: Initialization, depth: int, width: int) -> Net:
    """The critical net of an activation, from the data's pixels to its classes; its first kernel is C_b + C_W."""
    weight_variance, bias_variance = critical_point(activation(name)).variances
    data = examples(config)[0]
    widths = (data.inputs.shape[1], *[width] * depth, data.classes)
    return Net(widths, name, initialization, weight_variance, bias_variance)


def trainer(
    config: LearningConfig, net: Description, descent: Descent, rates: LearningRates | None = None
) -> Callable[[Array], Ensemble]:
    """A function of keys that draws networks and trains them on the data of a study."""
    data = examples(config)[0]
    return make_ensemble(net, data.inputs, data.targets, descent, rates, chunks=CHUNKS)


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
