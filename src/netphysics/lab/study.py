"""Study: one question of the literature, as a few plain functions in one file."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from ..blocks import Cell
from ..stats import FEWEST_BLOCKS, Claim, Estimate, Tally

# Results by cell and quantity, of theory (exact, or with the error of a quadrature) and of experiment.
Results = Mapping[str, Mapping[str, Estimate]]

BUDGET = "budget"


def budget(default: int) -> Any:
    """A config field that only says how much to draw: it is no part of a run's identity."""
    return field(default=default, metadata={BUDGET: True})


@dataclass(frozen=True)
class StudyConfig:
    """What every study's options have in common.

    A study subclasses it, gives each field a docstring (the help text of the command line), and lists
    in `presets` the values that differ from the defaults.

    Raises:
        ValueError: for a budget or block size below 1, or a negative seed.
    """

    draws: int = budget(100_000)
    """Networks drawn per cell; rounded up to whole blocks."""
    block_size: int = 2048
    """Networks per block: the unit of memory, checkpoint and error bars."""
    seed: int = 0
    """Seed of all random numbers."""

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"quick": {}, "default": {}, "paper": {}}

    def __post_init__(self):
        for name in ("draws", "block_size"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least 1")
        blocks = -(-self.draws // self.block_size)
        if blocks < FEWEST_BLOCKS:
            raise ValueError(
                f"draws = {self.draws} in blocks of {self.block_size} makes {blocks}; "
                f"error bars need at least {FEWEST_BLOCKS} blocks"
            )
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"seed is {self.seed}; it must lie between 0 and 2**32 - 1")

    def refuse_repeated(self, *names: str) -> None:
        """Check options that are lists.

        Raises:
            ValueError: for one that is empty or has an entry twice.
        """
        for name in names:
            values = getattr(self, name)
            if not values or len(set(values)) < len(values):
                raise ValueError(f"{name} is {values}; it needs at least one entry, and none twice")

    @classmethod
    def preset(cls, name: str, **changes) -> StudyConfig:
        """The config of a preset (`quick`, `default` or `paper`), with `changes` on top."""
        values = {"default": {}, **cls.presets}
        if name not in values:
            raise ValueError(f"preset is {name!r}; it must be one of {', '.join(sorted(values))}")
        return cls(**{**values[name], **changes})

    def to_json(self) -> dict[str, Any]:
        """All options as plain JSON values."""
        return json.loads(json.dumps(dataclasses.asdict(self)))

    def identity(self) -> dict[str, Any]:
        """The fields that make a run what it is: all but the budget."""
        fields = [f.name for f in dataclasses.fields(self) if not f.metadata.get(BUDGET)]
        return {name: getattr(self, name) for name in fields}


@dataclass(frozen=True)
class Equation:
    """A formula of the theory: LaTeX, and the words that say what it is."""

    latex: str
    caption: str


def no_cells(config: StudyConfig) -> Sequence[Cell]:
    """The sweep of a study that is theory throughout."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Study:
    """One question, and everything that is needed to answer it again.

    A study that needs no experiment leaves out `cells`, `measure` and `reduce`.

    Attributes:
        name: the name on the command line, in lower case with hyphens.
        wing: the wing of the laboratory it belongs to.
        question: the question in one sentence.
        config: the dataclass of its options, a `StudyConfig`.
        cells: `cells(config)`: the sweep, one cell per set of static shapes.
        predict: `predict(config) -> Results`: theory. It is stored before anything is measured.
        measure: `measure(config, cell) -> experiment`, where `experiment(keys)` draws one network per key
            and returns named sums over them. Pure; built once for each cell, then called per block.
        reduce: `reduce(config, cell, tally) -> {quantity: array}`: a smooth function of the means, in
            float64 on the host. Values, bias correction and error bars follow by the jackknife.
        compare: `compare(config, predicted, measured) -> claims`.
        figures: `figures(config, predicted, measured) -> figures` of the report, the answer first.
        headline: the quantity whose relative error is shown live and ends a run `--until-error`.
        equations: the theory, for the report and `netphysics show`.
        cites: keys of references.bib.
        version: raised when results change for the same config.
    """

    name: str
    wing: str
    question: str
    config: type[StudyConfig]
    cells: Callable[[Any], Iterable[Cell]] = no_cells
    predict: Callable[[Any], Results]
    measure: Callable[[Any, Cell], Callable[[Any], Mapping[str, Any]]] | None = None
    reduce: Callable[[Any, Cell, Tally], Mapping[str, np.ndarray]] | None = None
    compare: Callable[[Any, Results, Results], Sequence[Claim]]
    figures: Callable[[Any, Results, Results], Sequence[Any]]
    headline: str = ""
    equations: tuple[Equation, ...] = ()
    cites: tuple[str, ...] = ()
    version: int = 1
