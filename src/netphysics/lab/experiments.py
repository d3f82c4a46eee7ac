"""Experiments: what one block comes to, and each cell's experiment compiled once."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from ..blocks import Block, Cell, block_keys
from ..stats import Tally
from .options import StudyConfig
from .study import Experiment, Kept, Study, Sums

# Experiments that stay compiled.
COMPILED = 64


def compute_block(task: tuple[Study, StudyConfig, Block]) -> tuple[Tally, Kept] | list[int]:
    """The tally of one block and what it keeps; or, when it is not finite, the realizations that are to blame."""
    study, config, block = task
    experiment = _experiment(study, config, block.cell)
    keys = block_keys(config.seed, block)
    tally, kept = _sums_and_kept(block.count, experiment(keys))
    if tally.is_finite():
        return tally, kept
    singles = (_sums_and_kept(1, experiment(keys[i : i + 1]))[0] for i in range(block.count))
    return [block.start + i for i, single in enumerate(singles) if not single.is_finite()]


def _sums_and_kept(count: int, outcome: Sums | tuple[Sums, Kept]) -> tuple[Tally, Kept]:
    sums, kept = outcome if isinstance(outcome, tuple) else (outcome, {})
    return Tally(count, sums), {name: np.asarray(array) for name, array in kept.items()}


@functools.lru_cache(maxsize=COMPILED)
def _experiment(study: Study, config: StudyConfig, cell: Cell) -> _FirstAlone:
    """A cell's experiment, built and compiled once for each process."""
    assert study.measure is not None, "a study with cells has an experiment"
    return _FirstAlone(functools.partial(study.measure, config, cell))


class _FirstAlone:
    """An experiment whose first call builds and compiles it, while other threads wait."""

    def __init__(self, build: Callable[[], Experiment]):
        self.build, self.lock = build, threading.Lock()
        self.experiment: Experiment | None = None

    def __call__(self, keys: Any) -> Sums | tuple[Sums, Kept]:
        if self.experiment is None:
            with self.lock:
                if self.experiment is None:
                    experiment = self.build()
                    sums = experiment(keys)
                    self.experiment = experiment
                    return sums
        return self.experiment(keys)
