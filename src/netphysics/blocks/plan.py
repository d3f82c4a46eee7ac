"""Plan: which realizations to draw, cut into blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Cell:
    """One point of a sweep: a name that is also a folder, and the parameters that belong to it."""

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name or not all(c.isalnum() or c in "=._-" for c in self.name):
            raise ValueError(f"cell name {self.name!r} may hold letters, digits and the signs = . _ - only")

    def __getitem__(self, parameter: str) -> Any:
        return self.parameters[parameter]

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True)
class Block:
    """Realizations `start` to `stop` - 1 of one cell: the unit of randomness, memory and checkpoint."""

    cell: Cell
    index: int
    start: int
    stop: int

    def __str__(self) -> str:
        return f"block {self.index} of cell {self.cell.name}"

    @property
    def count(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Plan:
    """All blocks of a run.

    Every block is full, so that each cell is compiled for one shape only: a budget that is no multiple
    of `block_size` is rounded up.
    """

    cells: Sequence[Cell]
    draws: int
    block_size: int

    def __post_init__(self) -> None:
        names = [cell.name for cell in self.cells]
        if len(set(names)) < len(names):
            raise ValueError(f"cells must have different names; got {names}")

    @cached_property
    def blocks_per_cell(self) -> int:
        return -(-self.draws // self.block_size)

    def blocks(self, cell: Cell) -> list[Block]:
        """The blocks of one cell in index order."""
        size = self.block_size
        return [Block(cell, i, i * size, (i + 1) * size) for i in range(self.blocks_per_cell)]
