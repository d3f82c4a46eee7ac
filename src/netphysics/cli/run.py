"""`netphysics run STUDY`: theory, blocks, verdicts, report."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, make_dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Literal, get_args

from netphysics.lab import catalog
from netphysics.lab.accepted import option

from .arguments import parse

if TYPE_CHECKING:
    from netphysics.lab import Study, StudyConfig

# Processes that a machine of today could feed.
MOST_WORKERS = 1024
Preset = Literal["quick", "default", "paper"]


@dataclass(frozen=True)
class RunOptions:
    """How and where to run."""

    preset: Preset = "default"
    """quick answers in a minute, default in a coffee break, paper at the precision of the literature."""
    out: Path = Path("runs")
    """Folder of all runs, made where its parent exists; the same command again resumes, extends or answers from it."""
    workers: int = option(1, between=(1, MOST_WORKERS))
    """Processes on this machine; 1 is this one, with a thread for each of up to four cores. Results do not depend on
    it."""
    cluster: str | None = None
    """Address of a dask scheduler (tcp://host:8786), or `local`; takes the place of --workers."""
    until_error: float | None = option(None, above=0)
    """Stop as soon as the relative error of the headline is below this; --draws stays the ceiling."""
    json: bool = False
    """Print one JSON object on stdout; progress goes to stderr as JSON lines, one in ten seconds."""
    strict: bool = False
    """Exit with 1 when a theory claim disagrees."""
    keep_blocks: bool = False
    """Take over the blocks that other code has made for the same options: you vouch for them."""


def main(
    arguments: list[str],
    command: str | None = None,
    tell: Callable = lambda run: None,
    more: Callable = lambda run: {},
) -> int:
    """Run the study that the first argument names.

    Args:
        command: what was typed, if not `run` and that name.
        tell: prints what else a person should know of the run, before its claims.
        more: what else the JSON object should have.
    """
    if not arguments or arguments[0] in ("-h", "--help"):
        print("usage: netphysics run STUDY [options]\n\nThe studies: " + ", ".join(catalog.names()))
        print("`netphysics run STUDY --help` lists the options of one.")
        return 0 if arguments else 2
    study = catalog.load(arguments[0])
    # The preset decides the defaults of all other options, so it is looked up before they are parsed.
    preset = parse_preset(arguments[1:])
    request = make_dataclass("Request", [("run", RunOptions), ("config", study.config)], frozen=True)
    request.__doc__ = study.question
    default = request(run=RunOptions(preset=preset), config=study.config.preset(preset))
    given = parse(request, arguments[1:], command or f"run {study.name}", default)
    return run_from_command(study, given.config, given.run, tell, more)


def parse_preset(arguments: list[str]) -> Preset:
    """The value after --preset, `default` when it is not there."""
    for i, word in enumerate(arguments):
        name, _, value = word.partition("=")
        if name == "--preset":
            value = value or (arguments[i + 1] if i + 1 < len(arguments) else "")
            for preset in get_args(Preset):
                if preset == value:
                    return preset
            raise ValueError(f"--preset is {value!r}; it must be one of {', '.join(get_args(Preset))}")
    return "default"


def run_from_command(
    study: Study,
    config: StudyConfig,
    options: RunOptions,
    tell: Callable = lambda run: None,
    more: Callable = lambda run: {},
) -> int:
    """Run, show progress and print the outcome; the exit code is returned."""
    from netphysics.api import executor, run_and_report
    from netphysics.lab import Interrupted

    from .progress import watcher

    place = executor(options.workers, options.cluster)
    try:
        with interruptible() as stopping, watcher(study, options.json) as watch:
            run = run_and_report(
                study, config, options.out, place, options.until_error, watch, stopping, options.keep_blocks
            )
    except Interrupted as stopped:
        print(f"netphysics: {stopped}", file=sys.stderr)
        return 130
    if options.json:
        print(json.dumps({**run.to_json(), **more(run)}, allow_nan=False))
    else:
        from .claims_text import print_claims

        tell(run)
        print_claims(run)
    failed = any(claim.origin == "theory" and claim.verdict == "disagrees" for claim in run.claims)
    return 1 if options.strict and failed else 0


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Within the block, Ctrl-C and SIGTERM only ask to stop; a second Ctrl-C insists."""
    asked: list[int] = []

    def ask(number: int, frame: FrameType | None) -> None:
        if asked and number == signal.SIGINT:
            # Threads cannot be interrupted. Whatever is on disk is whole, so nothing is lost that was kept; but
            # processes that work for this one would wait for it forever.
            for child in multiprocessing.active_children():
                child.kill()
            os.write(2, b"\nnetphysics: left at once; the same command goes on from the blocks on disk\n")
            os._exit(130)
        asked.append(number)
        # A signal may come in the middle of a print, which cannot be entered twice.
        os.write(2, b"\nfinishing the blocks at hand; Ctrl-C again to leave at once\n")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
