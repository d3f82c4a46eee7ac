"""Floor 1, blocks: what to draw, where to compute it, and how to never lose it."""

from .executors import Dask, Executor, Processes, Serial
from .ledger import Ledger, atomic_path, write_atomic
from .plan import Block, Cell, Plan, block_keys

__all__ = [
    "Block",
    "Cell",
    "Dask",
    "Executor",
    "Ledger",
    "Plan",
    "Processes",
    "Serial",
    "atomic_path",
    "block_keys",
    "write_atomic",
]
