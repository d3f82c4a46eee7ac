"""Chunks: tables larger than memory, of which the hardest particles are kept."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import h5py
import numpy as np

from .events import hardest

CHUNK = 10_000
BLOSC = 32001


def in_chunks(
    table: h5py.Dataset, read: Callable[[np.ndarray], np.ndarray], particles: int | None, count: int | None
) -> np.ndarray:
    """Rows of a table as `read` turns them into momenta, a chunk at a time.

    Args:
        particles: how many to keep of each event, those of largest transverse momentum; all by default.
        count: how many events to read; all by default.

    Raises:
        ValueError: for a compression that is not installed, and for more particles than there are.
    """
    check_compression(table)
    stop = len(table) if count is None else min(count, len(table))
    found = []
    # One chunk at least, so that an empty table has a shape.
    for start in range(0, max(stop, 1), CHUNK):
        momenta = read(table[start : min(start + CHUNK, stop)])
        found.append(momenta if particles is None else hardest(momenta, particles))
    return np.concatenate(found)


def check_compression(table: h5py.Dataset) -> None:
    """Have the table's compression loaded.

    Raises:
        ValueError: where it is not installed.
    """
    properties = table.id.get_create_plist()
    for place in range(properties.get_nfilters()):
        code = properties.get_filter(place)[0]
        if h5py.h5z.filter_avail(code):
            continue
        try:
            importlib.import_module("hdf5plugin")
        except ImportError:
            name = "blosc" if code == BLOSC else f"filter {code}"
            words = f"{table.file.filename} is compressed with {name}; reading it takes the package hdf5plugin"
            raise ValueError(words) from None
