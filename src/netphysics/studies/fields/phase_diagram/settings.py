"""Activations and networks of the phase diagram, and the options of the study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Float

from netphysics.lab import StudyConfig, budget, option

ACTIVATIONS = ("relu", "linear", "tanh", "sin", "erf", "elu", "gelu", "swish", "sigmoid", "softplus")
# Critical (C_b, C_W) that were published, or follow from slopes at zero.
PUBLISHED = {
    "relu": (0.0, 2.0),
    "linear": (0.0, 1.0),
    "tanh": (0.0, 1.0),
    "sin": (0.0, 1.0),
    "gelu": (0.17292239, 1.98305826),
    "swish": (0.55514317, 1.98800468),
}
# Nets that are measured: activation, C_W and C_b.
NETS = {
    "tanh-ordered": ("tanh", 1.2, 0.2),
    "tanh-torch": ("tanh", 25 / 9, 0.0),
    "erf-chaotic": ("erf", 2.0, 0.05),
    "gelu-ordered": ("gelu", 1.5, 0.3),
    "relu-ordered": ("relu", 1.5, 0.5),
}
QUANTITIES = ("kernel", "parallel", "perpendicular")


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the phase diagram."""

    activation: Literal["tanh", "sin", "erf", "gelu", "swish", "elu", "relu"] = "tanh"
    """Activation whose plane is drawn."""
    nets: tuple[str, ...] = option(tuple(NETS), distinct=True)
    """Nets to measure, of tanh-ordered, tanh-torch, erf-chaotic, gelu-ordered and relu-ordered."""
    points: int = option(80, least=2)
    """Points of the plane along each axis."""
    width: int = option(512, least=8)
    """Width n of the networks that are measured."""
    depth: int = option(6, least=2)
    """Layers L that they have; their inputs start at the fixed point."""
    draws: int = budget(32_768)
    """Networks for each pair of variances; rounded up to whole blocks."""
    block_size: int = 1024
    """Networks per block."""

    presets: ClassVar = {
        "quick": {"points": 60, "width": 256, "depth": 4, "draws": 8_192, "block_size": 512},
        "paper": {"points": 240, "width": 1024, "draws": 262_144},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if not set(self.nets) <= set(NETS):
            raise ValueError(f"nets is {self.nets}; each must be one of {', '.join(NETS)}")


def plane(config: Config) -> tuple[Float[np.ndarray, " points"], Float[np.ndarray, " points"]]:
    """σ_w and σ_b along the axes of the plane."""
    return np.linspace(0.6, 2.4, config.points), np.linspace(0.0, 1.5, config.points)
