"""Options of a study: a dataclass that says what each field accepts, and has presets."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from ..stats import FEWEST_BLOCKS
from .accepted import ACCEPTED, SEEDS, Accepted, option, refusals, said

Config = TypeVar("Config", bound="StudyConfig")

BUDGET = "budget"
# Realizations are numbered by 32 bits.
REALIZATIONS = 2**32
MOST_BLOCKS = 1_000_000


def budget(default: int) -> Any:
    """A config field that only says how much to draw: it is no part of a run's identity."""
    return field(default=default, metadata={BUDGET: True, ACCEPTED: Accepted(least=1, below=REALIZATIONS)})


@dataclass(frozen=True)
class StudyConfig:
    """What every study's options have in common.

    A study subclasses it, gives each field a docstring (the help text of the command line), says with
    `option` what a field accepts, and lists in `presets` the values that differ from the defaults.

    Raises:
        ValueError: for a value that its option does not accept; for fewer blocks than error bars need.
    """

    draws: int = budget(100_000)
    """Networks drawn per cell; rounded up to whole blocks."""
    block_size: int = option(2048, least=1)
    """Networks per block: the unit of memory, checkpoint and error bars."""
    seed: int = option(0, between=SEEDS)
    """Seed of all random numbers."""

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"quick": {}, "default": {}, "paper": {}}

    def __post_init__(self) -> None:
        for name, value, wrong in refusals(self):
            raise ValueError(f"{name} is {value}; {wrong}")
        blocks = -(-self.draws // self.block_size)
        if blocks < FEWEST_BLOCKS:
            raise ValueError(
                f"draws = {self.draws} in blocks of {self.block_size} makes {blocks}; "
                f"error bars need at least {FEWEST_BLOCKS} blocks"
            )
        if blocks > MOST_BLOCKS:
            raise ValueError(
                f"draws = {self.draws} in blocks of {self.block_size} makes {blocks:,}; at most {MOST_BLOCKS:,} blocks "
                "are kept, so block_size must be larger"
            )

    @classmethod
    def preset(cls: type[Config], name: str, **changes: Any) -> Config:
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
        fields: Iterable[str] = (f.name for f in dataclasses.fields(self) if not said(type(self), f.name, BUDGET))
        return {name: getattr(self, name) for name in fields}
