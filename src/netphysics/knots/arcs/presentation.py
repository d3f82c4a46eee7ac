"""Arc presentation: a knot as arcs in the pages of an open book, which is a grid diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ..braids import Diagram


@dataclass(frozen=True)
class ArcPresentation:
    """Arcs in the half-planes (pages) around a common axis; each joins two heights on the axis.

    Drawn as a grid diagram, arc k is a vertical line in column k between its two rows, and the two columns that
    meet in a row are joined there by a horizontal line. Vertical lines pass over horizontal ones. Both orders are
    cyclic: the page after the last one is the first, and the axis closes at infinity.

    Attributes:
        arcs: the two rows of each column, the lower one first; n arcs use each of the rows 0, ..., n - 1 twice.

    Raises:
        ValueError: for fewer than two arcs, or an arc or a row that is not as it must be, naming it.
    """

    arcs: tuple[tuple[int, int], ...]

    def __init__(self, arcs: Sequence[Sequence[int]]):
        for number, arc in enumerate(arcs):
            if len(arc) != 2 or arc[0] == arc[1]:
                raise ValueError(f"arc {number} is {list(arc)}; it must join two different rows")
        size = len(arcs)
        if size < 2:
            raise ValueError(f"the number of arcs is {size}; it must be at least 2")
        ends = sorted(row for arc in arcs for row in arc)
        if ends[::2] != list(range(size)) or ends[1::2] != ends[::2]:
            wrong = next(row for k, row in enumerate(ends) if row != k // 2)
            raise ValueError(f"row {wrong} is used amiss; {size} arcs must use each of their rows twice")
        sorted_arcs = [(low, high) if low < high else (high, low) for low, high in arcs]
        object.__setattr__(self, "arcs", tuple(sorted_arcs))

    def __len__(self) -> int:
        return len(self.arcs)

    @cached_property
    def rows(self) -> tuple[tuple[int, int], ...]:
        """The two columns that meet in each row, the left one first."""
        meeting: list[list[int]] = [[] for _ in self.arcs]
        for column, arc in enumerate(self.arcs):
            for row in arc:
                meeting[row].append(column)
        return tuple((left, right) for left, right in meeting)

    @cached_property
    def cycles(self) -> list[list[int]]:
        """The components, each as the lines along it: row, column, row, column, ..."""
        unseen, cycles = dict.fromkeys(range(len(self))), []
        # The sum of both ends, less the one, is the other.
        columns, rows = [low + high for low, high in self.arcs], [left + right for left, right in self.rows]
        while unseen:
            row = start = next(iter(unseen))
            cycle: list[int] = []
            column = self.rows[start][0]
            while not cycle or row != start:
                del unseen[row]
                column = rows[row] - column
                cycle += (row, column)
                row = columns[column] - row
            cycles.append(cycle)
        return cycles

    @property
    def components(self) -> int:
        return len(self.cycles)

    @property
    def transposed(self) -> ArcPresentation:
        """Rows and columns exchanged; with vertical lines above again it is the mirror image."""
        return ArcPresentation(self.rows)

    @property
    def crossings(self) -> list[tuple[int, int]]:
        """The column and the row of each crossing of the grid diagram."""
        return [
            (column, row)
            for column, (low, high) in enumerate(self.arcs)
            for row in range(low + 1, high)
            if self.rows[row][0] < column < self.rows[row][1]
        ]

    @property
    def diagram(self) -> Diagram:
        """The grid diagram as a planar diagram.

        Raises:
            ValueError: for a link of several components, saying how many.
        """
        if self.components > 1:
            raise ValueError(f"the arc presentation is a link of {self.components} components; this needs a knot")
        on_row: dict[int, list[tuple[int, int]]] = {}
        on_column: dict[int, list[tuple[int, int]]] = {}
        for crossing in self.crossings:
            on_row.setdefault(crossing[1], []).append(crossing)
            on_column.setdefault(crossing[0], []).append(crossing)
        cycle = self.cycles[0]
        # Of each crossing: the label and the direction in which each of its two strands comes in.
        below: dict[tuple[int, int], tuple[int, int]] = {}
        above: dict[tuple[int, int], tuple[int, int]] = {}
        label = 0
        for k in range(0, len(cycle), 2):
            row, column = cycle[k], cycle[k + 1]
            for on_line, passed, start, end in (
                (on_row.get(row, []), below, cycle[k - 1], column),
                (on_column.get(column, []), above, row, cycle[(k + 2) % len(cycle)]),
            ):
                step = 1 if end > start else -1
                for crossing in on_line[::step]:
                    passed[crossing] = (label, step)
                    label += 1
        rows = []
        for crossing in below:
            (under, right), (over, up) = below[crossing], above[crossing]
            edges = [under, over, under + 1, over + 1]
            # Counterclockwise from a strand that comes from the left: below, right, above.
            rows.append(edges if right == up else [edges[0], edges[3], edges[2], edges[1]])
        return Diagram.of_pd([[edge % label + 1 for edge in edges] for edges in rows])
