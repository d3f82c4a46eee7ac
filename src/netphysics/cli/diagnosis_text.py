"""A diagnosis for the terminal: to be read in ten seconds."""

from __future__ import annotations

import math

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table


def show_diagnosis(found) -> None:
    """Verdict, phase, theory beside measurement, learning rate, advice."""
    console = Console(highlight=False)
    console.print(f"[bold]{escape(found.network)}[/]")
    color = "green" if found.healthy else "red"
    console.print(f"[{color}]{'●' if found.healthy else '▲'} {escape(found.verdict)}[/]\n")
    facts = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for name, words in facts_of(found):
        facts.add_row(f"[dim]{name}[/]", escape(words))
    console.print(facts)
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
    console.print("\n[bold]advice[/]")
    for number, sentence in enumerate(found.advice, start=1):
        console.print(Padding(f"{number}. {escape(sentence)}", (0, 0, 0, 0)))
    for sentence in found.limits:
        console.print(f"[dim]{escape(sentence)}[/]")


def facts_of(found) -> list[tuple[str, str]]:
    """Names and values of what is known of a network, a line each."""
    lines = []
    if found.width is not None:
        ratio = found.depth_over_width
        lines.append(("shape", f"{found.depth} hidden layers, width {found.width:.4g}: L/n = {ratio:.2g}"))
    if (phase := found.phase) is not None:
        lines.append(("phase", phase_words(phase)))
        if phase.critical_weight_variance is None:
            lines.append(("critical", phase.reason))
        else:
            critical = f"C_W = {phase.critical_weight_variance:.6g}, C_b = {phase.critical_bias_variance:.6g}"
            lines.append(("critical", f"{critical} ({phase.kind}: {phase.reason})"))
    if found.spreads:
        words = ", ".join(f"{100 * value:.2g} % {name}" for name, value in found.spreads.items())
        lines.append(("seeds", f"tangent kernels differ by {words}"))
    if (rate := found.learning_rate) is not None:
        seeds = f" over {rate.networks} networks" if rate.networks > 1 else ""
        words = f"below {rate.ceiling}: λ_max = {rate.eigenvalue.mean} on {rate.samples} inputs{seeds}"
        lines.append(("learning rate", words))
    return lines


def phase_words(phase) -> str:
    """The phase with its correlation length and the depth it allows."""
    if phase.name == "critical":
        length = "signals and gradients pass, at most as a power of depth"
    else:
        depth = f"{phase.trainable_depth:.0f}"
        length = f"correlation length {phase.angle_length:.2g} layers, trainable to {depth} hidden layers"
    fixed = "∞" if math.isinf(phase.kernel) else f"{phase.kernel:.4g}"
    return f"{phase.name}: {length} (χ_∥ = {phase.parallel:.3f}, χ_⊥ = {phase.perpendicular:.3f}, K* = {fixed})"


def show_recommendations(net, found, tolerance: float) -> None:
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
