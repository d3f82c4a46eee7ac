"""Tables with a column of labels: .npz archives and text."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from ....tables import numbers, read_table
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


def read_labeled_table(path: Path) -> Labeled:
    """A table of text with a header, one column of which is `label`; all others are the inputs.

    Raises:
        ValueError: for a file that cannot be read, no such column, fields that are no numbers, and labels that
            `labeled` refuses.
    """
    table = read_table(path, "data")
    if LABEL not in table:
        raise ValueError(f"{path} has the columns {', '.join(table)}; one must be `{LABEL}`")
    try:
        columns = {name: numbers(table, name) for name in table}
    except ValueError as error:
        raise ValueError(f"data is {path}; {error}") from None
    labels = columns.pop(LABEL)
    if not columns:
        raise ValueError(f"{path} has no column but `{LABEL}`; all others are the inputs")
    inputs = np.stack(list(columns.values()), axis=1)
    return labeled(inputs, labels, image=inputs.shape[1:], name=path.name)
