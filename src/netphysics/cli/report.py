"""`netphysics report RUN... -o FILE`: a gallery of the given runs in one file."""

from __future__ import annotations

import json
from pathlib import Path

from netphysics.api import load
from netphysics.report import gallery

from .arguments import Parser
from .output import check_output, write_output


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics report", description="A gallery page of finished runs.")
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="folders of finished runs")
    parser.add_argument("-o", "--output", type=Path, default=Path("report.html"), help="the page to write")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--force", action="store_true", help="replace a page that exists")
    options = parser.parse_args(arguments)
    check_output(options.output, "--output", force=options.force)
    runs = [load(path) for path in options.runs]
    write_output(options.output, gallery([run.path for run in runs], options.output.parent))
    print(json.dumps({"report": str(options.output)}) if options.json else options.output)
    return 0
