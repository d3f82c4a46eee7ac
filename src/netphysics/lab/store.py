"""The run store: where a run lives on disk, and how results are written and read back."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..blocks import Ledger, write_atomic
from ..blocks.files import make_way, set_aside, sweep
from .code import code_digest
from .manifest import MANIFEST, Damaged, Manifest, alone, parse_json, parse_record, read_manifest, stamp
from .netcdf import from_netcdf
from .options import StudyConfig
from .study import Results, Study

THEORY = "theory.nc"
RESULT = "result.nc"
CLAIMS = "claims.json"
RECORD = "run.json"
REPORT = "report.html"
LOG = "log.jsonl"
# A run is finished when its manifest has these.
NEEDED = (THEORY, RESULT, CLAIMS, RECORD)
# What rests on what: a file that is written anew takes those after it out of the manifest.
ORDER = ((THEORY,), (RESULT, CLAIMS, RECORD), (REPORT,))
# What every record has.
ENTRIES = {"study": str, "config": dict, "budget": dict, "blocks": dict, "notes": list}


def config_id(study: Study, config: StudyConfig) -> str:
    """Ten hexadecimal digits that name a question: the study, its version and its config without the budget."""
    identity = {"study": study.name, "version": study.version, "config": config.identity()}
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:10]


def run_id(study: Study, config: StudyConfig) -> str:
    """What names a run: its question, and the code that answers it."""
    return f"{config_id(study, config)}-{code_digest(study.config.__module__)}"


@dataclass(frozen=True)
class Content:
    """The numbers of a finished run, each file of them checked."""

    record: dict[str, Any]
    predicted: Results
    measured: Results
    claims: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Store:
    """The folder of one run.

    `theory.nc` is written before anything is measured; `blocks/` fills up; `result.nc`, `claims.json`
    and `run.json` close the run; `report.html` shows it and `log.jsonl` tells how it went. `manifest.json` has the
    digests of these files; it is written last, and it alone says that the run is finished.

    Attributes:
        run: the id of the run that must lie there; any, when it is left out.
    """

    folder: Path
    run: str = ""

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.folder / "blocks", self.run)

    def log(self, event: str, **details: Any) -> None:
        """Add one line to the log; a single write, so that lines of two runs never mix."""
        self.folder.mkdir(parents=True, exist_ok=True)
        make_way(self.folder / LOG)
        with open(self.folder / LOG, "a", encoding="utf-8") as stream:
            stream.write(json.dumps({"event": event, **details}) + "\n")

    def seal(self, contents: Mapping[str, bytes]) -> None:
        """Write files of the run, and the manifest that vouches for them; files that rest on them lose its word.

        Whenever this is cut short, the manifest has no file that is not what it says.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with alone(self.folder):
            try:
                manifest = read_manifest(self.folder, self.run) or Manifest(self.run)
            except Damaged:
                set_aside(self.folder / MANIFEST)
                manifest = Manifest(self.run)
            if all(manifest.files.get(name) == stamp(content) for name, content in contents.items()):
                with contextlib.suppress(Damaged):
                    manifest.read(self.folder, contents)
                    return
            sweep(self.folder)
            stage = min(i for i, names in enumerate(ORDER) for name in names if name in contents)
            before = manifest.only(name for names in ORDER[:stage] for name in names)
            if before != manifest:
                before.write(self.folder)
            for name, content in contents.items():
                write_atomic(self.folder / name, content)
            before.with_files(contents).write(self.folder)

    def reopen(self) -> None:
        """Take the result out of the manifest, so that the next run of the study goes through all blocks again."""
        with contextlib.suppress(Damaged):
            manifest = read_manifest(self.folder, self.run)
            if manifest is not None:
                manifest.only([THEORY]).write(self.folder)

    def read(self, names: Iterable[str]) -> dict[str, bytes] | None:
        """The contents of files, checked; None where the manifest does not have them all.

        Raises:
            Damaged: naming the files that cannot be believed.
        """
        manifest = read_manifest(self.folder, self.run)
        names = tuple(names)
        if manifest is None or not set(names) <= manifest.files.keys():
            return None
        return manifest.read(self.folder, names)

    def read_theory(self) -> Results | None:
        """The stored theory; None where there is none that can be believed."""
        try:
            contents = self.read([THEORY])
            return None if contents is None else from_netcdf(contents[THEORY])
        except ValueError:
            return None

    def read_content(self) -> Content | None:
        """The numbers of the run; None for a run that is not finished.

        Raises:
            Damaged: naming the files that cannot be believed.
        """
        contents = self.read(NEEDED)
        if contents is None:
            return None
        found: dict[str, Any] = {}
        harms = {}
        for name, parse in _PARSE.items():
            try:
                found[name] = parse(contents[name])
            except ValueError:
                harms[name] = "is not what this version writes"
        if harms:
            raise Damaged(self.folder, harms)
        return Content(found[RECORD], found[THEORY], found[RESULT], found[CLAIMS])

    def set_aside(self, damage: Damaged) -> list[str]:
        """Make room for new files in place of damaged ones; a sentence on each."""
        sentences = []
        for name, harm in damage.harms.items():
            aside = set_aside(self.folder / name)
            kept = f", and kept as {aside.name}" if aside else ""
            sentences.append(f"{name} {harm}; it is written again from the blocks{kept}")
        return sentences


def _parse_claims(content: bytes) -> list[dict[str, Any]]:
    claims = parse_json(content)
    if not isinstance(claims, list) or not all(
        isinstance(claim, dict) and {"origin", "verdict"} <= claim.keys() for claim in claims
    ):
        raise ValueError("the record is no list of claims")
    return claims


_PARSE: Mapping[str, Callable[[bytes], Any]] = {
    RECORD: functools.partial(parse_record, types=ENTRIES),
    CLAIMS: _parse_claims,
    THEORY: from_netcdf,
    RESULT: from_netcdf,
}


def to_json(content: Any) -> bytes:
    """A record as it is stored."""
    return (json.dumps(content, indent=2) + "\n").encode()


def check_writable(folder: Path) -> None:
    """Refuse a folder that cannot be written, or made in one that exists, without leaving a trace.

    Raises:
        ValueError: naming what is no writable folder.
    """
    folder = folder.absolute()
    try:
        folder.lstat()
        place = folder
    except FileNotFoundError:
        place = folder.parent
    except (OSError, ValueError):
        raise ValueError(f"--out is {str(folder)!r}; it cannot be the name of a folder") from None
    fit = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    if not fit:
        raise ValueError(f"--out is {folder}; {place} is not a folder that can be written to")
