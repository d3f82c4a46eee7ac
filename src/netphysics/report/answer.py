"""The answer of a run in one sentence, made from the verdicts of its claims."""

from __future__ import annotations

from collections.abc import Sequence

from ..lab.formulas import capitalized
from ..stats import Claim


def answer(claims: Sequence[Claim]) -> str:
    """What the verdicts come to: theory first, then published statements, then what stays open.

    It quotes the first claim that fails, else the first that holds, with the number behind it.
    """
    if not claims:
        return "This run makes no claim."
    theory = [claim for claim in claims if claim.origin == "theory"]
    if broken := _with(theory, "disagrees"):
        return f"Theory fails in {_of(broken, theory)} claims: {quote(broken[0])}."
    published = [claim for claim in claims if claim.origin == "literature"]
    parts = [held := _theory(theory), _literature(published, quoting=not held)]
    conjectures = [c for c in claims if c.origin == "conjecture"]
    # Conjectures speak where nothing stronger does.
    if not any(parts) or len(conjectures) * 2 > len(claims):
        parts.append(_conjectures(conjectures))
    if open_ := _with(claims, "undecided"):
        parts.append(f"{count(open_, 'claim')} {'stays' if len(open_) == 1 else 'stay'} undecided")
    return capitalized("; ".join(filter(None, parts))) + "."


def quote(claim: Claim) -> str:
    """The statement of a claim in quotation marks, and what was found where that is one number."""
    words = f"“{capitalized(claim.statement.rstrip('.'))}”"
    if claim.kind == "fraction":
        hits = f"{round(float(claim.observed.value) * claim.observed.draws)} of {claim.observed.draws}"
        return words if hits in words else f"{words} ({hits})"
    if claim.observed.value.size != 1 or claim.kind == "count":
        return words
    observed = claim.observed[(0,) * len(claim.observed.shape)]
    found = str(observed) if observed.error.any() else f"{float(observed.value):.3g}"
    return f"{words} (found: {found.replace('-', '−') if 'e' not in found else found})"


def count(claims: Sequence[Claim], noun: str) -> str:
    return f"{len(claims)} {noun}" + ("" if len(claims) == 1 else "s")


def _theory(claims: Sequence[Claim]) -> str:
    held = _with(claims, "agrees")
    if not held:
        return ""
    if len(held) == len(claims) == 1:
        return f"theory holds: {quote(held[0])}"
    return f"theory holds in {_of(held, claims)} claims, first {quote(held[0])}"


def _literature(claims: Sequence[Claim], quoting: bool) -> str:
    """What became of published statements; one that holds is quoted if nothing else is."""
    held, failed = _with(claims, "agrees"), _with(claims, "disagrees")
    if failed:
        lead = f"{_of(failed, claims)} published statements {'fails' if len(failed) == 1 else 'fail'}"
        return f"{lead}, {'' if len(failed) == 1 else 'first '}{quote(failed[0])}"
    if not held:
        return ""
    lead = (
        "a published statement is borne out"
        if len(claims) == 1
        else f"{_of(held, claims)} published statements are borne out"
    )
    return f"{lead}: {quote(held[0])}" if quoting else lead


def _conjectures(claims: Sequence[Claim]) -> str:
    held, failed = _with(claims, "agrees"), _with(claims, "disagrees")
    parts = []
    if held:
        lead = "the conjecture" if len(claims) == 1 else f"{_of(held, claims)} conjectures"
        parts.append(f"{lead} {'holds' if len(held) == 1 else 'hold'}, {quote(held[0])}")
    if failed:
        lead = "the conjecture" if len(claims) == 1 else _of(failed, claims)
        parts.append(f"{lead} {'does' if len(failed) == 1 else 'do'} not hold, {quote(failed[0])}")
    return "; ".join(parts)


def _of(some: Sequence[Claim], claims: Sequence[Claim]) -> str:
    """How many of how many, for instance `both`, `all 5` or `2 of 5`."""
    if len(some) == len(claims) > 1:
        return "both" if len(claims) == 2 else f"all {len(claims)}"
    return f"{len(some)} of {len(claims)}"


def _with(claims: Sequence[Claim], verdict: str) -> list[Claim]:
    return [claim for claim in claims if claim.verdict == verdict]
