"""Floor 1, blocks: what to draw, where to compute it, and how to never lose it."""

from .archive import digest, load_archive, read_archive, write_archive
from .executors import Dask, Executor, Processes, Serial
from .files import atomic_path, write_atomic
from .ledger import Ledger
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
    "digest",
    "load_archive",
    "read_archive",
    "write_archive",
    "write_atomic",
]
