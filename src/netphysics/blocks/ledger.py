"""Ledger: the blocks that are done, one checked file each, so that a run can stop anywhere and go on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..stats import Tally
from .archive import load_archive, read_archive, write_archive
from .files import set_aside
from .plan import Block, Cell

COUNT, PLACE, REALIZATIONS = "count", "block.place", "realizations"
# Arrays that are kept beside the sums have this before their names in the file of a block.
KEPT = "kept."
# The ending of what tells of a block that is not finite.
APART = ".nonfinite"


@dataclass(frozen=True)
class Ledger:
    """Finished blocks of a run, as `<folder>/<cell>/<index>.npz`.

    Writers need no lock: a block's content depends on its place alone, so two runs that compute the
    same block write the same bytes, and each file appears whole.

    Attributes:
        run: the id of the run. A block that was written for another run, or for another place in this one, is
            taken for damaged; without an id blocks of any run are read.
    """

    folder: Path
    run: str = ""

    def path(self, block: Block) -> Path:
        return self.folder / block.cell.name / f"{block.index:06d}.npz"

    def write(self, block: Block, tally: Tally, kept: Mapping[str, np.ndarray] | None = None) -> None:
        """Store what a block came to: its sums, and arrays that are kept as they are."""
        beside = {KEPT + name: np.asarray(array) for name, array in (kept or {}).items()}
        self._write(self.path(block), block, {**tally.sums, **beside, COUNT: np.asarray(tally.count)})

    def read(self, block: Block) -> tuple[Tally | None, Path | None]:
        """The tally of a block, or None when it must be computed.

        Returns `(tally, None)`; `(None, None)` when the block was never finished; and
        `(None, aside)` when its file is damaged: it has then been moved to the path `aside`.
        """
        arrays, aside = read_archive(self.path(block), lambda arrays: self._accepts(block, arrays))
        return (None, aside) if arrays is None else (_parts(arrays)[0], None)

    def look(self, block: Block) -> tuple[Tally, dict[str, np.ndarray]] | None:
        """The tally of a block and the arrays that it kept beside its sums; nothing is moved.

        None for a block that was never finished, or that is set apart.

        Raises:
            ValueError: for a damaged file.
        """
        try:
            arrays = load_archive(self.path(block))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as problem:
            raise ValueError(f"{self.path(block)} cannot be read: {problem.strerror}") from None
        if not self._accepts(block, arrays):
            raise ValueError(f"{self.path(block)} is a block of another run, or of another place in this one")
        return _parts(arrays)

    def check(self, path: Path) -> None:
        """Check the file of a block that is known by its path alone.

        Raises:
            ValueError: for a file that is damaged, or belongs elsewhere.
        """
        try:
            arrays = load_archive(path)
            count, index = int(arrays[COUNT]), int(path.stem)
        except (OSError, KeyError, TypeError) as problem:
            raise ValueError(f"{path} cannot be read as a block") from problem
        block = Block(Cell(path.parent.name), index, index * count, (index + 1) * count)
        if not self._accepts(block, arrays, path.suffix == APART):
            raise ValueError(f"{path} is a block of another run, or of another place in this one")

    def set_apart(self, block: Block, realizations: list[int]) -> None:
        """Record that a block is not finite, and which of its realizations are to blame."""
        found = {REALIZATIONS: np.asarray(realizations, np.int64), COUNT: np.asarray(block.count)}
        self._write(self._path_apart(block), block, found)

    def apart(self, block: Block) -> list[int] | None:
        """The realizations that make a block not finite, or None for a block that is not set apart."""
        arrays, _ = read_archive(self._path_apart(block), lambda arrays: self._accepts(block, arrays, True))
        return None if arrays is None else arrays[REALIZATIONS].tolist()

    def _path_apart(self, block: Block) -> Path:
        return self.path(block).with_suffix(APART)

    def _write(self, path: Path, block: Block, arrays: Mapping[str, np.ndarray]) -> None:
        for folder in (self.folder, path.parent):
            if os.path.lexists(folder) and not folder.is_dir():
                set_aside(folder)
        write_archive(path, {**arrays, PLACE: place(self.run, block)})

    def _accepts(self, block: Block, arrays: Mapping[str, np.ndarray], apart: bool = False) -> bool:
        """Whether arrays are those of a block, or tell that it is not finite, and belong at its place."""
        here = not self.run or np.array_equal(arrays.get(PLACE, b""), place(self.run, block))
        return here and np.array_equal(arrays.get(COUNT, -1), block.count) and (REALIZATIONS in arrays) == apart


def place(run: str, block: Block) -> np.ndarray:
    """SHA-256 of where a block belongs, as 32 bytes: the run, the cell and the realizations."""
    words = f"{run}/{block.cell.name}/{block.index}/{block.start}-{block.stop}"
    return np.frombuffer(hashlib.sha256(words.encode()).digest(), dtype=np.uint8)


def _parts(arrays: dict[str, np.ndarray]) -> tuple[Tally, dict[str, np.ndarray]]:
    """The tally in the file of a block, and what was kept beside it."""
    kept = {name.removeprefix(KEPT): array for name, array in arrays.items() if name.startswith(KEPT)}
    sums = {name: array for name, array in arrays.items() if not name.startswith(KEPT)}
    count = int(sums.pop(COUNT))
    sums.pop(PLACE, None)
    return Tally(count, sums), kept
