"""Reading events from a path, whatever wrote the file."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from ...tables import read_table
from .columns import from_columns, label_of
from .events import TOLERANCE, Events, check_events, real_numbers
from .frames import Frame, in_one_frame
from .hdf5 import read_hdf5
from .les_houches import read_les_houches

TEXT = (".csv", ".csv.gz", ".tsv", ".txt", ".dat")
SUFFIXES = (*TEXT, ".npz", ".h5", ".hdf5", ".lhe", ".lhe.gz")


def read_events(path: str | Path, particles: int | None = None, count: int | None = None) -> Events:
    """Events of a file, checked.

    - `.npz`: one array of shape (events, particles, 4), or one array for each column.
    - `.csv`, `.csv.gz`, `.tsv`, `.txt`, `.dat`: columns E_0, px_0, py_0, pz_0, E_1, ... under a header.
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
    check_numbers(particles, count)
    try:
        events = _read(path, particles, count)
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read ({error})") from None
    check_events(events.momenta, str(path))
    return events


def check_numbers(particles: int | None, count: int | None) -> None:
    """Raises ValueError for numbers below 1."""
    for name, value in (("particles", particles), ("count", count)):
        if value is not None and value < 1:
            raise ValueError(f"{name} is {value}; it must be at least 1")


@dataclass(frozen=True)
class EventSets:
    """Sets of events that can be compared.

    Attributes:
        momenta: by the name of the set, shapes (events, particles, 4), all in one frame and one unit.
        labels: whether each event of the first set is signal, where its source tells.
        remarks: a sentence about each set, and one about the frame.
    """

    momenta: dict[str, np.ndarray]
    labels: np.ndarray | None
    remarks: tuple[str, ...]


def read_sets(
    sources: Mapping[str, str | Path | ArrayLike],
    particles: int | None = None,
    count: int | None = None,
    frame: Frame = "auto",
    tolerance: float = TOLERANCE,
) -> EventSets:
    """Sets of events from files, or from arrays of shape (events, particles, 4), in one frame: see `in_one_frame`.

    Raises:
        ValueError: for what `read_events` and `in_one_frame` refuse.
    """
    check_numbers(particles, count)
    found = {name: _events(name, source, particles, count) for name, source in sources.items()}
    framed = in_one_frame({name: each.momenta for name, each in found.items()}, frame, tolerance)
    remarks = [
        f"{sources[name] if isinstance(sources[name], str | Path) else name}: {len(each):,} events of "
        f"{each.momenta.shape[1]} particles, {each.layout}; {framed.unbalanced[name]:,} violate momentum conservation "
        f"by more than {tolerance:g}" + ("" if each.labels is None else f"; {each.labels.sum():,} are labeled signal")
        for name, each in found.items()
    ]
    remarks.append(
        "every event is boosted to its rest frame, and its mass is 1"
        if framed.frame == "rest"
        else "momenta as given, the mean energy is 1"
    )
    return EventSets(framed.momenta, next(iter(found.values())).labels, tuple(remarks))


def _events(name: str, source: str | Path | ArrayLike, particles: int | None, count: int | None) -> Events:
    if isinstance(source, str | Path):
        return read_events(source, particles, count)
    momenta = np.asarray(source)
    if momenta.ndim != 3 or momenta.shape[2] != 4:
        raise ValueError(f"{name} has shape {momenta.shape}; it must be (events, particles, 4)")
    events = Events(real_numbers(momenta[:count], name))
    check_events(events.momenta, name)
    return events if particles is None else events.leading(particles)


def _read(path: Path, particles: int | None, count: int | None) -> Events:
    if path.suffix in (".h5", ".hdf5"):
        return read_hdf5(path, particles, count)
    if path.name.endswith(TEXT):
        events = _read_text(path, count)
    elif path.suffix == ".npz":
        events = _read_npz(path, count)
    else:
        events = read_les_houches(path, count)
    return events if particles is None else events.leading(particles)


def _read_text(path: Path, count: int | None) -> Events:
    table = read_table(path, "EVENTS")
    for name, column in table.items():
        if column.dtype.kind != "f":
            raise ValueError(f"{path} has text in column {name}; it must hold numbers")
    return from_columns({name: column[:count] for name, column in table.items()}, str(path))


def _read_npz(path: Path, count: int | None) -> Events:
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: np.atleast_1d(archive[name])[:count] for name in archive.files}
    except (ValueError, EOFError, zipfile.BadZipFile):
        raise ValueError(f"{path} is no archive of plain arrays") from None
    momenta = [array for array in arrays.values() if array.ndim == 3 and array.shape[2] == 4]
    if len(momenta) == 1:
        return Events(real_numbers(momenta[0], str(path)), label_of(arrays))
    columns = {name: array for name, array in arrays.items() if array.ndim == 1}
    if not columns:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"{path} has {shapes}; looked for was one array of shape (events, particles, 4)")
    return from_columns(columns, str(path))
