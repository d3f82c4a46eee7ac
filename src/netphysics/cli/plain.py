"""Output where the locale knows no more than ASCII: the sign that comes nearest, in the place of an error."""

from __future__ import annotations

import codecs
import sys
import unicodedata
from io import TextIOWrapper

NEAREST = {
    "●": "*", "▲": "!", "—": "-", "–": "-", "−": "-", "·": "*", "×": "x", "±": "+-", "√": "sqrt", "→": "->", "≤": "<=",
    "≥": ">=", "≈": "~", "∞": "inf", "∥": "|", "⊥": "_|_", "…": "...", "█": "#", "│": "|", "─": "-", "ᵀ": "^T",
    "λ": "lambda",
}  # fmt: skip


def write_plainly() -> None:
    """Let standard output and error write all that their encodings do not know in plain signs."""
    codecs.register_error("plain", replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and codecs.lookup(stream.encoding).name != "utf-8":
            stream.reconfigure(errors="plain")


def replaced(error: UnicodeError) -> tuple[str, int]:
    """What an encoder is to write in the place of what it does not know, and where it goes on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end


def plain(text: str) -> str:
    """A text in ASCII: Greek letters by their names, others without accents, question marks where nothing is near."""
    return "".join(map(nearest, text))


def nearest(sign: str) -> str:
    """The same sign in ASCII."""
    if sign in NEAREST:
        return NEAREST[sign]
    name = unicodedata.name(sign, "")
    if name.startswith("GREEK"):
        return name.split()[-1].lower()
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"
