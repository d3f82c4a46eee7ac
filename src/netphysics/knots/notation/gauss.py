"""Gauss codes: the crossings in the order of a walk along the knot, plain, signed and extended."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..braids import Diagram
from .curve import diagram_of
from .integers import check_one_component, integers, shortened

PASSAGE = re.compile(r"\s*([OoUu])\s*(\d{1,6})\s*([+-])\s*,?")
WITHOUT_SIGNS = re.compile(r"(?:\s*[OoUu]\s*\d{1,6}\s*,?)+")


def read_gauss(text: str) -> Diagram:
    """The knot of a Gauss code without its prefix: `1 -2 3 -1 2 -3`, `O1+U2+O3+U1+O2+U3+` or `O1U2O3U1O2U3`.

    Raises:
        ValueError: as `of_gauss` and `of_signed_gauss`.
    """
    check_one_component(text, "the Gauss code")
    if not re.search(r"[OoUu]", text):
        return of_gauss(integers(text, "entry", "the Gauss code"))
    inner = text.strip(" \t[](){}\"'")
    if WITHOUT_SIGNS.fullmatch(inner):
        words = re.findall(r"([OoUu])\s*(\d+)", inner)
        return of_gauss([int(number) if kind in "Oo" else -int(number) for kind, number in words])
    passages = PASSAGE.findall(inner)
    if PASSAGE.sub("", inner).strip():
        raise ValueError(
            f"the signed Gauss code is {shortened(inner)}; each passage must be O or U, the number of the crossing and "
            "its sign, as in O1+U2+"
        )
    return of_signed_gauss([(kind in "Oo", int(number), 1 if sign == "+" else -1) for kind, number, sign in passages])


def of_gauss(code: Sequence[int]) -> Diagram:
    """The knot of a plain Gauss code, or its mirror image, which has the same code (so have the parts of a composite
    knot): k where one passes above crossing k, -k where one passes below.

    Raises:
        ValueError: unless each crossing is passed once above and once below; for more than 400 crossings, or a code of
            no plane curve.
    """
    _check_passages([(entry > 0, abs(entry)) for entry in code])
    passages, above = _meetings([(entry > 0, abs(entry)) for entry in code])
    return diagram_of(passages, above, f"the Gauss code {shortened(' '.join(map(str, code)))}")


def of_signed_gauss(code: Sequence[tuple[bool, int, int]]) -> Diagram:
    """The knot of a signed Gauss code: of each passage whether it is above, its crossing, and the crossing's sign.

    Raises:
        ValueError: as `of_gauss`; for two signs of one crossing; for a virtual knot.
    """
    walk = [(above, number) for above, number, _ in code]
    _check_passages(walk)
    signs: dict[int, int] = {}
    for _, number, sign in code:
        if signs.setdefault(number, sign) != sign:
            raise ValueError(f"crossing {number} of the signed Gauss code has two signs; it must have one")
    passages, above = _meetings(walk)
    text = "".join(f"{'O' if up else 'U'}{number}{'+' if sign > 0 else '-'}" for up, number, sign in code)
    return diagram_of(passages, above, f"the Gauss code {shortened(text)}", list(signs.values()))


def of_extended_gauss(code: Sequence[int]) -> Diagram:
    """The knot of an extended Gauss code: the first time that a crossing is passed, its entry is positive above and
    negative below; the second time, positive for a positive crossing and negative for a negative one.

    Raises:
        ValueError: as `of_signed_gauss`, and for a crossing that is not passed twice.
    """
    numbers = [abs(entry) for entry in code]
    for number in numbers:
        if (times := numbers.count(number)) != 2:
            raise ValueError(f"crossing {number} of the extended Gauss code occurs {times} times; it must occur twice")
    first: dict[int, bool] = {}
    # Of two entries the second holds.
    sign = {abs(entry): 1 if entry > 0 else -1 for entry in code}
    passages = []
    for entry in code:
        number = abs(entry)
        above = not first[number] if number in first else entry > 0
        first.setdefault(number, above)
        passages.append((above, number, sign[number]))
    return of_signed_gauss(passages)


def _check_passages(walk: Sequence[tuple[bool, int]]) -> None:
    """Raise ValueError unless each crossing is passed once above and once below."""
    seen: dict[int, list[bool]] = {}
    for above, number in walk:
        seen.setdefault(number, []).append(above)
    for number, found in seen.items():
        if number == 0:
            raise ValueError("the Gauss code has an entry 0; crossings count from 1")
        if sorted(found) != [False, True]:
            times: dict[tuple[bool, ...], str] = {(False, False): "twice below", (True, True): "twice above"}
            how = times.get(tuple(found), f"{len(found)} times" if len(found) != 1 else "once only")
            raise ValueError(
                f"crossing {number} of the Gauss code is passed {how}; it must be passed once above (positive) and "
                "once below (negative)"
            )


def _meetings(walk: Sequence[tuple[bool, int]]) -> tuple[list[tuple[int, int]], list[int]]:
    """The two passages of each crossing, and which is above, crossings in the order in which they first occur."""
    found: dict[int, dict[bool, int]] = {}
    for place, (above, number) in enumerate(walk, start=1):
        found.setdefault(number, {})[above] = place
    return [(pair[True], pair[False]) for pair in found.values()], [pair[True] for pair in found.values()]
