"""What virtual steps are taken on: inputs of a batch and mixtures of them, with labels that are read off.

A handful of inputs is learned by heart by networks that learn nothing else. So there are always enough of them, the
batch's own and mixtures of two, and what was learned is also looked at with mixtures that no step was taken on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped

# Virtual steps are taken on so many inputs, and as many others are kept for the look at what was learned.
SHOWN = 64
# As many virtual steps as training takes; where these would be more products of numbers than so many, they are fewer.
STEPS, FEWEST_STEPS, FEWEST_SHOWN, MOST_PRODUCTS = 300, 20, 8, 40_000_000_000
# Labels are so many classes at most, whatever the number of outputs.
MOST_CLASSES = 10

Targets = Int[np.ndarray, " samples"] | Float[np.ndarray, " samples"]


@dataclass(frozen=True)
class VirtualTask:
    """Inputs and their targets: the output that is to be largest, or a number where there is one output only.

    Attributes:
        shown: inputs that steps are taken on.
        kept: as many others.
        shown_targets: of those that are shown.
        kept_targets: of the others.
    """

    shown: Shaped[np.ndarray, "samples ..."]
    kept: Shaped[np.ndarray, "samples ..."]
    shown_targets: Targets
    kept_targets: Targets


def virtual_task(inputs: Shaped[np.ndarray, "samples ..."], outputs: int, samples: int = SHOWN) -> VirtualTask:
    """The task for a network of so many outputs, of the first `samples` inputs of a batch."""
    draw = np.random.default_rng(0)
    inputs = inputs[:samples]
    more = mixtures(inputs, 2 * samples - len(inputs), draw)
    every = np.concatenate([inputs, more])
    targets = read_off(every, outputs)
    return VirtualTask(every[:samples], every[samples:], targets[:samples], targets[samples:])


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
    """What a random linear map reads off the inputs: for cross entropy the output that is largest, of at most
    `MOST_CLASSES`; for half the squared error of a single output a number of variance 1.

    Inputs that are alike have the same label, mostly, as in real data: a network to which they are not alike has a
    harder time with these than with random labels. Of whole numbers, tokens, a bag of random vectors is read.
    """
    draw = np.random.default_rng(1)
    classes = np.linspace(0, outputs - 1, min(outputs, MOST_CLASSES)).round().astype(int)
    if np.issubdtype(inputs.dtype, np.integer):
        _, tokens = np.unique(inputs, return_inverse=True)
        vectors = draw.standard_normal((tokens.max() + 1, len(classes)))
        values = vectors[tokens.reshape(len(inputs), -1)].mean(axis=1)
    else:
        signals = np.nan_to_num(np.asarray(inputs, np.float64).reshape(len(inputs), -1))
        signals -= signals.mean(axis=0)
        values = signals @ draw.standard_normal((signals.shape[1], len(classes)))
    values -= values.mean(axis=0)
    values /= np.maximum(values.std(axis=0), np.finfo(float).tiny)
    return values[:, 0] if outputs == 1 else classes[values.argmax(axis=1)]


def affordable(products: int, parameters: int) -> tuple[int, int]:
    """How many inputs virtual steps are taken on, and how many steps there is time for, where the layers take so many
    products of numbers for an input."""
    shown = MOST_PRODUCTS // (FEWEST_STEPS * max(1, products))
    shown = max(FEWEST_SHOWN, min(SHOWN, shown))
    # A step also changes each parameter.
    steps = MOST_PRODUCTS // (shown * products + parameters)
    return shown, max(FEWEST_STEPS, min(STEPS, steps))
