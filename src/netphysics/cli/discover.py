"""`netphysics discover DATA ...`: the study `discover`, with the table in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import run

if TYPE_CHECKING:
    from netphysics.discovery import Formula
    from netphysics.lab import Run


def main(arguments: list[str]) -> int:
    named = bool(arguments) and not arguments[0].startswith("-")
    return run.main(["discover", *(["--data", *arguments] if named else arguments)], "discover", tell, more)


def more(finished: Run) -> dict[str, list]:
    """What the JSON object has beside what every run has: of each network the formula for each of its neurons."""
    from netphysics.studies.discovery.discover.networks import load_networks

    networks = load_networks(finished.path).formulas
    return {"formulas": [[each.to_json() if each else None for each in formulas] for formulas in networks]}


def tell(finished: Run) -> None:
    """What was found, in words, and the errors beside those of baselines."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from netphysics.studies.discovery.discover.findings import findings
    from netphysics.studies.discovery.discover.networks import CELL, load_networks

    config, found, others = finished.config, finished.measured[CELL.name], finished.predicted[CELL.name]
    console = Console()
    for sentence in findings(config, others, found):
        console.print(f"[bold]{escape(sentence)}[/]")
    console.print()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("latents", "error", "plain network, as many principal components"):
        table.add_column(column, justify="right")
    for i, latents in enumerate(config.latents):
        table.add_row(str(latents), str(found["error"][i]), str(others["plain"][i]))
    console.print(table)
    console.print(
        f"all columns: boosted trees {others['trees']}, plain network {others['plain'][-1]}, straight line "
        f"{others['linear']}; mean of the answers {others['mean']}. Errors are RMSE on held-out rows, in standard "
        "deviations of the answer.\n",
        highlight=False,
    )
    for seed, formulas in enumerate(load_networks(finished.path).formulas):
        words = ", ".join(
            f"z{i + 1} ~ {with_unit(formula)} (rank correlation {formula.correlation:.3f})"
            for i, formula in enumerate(formulas)
            if formula
        )
        if words:
            console.print(escape(f"network {seed}: {words}"), highlight=False)
    console.print()


def with_unit(formula: Formula) -> str:
    """A formula and its unit, where columns have some; a single column by its own name, which has it."""
    if isinstance(formula.tree, int):
        return formula.columns[formula.tree]
    if formula.unit is None:
        return str(formula)
    return f"{formula}, dimensionless" if formula.unit.dimensionless else f"{formula} in {formula.unit}"
