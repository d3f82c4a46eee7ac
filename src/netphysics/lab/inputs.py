"""Inputs: the points that a study evaluates networks on."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

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
    """Points from a file of the user's: `.npy`, or text with one point per line.

    Returns float64 of shape (points, dimension).

    Raises:
        ValueError: when the file is missing or unreadable, not a two-dimensional table of numbers, empty,
            or holds NaN or infinity.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"--inputs is {path}; there is no such file")
    try:
        if path.suffix == ".npy":
            points = np.load(path, allow_pickle=False)
        else:
            lines = path.read_text(encoding="utf-8").splitlines()
            # A remark has a line of its own; behind numbers it might be a number that would be lost.
            lines = [line for line in lines if not line.lstrip().startswith("#")]
            points = np.loadtxt(lines, comments=None, delimiter="," if path.suffix == ".csv" else None, ndmin=2)
        points = np.asarray(points, np.float64)
    except (ValueError, OSError, TypeError) as error:
        raise ValueError(f"--inputs is {path}; it cannot be read as a table of numbers ({error})") from None
    if points.ndim != 2 or 0 in points.shape:
        raise ValueError(f"--inputs is {path} with an array of shape {points.shape}; it must be (points, dimension)")
    if not np.isfinite(points).all():
        row = int(np.flatnonzero(~np.isfinite(points).all(axis=1))[0])
        raise ValueError(f"--inputs is {path}; point {row} holds NaN or infinity")
    return points
