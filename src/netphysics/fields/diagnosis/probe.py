"""What a network is probed with, whatever framework it comes from: directions in its outputs, and random labels."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from scipy.special import log_softmax

# Adam divides a gradient by its size plus this.
ADAM_EPSILON = 1e-8


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


def adam_move(gradient: np.ndarray) -> np.ndarray:
    """The direction of Adam's first step."""
    return gradient / (np.abs(gradient) + ADAM_EPSILON)
