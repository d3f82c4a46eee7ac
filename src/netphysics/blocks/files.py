"""Files that appear whole or not at all, and that are read only when they are files."""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import re
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Temporary files name the process that writes them: `.<name>.<machine>.<process>.<random>.tmp`.
TEMPORARY = re.compile(r"\.(?P<machine>[^.]*)\.(?P<process>\d+)\.\w+\.tmp$")
MACHINE = re.sub(r"\W", "-", platform.node())[:40]
# The ending of what was set aside; others of the same name have a number after it.
ASIDE = ".damaged"
# Bytes of the largest file that is read whole. A sparse file claims any size and costs its owner nothing.
LARGEST = 2**32


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary file to write in place of `path`: readers, and crashes, see the old file or the new one.

    The file is flushed to disk and renamed when the block ends, and removed when it fails. What is no file is set
    aside.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = f".{path.name}.{MACHINE}.{os.getpid()}."
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=mark, suffix=".tmp")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        _flush(temporary)
        temporary.chmod(0o666 & ~_umask())
        make_way(path)
        os.replace(temporary, path)
        # The rename itself must survive a power cut, too.
        _flush(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_atomic(path: Path, content: bytes) -> None:
    """Put `content` in the file `path`, whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def read_file(path: Path, most: int = LARGEST) -> bytes:
    """The content of a file of at most so many bytes; a pipe or a device in its place is not waited for.

    Raises:
        FileNotFoundError: when there is nothing of that name.
        OSError: for what cannot be read.
        ValueError: for what is no file, is too large, or does not fit into memory.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except ValueError:  # a name with a zero byte
        raise ValueError(f"{str(path)!r} cannot be the name of a file") from None
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise ValueError(f"{path} is not a file")
        if found.st_size > most:
            raise ValueError(f"{path} has {found.st_size:,} bytes; at most {most:,} are read")
        with open(handle, "rb", closefd=False) as stream:
            return stream.read()
    except MemoryError:
        raise ValueError(f"{path} is larger than what fits into memory") from None
    finally:
        os.close(handle)


def set_aside(path: Path) -> Path | None:
    """Rename what lies at `path`, so that another can take its place; the new name, None when nothing was there."""
    aside, number = path.with_suffix(ASIDE), 1
    while os.path.lexists(aside):
        number += 1
        aside = path.with_suffix(f"{ASIDE}-{number}")
    try:
        os.rename(path, aside)
    except OSError as problem:
        # Another run may have set it, or its folder, aside in this very moment; or a link leads around in a circle.
        if problem.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return None
        raise
    return aside


def make_way(path: Path) -> None:
    """Set aside what lies where a file is to be and is none: a folder, pipe or device, a link that leads nowhere."""
    if os.path.lexists(path) and not path.is_file():
        set_aside(path)


def sweep(folder: Path) -> None:
    """Remove the temporary files of writers on this machine that have ended without removing them."""
    for path in folder.rglob(".*.tmp"):
        found = TEMPORARY.search(path.name)
        if found and found["machine"] == MACHINE and not _lives(int(found["process"])):
            path.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


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
