"""Files that commands write: checked before any work is done, and written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from netphysics.blocks import write_atomic


def check_output(path: Path, option: str, endings: Sequence[str] = (), *, force: bool) -> Path:
    """Refuse a file that could not be written.

    Args:
        option: as it was typed, for the message.
        endings: what its name may end in; anything where there are none.
        force: whether a file that exists may be replaced.

    Raises:
        ValueError: for another ending, a folder that is missing or closed, a path that is no file's, or that of a
            file that exists.
    """
    if endings and path.suffix not in endings:
        raise ValueError(f"{option} is {path}; it must end in {' or '.join(endings)}")
    folder = path.absolute().parent
    if not is_folder(folder):
        raise ValueError(f"{option} is {path}; there is no folder {folder}")
    try:
        there = path.lstat()
    except FileNotFoundError:
        there = None
    except OSError as problem:
        raise ValueError(f"{option} is {path}; it cannot be the name of a file ({problem.strerror})") from None
    if path.is_dir():
        raise ValueError(f"{option} is {path}; it is a folder")
    if there is not None and not path.is_file():
        raise ValueError(f"{option} is {path}; it is not a file")
    if there is not None and not force:
        raise ValueError(f"{option} is {path}; there is such a file, and --force replaces it")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ValueError(f"{option} is {path}; {folder} cannot be written to")
    return path


def is_folder(path: Path) -> bool:
    """Whether there is a folder of that name.

    Raises:
        ValueError: for what cannot be the name of one.
    """
    try:
        return path.is_dir()
    except OSError as problem:
        raise ValueError(f"{path} cannot be the name of a folder ({problem.strerror})") from None


def write_output(path: Path, text: str) -> None:
    """Write text to a file that was checked."""
    write_atomic(path, text.encode())
