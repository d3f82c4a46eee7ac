"""`netphysics unknot KNOT`: untie a knot, with moves that replay, or say why that cannot be. Imports no jax."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

from netphysics.knots import Untied, untie

from .arguments import Parser
from .knot_file import Entry, read_knots
from .output import check_output, write_output

DESCRIPTION = (
    'Untie a knot: a braid word ("1 -2 1 2"), a PD code ("PD[X[1,5,2,4], ...]"), a DT code ("DT 4 6 8 2"), whatever '
    "`netphysics knot` reads; or a file with one of them in a line (a # after a blank begins a comment), or a table "
    "with a column of PD, DT or Gauss codes or of braids. Prints moves of a grid diagram to the trivial one that have "
    "been replayed, or the invariant that shows a knot, or that nothing was found within the budget."
)
UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
# Moves that are printed; a page or --json has them all.
MOST_MOVES = 12
FILE = re.compile(r"\S+\.\w+|.*/.*")


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics unknot", description=DESCRIPTION)
    parser.add_argument("knot", nargs="+", help="a knot in any notation, or a file of them")
    parser.add_argument("--budget", default="60s", help="time to search, with its unit: 500ms, 60s, 5min (60s)")
    parser.add_argument(
        "--reidemeister", action="store_true", help="also untie the diagram itself, by Reidemeister moves (for --json)"
    )
    parser.add_argument("--out", type=Path, help="write a page (.html) that plays the solution")
    parser.add_argument("--json", action="store_true", help="print JSON; a list for a file")
    parser.add_argument("--force", action="store_true", help="replace a page that exists")
    # What begins with a minus and is no number would pass for an option.
    options = parser.parse_args([f" {word}" if re.match(r"-\d+\D", word) else word for word in arguments])
    budget = seconds(options.budget)
    if options.out:
        check_output(options.out, "--out", (".html",), force=options.force)
    text = " ".join(options.knot)
    path = Path(text)
    if FILE.fullmatch(text) and not path.is_file():
        raise ValueError(
            f"{text} is a folder; it must be a file of knots" if path.is_dir() else f"there is no file {text}"
        )
    if len(text) < 256 and path.is_file():
        if options.out:
            raise ValueError(f"--out is {options.out}; a page shows one knot, and {text} is a file of knots")
        return print_file(path, budget, options.json, options.reidemeister)
    answer = untie(text, budget, options.reidemeister)
    if options.out:
        from .player import page

        write_output(options.out, page(text, answer))
    if options.json:
        print(json.dumps({**answer.to_json(), "out": str(options.out) if options.out else None}))
    else:
        print(sentences(answer), end="")
        if options.out:
            print(f"\n{options.out}")
    return 0


def seconds(budget: str) -> float:
    """The seconds of a budget such as 60s.

    Raises:
        ValueError: for one without a unit, or that is not positive.
    """
    found = re.fullmatch(r"([+-]?\d+\.?\d*|[+-]?\.\d+)\s*(ms|s|min|h)", budget.strip())
    if not found or not 0 < float(found[1]) < math.inf:
        raise ValueError(f"--budget is {budget}; it must be a positive time with its unit: 500ms, 60s, 5min, 1h")
    return float(found[1]) * UNITS[found[2]]


def sentences(answer: Untied) -> str:
    """An answer in lines."""
    lines = [answer.verdict, "", f"  {answer.reason} ({answer.seconds:.3g} s)"]
    if answer.certificate:
        moves = answer.certificate.moves
        lines += [f"  {move}" for move in moves[:MOST_MOVES]]
        lines += [f"  and {len(moves) - MOST_MOVES} more (--json, --out)"] * (len(moves) > MOST_MOVES)
        lines.append("  replayed by the checker: the moves lead to the trivial diagram")
    if answer.reidemeister:
        count, most = len(answer.reidemeister.moves), answer.reidemeister.most_crossings
        lines.append(
            f"  {count} Reidemeister moves untie the diagram, through {most} crossings at most (--json has them)"
        )
    return "\n".join(lines) + "\n"


def print_file(path: Path, budget: float, as_json: bool, reidemeister: bool) -> int:
    """All knots of a file, one in a line; a line that cannot be read is named, and the others go on.

    Returns:
        2 if there was such a line.
    """
    found: list[tuple[Entry, Untied | ValueError]] = []
    for entry in read_knots(path):
        try:
            found.append((entry, untie(entry.knot, budget, reidemeister)))
        except ValueError as error:
            found.append((entry, error))
    if as_json:
        print(json.dumps([row(entry, answer) for entry, answer in found]))
    else:
        print_table(found)
    return 2 if any(isinstance(answer, ValueError) for _, answer in found) else 0


def row(entry: Entry, answer: Untied | ValueError) -> dict[str, object]:
    """A knot of a file for JSON."""
    named: dict[str, object] = {"line": entry.line} | ({"name": entry.name} if entry.name else {})
    if isinstance(answer, ValueError):
        return named | {"verdict": "error", "reason": str(answer)}
    return named | answer.to_json()


def print_table(found: list[tuple[Entry, Untied | ValueError]]) -> None:
    """A line for each knot of a file, with the name that the file gives it, if any."""
    width = max(len(entry.name) for entry, _ in found)
    lines = [("line", "name", "verdict", "moves", "seconds", "reason")]
    for entry, answer in found:
        told = ("error", "", "", str(answer))
        if not isinstance(answer, ValueError):
            moves = str(len(answer.certificate.moves)) if answer.certificate else ""
            told = (answer.verdict, moves, f"{answer.seconds:.3f}", answer.reason)
        lines.append((str(entry.line), entry.name, *told))
    for line, name, verdict, moves, time, reason in lines:
        named = f"{name:<{max(width, 4)}}  " if width else ""
        print(f"{line:>4}  {named}{verdict:<9}  {moves:>7}  {time:>8}  {reason}")
