"""`netphysics knot WORD`: which knot or link is it, and is it the unknot? Imports no jax unless networks are asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from netphysics.knots import Braid, Diagram, KnotSummary, LinkSummary, summarize
from netphysics.knots.braids import LARGEST_DRAWN, draw_braid, draw_closure, draw_diagram

from .arguments import Parser
from .knot_text import facts, headline, text, typeset, untying
from .output import check_output, write_output

if TYPE_CHECKING:
    from netphysics.knots.classifiers import Prediction

DESCRIPTION = (
    'A knot or link by its name ("4_1", "3_1#4_1", "trefoil", "T(3,5)", "P(-3,5,7)", "L5a1", "borromean rings"), '
    'from a braid word ("1 -2 1 -2", "aBaB"), a PD code ("PD[X[1,5,2,4], ...]"), a DT code ("DT 4 6 8 2") or a Gauss '
    'code ("Gauss 1 -2 3 -1 2 -3"): what it is called, its invariants, and of a knot whether it is the unknot, with '
    "the proof."
)
MOST_LISTED = 1000


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics knot", description=DESCRIPTION)
    parser.add_argument("knot", nargs="+", help="name, braid word, PD code, DT code or Gauss code")
    parser.add_argument("--out", type=Path, help="write a page (.html) or the drawing (.svg)")
    parser.add_argument("--classifier", type=Path, help="ask networks too: a file of `netphysics classifier`")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--force", action="store_true", help="replace a page that exists")
    options = parser.parse_args(arguments)
    if options.out:
        check_output(options.out, "--out", (".html", ".svg"), force=options.force)
    if options.classifier and not options.classifier.is_file():
        raise ValueError(f"--classifier is {options.classifier}; there is no such file")
    found = summarize(" ".join(options.knot))
    view = ask(found, options.classifier) if options.classifier else None
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


def ask(found: KnotSummary | LinkSummary, path: Path) -> Prediction:
    """What the networks of a file think of a knot.

    Raises:
        ValueError: for a link.
    """
    import jax

    from netphysics.knots.classifiers import predict, read_classifier

    if isinstance(found, LinkSummary):
        raise ValueError(f"--classifier asks about knots; this is a link of {found.components} components")
    return predict(read_classifier(path), found.braid, key=jax.random.key(0))


def write(found: KnotSummary | LinkSummary, path: Path, view: Prediction | None) -> None:
    """The drawing, or the page that shows it."""
    drawing, caption = draw(found)
    write_output(path, drawing + "\n" if path.suffix == ".svg" else page(found, drawing, caption, view))


def draw(found: KnotSummary | LinkSummary) -> tuple[str, str]:
    """A drawing, and what it shows: the table's for a word of a prime knot, else what was given."""
    given = found.given
    knot = found.knot if isinstance(found, KnotSummary) and found.certain else None
    if knot and knot.is_prime and isinstance(given, Braid):
        mirrored = "The mirror image of " if knot.name[0] == "m" else ""
        return draw_diagram(knot.diagram), f"{mirrored}KnotInfo's diagram of {knot.name.removeprefix('m')}."
    diagram = Diagram.of_braid(given) if isinstance(given, Braid) else given
    if len(diagram) <= LARGEST_DRAWN:
        return draw_diagram(diagram), "The closure of the braid." if isinstance(given, Braid) else "The diagram."
    if isinstance(found, KnotSummary):
        return draw_closure(found.braid), "The closure of the braid: strands run around the middle."
    raise ValueError(f"the link has {len(diagram)} crossings; links are drawn up to {LARGEST_DRAWN}")


def page(found: KnotSummary | LinkSummary, drawing: str, caption: str, view: Prediction | None) -> str:
    """One self-contained page: the drawing, the invariants, and the moves that untie the unknot."""
    from markupsafe import Markup

    from netphysics.report import Drawing
    from netphysics.report.page import free_page
    from netphysics.report.svg import inline

    moves = untying(found)
    braid = found.braid if isinstance(found, KnotSummary) else found.given
    return free_page(
        "knot.html",
        "knot",
        headline=headline(found),
        kind="a knot" if isinstance(found, KnotSummary) else "a link",
        diagram=Markup(inline(Drawing(drawing))),
        caption=caption,
        braid=Markup(inline(Drawing(draw_braid(braid)))) if isinstance(braid, Braid) and len(braid) else None,
        facts={name: typeset(value) for name, value in facts(found, view).items()},
        moves=[*map(str, moves[:MOST_LISTED]), *(["..."] if len(moves) > MOST_LISTED else [])],
        count=len(moves),
    )
