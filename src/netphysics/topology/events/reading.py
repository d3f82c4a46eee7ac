"""Reading events from a path, whatever wrote the file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from .columns import from_columns, label_of
from .events import Events, check_events
from .hdf5 import read_hdf5
from .les_houches import read_les_houches

SUFFIXES = (".npz", ".csv", ".h5", ".hdf5", ".lhe", ".lhe.gz")


def read_events(path: str | Path, particles: int | None = None, count: int | None = None) -> Events:
    """Events of a file, checked.

    - `.npz`: one array of shape (events, particles, 4), or one array for each column.
    - `.csv`: columns E_0, px_0, py_0, pz_0, E_1, ... under a header.
    - `.h5`, `.hdf5`: the same, the top-tagging reference, or the LHC Olympics.
    - `.lhe`, `.lhe.gz`: outgoing particles of Les Houches events.

    Args:
        particles: how many to keep of each event, those of largest transverse momentum; all by default.
        count: how many events to read; all by default.

    Raises:
        ValueError: for a file that is missing, of another kind, unreadable or of an unknown layout, and for events
            that `check_events` refuses.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"{path} is no file")
    if not path.name.endswith(SUFFIXES):
        raise ValueError(f"{path} is of an unknown kind; events are read from {', '.join(SUFFIXES)}")
    for name, value in (("particles", particles), ("count", count)):
        if value is not None and value < 1:
            raise ValueError(f"{name} is {value}; it must be at least 1")
    try:
        events = _read(path, particles, count)
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read ({error})") from None
    check_events(events.momenta, str(path))
    return events


def _read(path: Path, particles: int | None, count: int | None) -> Events:
    if path.suffix in (".h5", ".hdf5"):
        return read_hdf5(path, particles, count)
    if path.suffix == ".csv":
        events = _read_csv(path, count)
    elif path.suffix == ".npz":
        events = _read_npz(path, count)
    else:
        events = read_les_houches(path, count)
    return events if particles is None else events.leading(particles)


def _read_csv(path: Path, count: int | None) -> Events:
    import pandas

    try:
        table = pandas.read_csv(path, nrows=count)
    except (pandas.errors.ParserError, pandas.errors.EmptyDataError) as error:
        raise ValueError(f"{path} is no table ({error})") from None
    columns = {str(name): table[name].to_numpy() for name in table}
    for name, column in columns.items():
        if column.dtype.kind not in "biuf":
            raise ValueError(f"{path} has text in column {name}; it must hold numbers")
    return from_columns(columns, str(path))


def _read_npz(path: Path, count: int | None) -> Events:
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: np.atleast_1d(archive[name])[:count] for name in archive.files}
    except (ValueError, EOFError, zipfile.BadZipFile):
        raise ValueError(f"{path} is no archive of plain arrays") from None
    momenta = [array for array in arrays.values() if array.ndim == 3 and array.shape[2] == 4]
    if len(momenta) == 1:
        return Events(momenta[0].astype(np.float64), label_of(arrays))
    columns = {name: array for name, array in arrays.items() if array.ndim == 1}
    if not columns:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"{path} has {shapes}; looked for was one array of shape (events, particles, 4)")
    return from_columns(columns, str(path))
