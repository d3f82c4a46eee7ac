"""The probability that a network trains, from what is measured before training.

What decides is how well labels are learned in virtual steps of the optimizer, told by the inputs that these were taken
on and by others. The coefficients of the logistic maps were fitted to PyTorch networks (multilayer perceptrons,
convolutional, residual and recurrent networks, transformers; well and badly started), each trained for 300 full-batch
steps on 300 digits with cross entropy, plain SGD at 0.05 and Adam at 0.001. One that got 80 % of the images right
trained. Networks that train and that do not count the same, however many there are of either. `benchmarks/trainability`
makes the fit again; docs/diagnose.md says how well it does.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from jaxtyping import Float

from .measurement import Measurement
from .probe import ADAM_EPSILON
from .virtual_task import FEWEST_STEPS, STEPS

Optimizer = Literal["sgd", "adam"]
# Learning rates that verdicts are about.
RATES = {"sgd": 0.05, "adam": 1e-3}
# What cross entropy's curvature takes away of the tangent kernel where ten classes are as likely, p (1 - p).
SOFTMAX = 0.1
# Of what is learned of the inputs that steps are taken on, of what is learned of others, and of 1: after as many steps
# as training takes, and after the fewest, on few inputs, which are all that there is time for where a network is large.
Coefficients = tuple[float, float, float]
COEFFICIENTS: dict[Optimizer, dict[int, Coefficients]] = {
    "sgd": {STEPS: (25.72, 0.0, -11.68), FEWEST_STEPS: (0.0, 17.61, -6.587)},
    "adam": {STEPS: (14.2, 0.0, -5.55), FEWEST_STEPS: (0.0, 8.32, -2.682)},
}
# Networks that learn inputs by heart and no more get a probability below one half, whatever the map says.
BY_HEART = 0.18


def trains(measured: Measurement, optimizer: Optimizer) -> float:
    """The probability that the network trains with that optimizer, at the rate that virtual steps were measured at."""
    found = measured.learned[optimizer]
    shown, kept, rest = coefficients(optimizer, measured.steps)
    probability = 1 / (1 + np.exp(-shown * found.shown - kept * found.kept - rest))
    return float(min(probability, max(0.0, found.kept / (2 * BY_HEART))))


def coefficients(optimizer: Optimizer, steps: int) -> Coefficients:
    """Those for so many virtual steps: between the two that were fitted, along log(steps)."""
    late, early = (np.array(COEFFICIENTS[optimizer][known]) for known in (STEPS, FEWEST_STEPS))
    share = np.log(STEPS / steps) / np.log(STEPS / FEWEST_STEPS)
    shown, kept, rest = late + share * (early - late)
    return float(shown), float(kept), float(rest)


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
