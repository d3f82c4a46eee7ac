"""Reading: which notation a text is in, and the knot that it writes down."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..braids import Braid, Diagram
from .dowker import read_dt
from .gauss import of_extended_gauss, read_gauss
from .integers import check_one_component, integers, shortened
from .link_names import named_link
from .names import named_knot
from .planar import read_pd
from .words import read_braid

LONGEST = 5_000_000
PREFIX = re.compile(r"(?P<name>[A-Za-z]+)\s*(?:code)?\s*(?P<rest>[:=\[({\s].*|$)", re.IGNORECASE | re.DOTALL)
NESTED = re.compile(r"\s*[\[({]\s*(?:X_?\s*)?[\[({]|\s*[\[({]?\s*X[a-z_]?\s*[\[({\d]", re.IGNORECASE)
# Lists of four labels side by side.
ROWS = re.compile(r"(?:\s*[\[({](?:\s*-?\d+\s*,){3}\s*-?\d+\s*[\])}]\s*[,;]?){2,}\s*")
PASSAGES = re.compile(r"\s*[OoUu]\s*\d")
WRITTEN = "a braid word (1 -2 1 -2, or aBaB), PD[...], DT[...], Gauss[...], or a name such as 4_1, trefoil or L5a1"


def _extended(text: str) -> Diagram:
    check_one_component(text, "the extended Gauss code")
    return of_extended_gauss(integers(text, "entry", "the extended Gauss code"))


PREFIXES: dict[str, Callable[[str], Diagram]] = {
    "dt": read_dt,
    "pd": read_pd,
    "gauss": read_gauss,
    "gc": read_gauss,
    "egc": _extended,
}


def read(text: str) -> Braid | Diagram:
    """A knot or link from its text.

    | notation | for instance |
    |---|---|
    | braid word | `1 -2 1 -2`, `{1,-2,1,-2}`, `aBaB`, `σ1 σ2⁻¹`, `s1^3`, `BR[3, {1,-2,1,-2}]`, `{3, {1,-2,1,-2}}` |
    | name | `4_1`, `m3_1`, `3_1#4_1`, `T(3,5)`, `P(-3,5,7)`, `trefoil`, `conway` |
    | name of a link | `L5a1`, `L5a1{1}`, `5^2_1`, `hopf link`, `borromean rings` |
    | planar diagram | `PD[X[1,5,2,4], ...]`, `[[1,5,2,4], ...]`, `X_{1,5,2,4} ...`, `X1524 ...` |
    | Dowker-Thistlethwaite | `DT[4,6,2]`, `DT: bca`, `DT: cacbca` |
    | Gauss | `Gauss[1,-2,3,-1,2,-3]`, `O1+U2+O3+U1+O2+U3+`; extended: `EGC[...]` |

    A list of integers is a braid word: a Gauss or a DT code needs its prefix.

    Raises:
        ValueError: for anything else, saying where it is wrong.
    """
    text = text.strip(" \t\r\n\"'").replace("−", "-")
    if not text.strip(" []{}()\"',;"):
        raise ValueError(f"{shortened(text)} holds no knot; write {WRITTEN}")
    if len(text) > LONGEST:
        raise ValueError(f"the text has {len(text)} characters; knots are read up to {LONGEST}")
    found = PREFIX.match(text)
    if found and found["name"].lower() in PREFIXES:
        name, rest = found["name"], found["rest"].lstrip(":= \t\n")
        if not rest.strip(" []{}()"):
            raise ValueError(f"{shortened(text)} names a {name} code and has none; the unknot is written 0_1")
        return PREFIXES[name.lower()](rest)
    if NESTED.match(text) or ROWS.fullmatch(text):
        return read_pd(text)
    if PASSAGES.match(text):
        return read_gauss(text)
    for named in (named_knot, named_link):
        knot = named(text)
        if knot is not None:
            return knot
    if re.search(r"\d_\d", text):
        raise ValueError(f"{shortened(text)} is no name of one knot; a sum is written 3_1#4_1, several go into a file")
    braid = read_braid(text)
    # A word of letters that leaves generators out closes to pieces: it is a word of a language rather than a braid.
    used = {abs(letter) for letter in braid.letters}
    if re.fullmatch(r"[A-Za-z][A-Za-z\s]{2,}", text) and used != set(range(1, braid.strands)):
        raise ValueError(f"{shortened(text)} is no name of a knot known here, and no braid word; write {WRITTEN}")
    if len(used) == len(braid) > 2 and used == set(range(2, 2 * len(braid) + 1, 2)):
        raise ValueError(
            f"{shortened(text)} has the numbers of a DT code and no prefix; write DT {shortened(text)[1:-1]}"
        )
    return braid
