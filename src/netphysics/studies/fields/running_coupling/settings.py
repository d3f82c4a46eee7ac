"""Networks, inputs and cutoffs of the running coupling, and the options of the study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from netphysics.lab import StudyConfig, option
from netphysics.nets import Net

from ..published import CUBE, LINE, RAY, SQUARE
from ..published import cell_name as plain

CORNERS = {1: LINE, 2: SQUARE, 3: CUBE}
# The paper moves its points to where each kernel is interesting: scale and shift.
PLACES = {
    "erf": dict.fromkeys(CORNERS, (1.0, 0.0)),
    "gauss": dict.fromkeys(CORNERS, (0.01, 0.0)),
    "relu": {1: (0.5, 0.7), 2: (0.25, 0.75), 3: (0.4, 0.6)},
}
# Bias variance of the networks, and whether the output bias is left in the kernel.
CASES = {
    "erf": ("erf", 1.0, False),
    "relu": ("relu", 0.0, False),
    "relu, with bias": ("relu", 1.0, False),
    "gauss": ("gauss", 1.0, False),
    "erf, K": ("erf", 1.0, True),
    "gauss, K": ("gauss", 1.0, True),
}
# In three dimensions the grid resolves boxes up to this size; further out its error is no longer small.
LARGEST = {1: 1e6, 2: 1e5, 3: 1e3}
# Networks and inputs of the predictions: couplings are fitted at two pairs of inputs, and used between them.
FITTED, BETWEEN = [0, 2, 3, 5], [1, 4]
PREDICTED = {
    "erf": (Net((1, 5, 1), "erf", "gaussian", 1.0, 1.0), LINE),
    "erf, near zero": (Net((1, 5, 1), "erf", "gaussian", 1.0, 1.0), 0.01 * RAY),
    "relu": (Net((1, 20, 1), "relu", "gaussian", 1.0, 0.0), RAY),
    "relu, with bias": (Net((1, 20, 1), "relu", "gaussian", 1.0, 1.0), RAY),
    "gauss": (Net((1, 1000, 1), "gauss", "gaussian", 1.0, 1.0), 0.01 * LINE),
    "gauss, spread out": (Net((1, 1000, 1), "gauss", "gaussian", 1.0, 1.0), LINE),
}
SETTLING = ("erf", "relu, with bias")


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the running coupling."""

    dimensions: tuple[Literal[1, 2, 3], ...] = option((1, 2, 3), distinct=True)
    """Input dimensions d_in."""
    cutoffs: tuple[float, ...] = option((7.0, 30.0, 100.0, 300.0, 1e3, 1e4, 1e5), above=0, rising=True)
    """Half-widths Lambda of the box; in three dimensions up to 1000."""

    presets: ClassVar = {"quick": {"dimensions": (1, 2), "cutoffs": (7.0, 30.0, 100.0, 300.0, 1e3)}, "paper": {}}

    def __post_init__(self) -> None:
        super().__post_init__()
        largest = LARGEST[max(self.dimensions)]
        if len(self.cutoffs_in(max(self.dimensions))) < 3:
            raise ValueError(f"cutoffs is {self.cutoffs}; it needs at least three up to {largest:g}")

    def cutoffs_in(self, dimension: int) -> tuple[float, ...]:
        """The cutoffs that integrals in that dimension can resolve."""
        return tuple(cutoff for cutoff in self.cutoffs if cutoff <= LARGEST[dimension])


def cell_name(case: str, dimension: int) -> str:
    return f"{plain(case)}-d{dimension}"


def prediction_name(label: str) -> str:
    return f"predictions-{plain(label)}"


def network(case: str, dimension: int) -> tuple[Net, np.ndarray, bool]:
    """Networks of a case, their inputs, and whether the output bias stays in the kernel."""
    name, bias_variance, output_bias = CASES[case]
    scale, shift = PLACES[name][dimension]
    net = Net((dimension, 20, 1), name, "gaussian", 1.0, bias_variance)
    return net, scale * CORNERS[dimension] + shift, output_bias
