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
    study = load(options.run).study
    entries = {key: bibtex([key], study.module) for key in study.cites}
    print(json.dumps(entries, indent=2) if options.json else "\n\n".join(entries.values()))
    return 0
