"""Inspection: every file of a run, checked; nothing is moved."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py

from ..blocks.files import ASIDE, read_file
from ..blocks.ledger import APART, Ledger
from .manifest import MANIFEST, Damaged, parse_record, read_manifest
from .store import NEEDED, RECORD, RESULT, THEORY

RUN_ID = re.compile("[0-9a-f]{10}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Inspection:
    """What lies in the folder of a run.

    Attributes:
        state: `sound`, `unfinished` or `damaged`.
        harms: what is wrong, by the path of the file within the folder.
        blocks: how many sound blocks there are.
        record: what was asked for, from any sound file that has it; None when no file has.
    """

    folder: Path
    state: str
    harms: dict[str, str]
    blocks: int
    record: dict[str, Any] | None


def inspect(folder: Path) -> Inspection:
    """Check the manifest of a run, the files that it has, and every block."""
    harms: dict[str, str] = {}
    contents: dict[str, bytes] = {}
    finished = False
    try:
        # A folder that somebody has renamed may hold any run.
        manifest = read_manifest(folder, folder.name if RUN_ID.fullmatch(folder.name) else "")
        if manifest is not None:
            finished = set(NEEDED) <= manifest.files.keys()
            for name in manifest.files:
                try:
                    contents |= manifest.read(folder, [name])
                except Damaged as damage:
                    harms |= damage.harms
        elif (folder / RECORD).exists():
            harms[MANIFEST] = "is missing"
    except Damaged as damage:
        harms |= damage.harms
    record = _record(folder, contents)
    blocks = _blocks(folder, (record or {}).get("run", ""), harms)
    # Only records of finished runs count blocks; where the manifest is damaged they are the best there is.
    if record is not None and isinstance(record.get("blocks"), dict):
        harms |= _missing_blocks(folder, record)
    return Inspection(folder, "damaged" if harms else "sound" if finished else "unfinished", harms, blocks, record)


def _blocks(folder: Path, run: str, harms: dict[str, str]) -> int:
    """How many sound blocks there are; what is wrong with others is added to `harms`."""
    ledger, sound = Ledger(folder / "blocks", run), 0
    for path in sorted((folder / "blocks").glob("*/*")):
        if path.suffix not in (".npz", APART):
            continue
        if ASIDE in path.parent.suffix:  # a link that was set aside may lead back here
            continue
        try:
            ledger.check(path)
            sound += path.suffix != APART
        except ValueError:
            harms[path.relative_to(folder).as_posix()] = "is damaged, or a block of another run"
    return sound


def _missing_blocks(folder: Path, record: dict[str, Any]) -> dict[str, str]:
    """Cells that have fewer blocks than the result was made of."""
    return {
        f"blocks/{cell}": f"has {found} of the {count} blocks of the result"
        for cell, count in record["blocks"].items()
        if (found := len(list((folder / "blocks" / cell).glob("*.npz")))) < count
    }


def _record(folder: Path, contents: dict[str, bytes]) -> dict[str, Any] | None:
    """What was asked for: from the record, or from the results, which carry it along; from a sound file if there is
    one. Whoever acts on another must compare the id that it leads to with the name of the folder.
    """
    names = (RECORD, RESULT, THEORY)
    checked = [(name, contents[name]) for name in names if name in contents]
    for name, content in [*checked, *((name, _unchecked(folder / name)) for name in names)]:
        try:
            text = content if name == RECORD else _attribute(content)
            return parse_record(text, {"study": str, "config": dict})
        except ValueError:
            continue
    return None


def _unchecked(path: Path) -> bytes:
    try:
        return read_file(path)
    except (OSError, ValueError):
        return b""


def _attribute(content: bytes) -> bytes:
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            return str(file.attrs["run"]).encode()
    except Exception:  # whatever the library makes of damaged bytes
        raise ValueError("the results are damaged") from None
