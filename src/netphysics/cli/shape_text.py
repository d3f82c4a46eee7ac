"""The shape of a cloud for the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from netphysics.topology.shape import Shape
from netphysics.topology.shape_words import NAMES, facts, headline


def show_shape(found: Shape, data: str) -> None:
    """What it is, Betti numbers with the noise floor, what it asks of an autoencoder, and doubts."""
    console = Console(highlight=False)
    console.print(f"[bold]{escape(data)}[/]")
    console.print(f"● {escape(headline(found))}\n")
    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for name, words in facts(found):
        grid.add_row(f"[dim]{name}[/]", escape(words))
    console.print(grid)
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in ("holes", "Betti", "modulo 3", "bars, death / birth", "noise floor", "longest noise", "landmarks"):
        table.add_column(column, justify="left" if column == "holes" else "right")
    for degree in found.degrees:
        signal, noise = degree.reading.signal, degree.reading.noise
        table.add_row(
            NAMES[degree.degree],
            str(degree.betti),
            str(degree.odd_betti),
            " ".join(f"{ratio:.2f}" for ratio in signal.ratios) or "—",
            f"{degree.reading.floor:.2f}",
            f"{noise.ratios.max():.2f}" if len(noise) else "—",
            str(degree.landmarks),
        )
    console.print()
    console.print(table)
    for sentence in found.remarks:
        console.print(f"[dim]{escape(sentence)}[/]")
