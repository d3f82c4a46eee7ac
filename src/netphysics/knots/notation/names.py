"""Names of knots: those of the tables of Rolfsen and KnotInfo to nine crossings, and what people call some of them."""

from __future__ import annotations

import difflib
import re

from ..braids import Braid, Diagram, braid_of
from ..invariants.table import LARGEST, prime_knots
from .families import pretzel_knot, torus_knot

LOWERED = re.compile("[₀₁₂₃₄₅₆₇₈₉]+")
DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
PRIME = re.compile(r"(m?)(\d{1,2})_(\d{1,4})(m?|\*)")
FAMILY = re.compile(r"([tp])\s*[\[(]\s*(-?\d{1,4}(?:\s*,\s*-?\d{1,4})+)\s*[\])]")
# Without a hand, a knot is KnotInfo's.
COMMON = {
    "unknot": "0_1",
    "trivial knot": "0_1",
    "trefoil": "3_1",
    "right-handed trefoil": "3_1",
    "left-handed trefoil": "m3_1",
    "figure-eight": "4_1",
    "figure eight": "4_1",
    "figure-eight knot": "4_1",
    "figure eight knot": "4_1",
    "cinquefoil": "5_1",
    "solomon's seal knot": "5_1",
    "three-twist knot": "5_2",
    "stevedore": "6_1",
    "granny knot": "3_1#3_1",
    "square knot": "3_1#m3_1",
}
# Two knots of eleven crossings with the Alexander polynomial of the unknot, and one Jones polynomial. Knot Floer
# homology gives them the Seifert genera 3 and 2, which tell Conway's knot from Kinoshita and Terasaka's.
CONWAY = Braid((-2, -2, -2, -1, 3, 2, 2, -1, 2, -1, 3))
KINOSHITA_TERASAKA = Braid((-1, -1, -1, -3, -3, -2, 3, 1, 1, -2, 1, 3, 2))
MUTANTS = {"conway": CONWAY, "11n34": CONWAY, "kinoshita-terasaka": KINOSHITA_TERASAKA, "11n42": KINOSHITA_TERASAKA}


def named_knot(text: str) -> Braid | Diagram | None:
    """The knot that is called so, None if this is no name.

    Names are `4_1`, `m3_1` (the mirror image), torus knots `T(3,5)`, pretzel knots `P(-3,5,7)`, words such as
    `trefoil`, and connected sums of any of them, such as `3_1#4_1`.

    Raises:
        ValueError: for what looks like a name and is none.
    """
    plain = LOWERED.sub(lambda digits: "_" + digits[0].translate(DIGITS), text)
    name = " ".join(plain.lower().split())
    if family := FAMILY.fullmatch(name):
        numbers = [int(number) for number in family[2].split(",")]
        if family[1] == "p":
            return pretzel_knot(*numbers)
        if len(numbers) == 2:
            return torus_knot(*numbers)
    if name in MUTANTS or name.removesuffix(" knot") in MUTANTS:
        return MUTANTS[name.removesuffix(" knot")]
    name = COMMON.get(name, COMMON.get(name.removesuffix(" knot"), name))
    if "#" in name:
        return _sum([part.strip() for part in name.split("#")])
    if PRIME.fullmatch(name):
        return _prime(name)
    if near := difflib.get_close_matches(name, [*COMMON, *MUTANTS], n=1, cutoff=0.8):
        raise ValueError(f"there is no knot called {text!r}; did you mean {near[0]}?")
    return None


def _sum(names: list[str]) -> Braid | None:
    """The connected sum of knots with these names, None if none of them is one."""
    knots = [named_knot(name) for name in names]
    if all(knot is None for knot in knots):
        return None
    braid = Braid((), 1)
    for name, knot in zip(names, knots, strict=True):
        if knot is None:
            raise ValueError(f"{name!r} is no name of a knot known here; a sum is written 3_1#4_1")
        braid = braid.connected_sum(knot if isinstance(knot, Braid) else braid_of(knot))
    return braid


def _prime(name: str) -> Braid:
    match = PRIME.fullmatch(name)
    assert match is not None  # `named_knot` has looked.
    before, crossings, number, behind = match.groups()
    plain = f"{int(crossings)}_{int(number)}"
    if plain == "0_1":
        return Braid((), 1)
    found = {knot.name: knot.braid for knot in prime_knots()}.get(plain)
    if found is None:
        last = sum(knot.crossings == int(crossings) for knot in prime_knots())
        known = (
            f"those of {crossings} crossings end at {crossings}_{last}"
            if last
            else (f"the table has knots of 3 to {LARGEST} crossings")
        )
        raise ValueError(f"there is no knot {plain} in the table of names; {known}")
    return found.mirror if bool(before) != bool(behind) else found
