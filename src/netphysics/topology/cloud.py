"""Clouds: points from a user's file, and what is wrong with them in one sentence."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FEWEST_POINTS = 10
# Landmarks of so many points take seconds; a random part of a larger cloud says as much.
MOST_POINTS = 200_000


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
                f"{self.names[column]}; all must be finite"
            )
        _, first, count = np.unique(points, axis=0, return_index=True, return_counts=True)
        if (count > 1).any():
            repeated = int(first[count > 1].min())
            others = np.flatnonzero((points == points[repeated]).all(axis=1))
            raise ValueError(
                f"the cloud has {len(points) - len(first)} duplicate points, the first in rows {others[0] + 1} and "
                f"{others[1] + 1}; every point must occur once"
            )


def read_cloud(path: str | Path) -> Cloud:
    """A cloud from CSV, with or without a header, or npz: one two-dimensional array, or one array for each column.

    Raises:
        ValueError: for a file that is missing, of another kind or not readable, and for a flawed cloud.
    """
    path = Path(path)
    readers = {".csv": _read_csv, ".npz": _read_npz}
    if not path.is_file():
        raise ValueError(f"DATA is {path}; there is no such file")
    if path.suffix not in readers:
        raise ValueError(f"DATA is {path}; it must be one of {', '.join(readers)}")
    try:
        points, names = readers[path.suffix](path)
    except (OSError, EOFError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise ValueError(f"DATA is {path}; it cannot be read ({error})") from None
    return Cloud(points, names)


def _read_csv(path: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    if not lines:
        raise ValueError(f"DATA is {path}; it is empty")
    rows = [[field.strip() for field in line.split(",")] for line in lines]
    header = not all(_is_number(field) for field in rows[0])
    names = tuple(rows[0]) if header else tuple(f"column {place + 1}" for place in range(len(rows[0])))
    table = np.empty((len(rows) - header, len(names)))
    for number, row in enumerate(rows[header:], start=1):
        if len(row) != len(names):
            raise ValueError(f"DATA is {path}; row {number} has {len(row)} fields and the first line {len(names)}")
        for place, field in enumerate(row):
            if not _is_number(field):
                raise ValueError(f"DATA is {path}; row {number} has {field!r} in {names[place]} where a number belongs")
            table[number - 1, place] = float(field) if field else np.nan
    return table, names


def _is_number(field: str) -> bool:
    """Whether a field is a number; an empty one is a missing number."""
    try:
        float(field or "nan")
    except ValueError:
        return False
    return True


def _read_npz(path: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except ValueError:
        raise ValueError(f"DATA is {path}; it must hold plain arrays of numbers") from None
    found = ", ".join(f"{name} {array.shape}" for name, array in arrays.items()) or "nothing"
    arrays = {name: array for name, array in arrays.items() if array.dtype.kind in "biuf"}
    tables = [array for array in arrays.values() if array.ndim == 2]
    if len(tables) == 1:
        return tables[0], tuple(f"column {place + 1}" for place in range(tables[0].shape[1]))
    if not tables and arrays and len({array.shape for array in arrays.values()}) == 1:
        columns = list(arrays.values())
        if columns[0].ndim == 1:
            return np.stack(columns, axis=1), tuple(arrays)
    raise ValueError(
        f"DATA is {path} with {found}; it must hold one table (points, columns), or one array for each column"
    )
