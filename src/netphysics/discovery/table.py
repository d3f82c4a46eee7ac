"""Tables: columns by name, out of a file or of arrays, and what is wrong with them in one sentence."""

from __future__ import annotations

import bz2
import difflib
import fnmatch
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..blocks.files import LARGEST, read_file
from ..blocks.foreign import check_hdf5, check_zip, unpacked
from .delimited import as_numbers, is_number, read_delimited

TEXT = (".csv", ".tsv", ".txt", ".dat")
# By their first bytes: names of files may lie.
COMPRESSED: Mapping[bytes, tuple[str, Callable[[Any], Any]]] = {
    b"\x1f\x8b": ("gzip", gzip.open),
    b"BZh": ("bzip2", bz2.open),
    b"\xfd7zXZ\x00": ("xz", lzma.open),
}
SUFFIXES = (".gz", ".bz2", ".xz", ".zip")


class Table(Mapping[str, np.ndarray]):
    """Columns of one length by name: numbers as float64, NaN where one is missing or infinite, or text.

    Attributes:
        reading: how a file was read, in words that matter for what its numbers mean; empty for arrays.
    """

    def __init__(self, columns: Mapping[str, Any], reading: str = ""):
        """Columns from arrays, lists, or the columns of a DataFrame; arrays of two axes become `name[0]`, ...

        Raises:
            ValueError: for columns of different lengths, more than two axes, or complex numbers.
        """
        arrays = [part for name, column in columns.items() for part in _numbered(str(name), column)]
        if not arrays:
            raise ValueError("there is no column in it")
        if len(dict(arrays)) < len(arrays):
            raise ValueError(f"two columns have one name among {', '.join(name for name, _ in arrays)}")
        (first, column), *others = arrays
        for name, other in others:
            if len(other) != len(column):
                raise ValueError(
                    f"{first} has {len(column)} rows and {name} has {len(other)}; columns must be of one length"
                )
        self._columns = dict(arrays)
        self.reading = reading

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def read_table(source: str | Path | Mapping[str, Any] | Any) -> Table:
    """A table from a file, from arrays by name, or from a DataFrame.

    Files are text with a header (.csv, .tsv, .txt, .dat: the separator, decimal commas, comments and the encoding are
    recognized), NPZ, HDF5 with its groups, or Parquet where pyarrow is installed; any of them may be compressed.

    Raises:
        ValueError: for a file that is missing, of another kind or not readable, and columns that make no table.
    """
    if isinstance(source, Table):
        return source
    if not isinstance(source, str | Path):
        try:
            return Table({name: source[name] for name in source})
        except ValueError as error:
            raise ValueError(f"the table cannot be used: {error}") from None
    path = Path(source)
    if not path.is_file():
        raise ValueError(f"--data is {path}; there is no such file")
    readers = {**dict.fromkeys(TEXT, read_delimited), ".npz": _npz, ".h5": _hdf5, ".hdf5": _hdf5, ".parquet": _parquet}
    try:
        content, name, compression = _plain(read_file(path), path.name)
        suffix = Path(name).suffix.lower()
        if suffix not in readers:
            raise ValueError(f"a table is one of {', '.join(readers)}, or one of them as {', '.join(SUFFIXES)}")
        columns, reading = readers[suffix](content)
        return Table(columns, ", ".join(filter(None, [reading, compression])))
    except (OSError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise ValueError(f"--data is {path}; it cannot be read ({error})") from None
    except ValueError as error:
        raise ValueError(f"--data is {path}; {error}") from None


def select(table: Mapping[str, np.ndarray], patterns: Sequence[str], part: str) -> tuple[str, ...]:
    """The columns that match the patterns, in their order, none twice; `obs` is all of `obs[0]`, `obs[1]`, ...

    Raises:
        ValueError: for a pattern that nothing matches, with the nearest name.
    """
    found: list[str] = []
    for pattern in patterns:
        # A column may be named like a pattern, `x[0]` for instance.
        matching = [pattern] if pattern in table else fnmatch.filter(table, pattern)
        matching = matching or [name for name in table if name.rpartition("[")[0] == pattern and name.endswith("]")]
        if not matching:
            near = difflib.get_close_matches(pattern, table, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the table has {', '.join(table)}"
            raise ValueError(f"--{part} names {pattern}, which is no column; {hint}")
        found += matching
    return tuple(dict.fromkeys(found))


def numbers(table: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """A column of numbers, NaN where there is none.

    Raises:
        ValueError: for text, with the first row that is no number.
    """
    column = np.asarray(table[name])
    if column.dtype.kind != "f":
        flawed = [row for row, field in enumerate(column) if not is_number(str(field))]
        raise ValueError(
            f"column {name} has text where numbers belong: row {flawed[0] + 1} has {str(column[flawed[0]])!r}; "
            f"{len(flawed)} of {len(column)} rows are not numeric"
        )
    return column


def _numbered(name: str, column: Any) -> Iterator[tuple[str, np.ndarray]]:
    """A column as it is, and an array of two axes, or with named fields, as several."""
    array = _typed(name, column)
    if array.dtype.names:
        for field in array.dtype.names:
            yield from _numbered(f"{name}/{field}", array[field])
    elif array.ndim == 2:
        yield from ((f"{name}[{i}]", part) for i, part in enumerate(array.T))
    elif array.ndim == 1:
        yield name, array
    else:
        raise ValueError(f"{name} has shape {array.shape}; a column has one axis, and an array of columns two")


def _typed(name: str, column: Any) -> np.ndarray:
    """Numbers as float64 and finite or NaN; text as text, unless all of it is numbers or missing."""
    array = np.asarray(column)
    if array.dtype.names:
        return array
    if array.dtype.kind == "c":
        raise ValueError(f"{name} is complex; give its real and its imaginary part as two columns")
    if array.dtype.kind == "O" and hasattr(column, "isna"):
        # A column of a DataFrame that knows what is missing by a value of its own.
        array = np.where(np.asarray(column.isna()), "", array.astype(str))
    if array.dtype.kind not in "biuf":
        fields = [field.decode() if isinstance(field, bytes) else str(field) for field in array.ravel()]
        array = as_numbers(np.array(fields, dtype=str)).reshape(array.shape)
    if array.dtype.kind in "biuf":
        array = array.astype(np.float64)
        array[np.isinf(array)] = np.nan
    return array


def _plain(content: bytes, name: str) -> tuple[bytes, str, str]:
    """What is in a compressed file, its name, and how it was compressed."""
    for start, (compression, reader) in COMPRESSED.items():
        if content.startswith(start):
            with reader(io.BytesIO(content)) as stream:
                content = unpacked(stream)
            return content, name if Path(name).suffix not in SUFFIXES else Path(name).stem, compression
    if not name.lower().endswith(".zip"):
        return content, name, ""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = [file for file in archive.namelist() if not file.startswith("__MACOSX") and not file.endswith("/")]
        if len(files) != 1:
            raise ValueError(f"it holds {len(files)} files ({', '.join(files[:3])}); an archive must hold one table")
        check_zip(archive)
        return archive.read(files[0]), files[0], "zip"


def _npz(content: bytes) -> tuple[dict[str, np.ndarray], str]:
    """All arrays but single numbers."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files if archive[name].shape}, ""
    except (ValueError, EOFError, AttributeError, zipfile.BadZipFile):
        raise OSError("no archive of plain arrays") from None


def _hdf5(content: bytes) -> tuple[dict[str, np.ndarray], str]:
    """All datasets but single numbers, by their path: `group/name`."""
    import h5py

    columns: dict[str, np.ndarray] = {}

    def visit(name: str, node: Any) -> None:
        if isinstance(node, h5py.Dataset) and node.shape:
            columns[name] = node[...]

    with h5py.File(io.BytesIO(content), "r") as file:
        check_hdf5(file, LARGEST)
        file.visititems(visit)
    return columns, ""


def _parquet(content: bytes) -> tuple[dict[str, Any], str]:
    import pandas as pd

    try:
        import pyarrow  # noqa: F401 (pandas reads Parquet through it, and names no package when it is not there)
    except ImportError:
        raise ValueError("Parquet is read through pyarrow, which is not installed: pip install pyarrow") from None
    frame = pd.read_parquet(io.BytesIO(content))
    return {str(name): frame[name] for name in frame}, ""
