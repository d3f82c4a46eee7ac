"""Lists of integers out of text: what all numerical codes of knots are made of."""

from __future__ import annotations

import re

INTEGER = re.compile(r"[+-]?\d{1,9}")
SEPARATORS = re.compile(r"[\s,;{}\[\]()]+")
PAIRS = {")": "(", "]": "[", "}": "{"}


def integers(text: str, what: str, where: str) -> list[int]:
    """The integers of a text, separated by blanks, commas or brackets.

    Raises:
        ValueError: for a word that is no integer of at most nine digits, or for brackets that do not match; `what`
            and `where` name it.
    """
    check_brackets(text, where)
    words = [word for word in SEPARATORS.split(text) if word]
    for place, word in enumerate(words, start=1):
        if not INTEGER.fullmatch(word):
            raise ValueError(f"{what} {place} of {where} is {shortened(word)}; it must be an integer")
    return list(map(int, words))


def check_brackets(text: str, where: str) -> None:
    """Raise ValueError for a bracket without its partner."""
    open_ones: list[str] = []
    for mark in text:
        if mark in PAIRS.values():
            open_ones.append(mark)
        elif mark in PAIRS and (not open_ones or open_ones.pop() != PAIRS[mark]):
            raise ValueError(f"{where} has a {mark!r} that closes nothing")
    if open_ones:
        raise ValueError(f"{where} has a {open_ones[-1]!r} that is not closed")


def shortened(text: str, most: int = 40) -> str:
    """A text in quotation marks for a message, cut where it is long."""
    return repr(text if len(text) <= most else text[:most] + "...")


def check_one_component(text: str, where: str) -> None:
    """Raise ValueError for a code with several lists: one for each component of a link."""
    if (lists := len(re.findall(r"[\[({][^\[\](){}]*[\])}]", text))) > 1:
        raise ValueError(f"{where} is a link of {lists} components; links are read as PD codes, braids or names")
