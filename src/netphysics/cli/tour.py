"""`netphysics tour`: quick studies of every wing, and the gallery of their reports."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from netphysics.lab import catalog
from netphysics.lab.formulas import unicode
from netphysics.lab.store import check_writable

from .arguments import Parser
from .run import RunOptions, run_from_command

# (study, options on top of its quick preset)
STOPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("gaussian-process-limit", {"inputs": "digits"}),
    ("phase-diagram", {}),
    ("one-point-function", {}),
    ("pendulum", {}),
    ("circle-tear", {}),
    ("knot-or-not", {}),
)


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics tour", description="Quick studies of every wing.")
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of all runs; its parent must exist")
    parser.add_argument("--json", action="store_true", help="print JSON lines, one for each study")
    options = parser.parse_args(arguments)
    from netphysics.report.gallery import index_of, write_gallery

    check_writable(options.out)
    index_of(options.out)
    for name, changes in STOPS:
        study = catalog.load(name)
        if not options.json:
            print(f"\n{unicode(study.question)}")
        config = study.config.preset("quick", **changes)
        code = run_from_command(study, config, RunOptions("quick", options.out, json=options.json))
        if code:
            return code
    path = write_gallery(options.out)
    print(json.dumps({"gallery": str(path)}) if options.json else f"\ngallery {path}")
    sys.stdout.flush()
    return 0
