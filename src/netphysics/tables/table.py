"""Tables: columns by name, and what is wrong with them in one sentence."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .delimited import as_numbers, is_number
from .units import bare_name

# Images of 64 x 64.
MOST_PIXELS = 4096


class Table(Mapping[str, np.ndarray]):
    """Columns of one length by name: numbers as float64, NaN where one is missing or infinite, or text.

    Attributes:
        reading: how a file was read, in words that matter for what its numbers mean; empty for arrays.
    """

    def __init__(self, columns: Mapping[str, Any], reading: str = ""):
        """Columns from arrays, lists, or the columns of a DataFrame; arrays of two axes become `name[0]`, ...,
        and those of images, (rows, height, width), `name[0,0]`, `name[0,1]`, ...

        Raises:
            ValueError: for columns of different lengths, more than three axes, or complex numbers.
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


def select(table: Mapping[str, np.ndarray], patterns: Sequence[str], part: str) -> tuple[str, ...]:
    """The columns that match the patterns, in their order, none twice.

    `obs` is all of `obs[0]`, `obs[1]`, ..., and `v` is `v [m/s]`.

    Raises:
        ValueError: for a pattern that nothing matches, with the nearest name.
    """
    found: list[str] = []
    for pattern in patterns:
        # A column may be named like a pattern, `x[0]` for instance.
        matching = [pattern] if pattern in table else fnmatch.filter(table, pattern)
        if not matching:
            bare = {name: bare_name(name) for name in table}
            matching = [
                name
                for name, short in bare.items()
                if fnmatch.fnmatchcase(short, pattern) or (short.rpartition("[")[0] == pattern and short[-1] == "]")
            ]
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
    """A column as it is; an array of two axes, of images, or with named fields as several."""
    array = _typed(name, column)
    if array.dtype.names:
        for field in array.dtype.names:
            yield from _numbered(f"{name}/{field}", array[field])
    elif array.ndim == 2:
        yield from ((f"{name}[{i}]", part) for i, part in enumerate(array.T))
    elif array.ndim == 3:
        if array[0].size > MOST_PIXELS:
            raise ValueError(f"{name} has images of {array[0].size} pixels; at most {MOST_PIXELS} become columns")
        flat = array.reshape(len(array), -1).T
        yield from ((f"{name}[{i // array.shape[2]},{i % array.shape[2]}]", part) for i, part in enumerate(flat))
    elif array.ndim == 1:
        yield name, array
    else:
        raise ValueError(
            f"{name} has shape {array.shape}; a column has one axis, an array of columns two, and one of images three"
        )


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
