"""What a network is probed with, whatever framework it comes from: directions in its outputs, and virtual steps of an
optimizer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import TypeVar

import numpy as np
from jaxtyping import Float, Int
from scipy.special import log_softmax

from .virtual_task import Targets

# Adam divides a gradient by its size plus this; its averages forget a step by these factors.
ADAM_EPSILON, ADAM_DECAYS = 1e-8, (0.9, 0.999)
# Virtual steps end where nearly everything is right, which is looked at now and then.
STEPS_BETWEEN, LEARNED = 10, 0.95

State = TypeVar("State")


@dataclass(frozen=True)
class Learned:
    """What virtual steps teach of the targets of the inputs that they are taken on: by `skill`, and by `alignment`,
    which tells small beginnings from none."""

    skill: float
    alignment: float


NOTHING = Learned(0.0, 0.0)


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


def learn(
    walk: Iterator[State],
    outputs: Callable[[State], Float[np.ndarray, "samples outputs"]],
    targets: Targets,
    steps: int,
) -> Learned:
    """What so many virtual steps teach, or fewer where that is enough; nothing where outputs are not finite.

    Args:
        walk: a state of the network after each step.
        outputs: what the network says in a state of the inputs that steps are taken on.
        targets: what it is to say of them.
        steps: at least one.
    """
    found = NOTHING
    for step, state in enumerate(islice(walk, steps), start=1):
        if step % STEPS_BETWEEN and step < steps:
            continue
        z = outputs(state)
        if not np.isfinite(z).all():
            return NOTHING
        found = Learned(skill(z, targets), alignment(z, targets))
        if found.skill >= LEARNED:
            break
    return found


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


def skill(outputs: Float[np.ndarray, "samples outputs"], targets: Targets) -> float:
    """Which share is right of what is not right anyhow: 0 for who says the most frequent label of all inputs, or their
    mean target, or does worse; 1 for who is always right.

    A label is right where its output is the largest of those that are any input's label. Numbers are right as far as
    their variance is explained.
    """
    if outputs.shape[1] == 1:
        missed = np.mean((np.asarray(outputs[:, 0], np.float64) - targets) ** 2)
        return max(0.0, 1 - float(missed / max(np.var(targets), np.finfo(float).eps)))
    classes, counts = np.unique(targets, return_counts=True)
    right = float(np.mean(classes[outputs[:, classes].argmax(axis=1)] == targets))
    guessed = float(counts.max() / len(targets))
    return max(0.0, (right - guessed) / (1 - guessed)) if guessed < 1 else right


def alignment(outputs: Float[np.ndarray, "samples outputs"], targets: np.ndarray) -> float:
    """Cosine of the angle between the outputs and the targets, classes as unit vectors, without what all samples and
    what all classes have in common: 0 where nothing is learned, 1 where it all is. Outputs that are no sample's target
    are left out.
    """
    size = np.max(np.abs(outputs))
    if outputs.shape[1] == 1:
        aims = targets[:, None]
    else:
        classes = np.unique(targets)
        outputs, aims = outputs[:, classes], np.equal.outer(targets, classes).astype(float)
    z, y = (centered(each) for each in (np.asarray(outputs, np.float64) / (size or 1.0), aims))
    lengths = np.linalg.norm(z) * np.linalg.norm(y)
    return float(np.sum(z * y) / lengths) if lengths > 0 else 0.0


def centered(values: Float[np.ndarray, "samples classes"]) -> Float[np.ndarray, "samples classes"]:
    """Without the mean over samples and, of several classes, over those."""
    values = values - values.mean(axis=0)
    return values - values.mean(axis=1, keepdims=True) if values.shape[1] > 1 else values
