"""`netphysics knot WORD`: which knot is it, and is it one? Imports no jax unless a page is asked for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from netphysics.knots import Braid, KnotSummary, identify, summarize
from netphysics.knots.arcs import Move
from netphysics.knots.braids import draw_braid, draw_closure
from netphysics.knots.invariants.table import LARGEST

from .arguments import Parser
from .output import check_output, write_output

if TYPE_CHECKING:
    from netphysics.knots.classifiers import Prediction

DESCRIPTION = (
    'A knot by its name ("4_1", "3_1#4_1", "trefoil", "T(3,5)", "P(-3,5,7)"), from a braid word ("1 -2 1 -2", "aBaB"), '
    'a PD code ("PD[X[1,5,2,4], ...]"), a DT code ("DT 4 6 8 2") or a Gauss code ("Gauss 1 -2 3 -1 2 -3"): what it is '
    "called, its invariants, and whether it is the unknot, with the proof."
)
MOST_MOVES, MOST_LISTED = 12, 1000


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics knot", description=DESCRIPTION)
    parser.add_argument("knot", nargs="+", help="name, braid word, PD code, DT code or Gauss code")
    parser.add_argument("--out", type=Path, help="write a page (.html) or the drawing of the closure (.svg)")
    parser.add_argument("--classifier", type=Path, help="ask networks too: a file of `netphysics classifier`")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--force", action="store_true", help="replace a page that exists")
    options = parser.parse_args(arguments)
    if options.out:
        check_output(options.out, "--out", (".html", ".svg"), force=options.force)
    found = summarize(" ".join(options.knot))
    view = ask(found.braid, options.classifier) if options.classifier else None
    if options.out:
        write(found, options.out, view)
    if options.json:
        more = {"classifier": view.to_json()} if view else {}
        print(json.dumps({**found.to_json(), **more, "out": str(options.out) if options.out else None}))
    else:
        print(text(found, view), end="")
        if options.out:
            print(f"\n{options.out}")
    return 0


def ask(braid: Braid, path: Path) -> Prediction:
    """What the networks of a file think of a braid."""
    import jax

    from netphysics.knots.classifiers import predict, read_classifier

    return predict(read_classifier(path), braid, key=jax.random.key(0))


def facts(found: KnotSummary, view: Prediction | None) -> dict[str, str]:
    """What is found, by name."""
    thought = {"classifier": sentence(view)} if view else {}
    return {
        "crossings": f"{len(found.given)}, writhe {found.given.writhe}",
        "braid": f"{found.braid or '(empty)'}  ({strands(found.braid.strands)})",
        "Alexander": str(found.alexander),
        "Jones": str(found.jones) if found.jones else f"not computed: {found.why}",
        "determinant": str(found.determinant),
        "signature": str(found.signature),
        "arc index": f"at most {len(found.arcs)}",
        **({"composite": composite(found)} if found.summands else {}),
        "unknot": f"{found.unknot.answer}: {found.unknot.reason}",
        **thought,
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


def text(found: KnotSummary, view: Prediction | None) -> str:
    """What is found, in lines."""
    named = facts(found, view)
    if moves := untying(found):
        more = f" and {len(moves) - MOST_MOVES} more (--json)" if len(moves) > MOST_MOVES else ""
        named["moves"] = ", ".join(map(str, moves[:MOST_MOVES])) + more
    width = max(map(len, named))
    return "\n".join([headline(found), "", *(f"  {name:<{width}}  {value}" for name, value in named.items())]) + "\n"


def untying(found: KnotSummary) -> tuple[Move, ...]:
    """The moves that untie it, for what is found to be the unknot."""
    certificate = found.unknot.certificate
    return certificate.moves if certificate and found.unknot.answer == "yes" else ()


def typeset(value: str) -> str:
    """Powers raised, and true minus signs."""
    raised = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    return re.sub(r"\^(-?\d+)", lambda power: power[1].translate(raised), value).replace("-", "−")


def headline(found: KnotSummary) -> str:
    """The name of the knot in one sentence."""
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


def strands(count: int) -> str:
    return f"{count} strand" + ("s" if count > 1 else "")


def write(found: KnotSummary, path: Path, view: Prediction | None) -> None:
    """The drawing of the closure, or the page that shows it."""
    drawing = draw_closure(found.braid)
    write_output(path, drawing + "\n" if path.suffix == ".svg" else page(found, drawing, view))


def page(found: KnotSummary, drawing: str, view: Prediction | None) -> str:
    """One self-contained page: the drawing, the invariants, and the moves that untie the unknot."""
    from markupsafe import Markup

    from netphysics.report import Drawing
    from netphysics.report.page import free_page
    from netphysics.report.svg import inline

    moves = untying(found)
    return free_page(
        "knot.html",
        "knot",
        headline=headline(found),
        closure=Markup(inline(Drawing(drawing))),
        braid=Markup(inline(Drawing(draw_braid(found.braid)))),
        facts={name: typeset(value) for name, value in facts(found, view).items()},
        moves=[*map(str, moves[:MOST_LISTED]), *(["..."] if len(moves) > MOST_LISTED else [])],
        count=len(moves),
    )
