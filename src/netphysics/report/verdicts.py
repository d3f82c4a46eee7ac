"""Verdicts: the claims of a run as the rows of its verdict table."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from ..stats import Claim
from .prose import number

# An array claim shows its entries of largest pull; the run keeps them all.
MOST_ENTRIES = 50
# The strip of pulls ends here, in standard errors; what lies beyond sits at its end as an arrow.
STRIP_END = 5.0


@dataclass(frozen=True)
class Entry:
    """One entry of a claim about an array: its index, what was expected and seen, and its pull."""

    index: str
    expected: Markup
    observed: Markup
    pull: str


@dataclass(frozen=True)
class Row:
    """A claim as the page shows it.

    Attributes:
        why: what there is to say about a verdict other than `agrees`.
        marks: places of the pulls on a strip from -1 to 1, and whether they lie beyond its end.
        entries: of an array claim, those of largest pull first; `total` counts them all.
    """

    claim: Claim
    expected: Markup | str
    observed: Markup | str
    pull: str
    why: str
    marks: Sequence[tuple[float, bool]]
    entries: Sequence[Entry]
    total: int


def row(claim: Claim) -> Row:
    """The claim as a row: numbers for a single one; for more of them how many, and the entries folded."""
    pulls = np.full(claim.observed.value.size, np.nan) if claim.pulls is None else np.ravel(claim.pulls)
    order = np.argsort(-np.abs(np.nan_to_num(pulls, nan=np.inf)), kind="stable")[:MOST_ENTRIES]
    marks = [(float(np.clip(pulls[i] / STRIP_END, -1, 1)), bool(abs(pulls[i]) > STRIP_END)) for i in order]
    single, first = pulls.size == 1, (0,) * len(claim.observed.shape)
    return Row(
        claim=claim,
        expected=number(claim.expected[first]) if single else "",
        observed=number(claim.observed[first]) if single else "",
        pull=format_pull(math.nan if claim.pull is None else claim.pull),
        why=why(claim),
        marks=[(place, beyond) for place, beyond in marks if math.isfinite(place)],
        entries=() if single else [_entry(claim, int(i)) for i in order],
        total=pulls.size,
    )


def _entry(claim: Claim, flat: int) -> Entry:
    index = tuple(int(i) for i in np.unravel_index(flat, claim.observed.shape))
    return Entry(
        index=", ".join(map(str, index)),
        expected=number(claim.expected[index]),
        observed=number(claim.observed[index]),
        pull=format_pull(math.nan if claim.pulls is None else float(claim.pulls[index])),
    )


def format_pull(pull: float) -> str:
    """`+1.3`, with a true minus sign; `∞` where an exact number is missed, `0` where it is met."""
    if not math.isfinite(pull):
        return "—" if math.isnan(pull) else "+∞" if pull > 0 else "−∞"
    text = f"{pull:+.1f}" if abs(pull) < 1000 else f"{pull:+.1e}"
    return "0" if pull == 0 else text.replace("-", "−")


def why(claim: Claim) -> str:
    """The reason of a verdict that is not `agrees`: the study's own, or what the numbers say."""
    if claim.reason and claim.verdict != "agrees":
        return claim.reason
    if claim.verdict == "disagrees":
        return {
            "theory": "A theory claim must hold: the code or the mathematics is wrong.",
            "literature": "The reason is not known.",
            "conjecture": "The conjecture does not hold here.",
        }[claim.origin]
    if claim.verdict == "undecided":
        observed = claim.observed
        if not (np.isfinite(observed.value) & np.isfinite(observed.error)).all():
            return "Not every observed value is finite."
        if not observed.trusted.all():
            return "A few draws dominate the error bar (marked “?”), so it cannot be relied on."
        if claim.kind != "equal":
            return "The interval at 99 % holds both sides of the bound."
        if np.any(observed.error > claim.resolution):
            return f"The error bar is {observed.error.max():.2g}; a verdict takes {claim.resolution:.2g} or less."
        return "Beyond 4 sigma, but the error bar rests on too few blocks to say so."
    return ""


def verdict_counts(verdicts: Iterable[str]) -> list[tuple[str, int]]:
    """How often each verdict occurs, failures first; those that do not occur are left out."""
    counts = Counter(verdicts)
    return [(verdict, counts[verdict]) for verdict in ("disagrees", "undecided", "agrees") if counts[verdict]]
