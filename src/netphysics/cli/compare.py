"""`netphysics compare RUN RUN`: the claims of two runs side by side."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from netphysics.api import load
from netphysics.stats import pull

from .arguments import Parser


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics compare", description="Two runs, claim by claim.")
    parser.add_argument("runs", type=Path, nargs=2, metavar="RUN", help="folders of finished runs")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    first, second = (load(path) for path in options.runs)
    rows = compare(first, second)
    if not rows:
        raise ValueError(f"{first.path} and {second.path} have no claim in common")
    if options.json:
        print(json.dumps(rows, indent=2))
        return 0
    different = {
        name: (value, second.record["config"].get(name))
        for name, value in first.record["config"].items()
        if second.record["config"].get(name) != value
    }
    for name, (one, other) in different.items():
        print(f"{name}: {one} | {other}")
    for row in rows:
        print(f"{row['id']}: {row['first']} | {row['second']}  (differ by {row['pull']:+.1f} standard errors)")
    return 0


def compare(first, second) -> list[dict]:
    """For each claim that both runs make, with values of the same shape: both and their pull."""
    others = {claim.id: claim for claim in second.claims}
    rows = []
    for claim in first.claims:
        other = others.get(claim.id)
        if other is None or other.observed.shape != claim.observed.shape:
            continue
        pulls = np.ravel(pull(claim.observed, other.observed))
        rows.append(
            {
                "id": claim.id,
                "first": str(claim.observed),
                "second": str(other.observed),
                "pull": float(pulls[np.argmax(np.abs(pulls))]),
                "verdicts": [claim.verdict, other.verdict],
            }
        )
    return rows
