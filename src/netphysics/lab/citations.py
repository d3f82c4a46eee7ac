"""Citations: one bibliography, and the part of it that a run rests on."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from importlib.resources import files

# BibTeX of an entry runs from its @ to the brace that closes it at the start of a line.
ENTRY = re.compile(r"@\w+\{(?P<key>[^,\s]+),.*?\n\}", re.DOTALL)
FIELD = re.compile(r"^\s*(\w+)\s*=\s*\{(.*)\},?\s*$", re.MULTILINE)


@functools.cache
def _bibliography() -> dict[str, str]:
    text = (files("netphysics") / "references.bib").read_text()
    return {match["key"]: match[0] for match in ENTRY.finditer(text)}


def bibtex(keys: Iterable[str]) -> str:
    """BibTeX of the given keys, in the order given.

    Raises:
        ValueError: for a key that is not in the bibliography.
    """
    return "\n\n".join(_entry(key) for key in keys)


def reference(key: str) -> dict[str, str]:
    """Fields of one entry (author, title, eprint, doi, ...), without TeX braces."""
    return {name: re.sub(r"[{}]", "", value) for name, value in FIELD.findall(_entry(key))}


def _entry(key: str) -> str:
    if key not in _bibliography():
        raise ValueError(f"{key!r} is not in references.bib")
    return _bibliography()[key]
