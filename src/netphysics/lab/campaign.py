"""A campaign: one pass over the plan of a run, block by block."""

from __future__ import annotations

import contextlib
import functools
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..blocks import Block, Cell, Ledger, Plan
from ..blocks.executors import Compute
from ..stats import Estimate, Tally, jackknife
from .experiments import COMPILED, compute_block, shared_code
from .options import StudyConfig
from .store import Store
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


def reduce_cell(study: Study, config: StudyConfig, cell: Cell, tallies: Sequence[Tally]) -> dict[str, Estimate]:
    """Estimates of a cell's quantities from its blocks, by the jackknife."""
    assert study.reduce is not None, "a study with cells has a reduction"
    return jackknife(tallies, functools.partial(study.reduce, config, cell))


class Campaign:
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
        vouched: Ledger | None,
    ) -> None:
        self.study, self.config, self.plan, self.store = study, config, plan, store
        self.compute, self.watch, self.stopping, self.vouched = compute, watch, stopping, vouched
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
        with contextlib.closing(
            self.compute(functools.partial(compute_block, code=shared_code(self.study)), tasks, self.stopping)
        ) as computed:
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
            if tally is None:
                tally = self._taken_over(block)
            if tally is not None:
                self._keep(block, tally)
            elif (realizations := self.store.ledger.apart(block)) is not None:
                self._set_apart(block, realizations)
            else:
                missing.append(block)
        return missing

    def _taken_over(self, block: Block) -> Tally | None:
        """The tally of a block of other code that the user vouches for, which becomes one of this run."""
        try:
            found = None if self.vouched is None else self.vouched.look(block)
        except ValueError:  # a damaged block is computed again
            return None
        if found is None:
            return None
        self.store.ledger.write(block, *found)
        return found[0]

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
