"""Dowker-Thistlethwaite codes, numerical and alphabetical."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..braids import Diagram
from .curve import diagram_of
from .integers import check_one_component, integers, shortened

LETTERS = re.compile(r"[A-Za-z]+")


def read_dt(text: str) -> Diagram:
    """The knot of a DT code without its prefix: `4 6 2`, `[(4, 6, 2)]`, `bca` or `cacbca`.

    In the alphabetical form a is 2, b is 4, ...; a capital letter is a negative entry. In front of it may stand, as
    SnapPy writes it, the number of crossings, of components, and of crossings of each component.

    Raises:
        ValueError: as `of_dt`, and for a code of several components.
    """
    check_one_component(text, "the DT code")
    word = text.strip(" \t[]()\"'")
    if not LETTERS.fullmatch(word):
        return of_dt(integers(text, "entry", "the DT code"))
    count = _value(word[0]) if len(word) > 2 else 0
    # No code without that header begins like this: it would have a letter twice.
    if word[1:2] == "a" and word[2:3] == word[0] and len(word) == count + 3:
        word = word[3:]
    elif len(word) > 2 and 1 < _value(word[1]) == len(word) - 2 - count:
        raise ValueError(f"the DT code is a link of {_value(word[1])} components; this needs a knot")
    return of_dt([2 * _value(letter) for letter in word])


def _value(letter: str) -> int:
    """1 for a, 2 for b, ...; -1 for A, -2 for B, ..."""
    return ord(letter) - ord("a") + 1 if letter.islower() else -(ord(letter) - ord("A") + 1)


def of_dt(code: Sequence[int]) -> Diagram:
    """The knot of a DT code, or its mirror image, which has the same code; so have the parts of a composite knot.

    Walking along the knot, crossings are passed 2n times; entry k is the even number of the passage that meets
    passage 2k - 1. It is negative where that crossing is not as in an alternating diagram.

    Raises:
        ValueError: for entries that are not the even numbers from 2 to 2n, more than 400 of them, or a code of no
            plane curve.
    """
    count, seen = len(code), set()
    for place, entry in enumerate(code, start=1):
        if entry % 2 or not 2 <= abs(entry) <= 2 * count or abs(entry) in seen:
            raise ValueError(
                f"entry {place} of the DT code is {entry}; its {count} entries must be the even numbers from 2 to "
                f"{2 * count}, each once and up to sign"
            )
        seen.add(abs(entry))
    passages = [(2 * k + 1, abs(entry)) for k, entry in enumerate(code)]
    # In an alternating diagram odd passages are above.
    above = [odd if entry > 0 else even for (odd, even), entry in zip(passages, code, strict=True)]
    return diagram_of(passages, above, f"the DT code {shortened(' '.join(map(str, code)))}")
