"""Planar diagram (PD) codes as text."""

from __future__ import annotations

import re

from ..braids import Diagram
from .integers import check_brackets, integers

ROW = re.compile(r"[\[(]([^\[\]()]*)[\])]")
# As the Knot Atlas has crossings: X1425, or X5,12,6,13.
PLAIN = re.compile(r"X_?(?:(\d+),(\d+),(\d+),(\d+)|(\d)(\d)(\d)(\d)\b)", re.IGNORECASE)


def read_pd(text: str) -> Diagram:
    """The knot or link of a PD code without its prefix: `[X[1,5,2,4], ...]`, `[[1,5,2,4], ...]`,
    `X[1,5,2,4] X[3,1,4,6] ...`, `X_{1,5,2,4} ...`, `X1524 ...` or `1,5,2,4; 3,1,4,6; ...`.

    Raises:
        ValueError: as `Diagram.of_pd`, for brackets that do not match, and for anything between the crossings.
    """
    check_brackets(text, "the PD code")
    text = PLAIN.sub(lambda found: f"X[{','.join(label for label in found.groups() if label)}]", text)
    text = text.translate(str.maketrans("{}", "[]"))
    if not re.search(r"[\[(]", text):
        text = "".join(f"[{row}]" for row in text.split(";"))
    rest = re.sub(r"X_?|[,;\s]", "", ROW.sub("", text), flags=re.IGNORECASE)
    # One pair of brackets may enclose all.
    if rest := re.sub(r"^[\[(](.*)[\])]$", r"\1", rest):
        raise ValueError(f"the PD code has {rest[:20]!r} beside its crossings, which are lists of four labels")
    rows = [integers(row, "label", f"crossing {k} of the PD code") for k, row in enumerate(ROW.findall(text), 1)]
    if not rows:
        raise ValueError("the PD code has no crossing; the unknot is written 0_1")
    return Diagram.of_pd(rows)


def write_pd(diagram: Diagram) -> str:
    """The PD code in the notation of KnotInfo."""
    return "[" + ",".join(f"[{','.join(map(str, row))}]" for row in diagram.crossings) + "]"
