"""Inputs: the points that a study evaluates networks on."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from ..tables import numbers, read_table

DIGITS = "digits"
DIGIT_MAX = 16.0


@functools.cache
def digit_images(count: int) -> np.ndarray:
    """Images of handwritten digits, the first of each class 0, 1, 2, ..., then the second of each, ...

    Returns float64 of shape (count, 64) with pixels from 0 to 1. The images come with scikit-learn;
    nothing is downloaded. The array is shared and read-only.

    Raises:
        ValueError: for a count below 1 or above the 1740 images that are there in full rounds.
    """
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    per_class = np.stack([np.flatnonzero(labels == label)[:174] for label in range(10)], axis=1)
    order = per_class.ravel()
    if not 1 <= count <= len(order):
        raise ValueError(f"{count} digit images were asked for; there are 1 to {len(order)}")
    images = images[order[:count]] / DIGIT_MAX
    images.setflags(write=False)  # one array serves all callers
    return images


def read_points(path: str | Path) -> np.ndarray:
    """Points from a table of the user's, one in each row; text needs no header.

    Returns float64 of shape (points, dimension).

    Raises:
        ValueError: when the file is missing or unreadable, has text in a column, or holds NaN or infinity.
    """
    table = read_table(path, "--inputs", header=False)
    try:
        points = np.stack([numbers(table, name) for name in table], axis=1)
    except ValueError as error:
        raise ValueError(f"--inputs is {path}; {error}") from None
    if not np.isfinite(points).all():
        row = int(np.flatnonzero(~np.isfinite(points).all(axis=1))[0])
        raise ValueError(f"--inputs is {path}; point {row} holds NaN or infinity")
    return points
