"""What studies of deep networks at criticality share: which networks, how they are rounded, what two widths tell."""

from __future__ import annotations

from typing import Literal

import numpy as np

from netphysics.fields.depth import critical_point, leading_order
from netphysics.lab import Results
from netphysics.nets import Net, activation
from netphysics.stats import Estimate

Initialization = Literal["gaussian", "orthogonal"]
INITIALIZATIONS: tuple[Initialization, ...] = ("gaussian", "orthogonal")
Name = Literal["tanh", "relu", "linear", "gelu", "erf", "sin", "swish", "leaky-relu"]
PAPER = "arXiv:2310.07765; Day, Pheno 2023"
# Relative rounding of one layer in float32; it adds up like a random walk.
ROUNDING = 2e-7


def recursion(chapter: int) -> str:
    """The source of our own recursions: the book's for Gaussian weights, and what orthogonal ones change."""
    return f"arXiv:2106.10165, chapter {chapter}, and the Haar measure's fourth moments"


def critical_net(name: str, initialization: Initialization, width: int, depth: int) -> tuple[Net, float]:
    """A critical net, and the mean square of an input at which its first kernel is K*, or 1 where that is free."""
    weight, bias, kernel = critical_variances(name)
    return Net((width,) * (depth + 1), name, initialization, weight, bias), (kernel - bias) / weight


def critical_variances(name: str) -> tuple[float, float, float]:
    """C_W and C_b at which an activation is critical, and the kernel there, or 1 where that is free.

    Raises:
        ValueError: for an activation that has no such point.
    """
    point = critical_point(activation(name))
    if point.weight_variance is None or point.bias_variance is None:
        raise ValueError(f"activation is {name}; it must be one that has a critical point")
    return point.weight_variance, point.bias_variance, point.kernel or 1.0


def rounding(layers: np.ndarray) -> np.ndarray:
    """What float32 rounds off a signal's norm on its way through so many layers, relative to it; of their shape."""
    return ROUNDING * np.sqrt(layers)


def extrapolated(widths: tuple[int, int], results: Results, name: str, quantity: str) -> Estimate:
    """A quantity to leading order in 1/width, from the cells `<name>-<width>` of two widths."""
    return leading_order(widths, *(results[f"{name}-{width}"][quantity] for width in widths))
