"""`netphysics compare RUN RUN`: the claims of two runs side by side, with their verdicts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from netphysics.api import load
from netphysics.lab import Run
from netphysics.lab.formulas import unicode
from netphysics.stats import Claim, pull

from .arguments import Parser


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics compare", description="Two runs of a study, claim by claim.")
    parser.add_argument("runs", type=Path, nargs=2, metavar="RUN", help="folders of finished runs")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    first, second = (load(path) for path in options.runs)
    if first.study.name != second.study.name:
        raise ValueError(
            f"{first.path} is a run of {first.study.name} and {second.path} one of {second.study.name}; "
            "only runs of one study can be compared"
        )
    rows = compare(first.claims, second.claims)
    if options.json:
        print(json.dumps({"options": differences(first, second), "claims": rows}, indent=2, allow_nan=False))
    else:
        show(first, second, rows)
    return 0


def compare(first: Sequence[Claim], second: Sequence[Claim]) -> list[dict[str, Any]]:
    """All claims of two runs: each claim, or null where a run does not make it; and by how many standard errors
    they differ, where both have values of one shape.
    """
    ones, others = ({claim.id: claim for claim in claims} for claims in (first, second))
    rows = []
    for name in dict.fromkeys([*ones, *others]):
        one, other = ones.get(name), others.get(name)
        rows.append(
            {
                "id": name,
                "first": one and one.to_json(),
                "second": other and other.to_json(),
                "difference": difference(one, other),
            }
        )
    return rows


def difference(one: Claim | None, other: Claim | None) -> float | None:
    """The largest pull of one observation against the other; None where they cannot be compared."""
    if one is None or other is None or one.observed.shape != other.observed.shape:
        return None
    pulls = np.ravel(pull(one.observed, other.observed))
    largest = float(pulls[np.argmax(np.abs(pulls))])
    return largest if np.isfinite(largest) else None


def differences(first: Run, second: Run) -> dict[str, list[Any]]:
    """The options in which the runs differ."""
    one, other = first.record["config"], second.record["config"]
    return {name: [one.get(name), other.get(name)] for name in {**one, **other} if one.get(name) != other.get(name)}


def show(first: Run, second: Run, rows: list[dict[str, Any]]) -> None:
    """Both runs as a table, for a person."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from .claims_text import expected, observed, verdict

    console = Console(highlight=False)
    for name, values in differences(first, second).items():
        console.print(escape(f"{name.replace('_', '-')}: {' | '.join(map(str, values))}"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("claim", "first", "", "second", "", "differ by"):
        table.add_column(column, overflow="fold")
    ones, others = ({claim.id: claim for claim in run.claims} for run in (first, second))
    for row in rows:
        pair = [ones.get(row["id"]), others.get(row["id"])]
        cells: list[str] = []
        for claim in pair:
            cells += ["—", ""] if claim is None else [observed(claim) or expected(claim), verdict(claim)]
        far = row["difference"]
        cells.append("" if far is None else f"{far:+.1f} σ".replace("-", "−"))
        statements = dict.fromkeys(unicode(claim.statement) for claim in pair if claim is not None)
        table.add_row(escape("\n".join(statements)), *cells)
    console.print(table)
