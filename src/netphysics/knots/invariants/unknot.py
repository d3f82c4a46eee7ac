"""Is it the unknot? An answer only with a proof: moves that untie it, or an invariant that the unknot has not."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Literal

from ..arcs import ArcCertificate, arc_presentation, exhaust, simplify
from ..braids import Braid, Diagram
from .bracket import jones, jones_cost
from .laurent import ONE
from .wirtinger import POINT, alexander_of_diagram, has_trivial_alexander

# Steps of the walk before the Jones polynomial, which is slow for large diagrams.
QUICK = 50_000
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
        steps: of the walk among arc presentations, at most; a million take about half a second.
        seed: of the walk.
        seconds: of the walk, at most; None for no limit.

    Raises:
        ValueError: for a link of several components, saying how many.
    """
    diagram = Diagram.of_braid(knot.require_knot()) if isinstance(knot, Braid) else knot
    if not has_trivial_alexander(diagram):
        return Verdict("no", _alexander_reason(diagram))
    start = monotonic()
    walk = simplify(arc_presentation(diagram), min(steps, QUICK), seconds, seed)
    if walk.certificate.proves_unknot:
        return _untied(walk.certificate)
    shown, tried = _shown_by_jones(diagram, walk.smallest.diagram)
    if shown:
        return Verdict("no", shown, walk.certificate)
    left = None if seconds is None else seconds - (monotonic() - start)
    certificate = walk.certificate
    if steps > walk.steps and (left is None or left > 0):
        walk = simplify(walk.smallest, steps - walk.steps, left, seed)
        certificate = certificate.then(walk.certificate)
    if certificate.proves_unknot:
        return _untied(certificate)
    found = exhaust(walk.smallest)
    if found.complete and not found.shrinks:
        reason = (
            f"none of the {found.count} grid diagrams of {len(walk.smallest)} arcs that exchange moves lead to shrinks"
        )
        return Verdict("no", reason, certificate)
    return Verdict("undecided", f"{steps} steps of a walk did not untie it; {tried}", certificate)


def _untied(certificate: ArcCertificate) -> Verdict:
    arcs, moves = len(certificate.start), len(certificate.moves)
    reason = f"{moves} moves untie" if moves > 1 else "1 move unties" if moves else "nothing is tied in"
    return Verdict("yes", f"{reason} its grid diagram of {arcs} arcs", certificate)


def _alexander_reason(diagram: Diagram) -> str:
    if len(diagram) > WRITTEN:
        return f"the Alexander polynomial at t = {POINT} is no unit modulo 2^61 - 1"
    return f"Alexander polynomial {alexander_of_diagram(diagram)}"


def _shown_by_jones(*diagrams: Diagram) -> tuple[str, str]:
    """What the Jones polynomial shows, and otherwise what was tried; the cheapest of the diagrams is taken."""
    try:
        polynomial = jones(min(diagrams, key=jones_cost))
    except ValueError as too_large:
        return "", f"the Alexander polynomial is 1; {too_large}"
    if polynomial == ONE:
        return "", "the Alexander and Jones polynomials are 1"
    return f"Jones polynomial {polynomial}", ""
