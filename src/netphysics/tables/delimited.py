"""Delimited text: how separators, decimals, comments and the encoding of a text table are recognized, and said."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

# What people write where a number is missing.
MISSING = ("", "nan", "na", "n/a", "null", "none", "-", "--", "?", "#n/a")
# In the order of preference where several would do.
SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas", " ": "spaces"}
COMMENT = re.compile(rb"(?m)^[ \t]*[#%!].*(?:\n|\Z)")
# Comments and blank lines before anything else.
COMMENTED = re.compile(rb"(?:[ \t]*(?:[#%!].*)?\n)*")
BLANK = re.compile(rb"(?m)^[ ]*(?:\n|\Z)")
DECIMAL_COMMA = re.compile(r"\s*[+-]?\d*,\d+(?:[eE][+-]?\d+)?\s*")
# Lines by which separators are judged.
JUDGED = 200
QUOTED = 60


def read_delimited(content: bytes, header: bool = True) -> tuple[dict[str, np.ndarray], str]:
    """The columns of a text table, and how it was read, in words.

    Columns of numbers are float64, NaN where a field is empty or says that it is missing; others are text.

    Args:
        header: whether the names of columns must stand above them. A table that need not have them may have a single
            column, too.

    Raises:
        ValueError: for what is no text, a header that is missing or repeats a name, rows of different lengths, and
            decimals that are written in two ways. The message is the end of a sentence about the file.
    """
    content, encoding = _as_utf8(content)
    top, body, comments = _split_header(content, header)
    first = body.partition(b"\n")[0].decode() if top is None else top
    separator = _separator(first, body, 2 if header else 1)
    names = _numbered(first, separator) if top is None else _names(top, separator)
    _check_lengths(body, separator, len(names), first)
    columns, decimal = _columns(body, separator, names, first)
    remarks = [f"{SEPARATORS[separator]} between columns"]
    remarks += ["decimal commas"] if decimal == "," else []
    remarks += [encoding] if encoding != "UTF-8" else []
    remarks += [f"{comments} comment lines left out"] if comments else []
    remarks += ["a column without a name left out"] if None in names else []
    return {name: columns[name] for name in names if name is not None}, ", ".join(remarks)


def is_number(field: str) -> bool:
    """Whether a field is a number, or says that one is missing."""
    text = field.strip()
    try:
        float(text)
    except ValueError:
        return text.lower() in MISSING
    # Python reads 1_000; no program that writes tables means it.
    return "_" not in text


def as_numbers(fields: np.ndarray) -> np.ndarray:
    """Text as float64 where all of it is numbers or missing; the text itself otherwise."""
    if not all(map(is_number, fields)):
        return fields
    return np.array([np.nan if field.strip().lower() in MISSING else float(field) for field in fields], np.float64)


def _as_utf8(content: bytes) -> tuple[bytes, str]:
    """The text in UTF-8 with plain ends of lines, and the encoding that it had."""
    text, encoding = None, "UTF-8"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text, encoding = content.decode("utf-16", errors="replace"), "UTF-16"
    elif content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    if text is None:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            text, encoding = content.decode("latin-1"), "Latin-1"
    content = content if text is None else text.encode("utf-8")
    content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\0" in content:
        raise ValueError(f"it is no text: its first line is {_shown(content[:QUOTED].decode(errors='replace'))}")
    return content, encoding


def _split_header(content: bytes, needed: bool) -> tuple[str | None, bytes, int]:
    """The line with the names of columns, what comes below it, and how many other comment lines were left out.

    The first is None where there is no such line, and it is not needed.
    """
    comments = [line.decode().strip().lstrip("#%!").strip() for line in COMMENT.findall(content)]
    head = COMMENTED.match(content)
    assert head is not None, "the pattern matches empty text, too"
    leading = COMMENT.findall(content[: head.end()])
    plain = BLANK.sub(b"", COMMENT.sub(b"", content))
    first, _, rest = plain.partition(b"\n")
    header = first.decode()
    if not header.strip():
        raise ValueError("it is empty")
    separator = _separator(header, rest or plain, 2 if needed else 1)
    named = not _holds_numbers(header, separator)
    if not rest and (named or needed):
        raise ValueError(f"it has no row below its header {_shown(header)}")
    if named:
        return header, rest, len(comments)
    # Programs of physicists write the names of columns as the last comment above the numbers.
    for name in reversed(comments[: len(leading)]):
        if len(_fields(name, separator)) == len(_fields(header, separator)) and not _holds_numbers(name, separator):
            return name, plain, len(comments) - 1
    if not needed:
        return None, plain, len(comments)
    raise ValueError(f"its first line is {_shown(header)}, which holds numbers; it must hold the names of the columns")


def _holds_numbers(line: str, separator: str) -> bool:
    return any(is_number(field) and field.strip().lower() not in MISSING for field in _fields(line, separator))


def _fields(line: str, separator: str) -> list[str]:
    if separator == " ":
        return line.split()
    return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])


def _separator(header: str, body: bytes, fewest: int) -> str:
    """The separator that cuts the first lines into equally many fields, at least so many, most of them numbers."""
    lines = [line.decode() for line in body.split(b"\n", JUDGED)[:JUDGED] if line]
    best, found = (False, 0.0, 0.0), ""
    for separator in SEPARATORS:
        count = len(_fields(header, separator))
        if count < fewest:
            continue
        rows = [_fields(line, separator) for line in lines]
        fitting = sum(len(row) == count for row in rows) / max(len(rows), 1)
        fields = [field for row in rows for field in row]
        numbers = sum(is_number(f) or bool(DECIMAL_COMMA.fullmatch(f)) for f in fields) / max(len(fields), 1)
        # A single column is what everything is to the separators that do not occur.
        if (count > 1, fitting, numbers) > best:
            best, found = (count > 1, fitting, numbers), separator
    if not found:
        raise ValueError(
            f"its first line is {_shown(header)}; commas, semicolons, tabs or spaces must separate two "
            "columns or more, in all lines alike"
        )
    return found


def _names(header: str, separator: str) -> list[str | None]:
    """Names of columns; None for a first or last one without a name, as some programs write."""
    names: list[str | None] = [name.strip().strip('"') for name in _fields(header, separator)]
    for place in (0, -1):
        names[place] = names[place] or None
    if "" in names or len(set(names)) < len(names):
        raise ValueError(f"its header {_shown(header)} has a column twice, or one without a name")
    return names


def _numbered(line: str, separator: str) -> list[str | None]:
    """Names for columns that have none."""
    return [f"column {place}" for place in range(1, len(_fields(line, separator)) + 1)]


def _check_lengths(body: bytes, separator: str, count: int, header: str) -> None:
    """Refuse rows that have more or fewer fields than the header: pandas would fill or shift them."""
    for number, length in enumerate(_lengths(body, separator), start=1):
        if length != count:
            raise ValueError(
                f"row {number} has {length} fields and the header {count}, with {SEPARATORS[separator]} between them: "
                f"{_shown(header)}"
            )


def _lengths(body: bytes, separator: str) -> Iterator[int]:
    if b'"' in body:
        text = io.TextIOWrapper(io.BytesIO(body), "utf-8", newline="")
        if separator == " ":
            rows = csv.reader(text, delimiter=" ", skipinitialspace=True)
            yield from (len([field for field in row if field]) for row in rows if row)
        else:
            yield from (len(row) for row in csv.reader(text, delimiter=separator, skipinitialspace=True) if row)
    elif separator == " ":
        yield from (len(line.split()) for line in io.BytesIO(body))
    else:
        mark = separator.encode()
        yield from (line.count(mark) + 1 for line in io.BytesIO(body))


def _columns(
    body: bytes, separator: str, names: list[str | None], header: str
) -> tuple[dict[str | None, np.ndarray], str]:
    """The columns, and the sign of decimals."""
    columns = _parsed(body, separator, names, ".")
    text = [name for name, column in columns.items() if column.dtype.kind != "f"]
    commas = [name for name in text if all(is_number(f) or DECIMAL_COMMA.fullmatch(f) for f in columns[name])]
    if not commas:
        return columns, "."
    again = _parsed(body, separator, names, ",")
    points = [name for name, column in again.items() if column.dtype.kind != "f" and columns[name].dtype.kind == "f"]
    if points:
        raise ValueError(
            f"column {commas[0]} has decimal commas and column {points[0]} decimal points; below the header "
            f"{_shown(header)} one of them must hold throughout"
        )
    return again, ","


def _parsed(body: bytes, separator: str, names: list[str | None], decimal: str) -> dict[str | None, np.ndarray]:
    """The columns with one sign of decimals: float64 where all fields are numbers or missing, else text."""
    options = {
        "sep": r"\s+" if separator == " " else separator,
        "header": None,
        "names": range(len(names)),
        "index_col": False,
        "keep_default_na": False,
        "skipinitialspace": True,
    }
    missing = [form for word in MISSING for form in (word, word.upper(), word.capitalize(), "NaN", "N/a")]
    frame = pd.read_csv(
        io.BytesIO(body),
        decimal=decimal,
        na_values=sorted(set(missing)),
        low_memory=False,
        **options,
    )
    found = {i: frame[i].to_numpy() for i in frame if frame[i].dtype.kind in "biuf"}
    columns = {i: column.astype(np.float64) for i, column in found.items()}
    if rest := [i for i in range(len(names)) if i not in columns]:
        fields = pd.read_csv(io.BytesIO(body), dtype=str, na_filter=False, usecols=rest, **options)
        for i in rest:
            text = fields[i].to_numpy(dtype=object).astype(str)
            # With decimal commas a point is no part of a number, and turns a column into text.
            points = text if decimal == "." else np.char.replace(np.char.replace(text, ".", "?"), ",", ".")
            column = as_numbers(points)
            columns[i] = column if column.dtype.kind == "f" else text
    return {name: columns[i] for i, name in enumerate(names)}


def _shown(line: str) -> str:
    """The beginning of the first line, for a message."""
    text = line.partition("\n")[0]
    return repr(text if len(text) <= QUOTED else text[:QUOTED] + "...")
