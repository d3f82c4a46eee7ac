"""Certificates: a list of moves from one closed braid to another, and the checker that believes no one.

The checker is written from the definitions of the moves. It shares nothing with the code that finds and
applies them, so that a mistake there cannot repeat itself here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Move(NamedTuple):
    """One move on a closed braid w of n strands; places count letters from 0.

    | name | what it does |
    |---|---|
    | rotate | moves the first `place` letters to the end (conjugation) |
    | flip | s_i -> s_(n-i) in the whole word: conjugation by a half twist |
    | insert | puts `letter`, -`letter` in front of the letter at `place` |
    | cancel | removes the letters at `place` and after it, which are inverse to each other |
    | commute | swaps the letters at `place` and after it, which are two or more apart: s_i s_j = s_j s_i |
    | braid | rewrites three letters from `place`: s_i s_j s_i = s_j s_i s_j for neighbors i, j, and its forms with \
mixed signs, x y z -> the word z' y' x' with sizes exchanged and signs reversed in order |
    | stabilize | appends `letter` = ±n and adds a strand |
    | destabilize | removes the letter at `place`, the only one of size n-1 (or the only one of size 1; then all \
others move down by one), and a strand |
    | exchange | reverses the signs of the letters at `place` and `letter` (a second place), the only ones of size \
n-1, which are of opposite sign |
    | flype | a s_(n-1)^p s_(n-2)^q s_(n-1)^e -> a s_(n-1)^e s_(n-2)^q s_(n-1)^p, where e = ±1 is the last letter, \
`place` is where the power p begins and a holds no letter of size n-1 |
    """

    name: str
    place: int = 0
    letter: int = 0


@dataclass(frozen=True)
class Certificate:
    """The claim that two closed braids are the same link, with the moves that show it.

    Attributes:
        start, strands: the first braid.
        moves: what is done to it, in order.
        end, end_strands: the braid that comes out.
    """

    start: tuple[int, ...]
    strands: int
    moves: tuple[Move, ...]
    end: tuple[int, ...]
    end_strands: int

    def to_json(self) -> dict:
        """The certificate as plain JSON values; a move is [name, place, letter]."""
        return {
            "start": list(self.start),
            "strands": self.strands,
            "moves": [list(move) for move in self.moves],
            "end": list(self.end),
            "end_strands": self.end_strands,
        }

    @classmethod
    def from_json(cls, values: dict) -> Certificate:
        moves = tuple(Move(*move) for move in values["moves"])
        return cls(tuple(values["start"]), values["strands"], moves, tuple(values["end"]), values["end_strands"])


def check(certificate: Certificate) -> None:
    """Replay a certificate.

    Raises:
        ValueError: for the first move that is not allowed, or an end that is not reached.
    """
    word, strands = list(certificate.start), certificate.strands
    for number, move in enumerate(certificate.moves):
        try:
            word, strands = _replay(word, strands, move)
        except _NotAllowed:
            raise ValueError(f"move {number} of the certificate, {tuple(move)}, is not allowed at {word}") from None
    if (tuple(word), strands) != (certificate.end, certificate.end_strands):
        raise ValueError(f"the certificate ends at {word} on {strands} strands, not at {list(certificate.end)}")


def proves_unknot(certificate: Certificate) -> bool:
    """Whether a certificate, once it is checked, shows that both of its ends are the unknot."""
    return ((), 1) in ((certificate.start, certificate.strands), (certificate.end, certificate.end_strands))


class _NotAllowed(Exception):
    pass


def _demand(condition: bool) -> None:
    if not condition:
        raise _NotAllowed


def _replay(w: Sequence[int], n: int, move: Move) -> tuple[list[int], int]:
    name, k, x = move
    w = list(w)
    if name == "rotate":
        _demand(0 <= k <= len(w))
        return w[k:] + w[:k], n
    if name == "flip":
        return [n - letter if letter > 0 else -n - letter for letter in w], n
    if name == "insert":
        _demand(0 <= k <= len(w) and 1 <= abs(x) < n)
        return [*w[:k], x, -x, *w[k:]], n
    if name == "stabilize":
        _demand(abs(x) == n)
        return [*w, x], n + 1
    _demand(0 <= k < len(w))
    if name == "cancel":
        _demand(k + 1 < len(w) and w[k] + w[k + 1] == 0)
        return w[:k] + w[k + 2 :], n
    if name == "commute":
        _demand(k + 1 < len(w) and abs(abs(w[k]) - abs(w[k + 1])) >= 2)
        return [*w[:k], w[k + 1], w[k], *w[k + 2 :]], n
    if name == "braid":
        _demand(k + 2 < len(w))
        return w[:k] + _triple(*w[k : k + 3]) + w[k + 3 :], n
    if name == "destabilize":
        sizes = [abs(letter) for letter in w]
        _demand(sizes.count(sizes[k]) == 1 and sizes[k] in (1, n - 1))
        rest = w[:k] + w[k + 1 :]
        if sizes[k] != n - 1:
            rest = [letter - 1 if letter > 0 else letter + 1 for letter in rest]
        return rest, n - 1
    if name == "exchange":
        top = [place for place, letter in enumerate(w) if abs(letter) == n - 1]
        _demand(n > 1 and sorted((k, x)) == top and w[k] + w[x] == 0)
        w[k], w[x] = w[x], w[k]
        return w, n
    if name == "flype":
        return _flype(w, n, k), n
    raise _NotAllowed


def _triple(a: int, b: int, c: int) -> list[int]:
    """The other side of a relation a b c = d e f between neighbors, found by trying all candidates in B_3.

    Two words of three letters are equal when they send the free group's generators to the same elements.
    """
    i, j = abs(a), abs(b)
    _demand(abs(c) == i and abs(i - j) == 1)
    low = min(i, j)
    wanted = _artin([letter - (low - 1) * (1 if letter > 0 else -1) for letter in (a, b, c)])
    for p in (j, -j):
        for q in (i, -i):
            for r in (j, -j):
                if _artin([letter - (low - 1) * (1 if letter > 0 else -1) for letter in (p, q, r)]) == wanted:
                    return [p, q, r]
    raise _NotAllowed


def _artin(word: Sequence[int]) -> list[list[int]]:
    """Artin's action of B_3 on the free group of rank 3: s_i maps x_i to x_i x_(i+1) x_i^-1 and x_(i+1) to x_i."""
    images = [[1], [2], [3]]
    for letter in word:
        i = abs(letter)
        forward, backward = {i: [i, i + 1, -i], i + 1: [i]}, {i: [i + 1], i + 1: [-(i + 1), i, i + 1]}
        substitute = forward if letter > 0 else backward
        images = [_reduced(image, substitute) for image in images]
    return images


def _reduced(word: Sequence[int], substitute: dict[int, list[int]]) -> list[int]:
    out: list[int] = []
    for x in word:
        image = substitute.get(abs(x), [abs(x)])
        for y in image if x > 0 else [-y for y in reversed(image)]:
            if out and out[-1] == -y:
                out.pop()
            else:
                out.append(y)
    return out


def _flype(w: list[int], n: int, k: int) -> list[int]:
    """w = a u v e with a free of the top letter, u a power of it, v a power of the next one, e the top letter."""
    top = n - 1
    _demand(n >= 3 and all(abs(letter) != top for letter in w[:k]) and abs(w[-1]) == top)
    middle = k
    while middle < len(w) and w[middle] == w[k]:
        middle += 1
    u, v, e = w[k:middle], w[middle:-1], w[-1:]
    _demand(abs(w[k]) == top and bool(v) and abs(v[0]) == top - 1 and all(letter == v[0] for letter in v))
    return w[:k] + e + v + u
