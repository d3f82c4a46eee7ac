"""Accepted: what an option accepts, said beside its default and checked before any work."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

Value = TypeVar("Value")
Number = float | int

ACCEPTED = "accepted"
# The integers of most devices have 32 bits.
INTEGERS = 2**31
SEEDS = (0, 2**32 - 1)


@dataclass(frozen=True)
class Accepted:
    """What an option accepts; of a tuple, its entries. An option that may be left out accepts None.

    Numbers must be finite; integers stay below 2^31 in size where nothing else is said of the largest.

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
        if isinstance(value, int) and self.below is self.between is None and abs(value) >= INTEGERS:
            return "be less than 2^31 in size"
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
    """A field with what it accepts, which `StudyConfig` and the command line check; see `Accepted`.

    Numbers must be finite, and a tuple have an entry, whatever else is asked. A subclass that gives the field
    another default, plainly, keeps what it accepts, its help, and whether it is a budget.
    """
    accepted = Accepted(least, above, below, between, multiple, entries, distinct, rising)
    # A field stands for its default where types are concerned, as with dataclasses.field.
    return cast(Value, field(default=cast(Any, default), metadata={ACCEPTED: accepted}))


def said(kind: type, name: str, what: str) -> Any:
    """What a field of a dataclass accepts, or whether it is a budget, by the nearest class that says so; None if none
    does.
    """
    places = (vars(base).get("__dataclass_fields__", {}).get(name) for base in kind.__mro__)
    return next((place.metadata[what] for place in places if place and what in place.metadata), None)


def refusals(options: Any) -> Iterator[tuple[str, str, str]]:
    """The fields of a dataclass whose values they do not accept: name, value, and what it must be."""
    for part in dataclasses.fields(options):
        value = getattr(options, part.name)
        accepted = said(type(options), part.name, ACCEPTED) or Accepted(entries=0)
        if wrong := accepted.refusal(value):
            # An empty tuple is shown as what it is.
            yield part.name, "empty" if value == () else str(value), wrong
