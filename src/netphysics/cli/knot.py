"""`netphysics knot WORD`: which knot is it, and is it one? Imports no jax unless a page is asked for."""

from __future__ import annotations

import json
from pathlib import Path

from netphysics.knots import Examination, examine

from .arguments import Parser

DESCRIPTION = (
    'A knot from a braid word ("1 -2 1 -2"), a PD code ("PD[X[1,5,2,4], ...]") or a DT code ("DT 4 6 8 2"): its '
    "name, its invariants, and whether it is the unknot, with the proof."
)
MOST_MOVES = 12


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics knot", description=DESCRIPTION)
    parser.add_argument("knot", nargs="+", help="braid word, PD code or DT code")
    parser.add_argument("--out", type=Path, help="write a page (.html) or the drawing of the closure (.svg)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    if options.out and options.out.suffix not in (".html", ".svg"):
        raise ValueError(f"--out is {options.out}; it must end in .html or .svg")
    found = examine(" ".join(options.knot))
    if options.out:
        write(found, options.out)
    if options.json:
        print(json.dumps({**found.to_json(), "out": str(options.out) if options.out else None}))
    else:
        print(text(found), end="")
        if options.out:
            print(f"\n{options.out}")
    return 0


def text(found: Examination) -> str:
    """What is found, in lines."""
    lines = [headline(found), ""]
    facts = {
        "crossings": f"{len(found.given)}, writhe {found.given.writhe}",
        "braid": f"{found.braid or '(empty)'}  ({strands(found.braid.strands)})",
        "Alexander": str(found.alexander),
        "Jones": str(found.jones) if found.jones else f"not computed: {found.why}",
        "determinant": str(found.determinant),
        "signature": str(found.signature),
        "unknot": f"{found.unknot.answer}: {found.unknot.reason}",
    }
    width = max(map(len, facts))
    lines += [f"  {name:<{width}}  {value}" for name, value in facts.items()]
    if certificate := found.unknot.certificate:
        moves = [f"{move.name} {move.place}" for move in certificate.moves[:MOST_MOVES]]
        more = len(certificate.moves) - len(moves)
        lines.append(f"  {'moves':<{width}}  {', '.join(moves)}" + (f" and {more} more (--json)" if more > 0 else ""))
    return "\n".join(lines) + "\n"


def headline(found: Examination) -> str:
    """The name of the knot in one sentence."""
    if found.name == "0_1":
        return "0_1, the unknot"
    if found.name:
        mirror = ", the mirror image of KnotInfo's" if found.name[0] == "m" and found.knot.is_prime else ""
        return found.name + ("" if found.knot.is_prime else ", a composite knot") + mirror
    if found.knot:
        return f"has the invariants of {found.knot.name}, but more than nine crossings: it may be another knot"
    if found.why:
        return "too large for the table of knots"
    return "no knot to nine crossings"


def strands(count: int) -> str:
    return f"{count} strand" + ("s" if count > 1 else "")


def write(found: Examination, path: Path) -> None:
    """The drawing of the closure, or the page that shows it."""
    from netphysics.knots.braids import draw_closure

    if path.suffix == ".svg":
        path.write_text(draw_closure(found.braid) + "\n")
