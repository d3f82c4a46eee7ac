"""A disk that fails: a layer over the file operations of Python, of which the k-th and those after it go wrong."""

from __future__ import annotations

import builtins
import contextlib
import errno
import io
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

# Operations that take room, or leave a trace; what only reads never fails here.
OPERATIONS = ("mkdir", "fsync", "replace", "rename", "chmod", "open", "unlink")
# Those that a full disk still does.
FREE = ("unlink", "chmod", "close")


class Killed(BaseException):
    """The process has ended here: nothing that comes after it is done."""


class Disk:
    """Counts operations; from the k-th on they fail, as they do on a full disk or in a process that was killed.

    Attributes:
        at: the number of the first operation that fails, from 1; none when it is 0.
        killed: whether the process has ended; the disk is full otherwise.
        once: whether there is room again at once.
    """

    def __init__(self, at: int, *, killed: bool = False, once: bool = False) -> None:
        self.at, self.killed, self.once, self.count = at, killed, once, 0

    def pass_or_fail(self, name: str) -> None:
        if name in FREE and not self.killed:
            return
        self.count += 1
        if self.at and (self.count == self.at if self.once else self.count >= self.at):
            if self.killed:
                raise Killed
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def watched(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **keywords: Any) -> Any:
            if name != "open" or words[1] & os.O_CREAT:
                self.pass_or_fail(name)
            return function(*words, **keywords)

        return call

    def opened(self, path: Any, mode: str = "r", *words: Any, **keywords: Any) -> Any:
        stream = _open(path, mode, *words, **keywords)
        return _Stream(self, stream) if set(mode) & set("wax+") else stream

    @contextlib.contextmanager
    def beneath(self) -> Iterator[None]:
        """Within the block this is the disk."""
        with pytest.MonkeyPatch.context() as patch:
            for name in OPERATIONS:
                patch.setattr(os, name, self.watched(name, getattr(os, name)))
            patch.setattr(io, "open", self.opened)
            patch.setattr(builtins, "open", self.opened)
            yield


_open = io.open


class _Stream:
    """A file of which half is written when the disk is full."""

    def __init__(self, disk: Disk, stream: Any) -> None:
        self.disk, self.stream = disk, stream

    def write(self, content: Any) -> int:
        try:
            self.disk.pass_or_fail("write")
        except BaseException:
            self.stream.write(content[: len(content) // 2])
            self.stream.flush()
            raise
        return self.stream.write(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def __enter__(self) -> _Stream:
        return self

    def __exit__(self, *reasons: Any) -> None:
        self.stream.close()
