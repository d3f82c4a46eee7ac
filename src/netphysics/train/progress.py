"""Progress of a training: a line that renews itself for a person, JSON lines for a program."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class TrainingProgress:
    """What a watcher is told after every chunk of steps.

    Attributes:
        done, total: steps of the whole training, those found on disk included.
        losses: mean loss over the last chunk, shape (members,); NaN for members that do not run any more.
        diverged: members that are frozen because their loss or weights were not finite.
        seconds_left: from the pace of this call, None before its first chunk.
        note: something worth telling, for instance a damaged checkpoint.
    """

    done: int
    total: int
    losses: np.ndarray
    diverged: tuple[int, ...] = ()
    seconds_left: float | None = None
    note: str = ""

    def summary(self) -> dict[str, float]:
        """Median, lowest and highest loss of the members that run; empty when none does."""
        running = self.losses[np.isfinite(self.losses)]
        if not running.size:
            return {}
        return {"loss": float(np.median(running)), "lowest": float(running.min()), "highest": float(running.max())}


def show_progress(progress: TrainingProgress) -> None:
    """Show progress on stderr: one line that is rewritten on a terminal, elsewhere a JSON line per chunk."""
    if sys.stderr.isatty():
        end = "\n" if progress.done == progress.total or progress.note else ""
        print(f"\r\033[K{as_text(progress)}", end=end, file=sys.stderr, flush=True)
    else:
        print(as_json(progress), file=sys.stderr, flush=True)


def as_text(progress: TrainingProgress) -> str:
    words = [f"step {progress.done:,} of {progress.total:,}"]
    if loss := progress.summary():
        words.append(f"loss {loss['loss']:.3g} ({loss['lowest']:.3g} to {loss['highest']:.3g})")
    if progress.diverged:
        words.append(f"{len(progress.diverged)} of {len(progress.losses)} diverged")
    if progress.seconds_left is not None:
        words.append(f"{progress.seconds_left:.0f} s left")
    return ", ".join([*words, *filter(None, [progress.note])])


def as_json(progress: TrainingProgress) -> str:
    line: dict[str, float | str | list[int]] = {"step": progress.done, "steps": progress.total, **progress.summary()}
    if progress.diverged:
        line["diverged"] = list(progress.diverged)
    if progress.seconds_left is not None:
        line["seconds_left"] = round(progress.seconds_left, 1)
    if progress.note:
        line["note"] = progress.note
    return json.dumps(line)
