"""Floor 1, blocks: what to draw, where to compute it, and how to never lose it.

Keys are imported on first use: whoever only reads results must not wait for jax.
"""

from typing import Any

from .archive import digest, load_archive, read_archive, write_archive
from .executors import Dask, Executor, Threads
from .files import atomic_path, write_atomic
from .ledger import Ledger
from .plan import Block, Cell, Plan
from .processes import Processes

__all__ = [
    "Block",
    "Cell",
    "Dask",
    "Executor",
    "Ledger",
    "Plan",
    "Processes",
    "Threads",
    "atomic_path",
    "block_keys",
    "digest",
    "load_archive",
    "read_archive",
    "write_archive",
    "write_atomic",
]


def __getattr__(name: str) -> Any:
    if name == "block_keys":
        from .keys import block_keys

        return block_keys
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
