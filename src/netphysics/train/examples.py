"""Examples: what a loss draws from data that all members share."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import PRNGKeyArray, PyTree


def minibatch(data: PyTree, size: int, *, key: PRNGKeyArray) -> PyTree:
    """`size` rows of the data, drawn with replacement, the same rows of every array.

    Args:
        data: arrays with one row per example; all have the same number of rows.

    Raises:
        ValueError: for a size below 1, or arrays of different lengths.
    """
    lengths = {len(array) for array in jax.tree.leaves(data)}
    if len(lengths) != 1:
        raise ValueError(f"data has arrays with {sorted(lengths)} rows; all must have the same number")
    if size < 1:
        raise ValueError(f"size is {size}; it must be at least 1")
    rows = jax.random.randint(key, (size,), 0, lengths.pop(), jnp.int32)
    return jax.tree.map(lambda array: array[rows], data)
