"""A tiny study whose run has a file of every kind: kept arrays, a block that is not finite, a drawing on its page."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import jax
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.lab import Experiment, Results, Study, StudyConfig, agreement, budget, grid, option
from netphysics.report import Drawing, Figure
from netphysics.report.figure import Table
from netphysics.stats import Claim, Estimate, Numbers, Tally

SVG = '<svg viewBox="0 0 8 8" xmlns="http://www.w3.org/2000/svg"><path d="M0 {y}H8"/></svg>'
# One realization of the first seed lies above it, and makes its block one that is not finite.
SICK = 0.96


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the tiny study."""

    pause: float = option(0.0, least=0)
    """Seconds that each block takes."""
    draws: int = budget(20)
    block_size: int = option(4, least=1)


def cells(config: Config) -> Sequence[Cell]:
    return grid("power={power}", power=(1, 2))


def predict(config: Config) -> Results:
    return {cell.name: {"mean": Estimate.exact(1 / (1 + cell["power"]))} for cell in cells(config)}


def measure(config: Config, cell: Cell) -> Experiment:
    def experiment(keys: Array) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        time.sleep(config.pause)
        x = np.asarray(jax.random.key_data(keys))[:, 1] / 2.0**32
        x = np.where(x > SICK, np.nan, x) ** cell["power"]
        return {"one": np.sum(x)}, {"x": x}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    return {"mean": tally.mean("one")}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    yield agreement("mean", "The mean is 1/(1 + p)", predicted, measured, cells(config), "theory", "an integral")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    rows = [(name, found["mean"]) for name, found in measured.items()]
    drawings = [Drawing(SVG.format(y=float(found["mean"].value))) for found in measured.values()]
    yield Figure("means", "The means.", drawings, Table(("cell", "mean"), rows))


study = Study.from_module(__name__, name="tiny", wing="examples", question="What is the mean of a power?")
