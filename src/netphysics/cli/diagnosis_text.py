"""A diagnosis for the terminal: to be read in ten seconds."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from netphysics.fields.diagnosis import Diagnosis, Recommendation, facts
from netphysics.nets import Net

VERDICTS = {
    "sgd": "trains with plain SGD",
    "adam": "trains with Adam",
    "seeds": "seeds learn alike",
    "inputs": "inputs are right",
    "weights": "weights are right",
    "structure": "layers fit together",
}


def show_diagnosis(found: Diagnosis) -> None:
    """Cause, what to change, verdicts, and then the numbers: phase, learning rate, theory beside measurement."""
    console = Console(highlight=False)
    color = "green" if found.healthy else "red"
    console.print(f"[{color}]{'●' if found.healthy else '▲'} {escape(found.cause)}[/]")
    console.print(f"[dim]{escape(found.network)}[/]")
    if found.advice:
        console.print("\n[bold]advice[/]")
    for number, sentence in enumerate(found.advice, start=1):
        console.print(f"{number}. {escape(sentence)}", soft_wrap="torch.nn" in sentence)
    verdicts = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for name, each in found.verdicts.items():
        if each.ok is not None:
            verdicts.add_row(VERDICTS[name], "[green]yes[/]" if each.ok else "[red]no[/]", escape(each.reason))
    if verdicts.row_count:
        console.print("\n[bold]verdicts[/]")
        console.print(verdicts)
    console.print(f"\n{escape(found.verdict)}\n")
    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for name, words in facts(found):
        grid.add_row(f"[dim]{name}[/]", escape(words))
    console.print(grid)
    if found.comparisons:
        table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
        for column in ("measured on ensembles", "theory", "measured", "z"):
            table.add_column(column, justify="left" if column.startswith("measured on") else "right")
        for row in found.comparisons:
            z = "" if row.z is None else f"{row.z:+.1f}"
            numbers = ["—" if each is None else str(each) for each in (row.predicted, row.measured)]
            table.add_row(escape(row.name), *numbers, z)
        console.print()
        console.print(table)
    for sentence in found.limits:
        console.print(f"[dim]{escape(sentence)}[/]")


def show_recommendations(net: Net, found: Sequence[Recommendation], tolerance: float) -> None:
    """What to draw, and what it achieves."""
    console = Console(highlight=False)
    shape = f"{net.layers - 1} hidden layers, {net.activation.name}"
    console.print(f"[bold]{escape(shape)}, tangent kernels to differ by at most {100 * tolerance:.3g} %[/]")
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in ("weights", "C_W", "gain", "C_b", "|x|²/d", "spread", "width", "layers", ""):
        table.add_column(column, justify="left" if column in ("weights", "") else "right", no_wrap=True)
    for each in found:
        mark = "[green]achieves it[/]" if each.achieves else "[red]does not[/]"
        table.add_row(
            each.initialization,
            f"{each.weight_variance:.6g}",
            f"{each.gain:.4g}",
            f"{each.bias_variance:.6g}",
            f"{each.input_mean_square:.3g}",
            f"{100 * each.spread:.2g} %",
            str(each.narrowest),
            str(each.deepest),
            mark,
        )
    console.print(table)
    console.print(
        "[dim]width: the narrowest at this depth; layers: the most at this width, where L/n is at most 1/2[/]"
    )
