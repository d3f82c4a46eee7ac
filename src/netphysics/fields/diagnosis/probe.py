"""What a network is probed with, whatever framework it comes from: directions in its outputs, and virtual steps of an
optimizer on labels that are read off the inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import numpy as np
from jaxtyping import Float, Int, Shaped
from scipy.special import log_softmax

# Adam divides a gradient by its size plus this; its averages forget a step by these factors.
ADAM_EPSILON, ADAM_DECAYS = 1e-8, (0.9, 0.999)
# Virtual steps end where the labels are learned, which is looked at now and then.
VIRTUAL_STEPS, STEPS_BETWEEN, LEARNED = 50, 10, 0.8
# The alignment of outputs that are not finite.
LOST = -1.0


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


def read_off(
    inputs: Shaped[np.ndarray, "samples ..."], outputs: int
) -> Int[np.ndarray, " samples"] | Float[np.ndarray, " samples"]:
    """What a random linear map reads off the inputs: for cross entropy the output that is largest, for half the squared
    error of a single output a number of variance 1.

    Inputs that are alike have the same label, mostly, as in real data: a network to which they are not alike has a
    harder time with these than with random labels. Of whole numbers, tokens, a bag of random vectors is read.
    """
    draw = np.random.default_rng(1)
    if np.issubdtype(inputs.dtype, np.integer):
        _, tokens = np.unique(inputs, return_inverse=True)
        values = draw.standard_normal((tokens.max() + 1, outputs))[tokens.reshape(len(inputs), -1)].mean(axis=1)
    else:
        signals = np.nan_to_num(np.asarray(inputs, np.float64).reshape(len(inputs), -1))
        signals -= signals.mean(axis=0)
        values = signals @ draw.standard_normal((signals.shape[1], outputs))
    values -= values.mean(axis=0)
    values /= np.maximum(values.std(axis=0), np.finfo(float).tiny)
    return values[:, 0] if outputs == 1 else values.argmax(axis=1)


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


def aligned_after_steps(
    parameters: list[np.ndarray],
    gradients: Callable[[list[np.ndarray]], list[np.ndarray]],
    outputs: Callable[[list[np.ndarray]], Float[np.ndarray, "samples outputs"]],
    targets: np.ndarray,
    optimizer: str,
    rate: float,
) -> float:
    """Alignment of the outputs with the targets after virtual steps, at most `LEARNED`; `gradients` are those of a loss
    at given parameters, and `outputs` what the network says with them."""
    found = 0.0
    for step, reached in enumerate(descend(parameters, gradients, optimizer, rate), start=1):
        if step % STEPS_BETWEEN == 0:
            found = alignment(outputs(reached), targets)
            if found == LOST or found >= LEARNED or step == VIRTUAL_STEPS:
                break
    return min(found, LEARNED)


def descend(
    parameters: list[np.ndarray], gradients: Callable[[list[np.ndarray]], list[np.ndarray]], optimizer: str, rate: float
) -> Iterator[list[np.ndarray]]:
    """The parameters after each step of an optimizer, changed in place; `gradients` are those of a loss there."""
    parameters = [p.copy() for p in parameters]
    means, squares = ([np.zeros_like(p) for p in parameters] for _ in range(2))
    (slow, slower), eps = ADAM_DECAYS, ADAM_EPSILON
    for step in count(1):
        found = gradients(parameters)
        scale, unit = rate / (1 - slow**step), (1 - slower**step) ** -0.5
        with np.errstate(all="ignore"):
            for p, g, mean, square in zip(parameters, found, means, squares, strict=True):
                if optimizer == "sgd":
                    p -= rate * g
                    continue
                mean += (1 - slow) * (g - mean)
                square += (1 - slower) * (g * g - square)
                p -= scale * mean / (unit * np.sqrt(square) + eps)
        yield parameters


def alignment(outputs: Float[np.ndarray, "samples outputs"], targets: np.ndarray) -> float:
    """Cosine of the angle between the outputs and the targets, classes as unit vectors, without what all samples and
    what all classes have in common: 0 where nothing is learned, 1 where it all is; -1 for outputs that are not finite.
    """
    size = np.max(np.abs(outputs))
    if not np.isfinite(size):
        return LOST
    aims = targets[:, None] if outputs.shape[1] == 1 else np.eye(outputs.shape[1])[targets]
    z, y = (centered(each) for each in (np.asarray(outputs, np.float64) / (size or 1.0), aims))
    lengths = np.linalg.norm(z) * np.linalg.norm(y)
    return float(np.sum(z * y) / lengths) if lengths > 0 else 0.0


def centered(values: Float[np.ndarray, "samples classes"]) -> Float[np.ndarray, "samples classes"]:
    """Without the mean over samples and, of several classes, over those."""
    values = values - values.mean(axis=0)
    return values - values.mean(axis=1, keepdims=True) if values.shape[1] > 1 else values
