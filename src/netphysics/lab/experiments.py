"""Experiments: what one block comes to, and each cell's experiment compiled once."""

from __future__ import annotations

import functools
import platform
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from ..blocks import Block, Cell, block_keys
from ..stats import Tally
from .code import code_digest
from .options import StudyConfig
from .study import Experiment, Kept, Study, Sums

# Experiments that stay compiled.
COMPILED = 64


def compute_block(task: tuple[Study, StudyConfig, Block], code: str = "") -> tuple[Tally, Kept] | list[int]:
    """The tally of one block and what it keeps; or, when it is not finite, the realizations that are to blame.

    Args:
        code: the identity of the code that the block is to be made by; any, when it is left out.

    Raises:
        ValueError: in a worker that runs other code.
    """
    study, config, block = task
    if code and code != shared_code(study):
        raise ValueError(
            f"a worker on {platform.node()} runs other code than this process, or with other versions of jax or numpy; "
            "blocks of both cannot make one result"
        )
    experiment = _experiment(study, config, block.cell)
    keys = block_keys(config.seed, block)
    tally, kept = _sums_and_kept(block.count, experiment(keys))
    if tally.is_finite():
        return tally, kept
    singles = (_sums_and_kept(1, experiment(keys[i : i + 1]))[0] for i in range(block.count))
    return [block.start + i for i, single in enumerate(singles) if not single.is_finite()]


def shared_code(study: Study) -> str:
    """The identity of the code that processes which work together must share.

    What was typed into a script or a notebook travels with each task, and need not be there before.
    """
    module = study.config.__module__
    return code_digest(__name__ if module == "__main__" else module)


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
