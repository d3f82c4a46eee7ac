"""Keys: the random key of each realization of a block."""

from __future__ import annotations

import zlib

import jax
import numpy as np

from .plan import Block


def block_keys(seed: int, block: Block) -> jax.Array:
    """The keys of a block's realizations: realization i of a cell has key `fold_in(root, i)`.

    The root depends on the seed and on the cell's name, so cells are independent of each other and a
    realization does not know which block, worker or machine draws it. Shape (block.count,).
    """
    root = jax.random.fold_in(jax.random.key(seed), np.uint32(zlib.crc32(block.cell.name.encode())))
    indices = np.arange(block.start, block.stop, dtype=np.uint32)
    return _keys(root, indices)


_keys = jax.jit(jax.vmap(jax.random.fold_in, in_axes=(None, 0)))
