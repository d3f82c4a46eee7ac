"""Ensembles: sums over many networks, in batches that stay in the cache of a processor."""

from __future__ import annotations

from collections.abc import Callable

import jax
from jaxtyping import Array, Key, PyTree

Keys = Key[Array, " networks"]


def in_batches(sums: Callable[[Keys], PyTree], most: int) -> Callable[[Keys], PyTree]:
    """A function of many keys from one of few: it goes through them in equal batches of at most `most`.

    `sums(keys)` returns arrays that are additive over networks; the function returned adds up the
    batches. On an accelerator everything is one batch.
    """

    def all_sums(keys: Keys) -> PyTree:
        count = len(keys)
        limit = most if jax.default_backend() == "cpu" else count
        size = max(divisor for divisor in range(1, min(limit, count) + 1) if count % divisor == 0)
        parts = jax.lax.map(sums, keys.reshape(count // size, size))
        return jax.tree.map(lambda part: part.sum(axis=0), parts)

    return all_sums
