"""Files that commands write: checked before any work is done, and written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from netphysics.blocks import write_atomic


def check_output(path: Path, option: str, endings: Sequence[str] = ()) -> Path:
    """Refuse a file that could not be written.

    Args:
        option: as it was typed, for the message.
        endings: what its name may end in; anything where there are none.

    Raises:
        ValueError: for another ending, a folder that is missing or closed, or a path that is a folder.
    """
    if endings and path.suffix not in endings:
        raise ValueError(f"{option} is {path}; it must end in {' or '.join(endings)}")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise ValueError(f"{option} is {path}; there is no folder {folder}")
    if path.is_dir():
        raise ValueError(f"{option} is {path}; it is a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ValueError(f"{option} is {path}; {folder} cannot be written to")
    return path


def write_output(path: Path, text: str) -> None:
    """Write text to a file that was checked."""
    write_atomic(path, text.encode())
