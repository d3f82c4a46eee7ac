"""Labeled data: examples with a class each, checked once, and split and scaled for networks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int


@dataclass(frozen=True)
class Labeled:
    """Examples and their classes.

    Attributes:
        inputs: one example per row, float32.
        labels: integers from 0 to `classes` - 1.
        classes: how many there are.
        image: (height, width) or (length,) of one example.
        colors: numbers per pixel, which change fastest along a row.
        name: what the data are, for titles.
    """

    inputs: Float[np.ndarray, "k d"]
    labels: Int[np.ndarray, " k"]
    classes: int
    image: tuple[int, ...]
    colors: int
    name: str

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def targets(self) -> Float[np.ndarray, "k classes"]:
        """One-hot labels."""
        return np.eye(self.classes, dtype=np.float32)[self.labels]

    def take(self, rows: Int[np.ndarray, " m"]) -> Labeled:
        """The examples of these rows."""
        return replace(self, inputs=self.inputs[rows], labels=self.labels[rows])


def labeled(
    inputs: np.ndarray,
    labels: np.ndarray,
    *,
    image: tuple[int, ...],
    colors: int = 1,
    classes: int | None = None,
    name: str,
) -> Labeled:
    """Examples that have passed the checks that every source needs.

    Args:
        classes: how many there should be; by default one more than the largest label.

    Raises:
        ValueError: for no examples, numbers of examples and labels that differ, inputs that are not finite, labels
            that are no integers or out of range, and a class without examples.
    """
    inputs, labels = np.asarray(inputs, np.float32), np.asarray(labels)
    if len(inputs) == 0:
        raise ValueError(f"{name} holds no examples; it must hold at least one per class")
    if len(inputs) != len(labels):
        raise ValueError(f"{name} has {len(inputs)} examples and {len(labels)} labels; the numbers must be the same")
    inputs = inputs.reshape(len(inputs), -1)
    if not np.isfinite(inputs).all():
        row = int(np.flatnonzero(~np.isfinite(inputs).all(axis=1))[0])
        raise ValueError(f"{name} holds NaN or infinity in example {row}; all numbers must be finite")
    if not np.array_equal(labels, labels.astype(np.int64)):
        raise ValueError(f"{name} has the label {labels[labels != labels.astype(np.int64)][0]}; it must be an integer")
    labels = labels.astype(np.int64)
    classes = int(labels.max()) + 1 if classes is None else classes
    outside = np.flatnonzero((labels < 0) | (labels >= classes))
    if outside.size:
        row = outside[0]
        raise ValueError(f"{name} has the label {labels[row]} in example {row}; labels must be 0 to {classes - 1}")
    empty = np.flatnonzero(np.bincount(labels, minlength=classes) == 0)
    if empty.size:
        raise ValueError(f"{name} has no example of class {empty[0]}; each of the {classes} classes needs one")
    return Labeled(inputs, labels, classes, tuple(image), colors, name)


def split(data: Labeled, train: int, test: int, seed: int = 0) -> tuple[Labeled, Labeled]:
    r"""Examples to train on and others to test on, drawn at random, centered and scaled.

    The mean of the training examples is subtracted from both, then every example is scaled to |x|² / d = 1: the
    first kernel of a `Net` is the same for all of them, $C_b + C_W$.

    Raises:
        ValueError: for fewer than one example of either kind, or more than there are.
    """
    if train < 1 or test < 1 or train + test > len(data):
        raise ValueError(
            f"train and test are {train} and {test}; both must be at least 1, and together at most the "
            f"{len(data)} examples of {data.name}"
        )
    rows = np.random.default_rng(seed).permutation(len(data))[: train + test]
    chosen = data.take(rows)
    centered = chosen.inputs - chosen.inputs[:train].mean(axis=0)
    size = np.sqrt(np.mean(centered**2, axis=1, keepdims=True))
    scaled = replace(chosen, inputs=centered / np.where(size > 0, size, 1))
    return scaled.take(np.arange(train)), scaled.take(np.arange(train, train + test))
