"""The conformance suite: what every study must do, its own package's or another's.

def test_conformance(tmp_path):
    check_study(study, study.config.preset("quick", draws=4096), tmp_path)
"""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
from matplotlib.container import ErrorbarContainer

from .blocks import Plan, Threads
from .lab import Interrupted, Progress, Run, Study, StudyConfig, bibtex, load_run, run_study
from .lab.experiments import compute_block
from .lab.store import CLAIMS, RESULT, THEORY
from .report import Figure, page
from .stats import Estimate


def check_study(study: Study, config: StudyConfig, out: Path) -> Run:
    """Run a study under `config` (make it small) and check that it keeps the promises of a study.

    1. The study travels to other processes: it can be pickled.
    2. Theory knows nothing of the measurement: predicting twice gives the same numbers.
    3. A block is a pure function of its place: computing it twice gives the same sums, bit for bit.
    4. Stopped and resumed, the run has the same claims as one that was left alone, and no block is
       computed twice; nor do they depend on the number of threads.
    5. Claims have distinct ids, a source, and survive JSON; the run can be loaded from its folder.
    6. Axes that are named fit what they name, in one cell at least.
    7. Figures have a caption and a table, which has every point of a figure that is made of curves or categories;
       every key that is cited is in the bibliography; the page can be written, with every picture on it.

    Returns the finished run.

    Raises:
        AssertionError: naming the promise that is broken.
    """
    assert pickle.loads(pickle.dumps(study)) == study, "the study cannot be sent to another process"
    config = study.resolve(config)
    assert study.resolve(config) == config, "resolving twice gives another config"
    out.mkdir(parents=True, exist_ok=True)
    _check_purity(study, config)
    run = _check_resume(study, config, out)
    ids = [claim.id for claim in run.claims]
    assert ids, "a study without a claim answers nothing"
    assert len(set(ids)) == len(ids), f"claim ids repeat: {ids}"
    assert all(claim.source for claim in run.claims), "every claim needs a source"
    assert not (odd := misnamed(run)), f"coordinates name axes of {odd} that fit no cell"
    loaded = load_run(run.path, lambda name: study)
    assert _claims(loaded) == json.dumps(json.loads((run.path / CLAIMS).read_bytes())), "claims changed on disk"
    figures = list(study.figures(config, run.predicted, run.measured))
    assert figures, "a study shows at least one figure"
    assert all(figure.caption and figure.table.rows for figure in figures), "figures need caption and table"
    bibtex(study.cites, study.module)
    for figure in figures:
        assert not (lost := points_beside_the_table(figure)), f"figure {figure.name} has {lost} that its table has not"
    html = page(run, figures)
    assert html.count("<figure") == len(figures), "a figure is missing on the page"
    return run


def misnamed(run: Run) -> list[str]:
    """Quantities whose axes are named, but with other numbers of places than any cell has."""
    shapes: dict[str, set[tuple[int, ...]]] = {}
    for results in (run.predicted, run.measured):
        for quantities in results.values():
            for name, estimate in quantities.items():
                shapes.setdefault(name, set()).add(estimate.shape)
    named = run.study.coordinates(run.config).items()
    return [name for name, axes in named if name in shapes and tuple(map(len, axes.values())) not in shapes[name]]


def points_beside_the_table(figure: Figure) -> list[float]:
    """Points that are drawn in a figure whose table is to have them all, and that it has not."""
    numbers = [
        float(entry.value if isinstance(entry, Estimate) else entry)
        for row in figure.table.rows
        for entry in row
        if not isinstance(entry, str)
    ]
    drawn = [
        float(height)
        for axes in figure.axes
        for container in axes.containers
        if isinstance(container, ErrorbarContainer) and container.lines[0] is not None
        for height in np.asarray(container.lines[0].get_ydata())
    ]
    return [y for y in drawn if not np.isclose(numbers, y, rtol=1e-9, atol=0).any()] if figure.twin else []


def _check_purity(study: Study, config: StudyConfig) -> None:
    first, second = study.predict(config), study.predict(config)
    for cell, quantities in first.items():
        for name, estimate in quantities.items():
            same = second[cell][name].value.tobytes() == estimate.value.tobytes()
            assert same, f"predict gives {name} of {cell} differently each time"
    plan = Plan(tuple(study.cells(config)), config.draws, config.block_size)
    for cell in plan.cells[:1]:
        task = (study, config, plan.blocks(cell)[-1])
        one, two = compute_block(task), compute_block(task)
        assert isinstance(one, tuple) and isinstance(two, tuple), f"block {task[2].index} of {cell.name} is not finite"
        for name, total in one[0].sums.items():
            assert total.tobytes() == two[0].sums[name].tobytes(), f"the sums {name} differ between two calls"
        for name, array in one[1].items():
            assert array.tobytes() == two[1][name].tobytes(), f"what is kept as {name} differs between two calls"


def _check_resume(study: Study, config: StudyConfig, out: Path) -> Run:
    straight = run_study(study, config, out / "straight")
    total = straight.record["blocks_computed"]
    if not total:
        return straight
    done = [0]

    def watch(progress: Progress) -> None:
        done.append(progress.done)

    try:
        run_study(study, config, out / "stopped", Threads(1), watch=watch, stopping=lambda: done[-1] >= 1)
    except Interrupted as stopped:
        assert (stopped.path / THEORY).exists(), "theory must be stored first"
        assert not (stopped.path / RESULT).exists(), "an interrupted run has no result"
    assert 1 <= done[-1] < total, "a run that is asked to stop goes on"
    resumed = run_study(study, config, out / "stopped")
    assert done[-1] + resumed.record["blocks_computed"] == total, "finished blocks were computed again"
    assert _claims(resumed) == _claims(straight), "a resumed run has other claims"
    return straight


def _claims(run: Run) -> str:
    return json.dumps([claim.to_json() for claim in run.claims])
