"""`netphysics new-study NAME`: a complete template for a study of one's own."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

from netphysics.lab import catalog

from .arguments import Parser
from .output import write_output

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# Files of the template, and what they are called in the new folder.
FILES = {
    "pyproject.toml.txt": "pyproject.toml",
    "README.md.txt": "README.md",
    "study.py.txt": "@module@.py",
    "study.bib": "@module@.bib",
    "test_study.py.txt": "test_@module@.py",
}


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics new-study", description="A complete template for a study of your own, in a folder.")
    parser.add_argument("name", help="its name on the command line, in lower case with hyphens")
    parser.add_argument("--wing", default="own", help="the wing it is listed under")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    folder = Path(check_name(options.name))
    if not NAME.fullmatch(options.wing):
        raise ValueError(f"--wing is {options.wing!r}; it must be lower case letters and digits, joined by hyphens")
    if folder.exists():
        raise ValueError(f"name is {options.name}; there is a folder of that name already")
    words = {"@name@": options.name, "@module@": options.name.replace("-", "_"), "@wing@": options.wing}
    folder.mkdir()
    written = [write(folder, source, target, words) for source, target in FILES.items()]
    if options.json:
        print(json.dumps({"folder": str(folder), "files": [str(path) for path in written]}))
    else:
        print("\n".join(map(str, written)))
        print(f"\npip install --editable {folder}, then: netphysics run {options.name} --preset quick")
    return 0


def check_name(name: str) -> str:
    """A name that no study has yet.

    Raises:
        ValueError: for a name that is taken, or is none.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"name is {name!r}; it must be lower case letters and digits, joined by hyphens")
    if name in catalog.names():
        raise ValueError(f"name is {name!r}; there is a study of that name")
    return name


def write(folder: Path, source: str, target: str, words: dict[str, str]) -> Path:
    """One file of the template, with the names of the new study in it."""
    text = (files("netphysics.cli") / "study_template" / source).read_text(encoding="utf-8")
    for mark, word in words.items():
        text, target = text.replace(mark, word), target.replace(mark, word)
    write_output(folder / target, text)
    return folder / target
