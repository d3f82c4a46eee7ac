"""The probability that a network trains, from what is measured before training.

Two numbers go into a logistic map: how well labels are learned in a few virtual steps of the optimizer, and by how much
gradients differ over the layers. Its coefficients were fitted to PyTorch networks (multilayer perceptrons,
convolutional, residual and recurrent networks, transformers; well and badly started), each trained for 300 full-batch
steps on 300 digits with cross entropy, plain SGD at 0.05 and Adam at 0.001. One that got 80 % of the images right
trained. Networks that train and that do not count the same, however many there are of either.
`benchmarks/trainability` makes the fit again; docs/diagnose.md says how well it does.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from jaxtyping import Float

from .measurement import Measurement
from .probe import ADAM_EPSILON

Optimizer = Literal["sgd", "adam"]
# Learning rates that verdicts are about, and the steps that training is given.
RATES = {"sgd": 0.05, "adam": 1e-3}
STEPS = 300
# What cross entropy's curvature takes away of the tangent kernel where ten classes are as likely, p (1 - p).
SOFTMAX = 0.1
# Of the alignment after virtual steps, of the decades by which squared gradients differ over the layers, and of 1.
COEFFICIENTS: dict[Optimizer, dict[str, float]] = {
    "sgd": {"aligned": 16.67, "gradients": -0.5288, "1": -3.657},
    "adam": {"aligned": 10.79, "gradients": -0.1104, "1": -2.423},
}


def features(measured: Measurement, optimizer: Optimizer) -> dict[str, float]:
    """The numbers that go into the logistic map, as in `COEFFICIENTS`."""
    return {"aligned": measured.aligned[optimizer], "gradients": abs(gradient_growth(measured)), "1": 1.0}


def trains(measured: Measurement, optimizer: Optimizer) -> float:
    """The probability that the network trains with that optimizer, at the rate that virtual steps were measured at."""
    found = features(measured, optimizer)
    exponent = sum(slope * found[name] for name, slope in COEFFICIENTS[optimizer].items())
    return float(1 / (1 + np.exp(-exponent)))


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
