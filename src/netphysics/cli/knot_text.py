"""What is found about a knot or a link, in lines of a terminal and as facts on a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netphysics.knots import KnotSummary, LinkSummary, identify
from netphysics.knots.arcs import Move
from netphysics.knots.invariants import in_halves
from netphysics.knots.invariants.table import LARGEST

if TYPE_CHECKING:
    from netphysics.knots.classifiers import Prediction

MOST_MOVES = 12
CALLED = {
    "L2a1": "the Hopf link",
    "L4a1": "Solomon's link",
    "L5a1": "the Whitehead link",
    "L6a4": "the Borromean rings",
}


def facts(found: KnotSummary | LinkSummary, view: Prediction | None = None) -> dict[str, str]:
    """What is found, by name."""
    if isinstance(found, LinkSummary):
        return facts_of_link(found)
    return {
        "crossings": f"{len(found.given)}, writhe {found.given.writhe}",
        "braid": f"{found.braid or '(empty)'}  ({plural(found.braid.strands, 'strand')})",
        "Alexander": str(found.alexander),
        "Jones": str(found.jones) if found.jones else f"not computed: {found.why}",
        "determinant": str(found.determinant),
        "signature": "not computed: the diagram is too large" if found.signature is None else str(found.signature),
        "arc index": f"at most {len(found.arcs)}",
        **({"composite": composite(found)} if found.summands else {}),
        "unknot": f"{found.unknot.answer}: {found.unknot.reason}",
        **({"classifier": sentence(view)} if view else {}),
    }


def facts_of_link(found: LinkSummary) -> dict[str, str]:
    """What is found about a link, by name; arc index, unknotting and colorings are asked of knots only."""
    pairs = [(i, j) for i in range(found.components) for j in range(i)]
    numbers = ", ".join(f"components {j + 1} and {i + 1}: {found.linking[i][j]}" for i, j in pairs)
    return {
        "crossings": f"{len(found.diagram)}, writhe {found.diagram.writhe}",
        "linking numbers": numbers,
        "Alexander": in_halves(found.alexander) + ("" if found.alexander.coefficients else ", as for a split link"),
        "Jones": in_halves(found.jones) if found.jones else f"not computed: {found.why}",
        "determinant": str(found.determinant),
        "signature": "not computed: the diagram falls apart" if found.signature is None else str(found.signature),
        **({"as in the table": ", ".join(found.alike)} if found.alike else {}),
    }


def composite(found: KnotSummary) -> str:
    """The summands, by their names where these are sure."""
    names = [identify(part.diagram) if len(part.crossings) <= LARGEST else None for part in found.summands]
    known = [
        knot.name if knot else f"a knot of at most {len(part)} arcs"
        for knot, part in zip(names, found.summands, strict=True)
    ]
    return "the connected sum " + " # ".join(sorted(known))


def sentence(view: Prediction) -> str:
    """A prediction in words."""
    networks, note = view.probability.draws, f" ({view.note})" if view.note else ""
    return (
        f"P(knot) = {view.probability}, mean of {networks} networks over {view.words} equivalent words; one network "
        f"scatters by {view.word_to_word_std:.2g} from word to word{note}"
    )


def text(found: KnotSummary | LinkSummary, view: Prediction | None = None) -> str:
    """What is found, in lines."""
    named = facts(found, view)
    if moves := untying(found):
        more = f" and {len(moves) - MOST_MOVES} more (--json)" if len(moves) > MOST_MOVES else ""
        named["moves"] = ", ".join(map(str, moves[:MOST_MOVES])) + more
    width = max(map(len, named))
    return "\n".join([headline(found), "", *(f"  {name:<{width}}  {value}" for name, value in named.items())]) + "\n"


def untying(found: KnotSummary | LinkSummary) -> tuple[Move, ...]:
    """The moves that untie it, for what is found to be the unknot."""
    if isinstance(found, LinkSummary) or found.unknot.answer != "yes" or found.unknot.certificate is None:
        return ()
    return found.unknot.certificate.moves


def headline(found: KnotSummary | LinkSummary) -> str:
    """The name of the knot or link in one sentence."""
    if isinstance(found, LinkSummary):
        return headline_of_link(found)
    if found.name == "0_1":
        return "0_1, the unknot"
    if found.knot and found.name:
        mirror = ", the mirror image of KnotInfo's" if found.name[0] == "m" and found.knot.is_prime else ""
        return found.name + ("" if found.knot.is_prime else ", a composite knot") + mirror
    if found.knot:
        return f"Invariants of {found.knot.name}, but more than nine crossings: it may be another knot"
    if found.why:
        return "Too large for the table of knots"
    return "No knot to nine crossings"


def headline_of_link(found: LinkSummary) -> str:
    """How many components, and which links of the table have these invariants, whatever their orientation."""
    kinds = dict.fromkeys(re.sub(r"\{.*", "", name) for name in found.alike)
    known = [name for name in kinds if name[0] != "m" or name[1:] not in kinds]
    called = [
        name + (f" ({'the mirror image of ' * (name[0] == 'm')}{CALLED[bare]})" if bare in CALLED else "")
        for name in known
        for bare in [name.removeprefix("m")]
    ]
    invariants = f" with the invariants of {' and of '.join(called)}" if called else ""
    return f"A link of {found.components} components{invariants}"


def typeset(value: str) -> str:
    """A fact for a page: powers of t as formulas, and true minus signs."""
    powers = re.sub(r"\bt(?:\^\(?(-?\d+(?:/2)?)\)?)?(?!\w)", lambda t: f"$t^{{{t[1]}}}$" if t[1] else "$t$", value)
    return re.sub(r"(?<![{\w])-(?=[\d ts$])", "−", powers)


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" + "s" * (count != 1)
