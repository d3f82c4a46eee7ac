"""Ledger: the blocks that are done, one checked file each, so that a run can stop anywhere and go on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..stats import Tally
from .archive import load_archive, read_archive, write_archive
from .files import write_atomic
from .plan import Block

COUNT = "count"
# Arrays that are kept beside the sums have this before their names in the file of a block.
KEPT = "kept."


@dataclass(frozen=True)
class Ledger:
    """Finished blocks of a run, as `<folder>/<cell>/<index>.npz`.

    Writers need no lock: a block's content depends on its place alone, so two runs that compute the
    same block write the same bytes, and each file appears whole.
    """

    folder: Path

    def path(self, block: Block) -> Path:
        return self.folder / block.cell.name / f"{block.index:06d}.npz"

    def write(self, block: Block, tally: Tally, kept: Mapping[str, np.ndarray] | None = None) -> None:
        """Store what a block came to: its sums, and arrays that are kept as they are."""
        beside = {KEPT + name: np.asarray(array) for name, array in (kept or {}).items()}
        write_archive(self.path(block), {**tally.sums, **beside, COUNT: np.asarray(tally.count)})

    def read(self, block: Block) -> tuple[Tally | None, Path | None]:
        """The tally of a block, or None when it must be computed.

        Returns `(tally, None)`; `(None, None)` when the block was never finished; and
        `(None, aside)` when its file is damaged: it has then been moved to the path `aside`.
        """
        arrays, aside = read_archive(self.path(block), lambda arrays: arrays[COUNT] == block.count)
        if arrays is None:
            return None, aside
        count = int(arrays.pop(COUNT))
        return Tally(count, {name: total for name, total in arrays.items() if not name.startswith(KEPT)}), None

    def kept(self, block: Block) -> dict[str, np.ndarray] | None:
        """The arrays that a block kept beside its sums; None for one that is not there, or damaged."""
        try:
            arrays = load_archive(self.path(block))
        except (OSError, ValueError):
            return None
        return {name.removeprefix(KEPT): array for name, array in arrays.items() if name.startswith(KEPT)}

    def set_apart(self, block: Block, realizations: list[int]) -> None:
        """Record that a block is not finite, and which of its realizations are to blame."""
        path = self.path(block).with_suffix(".nonfinite.json")
        write_atomic(path, json.dumps({"realizations": realizations}).encode())

    def apart(self, block: Block) -> list[int] | None:
        """The realizations that make a block not finite, or None for a block that is not set apart."""
        try:
            return json.loads(self.path(block).with_suffix(".nonfinite.json").read_bytes())["realizations"]
        except (FileNotFoundError, ValueError, KeyError):
            return None
