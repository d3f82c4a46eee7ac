"""`netphysics cite RUN`: BibTeX of what a run rests on."""

from __future__ import annotations

import json
from pathlib import Path

from netphysics.api import load
from netphysics.lab import bibtex

from .arguments import Parser


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics cite", description="BibTeX of what a run rests on.")
    parser.add_argument("run", type=Path, help="folder of a finished run")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    keys = load(options.run).study.cites
    print(json.dumps({key: bibtex([key]) for key in keys}, indent=2) if options.json else bibtex(keys))
    return 0
