"""Ensembles and estimators that are compared, and the options of the study."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Float, Int

from netphysics.fields.interactions import connected_functions
from netphysics.fields.interactions.correlators import Connected
from netphysics.fields.kernels import output_kernel
from netphysics.lab import StudyConfig, budget, option
from netphysics.nets import Net

from ..published import BIAS_STD, PAPER_POINTS

ESTIMATORS = {"published": "published", "rao_blackwell": "Rao-Blackwell", "pooled": "pooled"}
ORDERS = {"four": 4, "six": 6}
# Four of the paper's six points on a line.
CHOSEN = [0, 2, 3, 5]
# Errors are measured for ensembles of M/16, M/4 and M networks: those of 1, 4 and all 16 groups.
GROUPS = (1, 4, 16)


@dataclass(frozen=True)
class Case:
    """An ensemble of networks and the inputs it is seen at."""

    activation: str
    width: int
    scale: float = 1.0

    @property
    def inputs(self) -> Float[np.ndarray, "points 1"]:
        return self.scale * PAPER_POINTS[self.activation][CHOSEN]

    @property
    def net(self) -> Net:
        return Net((1, self.width, 1), self.activation, "gaussian", 1.0, BIAS_STD[self.activation] ** 2)

    @functools.cached_property
    def exact(self) -> Connected:
        return connected_functions(self.net, self.inputs)

    @functools.cached_property
    def kernel(self) -> Float[np.ndarray, "points points"]:
        """K~, without the output bias."""
        return output_kernel(self.net, self.inputs, output_bias=False)


CASES: dict[str, Case] = {
    "erf-5": Case("erf", 5),
    "erf-5-near": Case("erf", 5, scale=0.01),
    "erf-100": Case("erf", 100),
    "relu-20": Case("relu", 20),
    "gauss-100": Case("gauss", 100),
}


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the comparison of estimators."""

    cases: tuple[Literal["erf-5", "erf-5-near", "erf-100", "relu-20", "gauss-100"], ...] = option(
        ("erf-5", "erf-100", "relu-20", "gauss-100"), distinct=True
    )
    """Activation and width; erf-5-near looks at points a hundred times closer to zero."""
    networks: int = option(1024, least=4 * GROUPS[-1], multiple=GROUPS[-1])
    """Networks M of an ensemble, a multiple of 16; errors are measured for M/16, M/4 and M."""
    draws: int = budget(1024)
    """Ensembles for each case; rounded up to whole blocks."""
    block_size: int = 16
    """Ensembles per block."""

    presets: ClassVar = {
        "quick": {"cases": ("erf-5", "relu-20"), "draws": 512},
        "paper": {"cases": tuple(CASES), "networks": 4096, "draws": 4096},
    }


def sizes(config: Config) -> Int[np.ndarray, " ensembles"]:
    """Numbers of networks of the ensembles."""
    return config.networks // GROUPS[-1] * np.array(GROUPS)
