"""The probability that a network trains, from what is measured before training.

What decides is how well labels are learned in virtual steps of the optimizer. The coefficients of the logistic maps
were fitted to PyTorch networks (multilayer perceptrons, convolutional, residual and recurrent networks, transformers;
well and badly started), each trained for 300 full-batch steps on 300 digits with cross entropy, plain SGD at 0.05 and
Adam at 0.001. One that got 80 % of the images right trained. Networks that train and that do not count the same,
however many there are of either. `benchmarks/trainability` makes the fit again; docs/diagnose.md says how well it does.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from jaxtyping import Float

from .measuring.measurement import Measurement
from .measuring.probe import ADAM_EPSILON, Learned
from .measuring.virtual_task import LEAST_SHARE, STEPS

Optimizer = Literal["sgd", "adam"]
# Learning rates that verdicts are about.
RATES = {"sgd": 0.05, "adam": 1e-3}
# What cross entropy's curvature takes away of the tangent kernel where ten classes are as likely, p (1 - p).
SOFTMAX = 0.1
# The logarithm of the odds is made of skill, of alignment, and of 1: after as many virtual steps as training takes,
# and, where a network is too large for that, after fewer on fewer inputs.
FITTED_STEPS = tuple(round(share * STEPS) for share in (LEAST_SHARE, math.sqrt(LEAST_SHARE), 1.0))
Coefficients = tuple[float, float, float]
COEFFICIENTS: dict[Optimizer, tuple[Coefficients, ...]] = {
    "sgd": ((4.141, 4.983, -3.349), (5.026, 4.987, -3.806), (7.277, 1.734, -5.145)),
    "adam": ((5.799, 4.686, -2.39), (5.048, 6.373, -3.646), (7.851, 3.248, -6.81)),
}


def trains(measured: Measurement, optimizer: Optimizer) -> float:
    """The probability that the network trains with that optimizer, at the rate that virtual steps were measured at."""
    return probability(measured.learned[optimizer], measured.steps, optimizer)


def probability(learned: Learned, steps: int, optimizer: Optimizer) -> float:
    """That a network trains which learned so much in so many virtual steps. Between the numbers of steps that were
    fitted, coefficients go with the logarithm."""
    place, fitted = math.log(steps), np.log(FITTED_STEPS)
    skill, alignment, rest = (
        float(np.interp(place, fitted, each)) for each in zip(*COEFFICIENTS[optimizer], strict=True)
    )
    return 1 / (1 + math.exp(-skill * learned.skill - alignment * learned.alignment - rest))


def linearly_learned(measured: Measurement) -> float:
    """Share of random labels' differences that the linearized dynamics of plain SGD learn in the steps of a training;
    its decimal logarithm."""
    kernel = optimizer_kernel(measured, "sgd")
    centered = kernel - kernel.mean(axis=0) - kernel.mean(axis=1, keepdims=True) + kernel.mean()
    modes = np.maximum(np.linalg.eigvalsh(centered)[1:], 0.0) / measured.samples
    return logarithm(float(np.mean(-np.expm1(-RATES["sgd"] * SOFTMAX * STEPS * modes))), -8.0, 0.0)


def optimizer_kernel(measured: Measurement, optimizer: Optimizer) -> Float[np.ndarray, "samples samples"]:
    """The tangent kernel as an optimizer moves the parameters: Adam divides a tensor's gradient by its size."""
    total = np.zeros((measured.samples, measured.samples))
    with np.errstate(all="ignore"):
        for part in measured.kernels:
            total += part.gram if optimizer == "sgd" else part.gram / (part.gradient + ADAM_EPSILON)
    return np.clip(np.nan_to_num(total, nan=1e100, posinf=1e100, neginf=-1e100), -1e100, 1e100)


def largest_mode(kernel: Float[np.ndarray, "samples samples"]) -> float:
    """The largest eigenvalue per sample."""
    return float(np.linalg.eigvalsh(kernel)[-1] / len(kernel))


def gradient_growth(measured: Measurement) -> float:
    """Decimal logarithm of the squared gradient at the first layer over that at the last, between -20 and 20."""
    seen = [size for layer in measured.layers if (size := layer.gradient_mean_square) is not None]
    if len(seen) < 2:
        return 0.0
    growth = logarithm(seen[0], -300.0, 300.0) - logarithm(seen[-1], -300.0, 300.0)
    return float(np.clip(growth, -20, 20))


def logarithm(value: float, lowest: float, highest: float) -> float:
    """Decimal logarithm within bounds; what is not finite is at the upper one, what is not positive at the lower."""
    if not np.isfinite(value):
        return highest
    return float(np.clip(np.log10(value), lowest, highest)) if value > 0 else lowest
