"""Prose: sentences and numbers of a study as safe HTML, with their mathematics as MathML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from numbers import Integral

from markupsafe import Markup, escape

from ..lab import formulas
from ..stats import Estimate
from .figure import TableEntry

LETTER = re.compile("[A-Za-zα-ωϑϕϵ]")
EXPONENT = re.compile(r"e([+-])0*(\d+)")


def mathml(latex: str, display: str = "inline") -> Markup:
    """A formula as MathML; as its source when it cannot be read. `display` is `inline` or `block`."""
    try:
        root = formulas.element(latex, display)
    except ValueError:  # a formula must not cost a report
        return Markup("<code>{}</code>").format(latex)
    for element in root.iter():
        _typeset(element)
    return Markup(ET.tostring(root, encoding="unicode"))


def _typeset(element: ET.Element) -> None:
    """Set letters from the italic of the page's own serif, and a slash without gaps.

    By default a browser takes letters from its mathematics font, or from any that has the code points of
    mathematical italics, which beside the text looks foreign.
    """
    text = element.text or ""
    if element.tag == "mi" and "mathvariant" not in element.attrib and LETTER.fullmatch(text):
        element.set("mathvariant", "normal")
        element.set("class", "letter")
    if element.tag == "mo" and text == "/":
        element.attrib |= {"lspace": "0", "rspace": "0"}


def prose(text: str) -> Markup:
    """Escaped text, with its formulas as MathML and its `code` as such; a number stays with its percent sign."""
    text = re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", text)
    kinds = {"text": escape, "math": mathml, "code": Markup("<code>{}</code>").format}
    return Markup("").join(kinds[kind](part) for kind, part in formulas.segments(text))


def plain(text: str) -> str:
    """Text with its formulas in Unicode, for places that take no markup."""
    return formulas.unicode(text)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a docstring, each on one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[.?!])\s+(?=[A-Z])", text, maxsplit=1)[0]


def number(cell: TableEntry) -> Markup:
    """A cell of a table: `0.0040(9)` for an estimate, a true minus sign, powers of ten as such."""
    if isinstance(cell, str):
        return prose(cell)
    text = str(cell) if isinstance(cell, Integral | Estimate) else f"{cell:.6g}"
    text = EXPONENT.sub(lambda m: f"×10<sup>{m[1].replace('+', '')}{m[2]}</sup>", str(escape(text)))
    return Markup(text.replace("-", "−"))
