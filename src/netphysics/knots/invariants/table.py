"""The Rolfsen table: all knots to nine crossings, recognized by their invariants.

The data file holds the prime knots to nine crossings with their invariants as KnotInfo states them; composite
ones and mirror images follow from these. `scripts/knot_table.py` makes the file anew.
"""

from __future__ import annotations

import functools
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from ..braids import Braid, Diagram, braid_of, draw_diagram
from .alexander import alexander
from .bracket import jones
from .colorings import colorings
from .laurent import ONE, Laurent
from .signature import signature

LARGEST = 9
Key = tuple[Laurent, Laurent, int]


@dataclass(frozen=True)
class Knot:
    """One knot of the table; `m` in front of a name is the mirror image of KnotInfo's, `#` a connected sum.

    Attributes:
        name: 3_1, m3_1, 3_1#4_1, ...
        crossings: its crossing number.
        braid: a word whose closure it is.
        jones, alexander, signature: its invariants.
    """

    name: str
    crossings: int
    braid: Braid
    jones: Laurent
    alexander: Laurent
    signature: int

    @cached_property
    def diagram(self) -> Diagram:
        """KnotInfo's diagram of a prime knot or its mirror image; of a composite one the closure of the braid."""
        rows = _rows().get(self.name.removeprefix("m"))
        if rows is None:
            return Diagram.of_braid(self.braid)
        diagram = Diagram.of_pd(rows["pd"])
        return diagram.mirror if self.name[0] == "m" else diagram

    def _repr_html_(self) -> str:
        """In a notebook: its diagram, its name and its invariants."""
        words = f"{self.name}: Jones {self.jones}, Alexander {self.alexander}, signature {self.signature}"
        return f"<figure>{draw_diagram(self.diagram)}<figcaption>{html.escape(words)}</figcaption></figure>"

    @property
    def is_prime(self) -> bool:
        return self.crossings > 0 and "#" not in self.name

    @property
    def mirror(self) -> Knot:
        name = "#".join(part.removeprefix("m") if part[0] == "m" else "m" + part for part in self.name.split("#"))
        return Knot(name, self.crossings, self.braid.mirror, self.jones.reversed, self.alexander, -self.signature)

    def plus(self, other: Knot) -> Knot:
        """The connected sum."""
        return Knot(
            f"{self.name}#{other.name}",
            self.crossings + other.crossings,
            self.braid.connected_sum(other.braid),
            self.jones * other.jones,
            self.alexander * other.alexander,
            self.signature + other.signature,
        )

    @property
    def key(self) -> Key:
        return self.jones, self.alexander, self.signature


@functools.cache
def _rows() -> dict[str, dict]:
    """The rows of the data file by name."""
    return json.loads((files("netphysics.knots") / "data" / "rolfsen.json").read_text(encoding="utf-8"))["knots"]


@functools.cache
def prime_knots() -> tuple[Knot, ...]:
    """The prime knots to nine crossings in the order of the table, with KnotInfo's choice of mirror image."""
    return tuple(
        Knot(
            name,
            int(name.split("_")[0]),
            Braid(row["braid"]),
            Laurent(**row["jones"]),
            Laurent(**row["alexander"]),
            row["signature"],
        )
        for name, row in _rows().items()
    )


@functools.cache
def table() -> Mapping[Key, tuple[Knot, ...]]:
    """All knots to nine crossings, composite ones and mirror images included, by their invariants.

    Jones polynomial, Alexander polynomial and signature tell all of them apart but 9_12 and 4_1#5_2 (and their
    mirror images), which differ in their icosahedral colorings.
    """
    found: dict[Key, tuple[Knot, ...]] = {}
    primes = []
    for knot in prime_knots():
        # A knot that is its own mirror image has one entry.
        primes += [knot] if knot.mirror.key == knot.key else [knot, knot.mirror]
    sums = [Knot("0_1", 0, Braid((), 1), ONE, ONE, 0)]
    while sums:
        for knot in sums:
            found[knot.key] = (*found.get(knot.key, ()), knot)
        sums = [
            knot.plus(prime) if knot.crossings else prime
            for knot in sums
            for prime in primes
            if knot.crossings + prime.crossings <= LARGEST and (not knot.crossings or _rank(knot) <= _rank(prime))
        ]
    return found


def _rank(knot: Knot) -> tuple[int, int, bool]:
    """The order of the table, of the last summand."""
    last = knot.name.split("#")[-1]
    crossings, number = last.removeprefix("m").split("_")
    return int(crossings), int(number), last[0] == "m"


def identify(knot: Braid | Diagram) -> Knot | None:
    """The knot to nine crossings with the invariants of this one; None when there is none.

    For a diagram of at most nine crossings it is this knot. Beyond, it is a candidate: 10_132 has the Jones
    and the Alexander polynomial of 5_1.

    Raises:
        ValueError: for a link of several components, or a diagram that is too large for an exact invariant.
    """
    braid = knot if isinstance(knot, Braid) else braid_of(knot)
    candidates = table().get((jones(knot), alexander(braid), signature(knot)), ())
    if len(candidates) > 1:
        diagram = Diagram.of_braid(knot) if isinstance(knot, Braid) else knot
        wanted = colorings(diagram)
        candidates = tuple(each for each in candidates if colorings(Diagram.of_braid(each.braid)) == wanted)
    return candidates[0] if candidates else None
