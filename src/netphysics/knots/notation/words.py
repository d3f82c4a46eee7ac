"""Braid words as text: integers, letters, or Artin's generators with exponents."""

from __future__ import annotations

import re

from ..braids import Braid
from .integers import integers, shortened

# Longer words, and generators of more strands, are no knots that anybody writes down.
MOST_LETTERS, MOST_STRANDS = 100_000, 500
RAISED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "-+01234567890123456789")
EXPONENT = re.compile(r"[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
GENERATOR = re.compile(r"(?:\\?sigma|σ|s)_?\{?(\d{1,4})\}?(?:\^\{?([+-]?\d{1,5})\}?)?[\s,*·.]*", re.IGNORECASE)
LETTER = re.compile(r"([A-Za-z])(?:\^\{?([+-]?\d{1,5})\}?)?[\s,*·.]*")
# BR[3, {1, -2}], and as tables have it {3, {1, -2}}.
WITH_STRANDS = re.compile(
    r"(?:(?:BR|Braid)\s*[\[(]\s*(\d{1,4})\s*,|[\[({]\s*(\d{1,4})\s*,(?=\s*[\[({]))(.*)[\])}]\s*$",
    re.IGNORECASE | re.DOTALL,
)
NAMED = re.compile(r"\s*braid(?:\s+word)?[\s:=]+", re.IGNORECASE)


def read_braid(text: str) -> Braid:
    """A braid from a word of integers (`1 -2 1 -2`), letters (`aBaB`: a capital is an inverse) or generators
    (`σ1 σ2⁻¹`, `s1^3 s2^-1`), with or without its number of strands (`BR[3, {1,-2,1,-2}]`, `{3, {1,-2,1,-2}}`).

    Raises:
        ValueError: for anything else, an empty word without its strands, or one of more than 100 000 letters or
            500 strands.
    """
    if found := WITH_STRANDS.match(text):
        return _braid(_letters(found[3]) if re.search(r"\w", found[3]) else [], int(found[1] or found[2]))
    letters = _letters(NAMED.sub("", text, count=1))
    if not letters:
        raise ValueError(f"the braid word {shortened(text)} is empty; the unknot is written 0_1")
    return _braid(letters, None)


def _braid(letters: list[int], strands: int | None) -> Braid:
    if len(letters) > MOST_LETTERS:
        raise ValueError(f"the braid word has {len(letters)} letters; at most {MOST_LETTERS} are read")
    for place, letter in enumerate(letters, start=1):
        if abs(letter) >= MOST_STRANDS:
            raise ValueError(
                f"letter {place} of the braid word is {letter}; braids are read up to {MOST_STRANDS} strands"
            )
    if strands is not None and not 1 <= strands <= MOST_STRANDS:
        raise ValueError(f"strands is {strands}; it must lie between 1 and {MOST_STRANDS}")
    return Braid(letters, strands)


def _letters(text: str) -> list[int]:
    if not re.search(r"[A-Za-zσ]", text):
        if len(re.findall(r"[\[({]", text)) > 1 or ";" in text:
            raise ValueError(
                f"{shortened(text)} is several lists; a braid word is one, and with strands BR[3, {{1,-2}}]"
            )
        return integers(text, "letter", "the braid word")
    plain = EXPONENT.sub(lambda raised: "^" + raised[0].translate(RAISED), text).translate(RAISED).strip(" []{}()\n\t")
    for form, value in ((GENERATOR, int), (LETTER, _value)):
        words = form.findall(plain)
        if words and not form.sub("", plain):
            return [letter for name, exponent in words for letter in _power(value(name), int(exponent or 1))]
    return integers(text, "letter", "the braid word")


def _value(letter: str) -> int:
    """1 for a, -1 for A, 2 for b, ..."""
    return ord(letter) - ord("a") + 1 if letter.islower() else -(ord(letter) - ord("A") + 1)


def _power(letter: int, exponent: int) -> list[int]:
    return [letter if exponent > 0 else -letter] * abs(exponent)
