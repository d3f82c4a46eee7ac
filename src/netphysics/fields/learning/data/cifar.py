"""CIFAR-10 in its binary version: records of one label and 32 x 32 pixels in three colors, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

SIDE, COLORS, CLASSES = 32, 3, 10
RECORD = 1 + COLORS * SIDE * SIDE


def read_batches(paths: Sequence[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Images (k, 32, 32, 3) and labels (k,) of binary batches, both of bytes.

    Raises:
        ValueError: for a file that ends within a record, or a label above 9; it names the file and the byte.
    """
    records = np.concatenate([read_records(path) for path in paths])
    images = records[:, 1:].reshape(-1, COLORS, SIDE, SIDE)
    return np.moveaxis(images, 1, -1), records[:, 0]


def read_records(path: Path) -> np.ndarray:
    content = np.frombuffer(path.read_bytes(), np.uint8)
    if len(content) % RECORD or not len(content):
        whole = len(content) // RECORD
        raise ValueError(f"{path} ends at byte {len(content)}, within record {whole}; each record has {RECORD} bytes")
    records = content.reshape(-1, RECORD)
    wrong = np.flatnonzero(records[:, 0] >= CLASSES)
    if wrong.size:
        place = wrong[0]
        raise ValueError(f"{path} has the label {records[place, 0]} at byte {place * RECORD}; labels must be 0 to 9")
    return records
