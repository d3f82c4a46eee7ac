"""Make the tables of knots and links anew from KnotInfo and LinkInfo: data of the package and fixtures of the tests.

    python scripts/knot_table.py

It needs the package `database_knotinfo` (GPL), which netphysics itself never imports. What is kept of it are
facts: names, codes and invariants of knots and links. Cite KnotInfo and LinkInfo (C. Livingston and A. H. Moore,
knotinfo.math.indiana.edu, linkinfo.sitehost.iu.edu).
"""

import ast
import json
import re
from collections.abc import Iterable
from pathlib import Path

from database_knotinfo import link_list

from netphysics.knots.braids import Braid
from netphysics.knots.invariants import Laurent, alexander, determinant, jones, signature

ROOT = Path(__file__).parents[1]
DATA = ROOT / "src" / "netphysics" / "knots" / "data"
FIXTURE = ROOT / "tests" / "reference" / "knotinfo.json"
LINK_FIXTURE = ROOT / "tests" / "reference" / "linkinfo.json"
SOURCE = "KnotInfo: Table of Knot Invariants, knotinfo.math.indiana.edu, by way of database_knotinfo"
LINK_SOURCE = "LinkInfo: Table of Link Invariants, linkinfo.sitehost.iu.edu, by way of database_knotinfo"
TERM = re.compile(r"([+-]?)(\d*)\*?([txz]?)(?:\^\(?(-?\d+)\)?)?")


def polynomial(text: str) -> Laurent:
    """A Laurent polynomial as KnotInfo or LinkInfo writes it: t^(-2)-t^(-1)+ 1-2*t, or x^(-3)-2/x + x."""
    text = re.sub(r"(\d*)/([xz])(?:\^(\d+))?", lambda found: f"{found[1]}{found[2]}^-{found[3] or 1}", text)
    powers = {}
    for sign, size, variable, power in TERM.findall(text.replace(" ", "")):
        if size or variable:
            exponent = int(power) if power else int(bool(variable))
            powers[exponent] = int(sign + (size or "1"))
    lowest = min(powers)
    return Laurent([powers.get(k, 0) for k in range(lowest, max(powers) + 1)], lowest)


def braid_word(text: str) -> list[int]:
    """The word that KnotInfo has; of 10_136 there are two, and the first has fewer strands."""
    word = ast.literal_eval(text)
    return word if isinstance(word[0], int) else word[0]


def rows(largest: int):
    for row in link_list()[2:]:
        if row["crossing_number"] in map(str, range(3, largest + 1)):
            conway = polynomial(row["alexander_polynomial"])
            # KnotInfo starts at t^0; here Delta(t) = Delta(1/t) and Delta(1) = 1.
            sign = int(conway(1))
            yield {
                "name": row["name"],
                "braid": braid_word(row["braid_notation"]),
                "pd": ast.literal_eval(row["pd_notation"]),
                "dt": ast.literal_eval(row["dt_notation"]),
                "jones": polynomial(row["jones_polynomial"]).to_json(),
                "alexander": Laurent([sign * c for c in conway.coefficients], -(conway.span // 2)).to_json(),
                "determinant": int(row["determinant"]),
                "signature": int(row["signature"]),
                "arc_index": int(row["arc_index"]),
            }


def link_rows(largest: int):
    for row in link_list(proper_links=True)[2:]:
        if int(row["crossing_number"]) <= largest:
            yield {
                "name": row["name"],
                "rolfsen": row["rolfsen_name"],
                "pd": integers(row["pd_notation_vector"]),
                "braid": integers(row["braid_notation"])[1],
                "jones": polynomial(row["jones_polynomial"]).to_json(),
                "conway": polynomial(row["conway_polynomial"]).to_json() if row["conway_polynomial"] != "0" else None,
                "linking": integers(row["linking_matrix"]),
                "determinant": int(row["determinant"]),
                "signature": int(row["signature"]),
            }


def integers(text: str) -> list:
    """Nested lists in braces."""
    return json.loads(text.replace("{", "[").replace("}", "]"))


def write(path: Path, source: str, kind: str, found: Iterable[dict], names: tuple[str, ...]) -> None:
    table = {row["name"]: {name: row[name] for name in names} for row in found}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row, separators=(',', ':'))}" for name, row in table.items())
    path.write_text(f'{{"source": {json.dumps(source)},\n "{kind}": {{\n{lines}\n }}}}\n')
    print(f"{len(table)} {kind} in {path.relative_to(ROOT)}")


def compare() -> None:
    """Every number that is kept is also computed here."""
    for row in rows(9):
        braid = Braid(row["braid"])
        ours = (jones(braid).to_json(), alexander(braid).to_json(), determinant(braid), signature(braid))
        assert ours == (row["jones"], row["alexander"], row["determinant"], row["signature"]), row["name"]


if __name__ == "__main__":
    compare()
    write(DATA / "rolfsen.json", SOURCE, "knots", rows(9), ("braid", "pd", "jones", "alexander", "signature"))
    write(DATA / "arc_index.json", SOURCE, "knots", rows(10), ("braid", "arc_index"))
    invariants = ("jones", "alexander", "determinant", "signature")
    write(FIXTURE, SOURCE, "knots", rows(8), ("braid", "pd", "dt", *invariants))
    write(DATA / "links.json", LINK_SOURCE, "links", link_rows(9), ("rolfsen", "pd"))
    invariants = ("jones", "conway", "linking", "determinant", "signature")
    write(LINK_FIXTURE, LINK_SOURCE, "links", link_rows(7), ("braid", "pd", *invariants))
