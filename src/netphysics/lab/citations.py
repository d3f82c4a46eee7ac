"""Citations: one bibliography, and the part of it that a run rests on."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from .source import source_file

# BibTeX of an entry runs from its @ to the brace that closes it at the start of a line.
ENTRY = re.compile(r"@\w+\{(?P<key>[^,\s]+),.*?\n\}", re.DOTALL)
FIELD = re.compile(r"^\s*(\w+)\s*=\s*\{(.*)\},?\s*$", re.MULTILINE)


@functools.cache
def _bibliography(module: str) -> dict[str, str]:
    """The entries of the laboratory, and those of the .bib file beside a module of another package."""
    text = (files("netphysics") / "references.bib").read_text(encoding="utf-8")
    own = _own(module)
    if own is not None and own.is_file():
        text += "\n" + own.read_text(encoding="utf-8")
    return {match["key"]: match[0] for match in ENTRY.finditer(text)}


def _own(module: str) -> Path | None:
    """Where the bibliography of a module of others would be; None for our own, and for what is no file."""
    if not module or module.startswith("netphysics."):
        return None
    try:
        return source_file(module).with_suffix(".bib")
    except ValueError:  # a study of a notebook, for instance
        return None


def bibtex(keys: Iterable[str], module: str = "") -> str:
    """BibTeX of the given keys, in the order given.

    Args:
        module: of the study that cites them; `my_study.bib` beside `my_study.py` is a bibliography of its own.

    Raises:
        ValueError: for a key that is in neither bibliography.
    """
    return "\n\n".join(_entry(key, module) for key in keys)


def reference(key: str, module: str = "") -> dict[str, str]:
    """Fields of one entry (author, title, eprint, doi, ...), without TeX braces.

    Raises:
        ValueError: for a key that is in neither bibliography.
    """
    return {name: re.sub(r"[{}]", "", value) for name, value in FIELD.findall(_entry(key, module))}


def _entry(key: str, module: str) -> str:
    found = _bibliography(module)
    if key not in found:
        own = f" nor in {path}" if (path := _own(module)) else ""
        raise ValueError(f"the study cites {key!r}, which is not in the laboratory's references.bib{own}")
    return found[key]
