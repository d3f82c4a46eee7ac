"""What virtual steps are taken on: inputs of a batch and mixtures of them, with labels that are read off.

A handful of inputs is learned by heart by networks that learn nothing else. So there are always enough of them, the
batch's own and mixtures of two.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped
from scipy.special import ndtr

# Virtual steps are taken on so many inputs, and as many of them as training takes. Where there is no time for as many
# products of numbers as that would be, both are less by the same factor, down to the least share.
SAMPLES, STEPS, MOST_PRODUCTS, LEAST_SHARE = 128, 300, 40_000_000_000, 1 / 16
# Labels are so many classes at most, whatever the number of outputs.
MOST_CLASSES = 10
# Of the random vectors that stand for tokens.
TOKEN_SIZE = 64

Targets = Int[np.ndarray, " samples"] | Float[np.ndarray, " samples"]


@dataclass(frozen=True)
class VirtualTask:
    """Inputs and their targets: the output that is to be largest, or a number where there is one output only."""

    inputs: Shaped[np.ndarray, "samples ..."]
    targets: Targets


def virtual_task(inputs: Shaped[np.ndarray, "batch ..."], outputs: int, samples: int = SAMPLES) -> VirtualTask:
    """The task for a network of so many outputs: the first inputs of a batch and, where they are fewer than `samples`,
    mixtures."""
    inputs = inputs[:samples]
    more = mixtures(inputs, samples - len(inputs), np.random.default_rng(0))
    every = np.concatenate([inputs, more])
    return VirtualTask(every, read_off(every, outputs))


def mixtures(
    inputs: Shaped[np.ndarray, "samples ..."], count: int, draw: np.random.Generator
) -> Shaped[np.ndarray, "count ..."]:
    """Inputs that have the mean and the covariance of a batch: of two of its inputs without the mean, one times a
    cosine and one times the sine of that angle. Of whole numbers, tokens say, each is taken from one of the two.
    """
    first, second = (inputs[draw.integers(len(inputs), size=count)] for _ in range(2))
    with np.errstate(invalid="ignore"):
        whole = not np.any(inputs % 1)
    if whole:
        return np.where(draw.random(first.shape) < 0.5, first, second)
    angles = draw.uniform(0, np.pi / 2, (count, *(1,) * (inputs.ndim - 1))).astype(inputs.dtype)
    center = inputs.mean(axis=0)
    return center + np.cos(angles) * (first - center) + np.sin(angles) * (second - center)


def read_off(inputs: Shaped[np.ndarray, "samples ..."], outputs: int) -> Targets:
    """Which of a few inputs each input is most like, as a label of one of at most `MOST_CLASSES` outputs; for a single
    output, how much it is like one of them, as a number from 0 to 1, which can be said behind a sigmoid, too.

    Likeness is the product of the deviations from the mean of all, in units of its own deviation over the inputs. So
    labels follow the directions in which inputs differ most, as real ones do, and are read off linearly. Those of
    whole numbers, tokens, follow from random vectors, whose mean over an input stands for it.
    """
    draw = np.random.default_rng(1)
    classes = np.linspace(0, outputs - 1, min(outputs, MOST_CLASSES)).round().astype(int)
    models = draw.permutation(len(inputs))[: len(classes)]
    if np.issubdtype(inputs.dtype, np.integer):
        _, tokens = np.unique(inputs, return_inverse=True)
        vectors = draw.standard_normal((tokens.max() + 1, TOKEN_SIZE))
        signals = vectors[tokens.reshape(len(inputs), -1)].mean(axis=1)
    else:
        signals = np.nan_to_num(np.asarray(inputs, np.float64).reshape(len(inputs), -1), posinf=0.0, neginf=0.0)
    signals -= signals.mean(axis=0)
    likeness = signals @ signals[models].T
    likeness -= likeness.mean(axis=0)
    likeness /= np.maximum(likeness.std(axis=0), np.finfo(float).tiny)
    return ndtr(likeness[:, 0]) if outputs == 1 else classes[likeness.argmax(axis=1)]


def affordable(products: int, parameters: int) -> tuple[int, int]:
    """On how many inputs virtual steps are taken, and how many steps, where the layers take so many products of numbers
    for an input, and a step changes so many parameters."""
    by_input, by_step = SAMPLES * STEPS * products, STEPS * parameters
    # A share of both takes share^2 by_input + share by_step.
    share = 2 * MOST_PRODUCTS / (by_step + math.sqrt(by_step**2 + 4 * by_input * MOST_PRODUCTS) + 1)
    share = min(1.0, max(LEAST_SHARE, share))
    return round(share * SAMPLES), round(share * STEPS)
