"""Prose: sentences and numbers of a study as safe HTML, with their mathematics as MathML."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from numbers import Integral

from latex2mathml.converter import convert_to_element
from markupsafe import Markup, escape

from ..stats import Estimate
from .figure import TableEntry

MATH = re.compile(r"\$([^$]+)\$")
LETTER = re.compile("[A-Za-zα-ωϑϕϵ]")
EXPONENT = re.compile(r"e([+-])0*(\d+)")


def mathml(latex: str, display: str = "inline") -> Markup:
    """A formula as MathML; as its source when it cannot be read. `display` is `inline` or `block`."""
    try:
        root = convert_to_element(latex, display=display)
    except Exception:  # the converter has no common exception, and a formula must not cost a report
        return Markup("<code>{}</code>").format(latex)
    for element in root.iter():
        # Symbols come as character references in plain text; serialized as they are, they would show.
        element.text = html.unescape(element.text or "")
        _typeset(element)
    return Markup(ET.tostring(root, encoding="unicode"))


def _typeset(element: ET.Element) -> None:
    """Set letters from the italic of the page's own serif, and a slash without gaps.

    By default a browser takes letters from its mathematics font, or from any that has the code points of
    mathematical italics, which beside the text looks foreign.
    """
    if element.tag == "mi" and "mathvariant" not in element.attrib and LETTER.fullmatch(element.text):
        element.set("mathvariant", "normal")
        element.set("class", "letter")
    if element.tag == "mo" and element.text == "/":
        element.attrib |= {"lspace": "0", "rspace": "0"}


def prose(text: str) -> Markup:
    """Escaped text, in which `$...$` is mathematics."""
    parts = MATH.split(text)
    return Markup("").join(mathml(part) if i % 2 else escape(part) for i, part in enumerate(parts))


def plain(text: str) -> str:
    """Text without the marks of mathematics, for places that take no markup."""
    return MATH.sub(r"\1", text)


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[.?!])\s+(?=[A-Z])", text, maxsplit=1)[0]


def number(cell: TableEntry) -> Markup:
    """A cell of a table: `0.0040(9)` for an estimate, a true minus sign, powers of ten as such."""
    if isinstance(cell, str):
        return prose(cell)
    text = str(cell) if isinstance(cell, Integral | Estimate) else f"{cell:.6g}"
    text = EXPONENT.sub(lambda m: f"×10<sup>{m[1].replace('+', '')}{m[2]}</sup>", str(escape(text)))
    return Markup(text.replace("-", "−"))
