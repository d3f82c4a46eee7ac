"""The identity of code: a digest of everything that a number of a study runs through."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# Rooms whose code makes numbers. Others only show them.
ROOMS = ("stats", "blocks", "nets", "train", "lab", "fields", "discovery", "knots", "topology")
# Libraries that draw the random numbers and do the arithmetic.
LIBRARIES = ("jax", "jaxlib", "numpy")


@functools.cache
def code_digest(module: str) -> str:
    """Eight hexadecimal digits for the code behind the study in a module, by whole files.

    It changes with any file of the rooms that make numbers, of the study's own wing (or, outside of netphysics, of
    the package of its module), and with the versions of jax, jaxlib and numpy.
    """
    found = hashlib.sha256()
    for library in LIBRARIES:
        found.update(f"{library} {importlib.metadata.version(library)};".encode())
    for name, path in sorted(_sources(module)):
        found.update(f"{name} ".encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:8]


def _sources(module: str) -> Iterator[tuple[str, Path]]:
    """The files behind a study, each with a name that does not depend on where it is installed."""
    own = module.split(".")
    roots = [PACKAGE / room for room in ROOMS]
    if own[0] == PACKAGE.name:
        # The wing's folder has what several of its studies share.
        roots.append(PACKAGE.joinpath(*own[1:3]))
    for root in roots:
        yield from ((path.relative_to(PACKAGE).as_posix(), path) for path in root.rglob("*.py"))
    if own[0] == PACKAGE.name:
        return
    top = getattr(sys.modules.get(own[0]), "__file__", None)
    if top is None:  # typed into a notebook or a prompt: there is no file to tell by
        return
    path = Path(top)
    files = path.parent.rglob("*.py") if path.name == "__init__.py" else [path]
    yield from ((f"{own[0]}: {file.relative_to(path.parent).as_posix()}", file) for file in files)
