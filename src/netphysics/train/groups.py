"""Groups: the members that go through one program together, and the cores that the groups are spread over."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Int, PyTree

# On CPUs more members do not stay in a core's cache, and fewer do not hide what it costs to start each operation.
TOGETHER = 8


def group_members(members: int, *, one: bool) -> list[Int[np.ndarray, " size"]]:
    """The members of each group, all groups of the same size: where members are lacking the last one is repeated.

    The groups do not depend on the number of cores, so that the bits of a result do not.

    Args:
        one: all members are wanted in one group, as they always are on accelerators.
    """
    if one or jax.default_backend() != "cpu":
        return [np.arange(members)]
    count = -(-members // TOGETHER)
    size = -(-members // count)
    return list(np.minimum(np.arange(count * size), members - 1).reshape(count, size))


def take_members(tree: PyTree, rows: Int[np.ndarray, " size"]) -> PyTree:
    """Copies of those members of every array of a stack."""

    def take(leaf: Any) -> Any:
        if not eqx.is_array(leaf):
            return leaf
        if jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key):
            return leaf[rows]
        # Indexing in numpy compiles nothing.
        return jnp.array(np.asarray(leaf)[rows])

    return jax.tree.map(take, tree)


def join_members(groups: list[PyTree], members: int) -> PyTree:
    """The stack that was taken apart; what was repeated is left out."""
    if len(groups) == 1:
        return groups[0]
    return jax.tree.map(lambda *leaves: jnp.asarray(np.concatenate(leaves)[:members]), *groups)
