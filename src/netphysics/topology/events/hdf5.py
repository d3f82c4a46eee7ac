"""HDF5 files: arrays and columns of four-momenta, and the layouts of two public data sets of the LHC."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np

from ...blocks.foreign import check_hdf5
from .chunks import in_chunks
from .columns import COLUMN, LABELS, SHOWN, from_columns, label_of
from .events import Events, real_numbers

LOOKED_FOR = (
    "one array of shape (events, particles, 4), columns E_0, px_0, py_0, pz_0, ..., the table of the top-tagging "
    "reference (table/table with values_block_0), and that of the LHC Olympics (df/block0_values)"
)
JET = ("px", "py", "pz", "m")


def read_hdf5(path: Path, particles: int | None, count: int | None) -> Events:
    """Events from an HDF5 file in one of the layouts of `LOOKED_FOR`.

    Raises:
        ValueError: for another layout, with what there is, and for a compression that is not installed.
    """
    with h5py.File(path, "r") as file:
        check_hdf5(file)
        for layout in (top_tagging, olympics, one_array, columns):
            found = layout(file, particles, count)
            if found is not None:
                return found
        raise ValueError(f"{path} has an unknown layout; looked for were {LOOKED_FOR}; there is {contents(file)}")


def contents(file: h5py.File) -> str:
    """The arrays of a file with their shapes, the first few."""
    found: list[str] = []

    def look(name: str, item: h5py.Dataset | h5py.Group) -> None:
        if isinstance(item, h5py.Dataset):
            found.append(f"{name} {item.shape}")

    file.visititems(look)
    return ", ".join(found[:SHOWN]) + (", ..." if len(found) > SHOWN else "") if found else "no array"


def top_tagging(file: h5py.File, particles: int | None, count: int | None) -> Events | None:
    """The top-tagging reference, Zenodo 2603256: 200 constituents, zero-padded, and the true top.

    pandas keeps the names of columns in a pickle, which is not read. They are taken in the published order E_0, PX_0,
    PY_0, PZ_0, E_1, ..., PZ_199, truthE, truthPX, truthPY, truthPZ, then ttv and is_signal_new.
    """
    table = file.get("table/table")
    if not isinstance(table, h5py.Dataset) or not {"values_block_0", "values_block_1"} <= set(table.dtype.names or ()):
        return None
    floats, integers = (table.dtype[f"values_block_{block}"].shape for block in (0, 1))
    if len(floats) != 1 or floats[0] % 4 or floats[0] < 8 or integers != (2,):
        return None

    def constituents(rows: np.ndarray) -> np.ndarray:
        return rows["values_block_0"].astype(np.float64).reshape(len(rows), -1, 4)[:, :-1]

    momenta = in_chunks(table, constituents, particles, count)
    return Events(momenta, table["values_block_1"][: len(momenta), 1] > 0, "the top-tagging reference")


def olympics(file: h5py.File, particles: int | None, count: int | None) -> Events | None:
    """The LHC Olympics: (pT, eta, phi) of 700 massless particles, zero-padded, and a label where it is told.

    The file of high-level features has two massive jets instead, by the names of its columns.
    """
    table = file.get("df/block0_values")
    if not isinstance(table, h5py.Dataset) or table.ndim != 2:
        return None
    items = file["df/block0_items"][...] if "df/block0_items" in file else np.array([])
    names = [item.decode() if isinstance(item, bytes) else str(item) for item in items.tolist()]
    jets = [[names.index(part + jet) for part in JET if part + jet in names] for jet in ("j1", "j2")]
    width = table.shape[1]
    if all(len(jet) == len(JET) for jet in jets):
        labeled = "label" in names
        label_place = names.index("label") if labeled else 0
        momenta = in_chunks(table, lambda rows: massive(rows[:, np.array(jets)]), particles, count)
        layout = "jets of the LHC Olympics"
    elif width >= 6 and width % 3 < 2:
        labeled, label_place = width % 3 == 1, width - 1
        momenta = in_chunks(table, lambda rows: massless(rows[:, : width - labeled]), particles, count)
        layout = "the LHC Olympics"
    else:
        return None
    return Events(momenta, table[: len(momenta), label_place] > 0 if labeled else None, layout)


def massless(rows: np.ndarray) -> np.ndarray:
    """Momenta of massless particles whose (pT, eta, phi) follow one another, shape (events, particles, 4)."""
    pt, eta, phi = np.moveaxis(rows.astype(np.float64).reshape(len(rows), -1, 3), 2, 0)
    return np.stack([pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=2)


def massive(jets: np.ndarray) -> np.ndarray:
    """Momenta of particles with (px, py, pz, m) along the last axis."""
    jets = jets.astype(np.float64)
    energy = np.sqrt(np.sum(jets**2, axis=2, keepdims=True))
    return np.concatenate([energy, jets[..., :3]], axis=2)


def one_array(file: h5py.File, particles: int | None, count: int | None) -> Events | None:
    """The only array of four-momenta in the file, with labels beside it."""
    arrays = {name: item for name, item in file.items() if isinstance(item, h5py.Dataset)}
    momenta = [item for item in arrays.values() if item.ndim == 3 and item.shape[2] == 4]
    if len(momenta) != 1:
        return None
    found = in_chunks(momenta[0], lambda rows: real_numbers(rows, file.filename), particles, count)
    return Events(found, label_of({name: arrays[name][: len(found)] for name in LABELS if name in arrays}))


def columns(file: h5py.File, particles: int | None, count: int | None) -> Events | None:
    """One array for each column, with its name."""
    found = {name: item[:count] for name, item in file.items() if isinstance(item, h5py.Dataset) and item.ndim == 1}
    if not any(COLUMN.fullmatch(name) for name in found):
        return None
    events = from_columns(found, file.filename)
    return events if particles is None else events.leading(particles)
