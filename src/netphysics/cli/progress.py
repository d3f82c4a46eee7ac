"""Progress of a run on stderr: a live bar for a person, a JSON line every ten seconds for a program."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from netphysics.lab import Progress, Study

SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def watcher(study: Study, as_json: bool) -> Iterator[Callable[[Progress], None]]:
    """What `run_study` is to call after each block."""
    if as_json or not sys.stderr.isatty():
        yield Lines(study)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}  {task.fields[headline]}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(study.name, total=None, left="", headline="")

        def watch(progress: Progress) -> None:
            fields: dict[str, Any] = {
                "left": "" if progress.seconds_left is None else f"{progress.seconds_left:.0f} s left"
            }
            if progress.headline is not None:
                fields["headline"] = escape(headline_text(study, progress))
            if progress.note:
                bar.console.print(f"[yellow]note[/] {escape(progress.note)}")
            bar.update(task, completed=progress.done, total=progress.total, **fields)

        yield watch


class Lines:
    """Prints JSON lines: the first block, one every ten seconds, the last block, and every note."""

    def __init__(self, study: Study):
        self.study, self.next = study, 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now >= self.next or progress.note or progress.done == progress.total:
            print(json_line(self.study, progress), file=sys.stderr, flush=True)
            self.next = now + SECONDS_BETWEEN_LINES


def headline_text(study: Study, progress: Progress) -> str:
    """The headline quantity of the cell at hand: the number, or the relative error of an array."""
    headline = progress.headline
    if headline.shape == ():
        return f"{study.headline}[{progress.cell}] = {headline}"
    relative = np.linalg.norm(headline.error) / np.linalg.norm(headline.value)
    return f"{study.headline}[{progress.cell}] to {relative:.1%}"


def json_line(study: Study, progress: Progress) -> str:
    line = {"study": study.name, "done": progress.done, "total": progress.total, "cell": progress.cell}
    if progress.seconds_left is not None:
        line["seconds_left"] = round(progress.seconds_left, 1)
    if progress.headline is not None:
        line[study.headline] = progress.headline.value.tolist()
        line["error"] = progress.headline.error.tolist()
    if progress.note:
        line["note"] = progress.note
    return json.dumps(line)
