"""Options of studies of trained ensembles: what is learned, by which networks, and for how long."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from netphysics.fields.depth import critical_point
from netphysics.fields.learning.data import Labeled, load, split
from netphysics.lab import StudyConfig, budget, option
from netphysics.nets import Net, activation
from netphysics.nets.net import Initialization

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
    draws: int = budget(32)
    """Networks for each point of the sweep; rounded up to whole blocks."""
    block_size: int = 4
    """Networks per block; they are trained side by side."""

    def __post_init__(self) -> None:
        super().__post_init__()
        examples(self)


@dataclass(frozen=True)
class DescentConfig(LearningConfig):
    """What studies have in common that train each network at the same fraction of its own largest stable rate."""

    fraction: float = option(0.5, above=0)
    """Learning rate of gradient descent, as a fraction of 2/λ_max."""


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
