"""`netphysics check [RUN...]`: whether what lies in the folders of runs is what was computed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from netphysics.lab.inspection import Inspection, inspect
from netphysics.lab.manifest import MANIFEST
from netphysics.lab.store import RECORD, THEORY, Store

from .arguments import Parser


@dataclass(frozen=True)
class Outcome:
    """What came of one run: the inspection, and what `--repair` did."""

    run: str
    state: str
    harms: dict[str, str]
    blocks: int
    repair: str = ""


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics check", description="Check every file of runs; exit code 1 when something is damaged.")
    parser.add_argument("runs", type=Path, nargs="*", metavar="RUN", help="folders of runs, or of all runs; runs/")
    parser.add_argument("--repair", action="store_true", help="compute again what is damaged, from the blocks")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    folders = [run for given in options.runs or [Path("runs")] for run in runs_in(given)]
    outcomes = []
    for folder in folders:
        found = inspect(folder)
        done = repair(found) if options.repair and found.harms else ""
        outcomes.append(Outcome(str(folder), found.state, found.harms, found.blocks, done))
        if not options.json:
            show(outcomes[-1])
    if options.json:
        print(json.dumps({"runs": [asdict(outcome) for outcome in outcomes]}, indent=2))
    return int(any(outcome.harms and outcome.repair != "repaired" for outcome in outcomes))


def runs_in(folder: Path) -> Iterator[Path]:
    """The folder itself when it is that of a run, otherwise the folders `<study>/<id>` in it.

    Raises:
        ValueError: for what is no folder.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder; `check` takes folders of runs")
    if any((folder / name).exists() for name in (MANIFEST, RECORD, THEORY, "blocks")):
        yield folder
    else:
        yield from (path for path in sorted(folder.glob("*/*")) if path.is_dir())


def repair(found: Inspection) -> str:
    """Compute again what is damaged, and inspect the run again; what came of it, in words."""
    from netphysics.api import run_and_report
    from netphysics.blocks import Threads
    from netphysics.lab import catalog, run_id
    from netphysics.lab.run import stored_config

    if found.record is None:
        return "no file says what was asked for any more; run the study again"
    try:
        study = catalog.load(found.record["study"])
        config = study.resolve(stored_config(study, found.record))
    except ValueError as problem:
        return str(problem)
    if run_id(study, config) != found.folder.name:
        return "it was made by other code; run the study again, and it begins anew beside this one"
    if MANIFEST not in found.harms:
        Store(found.folder, found.folder.name).reopen()
    budget = found.record.get("budget", {})
    run_and_report(study, config, found.folder.parents[1], Threads(), budget.get("until_error"))
    return "repaired" if not inspect(found.folder).harms else "still damaged"


def show(outcome: Outcome) -> None:
    """One run, for a person."""
    print(f"{outcome.run}: {outcome.state}, {outcome.blocks} blocks")
    for name, harm in outcome.harms.items():
        print(f"  {name} {harm}")
    if outcome.repair:
        print(f"  {outcome.repair}")
