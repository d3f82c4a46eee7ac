"""Untying a knot: moves that an independent checker has replayed, or the invariant that forbids them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from .arcs import ArcCertificate, check
from .braids import Braid, Diagram
from .invariants import is_unknot
from .notation import read
from .reidemeister import ReidemeisterCertificate, reidemeister_moves
from .reidemeister import check as check_reidemeister

VERDICTS = {"yes": "unknot", "no": "knot", "undecided": "not found"}
SECONDS = 60.0
# The budget is in seconds; steps are to end no search before.
STEPS = 10**12


@dataclass(frozen=True)
class Untied:
    """What `untie` finds.

    Attributes:
        verdict: `unknot`, `knot` or `not found`.
        reason: the invariant that shows it, or what was done.
        certificate: of an unknot, moves from a grid diagram to the trivial one.
        replayed: whether the checker has followed them.
        seconds: from the code to the replayed moves.
        reidemeister: of an unknot, Reidemeister moves from its diagram to one without crossings, which their own
            checker has followed; None if they were not asked for.
    """

    verdict: str
    reason: str
    certificate: ArcCertificate | None
    replayed: bool
    seconds: float
    reidemeister: ReidemeisterCertificate | None = None

    def to_json(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        certificate = self.certificate.to_json() if self.certificate else {"start": None, "moves": []}
        values = {
            "verdict": self.verdict,
            "reason": self.reason,
            "start": certificate["start"],
            "moves": certificate["moves"],
            "replayed": self.replayed,
            "seconds": round(self.seconds, 6),
        }
        return values | ({"reidemeister": self.reidemeister.to_json()} if self.reidemeister else {})


def untie(knot: Braid | Diagram | str, seconds: float = SECONDS, reidemeister: bool = False) -> Untied:
    """Moves that untie a knot, replayed, or why there are none, or that none were found in time.

        >>> found = untie("-1 2 3")
        >>> found.verdict, found.replayed
        ('unknot', True)
        >>> untie("3_1").reason
        'Alexander polynomial t^-1 - 1 + t'

    Args:
        knot: a braid, a diagram, or its text in any notation (see `read`).
        seconds: to search, at most.
        reidemeister: whether to translate the moves into Reidemeister moves, too.

    Raises:
        ValueError: for a text that cannot be read, a link of several components, saying how many, and a budget that is
            not positive.
    """
    if not seconds > 0:
        raise ValueError(f"seconds is {seconds}; it must be positive")
    start = time.perf_counter()
    given = (read(knot) if isinstance(knot, str) else knot).require_knot()
    verdict = is_unknot(given, STEPS, seconds=seconds)
    certificate = verdict.certificate if verdict.answer == "yes" else None
    translated = None
    if certificate:
        check(certificate)
        if reidemeister:
            diagram = Diagram.of_braid(given) if isinstance(given, Braid) else given
            translated = reidemeister_moves(diagram, certificate)
            check_reidemeister(translated)
    return Untied(
        VERDICTS[verdict.answer],
        verdict.reason,
        certificate,
        certificate is not None,
        time.perf_counter() - start,
        translated,
    )
