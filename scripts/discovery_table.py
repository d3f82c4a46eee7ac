"""The numbers of the discovery wing, from finished runs to tests/reference/discovery.json.

python scripts/discovery_table.py RUN [RUN ...]

Each RUN is the folder of a finished run of pendulum, collision, qubits, heliocentric or rotation-curves. Rows of other
runs stay as they are. The file has what was measured, the command, what was asked for, and what others have; the
README's table is made of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import netphysics
from netphysics.report.reproduce import command
from netphysics.stats import Estimate
from netphysics.studies.discovery.qubits import offered

ROOT = Path(__file__).parents[1]
FILE = ROOT / "tests" / "reference" / "discovery.json"
RELEASED = "networks released with arXiv:1807.10300, on fresh systems"
EXACT = "exact"
README, BEGIN, END = ROOT / "README.md", "<!-- discovery numbers -->\n", "<!-- end -->"


def rows_of(run) -> Iterator[tuple]:
    """Quantity, estimate, least and largest value asked for, number to compare with, and whose it is."""
    study, found, config = run.study.name, run.measured, run.config
    if study == "pendulum":
        (found,) = found.values()
        yield "pendulum: RMSE, amplitude 1", found["error"][config.latents.index(3)], 0, 0.020, 0.0139, RELEASED
        yield "pendulum: seeds with exactly two neurons", found["two"], 0.75, 1, None, None
        yield "pendulum: seeds that name both b and kappa", found["physical"], 0.75, 1, None, None
    elif study == "collision":
        (found,) = found.values()
        yield "collision: RMSE, radius 1", found["error"][config.latents.index(1)], 0, 0.040, 0.0389, RELEASED
        yield "collision: rank correlation with J", found["rank_correlation"], 0.999, 1, 0.99989, RELEASED
        yield "collision: seeds with the formula", found["formula"], 0.75, 1, None, None
    elif study == "heliocentric":
        found = found["circular"]
        yield "heliocentric: RMSE, % of a turn", found["all-times"], 0, 0.4, 0.219, RELEASED
        yield "heliocentric: Earth's period, days", found["periods"][0], 361.35, 368.65, 365.0, RELEASED
        yield "heliocentric: Mars's period, days", found["periods"][1], 666.37, 707.59, 677, RELEASED
    elif study == "rotation-curves":
        for name, number in (("rar", 0), ("nfw-relation", 1), ("nfw", 2), ("core", 2)):
            if name in found:
                yield f"rotation curves, {name}: numbers needed", found[name]["needed"], number, number, number, EXACT
    elif study == "qubits":
        for name in found:
            yield from qubit_rows(name, found[name], run)


def qubit_rows(name, found, run) -> Iterator[tuple]:
    number = int(run.predicted[name]["dimension"].value)
    yield f"qubits, {name}: knee", found["knee"], number, number, number, "rank of the Jacobian"
    if name == "one":
        latents = offered(run.config, name)
        yield "qubits, one: RMSE with 2 latents", found["error"][latents.index(2)], 0, 0.012, None, None
        yield "qubits, one: RMSE with 4 latents", found["error"][latents.index(4)], 0, 0.004, None, None
        yield "qubits, one: active neurons of 4", found["active"], 3, 3, None, None
    if name == "one-real":
        yield "qubits, one-real: least RMSE", found["error"][-1], 0.1637, 0.1767, 0.1667, EXACT


def main(paths: list[str]) -> None:
    kept = {row["quantity"]: row for row in json.loads(FILE.read_text())} if FILE.exists() else {}
    for path in paths:
        run = netphysics.load(path)
        for quantity, estimate, least, largest, compared, whose in rows_of(run):
            if "seeds" in quantity:
                # A share of a few seeds has the error of a binomial law, not that of a jackknife.
                estimate = Estimate.fraction(round(float(estimate.value) * run.config.draws), run.config.draws)
            kept[quantity] = {
                "quantity": quantity,
                "command": command(run),
                "value": float(estimate.value),
                "error": float(estimate.error),
                "seeds": int(run.config.draws),
                "asked": [least, largest],
                "compared": compared,
                "whose": whose,
            }
    rows = list(kept.values())
    FILE.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    before, rest = README.read_text().split(BEGIN)
    README.write_text(before + BEGIN + table(rows) + END + rest.split(END)[1])


def table(rows: list[dict]) -> str:
    """The rows as the README shows them."""
    lines = ["| | here | asked for | others, or exact |", "|---|---|---|---|"]
    for row in rows:
        estimate, (least, largest) = Estimate(row["value"], row["error"], row["seeds"]), row["asked"]
        asked = f"{least:g}" if least == largest else f"≤ {largest:g}" if not least else f"{least:g} to {largest:g}"
        compared = "" if row["compared"] is None else f"{row['compared']:g}"
        lines.append(f"| {row['quantity']} | {estimate} | {asked} | {compared} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
