"""Figure: a picture with its caption, and the numbers behind it as a table."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.figure
import numpy as np
from matplotlib.axes import Axes

from ..stats import Estimate

# Numbers as Python and as numpy have them.
Number = float | int | np.floating | np.integer
TableEntry = Number | str | Estimate

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Table:
    """The table twin of a figure: every number that the picture shows.

    Attributes:
        columns: names with units, for instance `"depth $L$ (layers)"`.
        rows: one entry for each column: a number, a string, or a scalar `Estimate`.

    Raises:
        ValueError: for a row of another length, or an estimate that is no scalar.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[TableEntry]]

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row {number} of a table has {len(row)} cells; the table has {len(self.columns)} columns"
                )
            for name, cell in zip(self.columns, row, strict=True):
                if isinstance(cell, Estimate) and cell.shape != ():
                    raise ValueError(
                        f"row {number} of a table has an estimate of shape {cell.shape} in column {name!r}; "
                        "a cell takes a scalar"
                    )

    def csv(self) -> str:
        """The table as CSV at full precision; a column of estimates is followed by its standard errors."""
        measured = [any(isinstance(row[i], Estimate) for row in self.rows) for i in range(len(self.columns))]
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_spread(self.columns, measured, lambda name: (name, f"standard error of {name}")))
        writer.writerows(map(_raw, _spread(row, measured, _value_and_error)) for row in self.rows)
        return stream.getvalue()


def _spread(
    cells: Sequence[TableEntry], twice: Sequence[bool], pair: Callable[[Any], tuple[TableEntry, TableEntry]]
) -> list[TableEntry]:
    """The cells in order, those marked in `twice` as a pair."""
    return [part for cell, two in zip(cells, twice, strict=True) for part in (pair(cell) if two else (cell,))]


def _value_and_error(cell: TableEntry) -> tuple[TableEntry, TableEntry]:
    return (float(cell.value), float(cell.error)) if isinstance(cell, Estimate) else (cell, "")


def _raw(cell: TableEntry) -> TableEntry:
    """A cell without the escapes of text that is read for formulas."""
    return cell.replace(r"\$", "$") if isinstance(cell, str) else cell


@dataclass(frozen=True)
class Drawing:
    """A picture that is SVG from the start, such as a Feynman diagram, with a few words under it.

    Attributes:
        svg: one `<svg>` element with a `viewBox` in CSS pixels. What is drawn in `currentColor` takes the ink
            of the page.
        words: the lines under it; `$...$` is mathematics.
        pale: whether it takes the color of what is only mentioned.

    Raises:
        ValueError: for markup that is no such element.
    """

    svg: str
    words: Sequence[str] = ()
    pale: bool = False

    def __post_init__(self) -> None:
        try:
            root = ET.fromstring(self.svg)
        except ET.ParseError as error:
            raise ValueError(f"svg of a drawing is no XML: {error}") from None
        if root.tag.rpartition("}")[2] != "svg" or "viewBox" not in root.attrib:
            raise ValueError("svg of a drawing must be one <svg> element with a viewBox")


@dataclass(frozen=True)
class Figure:
    """One figure of a report.

    Attributes:
        name: short and unique within its study; lower case with hyphens.
        caption: what is seen and what follows from it; `$...$` is mathematics. Its first sentence is the
            figure's title for those who cannot see it.
        plot: the matplotlib figure, best made by `report.figure`; or drawings, which are set in a grid.
        table: the numbers that the plot shows.
        twin: whether the table has every point of the plot as it is drawn, as `curves` and `categories` promise;
            tests compare the two.

    Raises:
        ValueError: for a name that is not lower case with hyphens.
    """

    name: str
    caption: str
    plot: matplotlib.figure.Figure | Sequence[Drawing]
    table: Table
    twin: bool = False

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"figure name is {self.name!r}; it must be lower case letters and hyphens")

    @property
    def axes(self) -> list[Axes]:
        """The panels of a plot, for what is drawn over it; none of drawings."""
        return self.plot.axes if isinstance(self.plot, matplotlib.figure.Figure) else []

    @property
    def drawings(self) -> Sequence[Drawing]:
        """The drawings, where it is made of them."""
        return () if isinstance(self.plot, matplotlib.figure.Figure) else self.plot
