"""Everything that is known here about one knot: name, invariants, drawing, and whether it is the unknot."""

from __future__ import annotations

from dataclasses import dataclass

from .arcs import ArcPresentation, arc_presentation, simplify, summands
from .braids import Braid, Diagram, braid_of, untangle
from .invariants import Knot, Laurent, Verdict, alexander, identify, is_unknot, jones, signature
from .invariants.signature import LARGEST_DIAGRAM
from .invariants.table import LARGEST
from .link_summary import LinkSummary, summarize_link
from .notation import read

# Braid relations that are tried to shorten the diagram of a knot.
EFFORT = 500
# Steps among its arc presentations.
STEPS = 30_000
# Crossings of a diagram of the unknot up to which a braid is made of it; beyond, the trivial one stands for it.
LARGEST_BRAIDED = 50
TRIVIAL = Braid((), 1)


@dataclass(frozen=True)
class KnotSummary:
    """What `summarize` finds about a knot.

    Attributes:
        given: the knot as it was given.
        braid: a braid whose closure it is.
        knot: the knot of the table with these invariants, if there is one.
        certain: whether it is that knot for sure: the given diagram, the shortened braid or the smallest grid has at
            most nine crossings.
        alexander, jones: polynomials; `jones` is None for a diagram that is too large, and `why` says so.
        determinant, signature: integers; `signature` is None for a diagram that is too large.
        arcs: the smallest arc presentation that was found; the arc index is at most its size.
        summands: arc presentations of two or more knots whose connected sum it was found to be; none if it was not.
        unknot: whether it is the unknot, with the proof.
    """

    given: Braid | Diagram
    braid: Braid
    knot: Knot | None
    certain: bool
    alexander: Laurent
    jones: Laurent | None
    determinant: int
    signature: int | None
    arcs: ArcPresentation
    summands: tuple[ArcPresentation, ...]
    unknot: Verdict
    why: str = ""

    @property
    def name(self) -> str | None:
        """Its name on the table; None when it is not there, or not for sure."""
        return self.knot.name if self.knot and self.certain else None

    def to_json(self) -> dict:
        """All of it as plain JSON values."""
        certificate = self.unknot.certificate
        return {
            "name": self.name,
            "candidate": self.knot.name if self.knot else None,
            "prime": self.knot.is_prime if self.knot and self.certain else None,
            "crossings": len(self.given),
            "writhe": self.given.writhe,
            "braid": list(self.braid.letters),
            "strands": self.braid.strands,
            "alexander": self.alexander.to_json(),
            "jones": self.jones.to_json() if self.jones else None,
            "determinant": self.determinant,
            "signature": self.signature,
            "arc_index_at_most": len(self.arcs),
            "summands": [[list(arc) for arc in each.arcs] for each in self.summands],
            "unknot": {
                "answer": self.unknot.answer,
                "reason": self.unknot.reason,
                "certificate": certificate.to_json() if certificate else None,
            },
            "note": self.why,
        }


def summarize(knot: Braid | Diagram | str) -> KnotSummary | LinkSummary:
    """Everything that is known here about a knot or a link.

    Args:
        knot: a braid, a diagram, or a text (see `notation.read`).

    Raises:
        ValueError: for a text that cannot be read, or a word beyond what the Alexander polynomial can do.
    """
    given = read(knot) if isinstance(knot, str) else knot
    return summarize_knot(given) if given.components == 1 else summarize_link(given)


def summarize_knot(given: Braid | Diagram) -> KnotSummary:
    """Everything that is known here about a knot.

    Raises:
        ValueError: for a link of several components (saying how many), or a word beyond what the Alexander polynomial
            can do.
    """
    verdict = is_unknot(given.require_knot())
    untied = verdict.answer == "yes"
    if isinstance(given, Braid):
        braid = given
    elif untied and len(given) > LARGEST_BRAIDED:
        braid = TRIVIAL
    else:
        braid = braid_of(given)
    if verdict.certificate is None:
        arcs = simplify(arc_presentation(given), STEPS).smallest
    else:
        arcs = ArcPresentation(verdict.certificate.end)
    untangled = untangle(braid, EFFORT)
    short = TRIVIAL if untied else Braid(untangled.end, untangled.end_strands)
    # Whatever is known to be the unknot has its invariants.
    simple = short if untied or isinstance(given, Braid) else given
    found, why, polynomial = None, "", None
    try:
        polynomial = jones(simple)
        found = identify(simple)
    except ValueError as too_large:
        why = str(too_large)
    delta = alexander(short)
    return KnotSummary(
        given=given,
        braid=braid,
        knot=found,
        certain=min(len(given), len(short), len(arcs.crossings)) <= LARGEST,
        alexander=delta,
        jones=polynomial,
        determinant=abs(int(delta(-1))),
        signature=signature(simple) if len(simple) <= LARGEST_DIAGRAM else None,
        arcs=arcs,
        summands=_knotted_summands(arcs) if verdict.answer == "no" else (),
        unknot=verdict,
        why=why,
    )


def _knotted_summands(presentation: ArcPresentation) -> tuple[ArcPresentation, ...]:
    """Two or more summands, each of them shown to be knotted; none where that does not succeed."""
    parts = summands(presentation)
    if len(parts) < 2 or any(is_unknot(part.diagram, STEPS).answer != "no" for part in parts):
        return ()
    return tuple(parts)
