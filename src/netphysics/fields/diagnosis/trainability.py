"""The probability that a network trains, from what is measured before training.

Two or three numbers go into a logistic map. Its coefficients were fitted to PyTorch networks (multilayer perceptrons,
convolutional and residual networks, transformers; well and badly started), each trained for 300 full-batch steps on 300
digits with cross entropy, plain SGD at 0.05 and Adam at 0.001. One that got 80 % of the images right trained. Networks
that train and that do not count the same, however many there are of either. `benchmarks/trainability` makes the fit
again and tests it on other networks; docs/diagnose.md says how well it does.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
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


@dataclass(frozen=True)
class Features:
    """What decides whether a network trains."""

    aligned: float
    """Cosine between the outputs and random labels after a few virtual steps on them, see `probe.alignment`."""
    gradients: float
    """By how many decades squared gradients are larger or smaller at the first layer than at the last."""
    learned: float
    """Share of random labels' differences that linearized dynamics learn in the steps of a training; its decimal
    logarithm."""


# Of the features, and of 1.
COEFFICIENTS: dict[Optimizer, dict[str, float]] = {
    "sgd": {"1": 0.8506, "aligned": 5.759, "gradients": -0.2817, "learned": 1.518},
    "adam": {"1": 0.4745, "aligned": 7.917, "gradients": -0.2193},
}


def features(measured: Measurement, optimizer: Optimizer, rate: float | None = None, steps: int = STEPS) -> Features:
    """The numbers that go into the logistic map; the rate is that of `RATES` by default."""
    rate, samples = RATES[optimizer] if rate is None else rate, measured.samples
    kernel = optimizer_kernel(measured, optimizer)
    centered = kernel - kernel.mean(axis=0) - kernel.mean(axis=1, keepdims=True) + kernel.mean()
    modes = np.maximum(np.linalg.eigvalsh(centered)[1:], 0.0) / samples
    return Features(
        aligned=measured.aligned[optimizer],
        gradients=abs(gradient_growth(measured)),
        learned=logarithm(float(np.mean(-np.expm1(-rate * SOFTMAX * steps * modes))), -8.0, 0.0),
    )


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


def trains(measured: Measurement, optimizer: Optimizer, rate: float | None = None, steps: int = STEPS) -> float:
    """The probability that the network trains with that optimizer in so many steps, at its usual rate by default;
    virtual steps are to have been measured at the same rate."""
    found, coefficients = asdict(features(measured, optimizer, rate, steps)), COEFFICIENTS[optimizer]
    exponent = sum(slope * found.get(name, 1.0) for name, slope in coefficients.items())
    return float(1 / (1 + np.exp(-np.clip(exponent, -50, 50))))
