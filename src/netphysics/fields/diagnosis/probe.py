"""What a network is probed with, whatever framework it comes from: directions in its outputs, and virtual steps of an
optimizer on random labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int
from scipy.special import log_softmax

# Adam divides a gradient by its size plus this; its averages forget a step by these factors.
ADAM_EPSILON, ADAM_DECAYS = 1e-8, (0.9, 0.999)
VIRTUAL_STEPS = 20


def random_directions(shape: tuple[int, int]) -> Float[np.ndarray, "samples outputs"]:
    """A unit vector for each sample. Cross entropy pushes classes against each other: what all outputs share does
    not matter to it, and is left out.
    """
    direction = np.random.default_rng(0).standard_normal(shape)
    if shape[1] > 1:
        direction -= direction.mean(axis=1, keepdims=True)
    return direction / np.linalg.norm(direction, axis=1, keepdims=True)


def random_targets(shape: tuple[int, int]) -> Int[np.ndarray, " samples"] | Float[np.ndarray, " samples"]:
    """Labels for cross entropy; numbers of variance 1 for half the squared error of a single output."""
    draw = np.random.default_rng(1)
    return draw.standard_normal(shape[0]) if shape[1] == 1 else draw.integers(shape[1], size=shape[0])


def loss_and_slope(
    outputs: Float[np.ndarray, "samples outputs"], targets: np.ndarray
) -> tuple[float, Float[np.ndarray, "samples outputs"]]:
    """The mean loss over the batch, and its gradient by the outputs."""
    samples = len(outputs)
    if outputs.shape[1] == 1:
        error = outputs[:, 0] - targets
        return float(np.mean(error**2) / 2), error[:, None] / samples
    logarithms = log_softmax(outputs, axis=1)
    rows = np.arange(samples)
    slope = np.exp(logarithms)
    slope[rows, targets] -= 1
    return float(-np.mean(logarithms[rows, targets])), slope / samples


def descend(
    parameters: list[np.ndarray], gradients: Callable[[list[np.ndarray]], list[np.ndarray]], optimizer: str, rate: float
) -> list[np.ndarray]:
    """Copies of the parameters after the virtual steps; `gradients` are those of a loss at given parameters."""
    parameters = [p.copy() for p in parameters]
    means, squares = ([np.zeros_like(p) for p in parameters] for _ in range(2))
    (slow, slower), eps = ADAM_DECAYS, ADAM_EPSILON
    with np.errstate(all="ignore"):
        for step in range(1, VIRTUAL_STEPS + 1):
            found = gradients(parameters)
            if optimizer == "sgd":
                for p, g in zip(parameters, found, strict=True):
                    p -= rate * g
                continue
            scale, unit = rate / (1 - slow**step), (1 - slower**step) ** -0.5
            for p, g, mean, square in zip(parameters, found, means, squares, strict=True):
                mean += (1 - slow) * (g - mean)
                square += (1 - slower) * (g * g - square)
                p -= scale * mean / (unit * np.sqrt(square) + eps)
    return parameters


def alignment(outputs: Float[np.ndarray, "samples outputs"], targets: np.ndarray) -> float:
    """Cosine of the angle between the outputs and the targets, classes as unit vectors, without what all samples and
    what all classes have in common: 0 where nothing is learned, 1 where it all is; -1 for outputs that are not finite.
    """
    size = np.max(np.abs(outputs))
    if not np.isfinite(size):
        return -1.0
    aims = targets[:, None] if outputs.shape[1] == 1 else np.eye(outputs.shape[1])[targets]
    z, y = (centered(each) for each in (np.asarray(outputs, np.float64) / (size or 1.0), aims))
    lengths = np.linalg.norm(z) * np.linalg.norm(y)
    return float(np.sum(z * y) / lengths) if lengths > 0 else 0.0


def centered(values: Float[np.ndarray, "samples classes"]) -> Float[np.ndarray, "samples classes"]:
    """Without the mean over samples and, of several classes, over those."""
    values = values - values.mean(axis=0)
    return values - values.mean(axis=1, keepdims=True) if values.shape[1] > 1 else values
