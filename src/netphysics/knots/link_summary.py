"""What is known here about a link of several components: linking numbers, polynomials, and links that share them."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from .braids import Braid, Diagram, braid_of
from .invariants import Laurent, alexander_of_link, determinant, in_halves, jones_of_link, linking_matrix, signature
from .notation import links

Linking = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class LinkSummary:
    """What `summarize` finds about an oriented link.

    Attributes:
        given: the link as it was given.
        diagram: a diagram of it.
        components: how many there are.
        linking: their linking numbers, in the order of the smallest label or first strand.
        jones: its Jones polynomial in t^(1/2): exponents count halves. None for a diagram that is too large, and
            `why` says so.
        alexander: its Alexander polynomial in t^(1/2), in Conway's normalization; 0 for a split link.
        determinant: the size of `alexander` at t = -1.
        signature: None for a diagram of several pieces.
        alike: prime links to nine crossings with the same invariants. It may be one of them, and it need not be.
    """

    given: Braid | Diagram
    diagram: Diagram
    components: int
    linking: Linking
    jones: Laurent | None
    alexander: Laurent
    determinant: int
    signature: int | None
    alike: tuple[str, ...]
    why: str = ""

    def to_json(self) -> dict:
        """All of it as plain JSON values; exponents of polynomials count halves."""
        return {
            "components": self.components,
            "crossings": len(self.diagram),
            "writhe": self.diagram.writhe,
            "linking": [list(row) for row in self.linking],
            "jones": {**self.jones.to_json(), "text": in_halves(self.jones)} if self.jones else None,
            "alexander": {**self.alexander.to_json(), "text": in_halves(self.alexander)},
            "determinant": self.determinant,
            "signature": self.signature,
            "alike": list(self.alike),
            "note": self.why,
        }


def summarize_link(given: Braid | Diagram) -> LinkSummary:
    """What is known here about a link.

    Raises:
        ValueError: for a word beyond what the Alexander polynomial can do.
    """
    diagram = Diagram.of_braid(given) if isinstance(given, Braid) else given
    whole = diagram.is_connected
    alexander = alexander_of_link(given if isinstance(given, Braid) else braid_of(given)) if whole else Laurent(())
    linking = linking_matrix(diagram)
    jones, why = None, ""
    try:
        jones = jones_of_link(diagram)
    except ValueError as too_large:
        why = str(too_large)
    return LinkSummary(
        given=given,
        diagram=diagram,
        components=diagram.components,
        linking=linking,
        jones=jones,
        alexander=alexander,
        determinant=determinant(diagram) if whole else 0,
        signature=signature(diagram) if whole else None,
        alike=_table().get((jones, alexander, _sizes(linking)), ()) if jones else (),
        why=why,
    )


def _sizes(linking: Linking) -> tuple[int, ...]:
    """All linking numbers in order of size: they do not depend on the order of components."""
    return tuple(sorted(number for row in linking for number in row))


@functools.cache
def _table() -> dict[tuple[Laurent, Laurent, tuple[int, ...]], tuple[str, ...]]:
    """Names of the links of the table and of their mirror images, by their invariants."""
    found: dict[tuple[Laurent, Laurent, tuple[int, ...]], tuple[str, ...]] = {}
    for name, row in links().items():
        diagram = Diagram.of_pd(row["pd"])
        for prefix, link in (("", diagram), ("m", diagram.mirror)):
            key = jones_of_link(link), alexander_of_link(braid_of(link)), _sizes(linking_matrix(link))
            found[key] = (*found.get(key, ()), prefix + name)
    return found
