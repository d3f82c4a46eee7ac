"""Columns: four-momenta from tables whose columns are named after particles."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from .events import Events, real_numbers

PARTS = ("e", "px", "py", "pz")
COLUMN = re.compile(r"(e|px|py|pz)_?(\d+)", re.IGNORECASE)
LABELS = ("is_signal_new", "is_signal", "signal", "label", "labels")
SHOWN = 8


def from_columns(columns: Mapping[str, np.ndarray], source: str) -> Events:
    """Events from columns E_0, px_0, py_0, pz_0, E_1, ... in any case, with or without the underscore.

    A column named signal, is_signal, is_signal_new or label tells signal from background.

    Raises:
        ValueError: when a component of a particle is missing, there is no such column at all, or columns differ in
            length.
    """
    places = {}
    for name in columns:
        if match := COLUMN.fullmatch(name.strip()):
            places[match[1].lower(), int(match[2])] = name
    particles = sorted({number for _, number in places})
    if not particles:
        names = ", ".join(list(columns)[:SHOWN]) + (", ..." if len(columns) > SHOWN else "")
        raise ValueError(f"{source} has columns {names}; looked for were E_0, px_0, py_0, pz_0, E_1, ...")
    for number in particles:
        for part in PARTS:
            if (part, number) not in places:
                raise ValueError(f"{source} has no column {part}_{number}; every particle takes E, px, py and pz")
    if len({len(columns[name]) for name in places.values()}) > 1:
        raise ValueError(f"{source} has columns of different lengths; there must be one row for each event")
    momenta = np.stack(
        [np.stack([columns[places[part, number]] for part in PARTS], axis=1) for number in particles], axis=1
    )
    return Events(real_numbers(momenta, source), label_of(columns), "columns by name")


def label_of(columns: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """Whether each event is signal, by the first column that is named so; see `is_signal`."""
    return next((is_signal(columns[name], name) for name in LABELS if name in columns), None)


def is_signal(labels: np.ndarray, name: str) -> np.ndarray:
    """Whether each label stands for signal: numbers above zero do.

    Raises:
        ValueError: for text, and for NaN.
    """
    if labels.dtype.kind not in "biuf" or np.isnan(labels).any():
        raise ValueError(f"column {name} holds text or NaN; labels must be numbers, above zero for signal")
    return labels > 0
