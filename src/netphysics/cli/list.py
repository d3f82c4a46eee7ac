"""`netphysics list`: the studies there are. Imports no study."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator

from netphysics.lab import catalog
from netphysics.lab.formulas import unicode

from .arguments import Parser


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics list", description="The studies there are.")
    parser.add_argument("--wing", help="only this wing, for instance fields")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    entries = list(readable(catalog.names()))
    wings = sorted({entry.wing for entry in entries})
    if options.wing and options.wing not in wings:
        raise ValueError(f"--wing is {options.wing!r}; there are studies in {', '.join(wings)}")
    entries = [entry for entry in entries if options.wing in (None, entry.wing)]
    if options.json:
        print(json.dumps([{"name": e.name, "wing": e.wing, "question": e.question} for e in entries], indent=2))
        return 0
    width = max(len(entry.name) for entry in entries)
    for wing in wings:
        found = [entry for entry in entries if entry.wing == wing]
        if found:
            print(wing)
        for entry in found:
            print(f"  {entry.name:<{width}}  {unicode(entry.question)}")
    return 0


def readable(names: Iterable[str]) -> Iterator[catalog.Entry]:
    """The entries of all studies whose source can be read; of others it is said why not."""
    for name in names:
        try:
            yield catalog.entry(name)
        except ValueError as error:
            print(f"netphysics: study {name} is left out: {error}", file=sys.stderr)
