"""Tables: the columns of a user's file, and what is wrong with them in one sentence."""

from __future__ import annotations

import csv
import difflib
import fnmatch
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

# What people write where a number is missing.
MISSING = ("", "nan", "na", "n/a", "null", "none", "-")


def read_table(path: str | Path) -> dict[str, np.ndarray]:
    """The columns of a table by name: CSV with a header, npz, or HDF5 with one dataset per column.

    Columns of numbers are float64, with NaN where a field is empty; others are text, as groups may be.

    Raises:
        ValueError: for a file that is missing, of another kind or not readable; rows or columns of different
            lengths.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"--data is {path}; there is no such file")
    readers = {".csv": _read_csv, ".npz": _read_npz, ".h5": _read_hdf5, ".hdf5": _read_hdf5}
    if path.suffix not in readers:
        raise ValueError(f"--data is {path}; a table is one of {', '.join(readers)}")
    try:
        columns = {name: _typed(column) for name, column in readers[path.suffix](path).items()}
    except (OSError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(f"--data is {path}; it cannot be read ({error})") from None
    shapes = {column.shape for column in columns.values()}
    if len(shapes) != 1 or len(next(iter(shapes))) != 1:
        raise ValueError(f"--data is {path}; its columns must be one-dimensional and of one length")
    return columns


def select(table: Mapping[str, np.ndarray], patterns: Sequence[str], part: str) -> tuple[str, ...]:
    """The columns that match the patterns, in their order, none twice.

    Raises:
        ValueError: for a pattern that nothing matches, with the nearest name.
    """
    found = []
    for pattern in patterns:
        # A column may be named like a pattern, `x[0]` for instance.
        matching = [pattern] if pattern in table else fnmatch.filter(table, pattern)
        if not matching:
            near = difflib.get_close_matches(pattern, table, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the table has {', '.join(table)}"
            raise ValueError(f"--{part} names {pattern}, which is no column; {hint}")
        found += matching
    return tuple(dict.fromkeys(found))


def numbers(table: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """A column of numbers, NaN where there is none.

    Raises:
        ValueError: for text, with the first row that is no number, and for infinity.
    """
    column = table[name]
    if column.dtype.kind != "f":
        flawed = [row for row, field in enumerate(column) if not _is_number(field)]
        raise ValueError(
            f"column {name} has text where numbers belong: row {flawed[0] + 1} has {str(column[flawed[0]])!r}; "
            f"{len(flawed)} of {len(column)} rows are like that"
        )
    if infinite := np.flatnonzero(np.isinf(column)).tolist():
        raise ValueError(f"column {name} is infinite in {len(infinite)} rows, the first is row {infinite[0] + 1}")
    return column


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return str(field).strip().lower() in MISSING
    return True


def _typed(column: np.ndarray) -> np.ndarray:
    """Numbers as float64; text as text, unless all of it is numbers or missing."""
    column = np.asarray(column)
    if column.dtype.kind in "biuf":
        return column.astype(np.float64)
    text = np.array([field.decode() if isinstance(field, bytes) else str(field) for field in column.ravel()])
    if not all(map(_is_number, text)):
        return text.reshape(column.shape)
    values = [np.nan if field.strip().lower() in MISSING else float(field) for field in text]
    return np.array(values, np.float64).reshape(column.shape)


def _read_csv(path: Path) -> dict[str, np.ndarray]:
    with open(path, encoding="utf-8-sig", newline="") as stream:
        names = [name.strip() for name in next(csv.reader([stream.readline()]), [])]
        if not all(names) or len(set(names)) < len(names):
            raise ValueError(f"--data is {path}; its header has a column twice, or one without a name")
        below = stream.tell()
        if not any(line.strip() for line in stream):
            raise ValueError(f"--data is {path}; it has no row below its header")
        stream.seek(below)
        try:
            # Ten times as fast as looking at each field.
            rows = np.loadtxt(stream, delimiter=",", ndmin=2)
            ragged = rows.shape[1] != len(names)
        except ValueError:
            stream.seek(below)
            rows = [row for row in csv.reader(stream) if row]
            ragged = any(len(row) != len(names) for row in rows)
    if ragged:
        number = next(i for i, row in enumerate(rows, start=1) if len(row) != len(names))
        raise ValueError(
            f"--data is {path}; row {number} has {len(rows[number - 1])} fields and the header {len(names)}"
        )
    return dict(zip(names, np.asarray(rows).T, strict=True))


def _read_npz(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (ValueError, EOFError, zipfile.BadZipFile):
        raise OSError("no archive of plain arrays") from None


def _read_hdf5(path: Path) -> dict[str, np.ndarray]:
    import h5py

    with h5py.File(path, "r") as file:
        return {name: data[...] for name, data in file.items() if isinstance(data, h5py.Dataset)}
