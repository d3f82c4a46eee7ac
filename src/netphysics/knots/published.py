"""What others have published of knots: hard unknots, and the arc indices of prime knots."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import NamedTuple

from .braids import Braid, Diagram


class HardUnknot(NamedTuple):
    """A diagram of the unknot that no simplifying Reidemeister move begins to untie.

    Attributes:
        name: as its source has it.
        source: whose it is, and where its code was read.
        diagram: of 10 to 141 crossings.
    """

    name: str
    source: str
    diagram: Diagram


class ArcIndex(NamedTuple):
    """The arc index of a prime knot: the fewest arcs of an arc presentation.

    Attributes:
        name: KnotInfo's.
        braid: KnotInfo's word for it.
        arcs: its arc index.
    """

    name: str
    braid: Braid
    arcs: int

    @property
    def crossings(self) -> int:
        """The crossing number, which the name begins with."""
        return int(self.name.split("_")[0])


@functools.cache
def hard_unknots() -> tuple[HardUnknot, ...]:
    """Hard unknots in the order of their crossings, Haken's Gordian being the last."""
    rows = _read("hard_unknots.json")["unknots"].items()
    return tuple(HardUnknot(name, row["source"], Diagram.of_pd(row["pd"])) for name, row in rows)


@functools.cache
def arc_indices() -> tuple[ArcIndex, ...]:
    """The arc indices of the 249 prime knots to ten crossings."""
    rows = _read("arc_index.json")["knots"].items()
    return tuple(ArcIndex(name, Braid(row["braid"]), row["arc_index"]) for name, row in rows)


def _read(name: str) -> dict:
    return json.loads((files("netphysics.knots") / "data" / name).read_text())
