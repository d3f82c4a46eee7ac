"""Is it the unknot? An answer only with a proof: moves that untie it, or an invariant that the unknot has not."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Literal, NamedTuple

from ..arcs import ArcCertificate, ArcPresentation, arc_presentation, exhaust, simplify
from ..braids import Braid, Diagram
from .bracket import LARGEST_COST, jones, jones_cost
from .laurent import ONE
from .wirtinger import POINT, alexander_of_diagram, has_trivial_alexander, seems_knotted


class Stage(NamedTuple):
    """What is tried before more is: steps of the walk in all, additions for the Jones polynomial, grid diagrams."""

    steps: int
    additions: int
    diagrams: int


# A step of the walk takes about as long as twenty additions.
STAGES = (
    Stage(4_000, 10_000, 0),
    Stage(50_000, 500_000, 1000),
    Stage(1_000_000, 10_000_000, 1000),
    Stage(10**18, LARGEST_COST, 20_000),
)
# Crossings of a diagram beyond which the determinant takes longer than the Alexander polynomial at a point, and beyond
# which, as beyond so many arcs of a grid diagram, not even the cost of the Jones polynomial is looked at.
LARGEST_DIAGRAM, LARGEST_GRID = 200, 30
# Crossings up to which an Alexander polynomial is written out.
WRITTEN = 100


@dataclass(frozen=True)
class Verdict:
    """Whether a knot is the unknot.

    Attributes:
        answer: `yes`, `no` or `undecided`.
        reason: the invariant that shows it, or what was tried.
        certificate: moves from an arc presentation of the knot to the smallest that was found, which `arcs.check`
            replays; for `yes` that is the trivial one. None where an invariant answered before.
    """

    answer: Literal["yes", "no", "undecided"]
    reason: str
    certificate: ArcCertificate | None = None


def is_unknot(knot: Braid | Diagram, steps: int = 5_000_000, seed: int = 0, seconds: float | None = None) -> Verdict:
    """Whether a knot is the unknot, with a proof of either answer.

    A knot with a nontrivial Alexander or Jones polynomial is knotted; one whose arc presentation is made trivial by
    exchange moves and destabilizations is not. Where neither comes out, and all that exchange moves lead to from the
    smallest arc presentation is few enough to be looked at, that decides by Dynnikov's theorem.

    Args:
        knot: a braid or a diagram.
        steps: of the walk among arc presentations, at most; a million take less than a second.
        seed: of the walk.
        seconds: of the walk, at most; None for no limit.

    Raises:
        ValueError: for a link of several components, saying how many.
    """
    diagram = Diagram.of_braid(knot.require_knot()) if isinstance(knot, Braid) else knot
    # The Alexander polynomial costs about as much as the walk from an unknot: what is likelier to answer comes first.
    asked = len(diagram) > LARGEST_DIAGRAM or seems_knotted(diagram)
    if asked and not has_trivial_alexander(diagram):
        return Verdict("no", _alexander_reason(diagram))
    presentation, start, done = arc_presentation(diagram), monotonic(), 0
    certificate = ArcCertificate(presentation.arcs, (), presentation.arcs)
    for stage in STAGES:
        left = None if seconds is None else seconds - (monotonic() - start)
        if (more := min(steps, stage.steps) - done) > 0 and (left is None or left > 0):
            walk = simplify(ArcPresentation(certificate.end), more, left, seed)
            certificate, done = certificate.then(walk.certificate), done + more
            if certificate.proves_unknot:
                return _untied(certificate)
        if not asked:
            asked = True
            if not has_trivial_alexander(diagram):
                return Verdict("no", _alexander_reason(diagram))
        if shown := _shown(diagram, certificate, stage):
            return Verdict("no", shown, certificate)
    tried = f"the search left a grid diagram of {len(certificate.end)} arcs, and the Alexander polynomial is 1"
    return Verdict("undecided", f"{tried}; the Jones polynomial is 1, too, or takes too long", certificate)


def _untied(certificate: ArcCertificate) -> Verdict:
    arcs, moves = len(certificate.start), len(certificate.moves)
    reason = f"{moves} moves untie" if moves > 1 else "1 move unties" if moves else "nothing is tied in"
    return Verdict("yes", f"{reason} its grid diagram of {arcs} arcs", certificate)


def _alexander_reason(diagram: Diagram) -> str:
    if len(diagram) > WRITTEN:
        return f"the Alexander polynomial at t = {POINT} is no unit modulo 2^61 - 1"
    return f"Alexander polynomial {alexander_of_diagram(diagram)}"


def _shown(diagram: Diagram, certificate: ArcCertificate, stage: Stage) -> str:
    """What shows a knot at a stage, by the Jones polynomial or by a look at all grid diagrams."""
    if shown := _jones_reason(diagram, certificate, stage.additions):
        return shown
    if not stage.diagrams:
        return ""
    arcs = len(certificate.end)
    found = exhaust(ArcPresentation(certificate.end), stage.diagrams)
    if found.complete and not found.shrinks:
        return f"none of the {found.count} grid diagrams of {arcs} arcs that exchange moves lead to can be destabilized"
    return ""


def _jones_reason(diagram: Diagram, certificate: ArcCertificate, largest: int) -> str:
    """What the Jones polynomial of the diagram or of the smallest grid shows, if it takes so many additions at most."""
    small = [diagram] if len(diagram) <= LARGEST_DIAGRAM else []
    if len(certificate.end) <= LARGEST_GRID:
        small.append(ArcPresentation(certificate.end).diagram)
    costs = [(jones_cost(each), number) for number, each in enumerate(small)]
    if not costs or min(costs)[0] > largest:
        return ""
    polynomial = jones(small[min(costs)[1]])
    return "" if polynomial == ONE else f"Jones polynomial {polynomial}"
