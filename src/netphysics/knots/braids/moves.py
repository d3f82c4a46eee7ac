"""Moves on closed braids: where each applies, and what it does.

Artin's relations, Markov's moves, exchange moves and flypes, each as a `Move` that `apply` carries out. What
makes a move legal is stated in `certificate.Move`; `certificate.check` replays it on its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .braid import Braid
from .certificate import Certificate, Move


def apply(braid: Braid, move: Move) -> Braid:
    """The braid after a move.

    Raises:
        ValueError: for a move that is not allowed there.
    """
    w, n = braid.letters, braid.strands
    name, k, x = move
    if not 0 <= k <= len(w):
        raise ValueError(f"place of the move is {k}; the word has {len(w)} letters")
    if name == "rotate":
        return Braid(w[k:] + w[:k], n)
    if name == "flip":
        return braid.flipped
    if name == "insert" and 0 < abs(x) < n:
        return Braid((*w[:k], x, -x, *w[k:]), n)
    if name == "cancel" and k in cancellations(braid):
        return Braid(w[:k] + w[k + 2 :], n)
    if name == "commute" and k in commutations(braid):
        return Braid((*w[:k], w[k + 1], w[k], *w[k + 2 :]), n)
    if name == "braid" and (triple := braid_relation(*w[k : k + 3])):
        return Braid(w[:k] + triple + w[k + 3 :], n)
    if name == "stabilize" and abs(x) == n:
        return Braid((*w, x), n + 1)
    if name == "destabilize" and k in destabilizations(braid):
        return remove_strand(braid, k)
    if name == "exchange" and (k, x) in exchanges(braid):
        swapped = list(w)
        swapped[k], swapped[x] = -w[k], -w[x]
        return Braid(swapped, n)
    if name == "flype" and k in flypes(braid):
        middle = k + run_length(w, k)
        return Braid(w[:k] + w[-1:] + w[middle:-1] + w[k:middle], n)
    raise ValueError(f"the move {name} is not allowed at place {k} of {braid}")


def apply_all(braid: Braid, moves: Sequence[Move]) -> Braid:
    """The braid after several moves.

    Raises:
        ValueError: for the first that is not allowed where it comes.
    """
    for move in moves:
        braid = apply(braid, move)
    return braid


def certify(start: Braid, moves: Sequence[Move]) -> Certificate:
    """The certificate that `moves` lead from `start` to where they lead."""
    end = apply_all(start, moves)
    return Certificate(start.letters, start.strands, tuple(moves), end.letters, end.strands)


def braid_relation(a: int = 0, b: int = 0, c: int = 0) -> tuple[int, int, int] | None:
    """The other side of s_i s_j s_i = s_j s_i s_j and its mixed forms; None where none applies.

    With sizes |a| = |c| = i and |b| = j neighbors, and signs p, q, r, the word i^p j^q i^r equals j^r i^q j^p,
    unless p = r = -q: such a word is no other word of three letters.
    """
    if abs(a) != abs(c) or abs(abs(a) - abs(b)) != 1 or a == 0 or b == 0 or (a == c and (a > 0) != (b > 0)):
        return None
    i, j = abs(a), abs(b)
    return (j if c > 0 else -j, i if b > 0 else -i, j if a > 0 else -j)


def cancellations(braid: Braid) -> list[int]:
    """Places of a letter that is followed by its inverse."""
    w = braid.letters
    return [k for k in range(len(w) - 1) if w[k] == -w[k + 1]]


def commutations(braid: Braid) -> list[int]:
    """Places of a letter that may be swapped with the next one."""
    w = braid.letters
    return [k for k in range(len(w) - 1) if abs(abs(w[k]) - abs(w[k + 1])) > 1]


def braid_relations(braid: Braid) -> list[int]:
    """Places where three letters can be rewritten."""
    w = braid.letters
    return [k for k in range(len(w) - 2) if braid_relation(*w[k : k + 3])]


def destabilizations(braid: Braid) -> list[int]:
    """Places of a letter that is the only one of the largest size, or the only one of size 1."""
    sizes = [abs(letter) for letter in braid.letters]
    ends = {braid.strands - 1, 1}
    return [k for k, size in enumerate(sizes) if size in ends and sizes.count(size) == 1]


def remove_strand(braid: Braid, k: int) -> Braid:
    """Without the letter at place k; where it was the only one of size 1, all others move down."""
    rest = braid.letters[:k] + braid.letters[k + 1 :]
    if abs(braid.letters[k]) != braid.strands - 1:
        rest = tuple(letter - 1 if letter > 0 else letter + 1 for letter in rest)
    return Braid(rest, braid.strands - 1)


def exchanges(braid: Braid) -> list[tuple[int, int]]:
    """The two places of an exchange move, if there is one: a s_(n-1) b s_(n-1)^-1 with a, b in B_(n-1)."""
    top = [k for k, letter in enumerate(braid.letters) if abs(letter) == braid.strands - 1]
    if len(top) != 2 or braid.letters[top[0]] != -braid.letters[top[1]]:
        return []
    return [(top[0], top[1])]


def flypes(braid: Braid) -> list[int]:
    """Where the power p begins in a word a s_(n-1)^p s_(n-2)^q s_(n-1)^e of a flype, as it is written."""
    w, top = braid.letters, braid.strands - 1
    k = next((k for k, letter in enumerate(w) if abs(letter) == top), len(w))
    if top < 2 or k + 2 >= len(w):
        return []
    middle = k + run_length(w, k)
    rest = w[middle:-1]
    fits = rest and abs(rest[0]) == top - 1 and run_length(w, middle) == len(rest) and abs(w[-1]) == top
    return [k] if fits else []


def run_length(w: Sequence[int], k: int) -> int:
    """How many letters from place k on are the same."""
    end = k
    while end < len(w) and w[end] == w[k]:
        end += 1
    return end - k


def moves_at(braid: Braid) -> Iterator[Move]:
    """All moves that do not lengthen the word, as it is written."""
    yield from (Move("rotate", k) for k in range(1, len(braid)))
    yield Move("flip")
    yield from (Move("cancel", k) for k in cancellations(braid))
    yield from (Move("commute", k) for k in commutations(braid))
    yield from (Move("braid", k) for k in braid_relations(braid))
    yield from (Move("destabilize", k) for k in destabilizations(braid))
    yield from (Move("exchange", k, x) for k, x in exchanges(braid))
    yield from (Move("flype", k) for k in flypes(braid))
