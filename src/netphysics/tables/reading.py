"""Tables out of files: the formats that people keep them in, compressed or not."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..blocks.files import LARGEST, read_file
from ..blocks.foreign import check_hdf5, check_zip, unpacked
from .delimited import read_delimited
from .table import Table

TEXT = (".csv", ".tsv", ".txt", ".dat")
# By their first bytes: names of files may lie.
COMPRESSED: Mapping[bytes, tuple[str, Callable[[Any], Any]]] = {
    b"\x1f\x8b": ("gzip", gzip.open),
    b"BZh": ("bzip2", bz2.open),
    b"\xfd7zXZ\x00": ("xz", lzma.open),
}
SUFFIXES = (".gz", ".bz2", ".xz", ".zip")


def read_table(source: str | Path | Mapping[str, Any] | Any, name: str = "--data", header: bool = True) -> Table:
    """A table from a file, from arrays by name, or from a DataFrame.

    Files are text (.csv, .tsv, .txt, .dat: the separator, decimal commas, comments and the encoding are recognized),
    NPY, NPZ, HDF5 with its groups, or Parquet where pyarrow is installed; any of them may be compressed.

    Args:
        source: the file, the columns, or the table itself.
        name: what to call it in messages.
        header: whether text must begin with the names of its columns; where it need not, columns without a name are
            called `column 1`, `column 2`, ...

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
        raise ValueError(f"{name} is {path}; there is no such file")
    readers: dict[str, Callable[[bytes], tuple[dict[str, Any], str]]] = {
        **dict.fromkeys(TEXT, lambda content: read_delimited(content, header)),
        ".npy": _npy,
        ".npz": _npz,
        ".h5": _hdf5,
        ".hdf5": _hdf5,
        ".parquet": _parquet,
    }
    try:
        content, inner, compression = _plain(read_file(path), path.name)
        suffix = Path(inner).suffix.lower()
        if suffix not in readers:
            raise ValueError(f"a table is one of {', '.join(readers)}, or one of them as {', '.join(SUFFIXES)}")
        columns, reading = readers[suffix](content)
        return Table(columns, ", ".join(filter(None, [reading, compression])))
    except (OSError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise ValueError(f"{name} is {path}; it cannot be read ({error})") from None
    except ValueError as error:
        raise ValueError(f"{name} is {path}; {error}") from None


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


def _npy(content: bytes) -> tuple[dict[str, np.ndarray], str]:
    """The columns of one array of two axes."""
    try:
        array = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError):
        raise OSError("no plain array") from None
    if array.ndim != 2:
        raise ValueError(f"it has an array of shape {array.shape}; a table is (rows, columns)")
    return {f"column {place}": column for place, column in enumerate(array.T, start=1)}, ""


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
