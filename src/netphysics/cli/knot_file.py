"""Files of knots: one in a line, or a table with a column for a notation, as spreadsheets and KnotInfo export them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

SEPARATORS = ("\t", "|", ";", ",")
# A name such as 3_1#4_1 holds no comment.
COMMENT = re.compile(r"(?:^|\s)#")
# What headers call a notation, the plainest first, and how a cell of it begins where the cell does not say so itself.
NOTATIONS = {"pd": "PD", "planar": "PD", "braid": "", "dt": "DT ", "dowker": "DT ", "gauss": "Gauss ", "knot": ""}
NAMES = ("name", "knot", "label", "id")


@dataclass(frozen=True)
class Entry:
    """A knot of a file: the number of its line, what the file calls it, and its text in any notation."""

    line: int
    name: str
    knot: str


def read_knots(path: Path) -> list[Entry]:
    """The knots of a file. Of a table the first line names the columns, and one of them holds a notation (PD, DT,
    Gauss or a braid); the first of these is read.

    Raises:
        ValueError: for a file that is no text, or that holds no knot.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ValueError(f"{path} is no text file; it must hold one knot in a line") from None
    numbered = [(number, text) for number, line in enumerate(lines, 1) if (text := COMMENT.split(line)[0].strip())]
    found = table(numbered) if numbered else []
    found = found or [Entry(number, "", text) for number, text in numbered]
    if not found:
        raise ValueError(f"{path} holds no knot; it must hold one in a line")
    return found


def table(lines: list[tuple[int, str]]) -> list[Entry]:
    """The knots of a table; none where the first line is no header with a notation."""
    separator = max(SEPARATORS, key=lines[0][1].count)
    header, *rows = csv.reader((text for _, text in lines), delimiter=separator)
    words = [set(re.findall(r"[a-z]+", cell.lower())) for cell in header]
    places = [(word, place) for word in NOTATIONS for place, cell in enumerate(words) if word in cell]
    if len(header) < 2 or not places:
        return []
    word, column = places[0]
    naming = next((place for place, cell in enumerate(words) if place != column and cell & {*NAMES}), None)
    found = []
    for (number, _), row in zip(lines[1:], rows, strict=True):
        # A code in the last column may hold the separator without quotes.
        cells = [*row[: len(header) - 1], separator.join(row[len(header) - 1 :])]
        cells += [""] * (len(header) - len(cells))
        found.append(Entry(number, cells[naming] if naming is not None else "", marked(cells[column].strip(), word)))
    return found


def marked(cell: str, word: str) -> str:
    """The cell of a notation, with the letters that tell it from others; a name such as 0_1 needs none."""
    return cell if not cell or re.match(r"[A-Za-z]|\d+_", cell) else NOTATIONS[word] + cell
