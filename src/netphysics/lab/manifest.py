"""The manifest of a run: which files belong to it, and what they must hold to be believed."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..blocks import write_atomic
from ..blocks.files import read_file

MANIFEST = "manifest.json"
# Bytes of the largest manifest.
MOST = 2**20


class Damaged(ValueError):
    """Files of a run cannot be believed.

    Attributes:
        harms: what is wrong, by the name of the file, as the end of a sentence: `{"result.nc": "is missing"}`.
    """

    def __init__(self, folder: Path, harms: Mapping[str, str]):
        said = " and ".join(f"{name} {harm}" for name, harm in harms.items())
        super().__init__(f"{folder} is damaged: {said}; `netphysics check --repair {folder}` computes it again")
        self.harms = dict(harms)


@dataclass(frozen=True)
class Manifest:
    """The files of a run, each with its size in bytes and its SHA-256.

    Attributes:
        run: the id of the run.
    """

    run: str
    files: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def with_files(self, contents: Mapping[str, bytes]) -> Manifest:
        return Manifest(self.run, {**self.files, **{name: stamp(content) for name, content in contents.items()}})

    def only(self, names: Iterable[str]) -> Manifest:
        return Manifest(self.run, {name: found for name, found in self.files.items() if name in names})

    def write(self, folder: Path) -> None:
        body = {"run": self.run, "files": {name: list(found) for name, found in self.files.items()}}
        text = json.dumps({**body, "checksum": stamp(_canonical(body))[1]}, indent=2)
        write_atomic(folder / MANIFEST, (text + "\n").encode())

    def read(self, folder: Path, names: Iterable[str]) -> dict[str, bytes]:
        """The contents of files that it has, checked.

        Raises:
            Damaged: naming every file that is missing, cannot be read, or is not what was written.
        """
        contents: dict[str, bytes] = {}
        harms = {}
        for name in names:
            try:
                contents[name] = read_file(folder / name, self.files[name][0])
            except (FileNotFoundError, NotADirectoryError):
                harms[name] = "is missing"
            except OSError as problem:
                harms[name] = f"cannot be read ({problem.strerror})"
            except ValueError:
                harms[name] = "is no file of the size that was written"
            else:
                if stamp(contents[name]) != self.files[name]:
                    harms[name] = "is not what was written"
        if harms:
            raise Damaged(folder, harms)
        return contents


def read_manifest(folder: Path, run: str = "") -> Manifest | None:
    """The manifest of a run, None where there is none; with an id, that of this run only.

    Raises:
        Damaged: for one that cannot be read, or belongs to another run.
    """
    try:
        found = parse_record(read_file(folder / MANIFEST, MOST), {"run": str, "files": dict, "checksum": str})
        body = {name: found[name] for name in ("run", "files")}
        if stamp(_canonical(body))[1] != found["checksum"]:
            raise ValueError("its checksum does not match")
        manifest = Manifest(found["run"], {name: (entry[0], entry[1]) for name, entry in found["files"].items()})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError):
        raise Damaged(folder, {MANIFEST: "is damaged"}) from None
    if run and manifest.run != run:
        raise Damaged(folder, {MANIFEST: f"belongs to run {manifest.run}"})
    return manifest


def parse_record(content: bytes, types: Mapping[str, type]) -> dict[str, Any]:
    """A JSON object that has these entries of these types, and perhaps others.

    Raises:
        ValueError: for anything else.
    """
    found = parse_json(content)
    if not isinstance(found, dict):
        raise ValueError("the record is no JSON object")
    for name, kind in types.items():
        if not isinstance(found.get(name), kind):
            raise ValueError(f"the record has no {name}, or one of another type")
    return found


def parse_json(content: bytes) -> Any:
    """What a JSON text says.

    Raises:
        ValueError: for any other content.
    """
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("the record is nested too deeply") from None


def stamp(content: bytes) -> tuple[int, str]:
    """Size and SHA-256 of a content."""
    return len(content), hashlib.sha256(content).hexdigest()


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Within the block no other process that asks likewise writes the files of the run in `folder`."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Some file systems have no locks; two runs that end in the same moment must then be checked by hand.
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _canonical(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True).encode()
