"""The runner: theory first, then the blocks that are missing, then the verdicts."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..blocks import Executor, Ledger, Plan, Threads
from ..blocks.files import sweep
from . import store as files
from .campaign import Campaign, Interrupted, Progress, reduce_cell
from .citations import bibtex
from .manifest import Damaged
from .netcdf import to_netcdf
from .options import StudyConfig
from .provenance import provenance
from .run import Run
from .store import Store, check_writable, config_id, run_id, to_json
from .study import Study

__all__ = ["Interrupted", "Progress", "reduce_cell", "run_study"]


def run_study(
    study: Study,
    config: StudyConfig,
    out: Path = Path("runs"),
    executor: Executor | None = None,
    until_error: float | None = None,
    watch: Callable[[Progress], None] = lambda progress: None,
    stopping: Callable[[], bool] = lambda: False,
    keep_blocks: bool = False,
) -> Run:
    """Run a study to its claims; resume, extend or simply answer when blocks are on disk already.

    Args:
        out: folder of all runs; this one lives in `out/<study>/<id>`.
        executor: where blocks are computed; in the threads of this process by default.
        until_error: stop as soon as the relative error of the headline is at most this in every cell;
            the budget stays the ceiling.
        watch: told about every finished block.
        stopping: asked after every block; once true no block is begun any more, and the run ends with `Interrupted`.
        keep_blocks: take over the blocks of the newest run of the same options that other code has made: whoever asks
            for it vouches that the code gives the same numbers.

    Raises:
        ValueError: for an `until_error` that is not positive, a citation without an entry, a folder that cannot be
            written, or an executor that cannot be reached; nothing is written then.
        Interrupted: after `stopping` said so; the finished blocks are kept.
    """
    if until_error is not None:
        if not 0 < until_error < math.inf:
            raise ValueError(f"--until-error is {until_error}; it must be positive and finite")
        if not study.headline:
            raise ValueError(f"study {study.name} has no headline, so --until-error does not apply")
    out = Path(out)
    check_writable(out)
    bibtex(study.cites, study.module)
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
    other = made_by_other_code(store, config_id(study, config))
    vouched = None
    if other is not None and keep_blocks:
        # Blocks of older versions do not say which run they are of.
        vouched = Ledger(other / "blocks", other.name if "-" in other.name else "")
        notes.append(f"blocks of {other} are taken over, though other code has made them")
    elif other is not None and not store.folder.exists():
        notes.append(f"other code has made {other}; this run begins anew beside it (--keep-blocks takes its blocks)")

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
        campaign = Campaign(study, config, plan, store, compute, watch, stopping, vouched)
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


def made_by_other_code(store: Store, question: str) -> Path | None:
    """The newest run of the same question that other code has made."""
    others = [path for path in store.folder.parent.glob(f"{question}*") if path.is_dir() and path != store.folder]
    return max(others, key=lambda path: path.stat().st_mtime, default=None)
