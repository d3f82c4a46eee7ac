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
    if np.ptp(y) == 0:
        return 0.0
    rest, freedom = remainder(y, x)
    return float(1 - rest @ rest / freedom / np.var(y, ddof=1))


def remainder(y: Float[np.ndarray, " n"], x: Float[np.ndarray, " n"]) -> tuple[Float[np.ndarray, " n"], int]:
    """What is left of y without the part that is a function of x, and its degrees of freedom.

    Raises:
        ValueError: for fewer than 64 numbers.
    """
    if len(y) < 64:
        raise ValueError(f"{len(y)} numbers are too few to explain one by another; at least 64")
    bins = round(len(y) ** (1 / 3))
    rest = np.empty_like(y)
    # Within a bin a straight line: a bin's width is then no loss.
    for part in np.array_split(np.argsort(x, kind="stable"), bins):
        a, b = x[part] - x[part].mean(), y[part] - y[part].mean()
        rest[part] = b - a * (a @ b) / max(a @ a, np.finfo(np.float64).tiny)
    return rest, len(y) - 2 * bins


def explained_table(
    means: Float[np.ndarray, "n latents"], columns: Sequence[np.ndarray]
) -> Float[np.ndarray, "latents columns"]:
    """`explained` for every neuron by every column."""
    return np.array([[explained(z, column) for column in columns] for z in means.T]).reshape(
        means.shape[1], len(columns)
    )
