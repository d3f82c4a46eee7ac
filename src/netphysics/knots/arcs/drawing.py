"""Arc presentations as SVG: the grid diagram, with horizontal lines broken where vertical ones pass above.

Lines take the color of the page (`currentColor`).
"""

from __future__ import annotations

from .presentation import ArcPresentation

SPACING, MARGIN, STROKE, GAP = 16.0, 8.0, 2.2, 4.0


def draw_arcs(presentation: ArcPresentation) -> str:
    """The grid diagram as one SVG element; row 0 is the lowest."""
    size = len(presentation)
    extent = (size - 1) * SPACING + 2 * MARGIN

    def x(column: int) -> float:
        return MARGIN + column * SPACING

    def y(row: int) -> float:
        return extent - MARGIN - row * SPACING

    words = [f"M{x(column):g} {y(low):g}V{y(high):g}" for column, (low, high) in enumerate(presentation.arcs)]
    above: dict[int, list[int]] = {row: [] for row in range(size)}
    for column, row in presentation.crossings:
        above[row].append(column)
    for row, (left, right) in enumerate(presentation.rows):
        words.append(f"M{x(left):g} {y(row):g}")
        words += [f"H{x(column) - GAP:g}M{x(column) + GAP:g} {y(row):g}" for column in above[row]]
        words.append(f"H{x(right):g}")
    box = f'width="{extent:g}" height="{extent:g}" viewBox="0 0 {extent:g} {extent:g}"'
    style = f'fill="none" stroke="currentColor" stroke-width="{STROKE}" stroke-linecap="round"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img"><title>A grid diagram of {size} arcs</title>'
        f'<path d="{"".join(words)}" {style}/></svg>'
    )
