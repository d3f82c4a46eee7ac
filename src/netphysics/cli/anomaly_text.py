"""A search for anomalies for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from netphysics.topology.anomaly import Search

SHOWN = 6


def show_search(found: Search, words: tuple[str, ...]) -> None:
    """What was read, a row for every score, and what the scores cannot do."""
    console = Console(highlight=False)
    for sentence in words:
        console.print(f"[dim]{escape(sentence)}[/]")
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("score")
    for column in ("AUC", "improvement", "at efficiency") if found.performance else ():
        table.add_column(column, justify="right")
    table.add_column("events that stand out most")
    for name in found.scores:
        row = [name]
        if found.performance:
            efficiency, improvement = found.performance[name].best
            row += [str(found.performance[name].area), str(improvement), f"{efficiency:.2f}"]
        table.add_row(*row, " ".join(map(str, found.ranking(name, SHOWN).tolist())))
    console.print()
    console.print(table)
    console.print()
    for sentence in found.notes:
        console.print(f"[dim]{escape(sentence)}[/]")
