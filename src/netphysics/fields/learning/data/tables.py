"""Tables with a column of labels: .npz archives and CSV files."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import numpy as np

from .labeled import Labeled, labeled

LABEL = "label"


def read_npz(path: Path) -> Labeled:
    """An archive with an array `label` (k,) and one other, (k, ...): the examples; images may be (k, height, width) or
    (k, height, width, colors).

    Raises:
        ValueError: for a file that cannot be read, other arrays, images of mixed shape, and labels that
            `labeled` refuses.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        if "Object arrays" in str(error):
            raise ValueError(
                f"{path} holds an array of objects, as images of mixed shape make one; all images must have one shape"
            ) from None
        raise ValueError(f"{path} cannot be read as an .npz archive ({error})") from None
    names = [name for name in arrays if name != LABEL]
    if LABEL not in arrays or len(names) != 1:
        raise ValueError(f"{path} holds the arrays {', '.join(arrays)}; it must hold `{LABEL}` and one more")
    inputs = arrays[names[0]]
    if inputs.ndim < 2 or not np.issubdtype(inputs.dtype, np.number):
        raise ValueError(
            f"{path} has {names[0]} of {inputs.dtype} and shape {inputs.shape}; it must be numbers, (k, ...)"
        )
    image, colors = (inputs.shape[1:3], inputs.shape[3]) if inputs.ndim == 4 else (inputs.shape[1:], 1)
    return labeled(inputs, arrays[LABEL], image=image, colors=colors, name=path.name)


def read_csv(path: Path) -> Labeled:
    """A CSV file with a header, one column of which is `label`; all others are the inputs.

    Raises:
        ValueError: for no such column, rows of different lengths and fields that are no numbers, with the line; and
            labels that `labeled` refuses.
    """
    with path.open(newline="") as stream:
        rows = list(csv.reader(stream))
    header = [field.strip() for field in rows[0]] if rows else []
    if LABEL not in header:
        raise ValueError(f"{path} has the columns {', '.join(header) or 'none'}; one must be `{LABEL}`")
    numbers = []
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise ValueError(f"{path}, line {line} has {len(row)} fields; the header has {len(header)}")
        try:
            numbers.append([float(field) for field in row])
        except ValueError as error:
            raise ValueError(f"{path}, line {line} holds a field that is no number ({error})") from None
    table = np.array(numbers, np.float64).reshape(-1, len(header))
    column = header.index(LABEL)
    inputs = np.delete(table, column, axis=1)
    return labeled(inputs, table[:, column], image=inputs.shape[1:], name=path.name)
