"""`netphysics apply RUN DATA`: what the networks of a `discover` run say about new rows."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

from .arguments import Number, Parser
from .output import check_output, write_output


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics apply", description="Latents and answers for new rows, by the networks of a run.")
    parser.add_argument("run", type=Path, metavar="RUN", help="folder of a finished run of `netphysics discover`")
    parser.add_argument("data", type=Path, metavar="DATA", help="new rows, in a file of any kind that discover reads")
    parser.add_argument("-o", "--out", type=Path, metavar="OUT.csv", help="where the table goes; to stdout otherwise")
    parser.add_argument(
        "--network", type=Number(int, least=0), default=0, help="whose latents z1, z2, ... are wanted; 0 by default"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object: formulas, and the columns by name")
    parser.add_argument("--force", action="store_true", help="replace a file that exists")
    options = parser.parse_args(arguments)

    if options.out is not None:
        check_output(options.out, "--out", force=options.force)
    from netphysics.studies.discovery.discover.networks import load_networks
    from netphysics.tables import read_table

    networks = load_networks(options.run)
    rows = read_table(options.data)
    columns = networks.apply(rows, options.network)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
    if options.out is not None:
        write_output(options.out, table.getvalue())
    if options.json:
        found = {name: column.tolist() for name, column in columns.items()}
        formulas = [each.to_json() if each else None for each in networks.formulas[options.network]]
        print(json.dumps({"run": str(options.run), "formulas": formulas, "columns": found}))
    elif options.out is None:
        print(table.getvalue(), end="")
    else:
        count = len(next(iter(columns.values())))
        print(f"{count} rows, {', '.join(columns)}: {options.out}", file=sys.stderr)
    if rows.reading:
        print(f"{options.data} was read with {rows.reading}", file=sys.stderr)
    return 0
