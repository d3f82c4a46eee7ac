"""Ledger: the blocks that are done, one checked file each, so that a run can stop anywhere and go on."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..stats import Tally
from .plan import Block

CHECKSUM = "checksum"
COUNT = "count"


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary file to write in place of `path`: readers, and crashes, see the old file or the new one.

    The file is flushed to disk and renamed when the block ends, and removed when it fails.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        _flush(temporary)
        temporary.chmod(0o666 & ~_umask())
        os.replace(temporary, path)
        # The rename itself must survive a power cut, too.
        _flush(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_atomic(path: Path, content: bytes) -> None:
    """Put `content` in the file `path`, whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@dataclass(frozen=True)
class Ledger:
    """Finished blocks of a run, as `<folder>/<cell>/<index>.npz`.

    Writers need no lock: a block's content depends on its place alone, so two runs that compute the
    same block write the same bytes, and each file appears whole.
    """

    folder: Path

    def path(self, block: Block) -> Path:
        return self.folder / block.cell.name / f"{block.index:06d}.npz"

    def write(self, block: Block, tally: Tally) -> None:
        arrays = {**tally.sums, COUNT: np.int64(tally.count)}
        buffer = io.BytesIO()
        np.savez(buffer, **arrays, **{CHECKSUM: _digest(arrays)})
        write_atomic(self.path(block), buffer.getvalue())

    def read(self, block: Block) -> tuple[Tally | None, Path | None]:
        """The tally of a block, or None when it must be computed.

        Returns `(tally, None)`; `(None, None)` when the block was never finished; and
        `(None, aside)` when its file is damaged: it has then been moved to the path `aside`.
        """
        path = self.path(block)
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
            checksum = arrays.pop(CHECKSUM)
            if checksum.tobytes() != _digest(arrays).tobytes() or arrays[COUNT] != block.count:
                raise ValueError("checksum or count does not match")
        except FileNotFoundError:
            return None, None
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
            aside = path.with_suffix(".damaged")
            # Another run of the same id may have set it aside in this very moment.
            with contextlib.suppress(FileNotFoundError):
                os.replace(path, aside)
            return None, aside
        return Tally(int(arrays.pop(COUNT)), arrays), None

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


def _digest(arrays: dict[str, np.ndarray]) -> np.ndarray:
    """SHA-256 over names, types, shapes and bytes, as 32 bytes."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape};".encode())
        digest.update(array.tobytes())
    return np.frombuffer(digest.digest(), dtype=np.uint8)
