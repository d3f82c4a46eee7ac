"""Symbols that formulas of several studies of training share, and what they mean."""

from __future__ import annotations

DESCENT = (
    ("r_s", "residuals of all examples after $s$ steps"),
    (r"\eta", "learning rate"),
    (r"\Theta", "tangent kernel between the examples"),
    ("N", "number of examples"),
)
SPREAD = (
    ("A", "covariance of the tangent kernels of two outputs, times the width"),
    ("B", "variance of the tangent kernel between two outputs, times the width"),
    ("n", "width"),
    (r"\Theta", "mean of the tangent kernel of an output"),
)
