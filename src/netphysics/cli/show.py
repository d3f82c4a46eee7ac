"""`netphysics show STUDY`: question, equations, options, references. Imports no study."""

from __future__ import annotations

import dataclasses
import json
import textwrap

from netphysics.lab import catalog
from netphysics.lab.citations import reference
from netphysics.lab.formulas import formula, unicode

from .arguments import Parser

WIDTH = 96


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics show", description="One study, as its file describes it.")
    parser.add_argument("study")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    entry = catalog.entry(options.study)
    if options.json:
        print(json.dumps(dataclasses.asdict(entry), indent=2))
        return 0
    print(f"{entry.name}  (wing: {entry.wing})\n\n{unicode(entry.question)}\n\n{unicode(entry.description)}")
    if entry.equations:
        print("\nEquations")
        for latex, caption in entry.equations:
            print(f"  {unicode(caption)}\n      {formula(latex)}")
    print("\nOptions")
    for option in entry.options:
        print(f"  {option.name} {option.type}  (default: {option.default})")
        print(textwrap.indent(textwrap.fill(unicode(option.help), WIDTH - 6), "      "))
    for preset, values in entry.presets.items():
        shown = ", ".join(f"{name} = {value}" for name, value in values.items())
        print(textwrap.fill(f"  preset {preset}: {shown}", WIDTH, subsequent_indent="      "))
    print("\nReferences")
    for key in entry.cites:
        fields = reference(key, entry.module)
        where = f"arXiv:{fields['eprint']}" if "eprint" in fields else fields.get("journal", "")
        print(f"  {fields['author'].replace(' and ', ', ')}: {fields['title']} ({fields['year']}), {where}")
    return 0
