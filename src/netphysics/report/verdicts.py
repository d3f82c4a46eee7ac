"""Verdicts: the claims of a run as the rows of its verdict table, grouped by what they mean for the reader."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from markupsafe import Markup

from ..stats import Claim
from .prose import number
from .strip import Strip, interval_strip, pull_strip

# An array claim shows its entries of largest pull; the run keeps them all.
MOST_ENTRIES = 50
# So many rows of the verdict table are open; the others are folded behind how many they are.
MOST_ROWS = 8
# What rounds to 0 has no sign.
SMALLEST_PULL = 0.05
# A bound stays with its sign.
SIGNS = {"at-least": "≥\N{NO-BREAK SPACE}", "at-most": "≤\N{NO-BREAK SPACE}"}
# What a verdict means for the reader, most urgent first, and how it is counted: one, and several.
STANDINGS = {
    "disagrees": ("theory claim fails", "theory claims fail"),
    "finding": ("finding", "findings"),
    "undecided": ("claim undecided", "claims undecided"),
    "refuted": ("conjecture fails", "conjectures fail"),
    "agrees": ("claim agrees", "claims agree"),
}


def standing(origin: str, verdict: str) -> str:
    """The verdict as the page colors it: only a theory claim that fails is a failure. A published statement that
    fails is a finding, a conjecture that fails is refuted.
    """
    return (
        {"literature": "finding", "conjecture": "refuted"}.get(origin, verdict) if verdict == "disagrees" else verdict
    )


def standing_counts(standings: Iterable[str]) -> list[tuple[str, str]]:
    """How often each standing occurs, in words, the most urgent first; those that do not occur are left out."""
    counts = Counter(standings)
    return [
        (name, f"{counts[name]:,} {one if counts[name] == 1 else several}")
        for name, (one, several) in STANDINGS.items()
        if counts[name]
    ]


@dataclass(frozen=True)
class Entry:
    """One entry of a claim about an array: its index, what was expected and seen, and its pull or interval."""

    index: str
    expected: Markup
    observed: Markup
    pull: Markup


@dataclass(frozen=True)
class Row:
    """A claim as the page shows it.

    Attributes:
        why: what there is to say about a verdict other than `agrees`.
        pull: of an equality; of the other kinds the interval that decides.
        strip: the same as a picture, None where there is none.
        entries: of an array claim, those of largest pull first; `total` counts them all.
    """

    claim: Claim
    standing: str
    expected: Markup
    observed: Markup
    pull: Markup
    why: str
    strip: Strip | None
    entries: Sequence[Entry]
    total: int


@dataclass(frozen=True)
class Group:
    """Rows of one kind under a title; those that are folded come after the others."""

    title: str
    rows: list[Row] = field(default_factory=list)
    folded: list[Row] = field(default_factory=list)


def groups(claims: Sequence[Claim]) -> list[Group]:
    """All claims by where they come from: theory that fails, findings, then the rest of each origin.

    At most eight rows are open: those that fail before those that are undecided before those that agree.
    """
    rows = [row(claim) for claim in claims]
    order = list(STANDINGS)
    opened = {id(r) for r in sorted(rows, key=lambda r: order.index(r.standing))[:MOST_ROWS]}
    titles = {
        "disagrees": "Theory that fails",
        "finding": "Findings",
        "theory": "Theory",
        "literature": "Published statements",
        "conjecture": "Conjectures",
    }
    found = {name: Group(title) for name, title in titles.items()}
    for each in rows:
        group = found[each.standing if each.standing in found else each.claim.origin]
        (group.rows if id(each) in opened else group.folded).append(each)
    return [group for group in found.values() if group.rows or group.folded]


def row(claim: Claim) -> Row:
    """The claim as a row: numbers for a single one; for more of them how many, and the entries folded."""
    single, first = claim.observed.value.size == 1, (0,) * len(claim.observed.shape)
    order = _by_urgency(claim)[:MOST_ENTRIES]
    shape = claim.observed.shape
    return Row(
        claim=claim,
        standing=standing(claim.origin, claim.verdict),
        expected=expected_text(claim, first) if single else Markup(),
        observed=observed_text(claim, first) if single else Markup(),
        pull=pull_text(claim, first) if single or claim.kind == "equal" else Markup(),
        why=why(claim),
        strip=pull_strip(claim, order) if claim.kind == "equal" else interval_strip(claim) if single else None,
        entries=() if single else [_entry(claim, np.unravel_index(i, shape)) for i in order],
        total=claim.observed.value.size,
    )


def _entry(claim: Claim, place: tuple[np.intp, ...]) -> Entry:
    index = tuple(int(i) for i in place)
    return Entry(
        index=", ".join(map(str, index)),
        expected=expected_text(claim, index),
        observed=observed_text(claim, index),
        pull=interval_text(claim, index) if (pulls := claim.pulls) is None else format_pull(float(pulls[index])),
    )


def _by_urgency(claim: Claim) -> list[int]:
    """Flat indices of the entries: those of largest pull first; of bounds those that come nearest to failing."""
    if (pulls := claim.pulls) is not None:
        size = np.abs(np.nan_to_num(np.ravel(pulls), nan=np.inf))
        return np.argsort(-size, kind="stable").tolist()
    gap = np.ravel(claim.observed.value - claim.expected.value)
    return np.argsort({"at-least": gap, "at-most": -gap}.get(claim.kind, -np.abs(gap)), kind="stable").tolist()


def expected_text(claim: Claim, index: tuple[int, ...] = ()) -> Markup:
    """What was expected: a number, a bound with its sign, or a number and how far from it is allowed."""
    text = number(claim.expected[index])
    if claim.kind == "within":
        return Markup("{} to within {}").format(text, number(claim.tolerance))
    sign = SIGNS.get(claim.side if claim.kind == "fraction" else claim.kind, "")
    return Markup(sign) + text


def observed_text(claim: Claim, index: tuple[int, ...] = ()) -> Markup:
    """What was seen: an estimate with its error, or so many of so many trials."""
    if claim.kind == "fraction":
        trials = claim.observed.draws
        return Markup(f"{round(float(claim.observed.value) * trials)} of {trials}")
    return number(claim.observed[index])


def pull_text(claim: Claim, index: tuple[int, ...]) -> Markup:
    return interval_text(claim, index) if claim.pull is None else format_pull(claim.pull)


def interval_text(claim: Claim, index: tuple[int, ...] = ()) -> Markup:
    """The interval of one entry, `0.47 to 0.95`; nothing for a count."""
    if claim.interval is None:
        return Markup()
    low, high = (float(end[index]) for end in claim.interval)
    if low == high:
        return number(low)
    if math.isinf(low) and math.isinf(high):
        return Markup("not known")
    # Digits as far as the two ends differ; very small and very large numbers take an exponent.
    digits = 1 - math.floor(math.log10(high - low)) if math.isfinite(high - low) else 3
    if 0 <= digits <= 6 and max(abs(low), abs(high)) < 1e6:
        return Markup(f"{low:.{digits}f} to {high:.{digits}f}".replace("-", "−"))
    return Markup("{} to {}").format(number(float(f"{low:.3g}")), number(float(f"{high:.3g}")))


def format_pull(pull: float) -> Markup:
    """`+1.3`, with a true minus sign; `∞` where an exact number is missed, `0` where it is met."""
    if not math.isfinite(pull):
        return Markup("—" if math.isnan(pull) else "+∞" if pull > 0 else "−∞")
    text = f"{pull:+.1f}" if abs(pull) < 1000 else f"{pull:+.0e}".replace("e+0", "×10^").replace("e+", "×10^")
    base, _, power = text.replace("-", "−").partition("^")
    if 0 < abs(pull) < SMALLEST_PULL:
        return Markup("0.0")
    return Markup("0" if pull == 0 else f"{base}<sup>{power}</sup>" if power else base)


def why(claim: Claim) -> str:
    """The reason of a verdict that is not `agrees`: the study's own, or what the numbers say."""
    if claim.verdict == "agrees":
        return ""
    if claim.verdict == "disagrees":
        return (
            claim.reason
            or {
                "theory": "A theory claim must hold: the code or the mathematics is wrong.",
                "literature": "The published statement is not borne out here; the reason is not known.",
                "conjecture": "The conjecture does not hold here.",
            }[claim.origin]
        )
    return claim.reason or _why_undecided(claim)


def _why_undecided(claim: Claim) -> str:
    observed = claim.observed
    if not (np.isfinite(observed.value) & np.isfinite(observed.error)).all():
        return "Not every observed value is finite."
    if not observed.trusted.all():
        return "A few draws dominate the error bar (marked “?”), so it cannot be relied on."
    if claim.kind == "equal" and np.any(observed.error > claim.resolution):
        return f"The error bar is {observed.error.max():.2g}; a verdict takes {claim.resolution:.2g} or less."
    if claim.kind == "equal":
        return "The two are far apart, but the error bar rests on too few blocks to exclude chance."
    return "The interval leaves both possibilities open; it narrows with more draws."
