"""Is it the unknot? An answer only with a proof: moves that untie it, or an invariant that the unknot has not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..braids import Braid, Certificate, proves_unknot, untangle
from .alexander import alexander, alexander_value
from .bracket import jones
from .laurent import ONE

# Where the Alexander polynomial is looked at first. A nontrivial one is 1 there by a chance of about its degree
# over 2^61, and the answer is not wrong then: it is left to the other invariants.
POINT = 1_234_567_890_123_456_789
# Braid relations tried before the Jones polynomial, which is slow for large diagrams.
QUICK = 500


@dataclass(frozen=True)
class Verdict:
    """Whether a knot is the unknot.

    Attributes:
        answer: `yes`, `no` or `undecided`.
        reason: the invariant that shows it, or what was tried.
        certificate: for `yes`, moves to the empty word; `braids.check` replays them.
    """

    answer: Literal["yes", "no", "undecided"]
    reason: str
    certificate: Certificate | None = None


def is_unknot(braid: Braid, steps: int = 100_000, seed: int = 0) -> Verdict:
    """Whether the closure of a braid is the unknot, with a proof of either answer.

    A knot with a nontrivial Alexander or Jones polynomial is knotted; a word that is untangled to nothing is
    not. Where neither comes out within `steps` of the search the verdict is `undecided`.

    Raises:
        ValueError: for a closure that is a link of several components, saying how many.
    """
    if alexander_value(braid.require_knot(), POINT) != 1:
        return Verdict("no", f"Alexander polynomial {alexander(braid)}")
    certificate = untangle(braid, min(steps, QUICK), seed)
    if proves_unknot(certificate):
        return Verdict("yes", f"{len(certificate.moves)} moves lead to the empty word", certificate)
    try:
        polynomial = jones(Braid(certificate.end, certificate.end_strands))
    except ValueError as too_large:
        polynomial, tried = ONE, f"the Alexander polynomial is 1; {too_large}"
    else:
        tried = "the Alexander and Jones polynomials are 1"
    if polynomial != ONE:
        return Verdict("no", f"Jones polynomial {polynomial}")
    certificate = untangle(braid, steps, seed)
    if proves_unknot(certificate):
        return Verdict("yes", f"{len(certificate.moves)} moves lead to the empty word", certificate)
    return Verdict("undecided", f"{steps} braid relations did not untie it; {tried}")
