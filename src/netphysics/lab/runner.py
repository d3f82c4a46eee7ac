"""The runner: theory first, then the blocks that are missing, then the verdicts."""

from __future__ import annotations

import contextlib
import functools
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..blocks import Block, Cell, Executor, Plan, Threads
from ..blocks.executors import Compute
from ..blocks.files import sweep
from ..stats import Estimate, Tally, jackknife
from . import store as files
from .citations import bibtex
from .experiments import COMPILED, compute_block
from .manifest import Damaged
from .netcdf import to_netcdf
from .options import StudyConfig
from .provenance import provenance
from .run import Run
from .store import Store, check_writable, run_id, to_json
from .study import Study

FIRST_ROUND = 8
LIVE_SECONDS = 1.0


class Interrupted(Exception):
    """A run was asked to stop; everything it finished is on disk at `path`."""

    def __init__(self, path: Path):
        super().__init__(f"stopped; the same command goes on from {path}")
        self.path = path


@dataclass(frozen=True)
class Progress:
    """What a watcher is told whenever a block is done.

    Attributes:
        done, total: blocks of the whole run, those found on disk included.
        cell: the sweep point the block belongs to.
        seconds_left: from the pace of this run, None before its first block.
        headline: the study's headline quantity of that cell so far, at most once a second.
        note: something worth telling, for instance a damaged file.
    """

    done: int
    total: int
    cell: str
    seconds_left: float | None = None
    headline: Estimate | None = None
    note: str = ""


def run_study(
    study: Study,
    config: StudyConfig,
    out: Path = Path("runs"),
    executor: Executor | None = None,
    until_error: float | None = None,
    watch: Callable[[Progress], None] = lambda progress: None,
    stopping: Callable[[], bool] = lambda: False,
) -> Run:
    """Run a study to its claims; resume, extend or simply answer when blocks are on disk already.

    Args:
        out: folder of all runs; this one lives in `out/<study>/<id>`.
        executor: where blocks are computed; in the threads of this process by default.
        until_error: stop as soon as the relative error of the headline is at most this in every cell;
            the budget stays the ceiling.
        watch: told about every finished block.
        stopping: asked after every block; once true no block is begun any more, and the run ends with `Interrupted`.

    Raises:
        ValueError: for an `until_error` that is not positive, a citation without an entry, a folder that cannot be
            written, or an executor that cannot be reached; nothing is written then.
        Interrupted: after `stopping` said so; the finished blocks are kept.
    """
    if until_error is not None:
        if not until_error > 0:
            raise ValueError(f"--until-error is {until_error}; it must be positive")
        if not study.headline:
            raise ValueError(f"study {study.name} has no headline, so --until-error does not apply")
    out = Path(out)
    check_writable(out)
    bibtex(study.cites, study.config.__module__)
    config = study.resolve(config)
    plan = Plan(tuple(study.cells(config)), config.draws, config.block_size)
    run = run_id(study, config)
    store = Store(out / study.name / run, run)
    budget = {"draws": config.draws, "until_error": until_error}
    notes: list[str] = []
    try:
        finished = _finished(study, config, store, budget)
    except Damaged as damage:
        finished, notes = None, store.set_aside(damage)
    if finished is not None:
        return finished

    with (executor or Threads()).open() as compute:
        started = time.time()
        sweep(store.folder)
        record: dict[str, Any] = {
            "study": study.name,
            "run": run,
            "config": config.to_json(),
            "provenance": provenance(),
        }
        predicted = store.read_theory()
        if predicted is None:
            predicted = study.predict(config)
            store.seal({files.THEORY: to_netcdf(predicted, record)})
        campaign = _Campaign(study, config, plan, store, compute, watch, stopping)
        for note in notes:
            campaign.note(note)
        tallies = campaign.collect(until_error)

    measured = {cell.name: reduce_cell(study, config, cell, tallies[cell.name]) for cell in plan.cells}
    claims = list(study.compare(config, predicted, measured))
    record |= {
        "budget": dict(budget),
        "blocks": {name: len(found) for name, found in tallies.items()},
        "blocks_computed": campaign.computed,
        "seconds": round(time.time() - started, 3),
        "notes": campaign.notes,
    }
    store.seal(
        {
            files.RESULT: to_netcdf(measured, record),
            files.CLAIMS: to_json([claim.to_json() for claim in claims]),
            files.RECORD: to_json(record),
        }
    )
    store.log("finished", seconds=record["seconds"], computed=campaign.computed)
    return Run(study, config, predicted, measured, claims, record, store.folder)


def reduce_cell(study: Study, config: StudyConfig, cell: Cell, tallies: Sequence[Tally]) -> dict[str, Estimate]:
    """Estimates of a cell's quantities from its blocks, by the jackknife."""
    assert study.reduce is not None, "a study with cells has a reduction"
    return jackknife(tallies, functools.partial(study.reduce, config, cell))


def _finished(study: Study, config: StudyConfig, store: Store, budget: Mapping) -> Run | None:
    """The stored run when it answers exactly this request, otherwise None.

    Raises:
        Damaged: naming the files that cannot be believed.
    """
    content = store.read_content()
    if content is None or content.record["budget"] != budget:
        return None
    claims = list(study.compare(config, content.predicted, content.measured))
    return Run(study, config, content.predicted, content.measured, claims, content.record, store.folder)


class _Campaign:
    """One pass over the plan: reads what is on disk, computes what is missing, keeps count."""

    def __init__(
        self,
        study: Study,
        config: StudyConfig,
        plan: Plan,
        store: Store,
        compute: Compute,
        watch: Callable[[Progress], None],
        stopping: Callable[[], bool],
    ) -> None:
        self.study, self.config, self.plan, self.store = study, config, plan, store
        self.compute, self.watch, self.stopping = compute, watch, stopping
        self.computed = 0
        self.done = 0
        self.notes: list[str] = []
        self.started = time.monotonic()
        self.next_live = self.started
        self.tallies: dict[str, dict[int, Tally]] = {cell.name: {} for cell in plan.cells}

    def collect(self, until_error: float | None) -> dict[str, list[Tally]]:
        """Tallies of all cells in index order, up to the budget or to the error asked for.

        The rounds of an early stop end at fixed block counts (8, 16, 32, ...), so that the result does
        not depend on which worker was quick.
        """
        full = self.plan.blocks_per_cell
        rounds = [full] if until_error is None else _doubling(FIRST_ROUND, full)
        begin = 0
        for end in rounds:
            self._fill([self.plan.blocks(cell)[begin:end] for cell in self.plan.cells])
            begin = end
            if until_error is not None and self._worst_error() <= until_error:
                break
        return {name: [found[i] for i in sorted(found)] for name, found in self.tallies.items()}

    def _fill(self, blocks_by_cell: Iterable[Sequence[Block]]) -> None:
        missing = [self._missing(blocks) for blocks in blocks_by_cell]
        if len(missing) <= COMPILED:
            # The first block of a cell compiles it: the firsts go first, so that cells are compiled side by side.
            missing = [[blocks[0] for blocks in missing if blocks], *(blocks[1:] for blocks in missing)]
        tasks = [(self.study, self.config, block) for blocks in missing for block in blocks]
        left = len(tasks)
        with contextlib.closing(self.compute(compute_block, tasks, self.stopping)) as computed:
            for (_, _, block), result in computed:
                self.computed += 1
                left -= 1
                if isinstance(result, tuple):
                    tally, kept = result
                    self.store.ledger.write(block, tally, kept)
                    self._keep(block, tally)
                else:
                    self.store.ledger.set_apart(block, result)
                    self._set_apart(block, result)
                self._report(block)
        if left:
            self.store.log("stopped", computed=self.computed)
            raise Interrupted(self.store.folder)

    def _missing(self, blocks: Sequence[Block]) -> list[Block]:
        """The blocks that are not on disk; those that are, are kept."""
        missing = []
        for block in blocks:
            tally, damaged = self.store.ledger.read(block)
            if damaged is not None:
                self.note(
                    f"{damaged.name} of cell {block.cell.name} was damaged; it is computed again", block.cell.name
                )
            if tally is not None:
                self._keep(block, tally)
            elif (realizations := self.store.ledger.apart(block)) is not None:
                self._set_apart(block, realizations)
            else:
                missing.append(block)
        return missing

    def _keep(self, block: Block, tally: Tally) -> None:
        self.tallies[block.cell.name][block.index] = tally
        self.done += 1

    def _set_apart(self, block: Block, realizations: list[int]) -> None:
        self.done += 1
        named = ", ".join(map(str, realizations[:5])) + (", ..." if len(realizations) > 5 else "")
        self.note(
            f"block {block.index} of cell {block.cell.name} is not finite at realization {named}; "
            "it is kept apart and not part of the result",
            block.cell.name,
        )

    def note(self, text: str, cell: str = "") -> None:
        self.notes.append(text)
        self.store.log("note", text=text)
        self.watch(Progress(self.done, self._total(), cell, note=text))

    def _report(self, block: Block) -> None:
        elapsed = time.monotonic() - self.started
        left = elapsed / self.computed * (self._total() - self.done)
        headline, now = None, time.monotonic()
        if now >= self.next_live:
            headline = self._headline(block.cell)
            # A look at the estimate may take a twentieth of the time, no more.
            self.next_live = time.monotonic() + max(LIVE_SECONDS, 20 * (time.monotonic() - now))
        self.watch(Progress(self.done, self._total(), block.cell.name, left, headline))

    def _total(self) -> int:
        return len(self.plan.cells) * self.plan.blocks_per_cell

    def _headline(self, cell: Cell) -> Estimate | None:
        found = self.tallies[cell.name]
        if not self.study.headline or len(found) < FIRST_ROUND:
            return None
        ordered = [found[i] for i in sorted(found)]
        return reduce_cell(self.study, self.config, cell, ordered)[self.study.headline]

    def _worst_error(self) -> float:
        """The largest relative error of the headline over all cells, as a ratio of norms."""
        worst = 0.0
        for headline in map(self._headline, self.plan.cells):
            if headline is None:
                return math.inf
            worst = max(worst, float(np.linalg.norm(headline.error) / np.linalg.norm(headline.value)))
        return worst


def _doubling(first: int, last: int) -> list[int]:
    """first, 2 first, 4 first, ... and finally last."""
    steps = []
    while first < last:
        steps.append(first)
        first *= 2
    return [*steps, last]
