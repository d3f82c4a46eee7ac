"""Claims for the terminal: verdicts, numbers and reasons in plain Unicode."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from netphysics.lab.formulas import capitalized, unicode
from netphysics.stats import Claim, Estimate

if TYPE_CHECKING:
    from netphysics.lab import Run

COLOR = {"agrees": "green", "undecided": "yellow"}
# A theory claim that fails is a failure; a published statement that fails is a finding, a conjecture neither.
FAILED = {"theory": "bold red", "literature": "magenta", "conjecture": "dim"}
# Failures first, and what is open before what holds.
ORDER = ("disagrees", "undecided", "agrees")
ORIGINS = ("theory", "literature", "conjecture")
EXPONENT = re.compile(r"e([+-])0*(\d+)")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def print_claims(run: Run) -> None:
    """The verdict table of a run, its reasons and notes, and where its report is."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "claim", "expected", "observed", "pull", "origin"):
        table.add_column(column, overflow="fold", justify="right" if column == "pull" else "left")
    for claim in in_order(run.claims):
        statement = escape(unicode(capitalized(claim.statement)))
        if claim.reason and claim.verdict != "agrees":
            statement += f"\n[dim]{escape(unicode(claim.reason))}[/]"
        pull = "" if claim.pull is None else f"{claim.pull:+.1f}".replace("-", "−")
        table.add_row(verdict(claim), statement, expected(claim), observed(claim), pull, claim.origin)
    console = Console(highlight=False)
    console.print(table)
    for note in run.record["notes"]:
        console.print(f"[yellow]note[/] {escape(note)}")
    console.print(f"report {run.report}", soft_wrap=True)


def in_order(claims: Sequence[Claim]) -> list[Claim]:
    """Theory before published statements before conjectures; within each what fails first."""
    failing = [claim for claim in claims if claim.origin == "theory" and claim.verdict == "disagrees"]
    rest = [claim for claim in claims if claim not in failing]
    return failing + sorted(rest, key=lambda c: (ORIGINS.index(c.origin), ORDER.index(c.verdict)))


def verdict(claim: Claim) -> str:
    """The verdict in the color of what it means."""
    color = COLOR.get(claim.verdict) or FAILED[claim.origin]
    return f"[{color}]{claim.verdict}[/]"


def expected(claim: Claim) -> str:
    """What was expected of a single value: a number, a bound, or a number and how far from it is allowed."""
    if claim.observed.value.size != 1:
        return f"{claim.observed.value.size} values"
    text = number(claim.expected)
    if claim.kind == "within":
        return f"{text} to within {plain(f'{claim.tolerance:.4g}')}"
    return {"at-least": "≥ ", "at-most": "≤ "}.get(claim.side if claim.kind == "fraction" else claim.kind, "") + text


def observed(claim: Claim) -> str:
    """What was seen: an estimate, so many of so many trials, or of an array the entry that is furthest off."""
    if claim.kind == "fraction":
        trials = claim.observed.draws
        assert claim.interval is not None, "only counts have none"
        low, high = claim.interval
        return f"{round(float(claim.observed.value) * trials)} of {trials} ({float(low):.2f} to {float(high):.2f})"
    return number(claim.observed) if claim.observed.value.size == 1 else ""


def number(estimate: Estimate) -> str:
    return plain(str(estimate[(0,) * len(estimate.shape)]))


def plain(text: str) -> str:
    """A number with a true minus sign and powers of ten: `4.0(9)×10⁻⁷`."""
    text = EXPONENT.sub(lambda m: "×10" + (m[1].replace("+", "") + m[2]).translate(RAISED), text)
    return text.replace("-", "−")
