"""Scores: how much two quantities have to do with each other, whatever the function between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float


def explained(y: Float[np.ndarray, " n"], x: Float[np.ndarray, " n"]) -> float:
    r"""The share of the variance of y that is a function of x: $\mathrm{Var}(E[y|x]) / \mathrm{Var}(y)$.

    The correlation ratio, over $n^{1/3}$ bins of x with equal counts, without the share that chance would
    explain. 1 for any function y(x), monotone or not; 0 for independent numbers, slightly negative at times.

    Raises:
        ValueError: for fewer than 64 numbers.
    """
    if len(y) < 64:
        raise ValueError(f"{len(y)} numbers are too few to explain one by another; at least 64")
    if np.ptp(y) == 0 or np.ptp(x) == 0:
        return 0.0
    bins = round(len(y) ** (1 / 3))
    # Within a bin a straight line: a bin's width is then no loss.
    parts = np.array_split(np.argsort(x, kind="stable"), bins)
    rest = sum(_residual(x[part], y[part]) for part in parts)
    return float(1 - rest / (len(y) - 2 * bins) / np.var(y, ddof=1))


def _residual(x: np.ndarray, y: np.ndarray) -> float:
    """Sum of squares that a straight line leaves."""
    x, y = x - x.mean(), y - y.mean()
    square = x @ x
    return float(y @ y - ((x @ y) ** 2 / square if square > 0 else 0.0))


def explained_table(
    means: Float[np.ndarray, "n latents"], columns: Sequence[np.ndarray]
) -> Float[np.ndarray, "latents columns"]:
    """`explained` for every neuron by every column."""
    return np.array([[explained(z, column) for column in columns] for z in means.T]).reshape(
        means.shape[1], len(columns)
    )
