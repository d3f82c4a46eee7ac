"""Clouds: points from a user's file, and what is wrong with them in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..tables import Table, numbers, read_table, select

FEWEST_POINTS = 10
# Landmarks of so many points take seconds; a random part of a larger cloud says as much.
MOST_POINTS = 200_000
# Beyond, squares of lengths are no double-precision numbers.
MOST_SIZE = 1e150


@dataclass(frozen=True)
class Cloud:
    """Points, all different and finite.

    Attributes:
        points: float64, shape (points, columns).
        names: of the columns.

    Raises:
        ValueError: for an array that is no such table, saying what is wrong and where.
    """

    points: np.ndarray
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        points = np.asarray(self.points, np.float64)
        object.__setattr__(self, "points", points)
        if points.ndim != 2 or not points.shape[1]:
            raise ValueError(f"the cloud is an array of shape {points.shape}; it must be (points, columns)")
        if len(points) < FEWEST_POINTS:
            raise ValueError(f"the cloud has {len(points)} points; it must have at least {FEWEST_POINTS}")
        if len(points) > MOST_POINTS:
            raise ValueError(
                f"the cloud has {len(points):,} points; it must have at most {MOST_POINTS:,}, chosen at random"
            )
        flawed = np.argwhere(~np.isfinite(points))
        if len(flawed):
            row, column = flawed[0]
            raise ValueError(
                f"the cloud has {len(flawed)} entries that are NaN or infinite, the first in row {row + 1}, column "
                f"{self.names[column].removeprefix('column ')}; all must be finite"
            )
        largest = np.abs(points).max()
        if largest > MOST_SIZE or 0 < np.ptp(points, axis=0).max() < 1 / MOST_SIZE:
            raise ValueError(
                f"the cloud has numbers up to {largest:.3g}; it must extend over lengths between {1 / MOST_SIZE:g} and "
                f"{MOST_SIZE:g}, whose squares are numbers, so take another unit"
            )
        _, first, count = np.unique(points, axis=0, return_index=True, return_counts=True)
        if (count > 1).any():
            repeated = int(first[count > 1].min())
            others = np.flatnonzero((points == points[repeated]).all(axis=1))
            raise ValueError(
                f"the cloud has {len(points) - len(first)} duplicate points, the first in rows {others[0] + 1} and "
                f"{others[1] + 1}; every point must occur once"
            )


def read_cloud(source: str | Path | Mapping[str, Any] | Any, columns: Sequence[str] = ()) -> Cloud:
    """A cloud from a table: one point per row.

    Args:
        source: a file of any kind that `tables.read_table` reads, text with or without a header; an array of shape
            (points, columns); or columns by name, such as a DataFrame.
        columns: names or patterns of the columns that make a point; all by default. Of an archive with one array of
            two axes, all are the columns of that array.

    Raises:
        ValueError: for a table that cannot be read, a column that is missing or text, and a flawed cloud.
    """
    if isinstance(source, np.ndarray | list):
        array = np.asarray(source)
        if array.ndim != 2:
            raise ValueError(f"the cloud is an array of shape {array.shape}; it must be (points, columns)")
        source = {f"column {place}": column for place, column in enumerate(array.T, start=1)}
    table = read_table(source, "DATA", header=False)
    names = select(table, columns, "columns") if columns else _coordinates(table)
    try:
        points = np.stack([numbers(table, name) for name in names], axis=1)
    except ValueError as error:
        raise ValueError(f"DATA is {source}; {error}" if isinstance(source, str | Path) else str(error)) from None
    return Cloud(points, names)


def _coordinates(table: Table) -> tuple[str, ...]:
    """All columns; those of the only array of two axes where there is one, as labels often lie beside it."""
    arrays = {name.rpartition("[")[0] for name in table if name.endswith("]")}
    inside = tuple(name for name in table if name.endswith("]"))
    return inside if len(arrays) == 1 and inside else tuple(table)
