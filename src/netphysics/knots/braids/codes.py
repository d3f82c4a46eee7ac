"""Reading and writing knots: braid words, PD codes and DT codes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .braid import Braid
from .diagram import Diagram, End, genus

INTEGER = re.compile(r"[+-]?\d+")
ROW = re.compile(r"[\[(]([^\[\]()]*)[\])]")
# PD..., X[..., [[...
PD = re.compile(r"(?:PD|X\s*[\[(]|[\[(]\s*[\[(])", re.IGNORECASE)
SEPARATORS = re.compile(r"[\s,;{}\[\]()]+")


def read(text: str) -> Braid | Diagram:
    """A knot or link from a braid word, a PD code or a DT code.

    `1 -2 1 -2`, `[1,-2,1,-2]` and `{1, -2, 1, -2}` are braid words; `PD[X[1,5,2,4], ...]` and `[[1,5,2,4], ...]`
    PD codes; `DT[4, 6, 2]` and `DT: 4 6 2` DT codes.

    Raises:
        ValueError: for anything else, saying where it is wrong.
    """
    text = text.strip()
    if text[:2].upper() == "DT":
        return of_dt(_integers(text[2:], "entry", "the DT code"))
    if PD.match(text):
        inner = re.sub(r"^(?:PD)?\s*[\[(](.*)[\])]$", r"\1", text, flags=re.IGNORECASE | re.DOTALL)
        rows = [_integers(row, "label", f"crossing {k} of the PD code") for k, row in enumerate(ROW.findall(inner), 1)]
        return Diagram.of_pd(rows)
    return Braid(_integers(text, "letter", "the braid word"))


def _integers(text: str, what: str, where: str) -> list[int]:
    words = [word for word in SEPARATORS.split(text.lstrip(":")) if word]
    for place, word in enumerate(words, start=1):
        if not INTEGER.fullmatch(word):
            raise ValueError(f"{what} {place} of {where} is {word!r}; it must be an integer")
    return list(map(int, words))


def write_pd(diagram: Diagram) -> str:
    """The PD code in the notation of KnotInfo."""
    return "[" + ",".join(f"[{','.join(map(str, row))}]" for row in diagram.crossings) + "]"


def of_dt(code: Sequence[int]) -> Diagram:
    """The knot of a DT code, or its mirror image, which has the same code.

    Walking along the knot, crossings are passed 2n times; entry k is the even number of the passage that meets
    passage 2k - 1. It is negative where that crossing is not as in an alternating diagram. The code does not
    say on which side a passage comes in; that follows, since the curve must fit into the plane.

    Raises:
        ValueError: for entries that are not the even numbers from 2 to 2n, or a code of no plane curve.
    """
    count = len(code)
    for place, entry in enumerate(code, start=1):
        if entry % 2 or not 2 <= abs(entry) <= 2 * count or [abs(e) for e in code].count(abs(entry)) > 1:
            raise ValueError(
                f"entry {place} of the DT code is {entry}; its {count} entries must be the even numbers from 2 to "
                f"{2 * count}, each once and up to sign"
            )
    passages = [(2 * k + 1, abs(entry)) for k, entry in enumerate(code)]
    crossing_at = {passage: k for k, pair in enumerate(passages) for passage in pair}
    # In an alternating diagram odd passages are above.
    above = [odd if entry > 0 else even for (odd, even), entry in zip(passages, code, strict=True)]
    below = [even if entry > 0 else odd for (odd, even), entry in zip(passages, code, strict=True)]
    signs = _signs_in_the_plane(passages, crossing_at, above)
    if signs is None:
        raise ValueError(f"the DT code {' '.join(map(str, code))} is the code of no diagram in the plane")
    rows = []
    for under, over, sign in zip(below, above, signs, strict=True):
        after_under, after_over = under % (2 * count) + 1, over % (2 * count) + 1
        rows.append((under, after_over, after_under, over) if sign > 0 else (under, over, after_under, after_over))
    return Diagram(tuple(rows), tuple(signs), 0 if rows else 1)


def _signs_in_the_plane(
    passages: Sequence[tuple[int, int]], crossing_at: dict[int, int], above: Sequence[int]
) -> list[int] | None:
    """Signs of the crossings with which the curve can be drawn in the plane, from its start to its end."""
    returns = sorted(max(pair) for pair in passages)

    def extended(signs: dict[int, int]) -> dict[int, int] | None:
        if len(signs) == len(passages):
            return signs
        now = returns[len(signs)]
        # The first crossing may have either sign: the other choice is the mirror image.
        for sign in (1, -1) if signs else (1,):
            tried = {**signs, crossing_at[now]: sign}
            if genus(_drawn(tried, now, crossing_at, above, 2 * len(passages))) == 0:
                found = extended(tried)
                if found is not None:
                    return found
        return None

    found = extended({})
    return None if found is None else [found[k] for k in range(len(passages))]


def _drawn(
    signs: dict[int, int], now: int, crossing_at: dict[int, int], above: Sequence[int], last: int
) -> dict[End, End]:
    """The edges of the curve from its first to its latest return to a crossing; all round once it is complete."""
    across = {}
    visits = [passage for passage in range(1, now + 1) if crossing_at[passage] in signs]
    for passage, following in zip(visits, visits[1:] + visits[:1] * (now == last), strict=False):
        ends = []
        for visit, leaves in ((passage, True), (following, False)):
            k = crossing_at[visit]
            over, under = 1 if leaves == (signs[k] > 0) else 3, 2 if leaves else 0
            slot = over if above[k] == visit else under
            ends.append((k, slot))
        across |= {ends[0]: ends[1], ends[1]: ends[0]}
    return across
