"""Archive: named arrays in one file that is written whole, and that knows when it is damaged."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .files import LARGEST, read_file, set_aside, write_atomic

CHECKSUM = "checksum"


def write_archive(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays as npz with their SHA-256, whole or not at all; the folder is made if need be.

    Raises:
        ValueError: for arrays that no reader would accept for their size.
    """
    size = sum(np.asarray(array).nbytes for array in arrays.values())
    if size > LARGEST // 2:
        raise ValueError(f"{path.name} would have {size:,} bytes; a file of arrays may have {LARGEST // 2:,}")
    buffer = io.BytesIO()
    named: dict[str, Any] = {**arrays, CHECKSUM: digest(arrays)}
    np.savez(buffer, **named)
    write_atomic(path, buffer.getvalue())


def read_archive(
    path: Path, accept: Callable[[Mapping[str, np.ndarray]], bool] = lambda arrays: True
) -> tuple[dict[str, np.ndarray] | None, Path | None]:
    """The arrays of a file, or None when they must be computed.

    Returns `(arrays, None)`; `(None, None)` when there is no such file; and `(None, aside)` when it is
    damaged, or not what `accept` waits for: it has then been moved to the path `aside`.
    """
    try:
        arrays = load_archive(path)
        if not accept(arrays):
            raise ValueError("content does not match")
    except (FileNotFoundError, NotADirectoryError):
        return None, None
    except (ValueError, OSError):
        return None, set_aside(path) or path
    return arrays, None


def load_archive(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a file that `write_archive` wrote; nothing is moved.

    Raises:
        ValueError: for a file that is damaged, or of another kind.
        OSError: for one that is not there or cannot be read.
    """
    content = read_file(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as listed:
            # Nothing is packed in an archive of ours, so that what a file says of its size can be no lie.
            if any(entry.compress_type or entry.file_size > len(content) for entry in listed.infolist()):
                raise ValueError("packed")
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        checksum = arrays.pop(CHECKSUM).tobytes()
    except Exception:  # whatever the libraries make of damaged bytes
        raise ValueError(f"{path} is damaged, or not a file of netphysics") from None
    if checksum != digest(arrays).tobytes():
        raise ValueError(f"{path} is damaged: its checksum does not match")
    return arrays


def digest(arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """SHA-256 over names, types, shapes and bytes, as 32 bytes."""
    found = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        found.update(f"{name} {array.dtype.str} {array.shape};".encode())
        found.update(array.tobytes())
    return np.frombuffer(found.digest(), dtype=np.uint8)
