"""Options of a study: what each accepts is said beside its default, and checked before any work."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar, cast

from ..stats import FEWEST_BLOCKS

Value = TypeVar("Value")
Number = float | int
Config = TypeVar("Config", bound="StudyConfig")

BUDGET, ACCEPTED = "budget", "accepted"


@dataclass(frozen=True)
class Accepted:
    """What an option accepts; of a tuple, its entries. An option that may be left out accepts None.

    Attributes:
        least, above, below: bounds, `least` included, the others not.
        between: both ends of an interval, included.
        multiple: what a number must be a multiple of.
        entries: how few entries a tuple may have.
        distinct: whether no entry of a tuple may occur twice.
        rising: whether the entries of a tuple must rise.
    """

    least: Number | None = None
    above: Number | None = None
    below: Number | None = None
    between: tuple[Number, Number] | None = None
    multiple: int | None = None
    entries: int = 1
    distinct: bool = False
    rising: bool = False

    def refusal(self, value: Any) -> str:
        """What the value must be and is not; empty when all is well."""
        if value is None:
            return ""
        if not isinstance(value, tuple):
            return f"it must {wrong}" if (wrong := self._wrong_number(value)) else ""
        if len(value) < self.entries or (self.distinct and len(set(value)) < len(value)):
            fewest = "one entry" if self.entries == 1 else f"{self.entries} entries"
            return f"it needs at least {fewest}" + ", and none twice" * self.distinct
        if self.rising and any(a >= b for a, b in itertools.pairwise(value)):
            return "it must rise"
        return next((f"each must {wrong}" for each in value if (wrong := self._wrong_number(each))), "")

    def _wrong_number(self, value: Any) -> str:
        if isinstance(value, float) and not math.isfinite(value):
            return "be finite"
        if self.least is not None and value < self.least:
            return f"be at least {_plain(self.least)}"
        if self.above is not None and value <= self.above:
            return f"be greater than {_plain(self.above)}"
        if self.below is not None and value >= self.below:
            return f"be less than {_plain(self.below)}"
        if self.between is not None and not self.between[0] <= value <= self.between[1]:
            return f"lie between {_plain(self.between[0])} and {_plain(self.between[1])}"
        if self.multiple is not None and value % self.multiple:
            return f"be a multiple of {self.multiple}"
        return ""


def _plain(bound: Number) -> str:
    """A bound as a person writes it: integers in full."""
    return str(bound) if isinstance(bound, int) else f"{bound:g}"


def option(
    default: Value,
    *,
    least: Number | None = None,
    above: Number | None = None,
    below: Number | None = None,
    between: tuple[Number, Number] | None = None,
    multiple: int | None = None,
    entries: int = 1,
    distinct: bool = False,
    rising: bool = False,
) -> Value:
    """A config field with what it accepts, which `StudyConfig` checks; see `Accepted`.

    Numbers must be finite, and a tuple have an entry, whatever else is asked. A subclass that gives the field
    another default, plainly, keeps what it accepts, its help, and whether it is a budget.
    """
    accepted = Accepted(least, above, below, between, multiple, entries, distinct, rising)
    # A field stands for its default where types are concerned, as with dataclasses.field.
    return cast(Value, field(default=cast(Any, default), metadata={ACCEPTED: accepted}))


def budget(default: int) -> Any:
    """A config field that only says how much to draw: it is no part of a run's identity."""
    return field(default=default, metadata={BUDGET: True, ACCEPTED: Accepted(least=1)})


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
    seed: int = option(0, between=(0, 2**32 - 1))
    """Seed of all random numbers."""

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"quick": {}, "default": {}, "paper": {}}

    def __post_init__(self) -> None:
        for part in dataclasses.fields(self):
            value = getattr(self, part.name)
            if (accepted := self._said(part.name, ACCEPTED)) and (wrong := accepted.refusal(value)):
                raise ValueError(f"{part.name} is {_shown(value)}; {wrong}")
        blocks = -(-self.draws // self.block_size)
        if blocks < FEWEST_BLOCKS:
            raise ValueError(
                f"draws = {self.draws} in blocks of {self.block_size} makes {blocks}; "
                f"error bars need at least {FEWEST_BLOCKS} blocks"
            )

    @classmethod
    def _said(cls, name: str, what: str) -> Any:
        """What a field accepts, or whether it is a budget, by the nearest class that says so; None if none does."""
        places = (vars(base).get("__dataclass_fields__", {}).get(name) for base in cls.__mro__)
        return next((place.metadata[what] for place in places if place and what in place.metadata), None)

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
        fields: Iterable[str] = (f.name for f in dataclasses.fields(self) if not self._said(f.name, BUDGET))
        return {name: getattr(self, name) for name in fields}


def _shown(value: Any) -> str:
    """A value as a person gave it; an empty tuple as what it is."""
    return "empty" if value == () else str(value)
