"""Actions: what an agent may do to a closed braid, and what each action means in moves that a checker replays.

The plain form, one word at a time; `words` does the same to padded arrays, compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..braids import Braid, Certificate, Move, apply_all, certify, smart_collapse
from ..braids.moves import braid_relation

FRONT = ("shift left", "shift right", "commute", "braid", "collapse")
SHIFT_LEFT, SHIFT_RIGHT, COMMUTE, BRAID, COLLAPSE = range(len(FRONT))
KINDS = (*FRONT, "conjugate", "exchange", "stabilize", "relate")
CONJUGATE, EXCHANGE, STABILIZE, RELATE = range(len(FRONT), len(KINDS))
# Letters are kept in eight bits.
LARGEST = 127


@dataclass(frozen=True)
class Actions:
    """The actions on words of up to 2N letters: N + 5 of them (Halverson, talk at IAS 2020; 2010.16263).

    | kind | what it does |
    |---|---|
    | shift left | the first letter goes to the end |
    | shift right | the last letter goes to the front |
    | commute | braid relation 1: the first two letters change places where they commute; then shift right |
    | braid | braid relation 2: the first three letters are rewritten where they can be; then shift right |
    | collapse | SmartCollapse: destabilize and remove inverses until nothing changes |
    | conjugate | w -> g w g^-1 with one of the N letters g = 1, -1, 2, -2, ... |

    The extended set adds what conjugation and destabilization alone cannot replace:

    | kind | what it does |
    |---|---|
    | exchange | the only two letters of the largest size, or else of size 1, change places where their signs differ |
    | stabilize | appends a new largest letter, positive or negative |
    | relate | whichever braid relation applies at one of the 2N places, without a shift |

    An action that cannot be done leaves the word as it is, except that the shift of `commute` and `braid` is always
    made. There is no room for more than 2N letters.

    Attributes:
        letters: N; words begin with at most so many letters.
        extended: whether the extended set is used.
        without: kinds of actions that an agent must do without: they are never legal.

    Raises:
        ValueError: for fewer than 3 or more than 254 letters, or a kind that does not exist.
    """

    letters: int
    extended: bool = False
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.letters < 3:
            raise ValueError(f"letters is {self.letters}; every shorter word collapses, so it must be at least 3")
        if self.letters > 2 * LARGEST:
            raise ValueError(f"letters is {self.letters}; letters are kept in eight bits, so it must be at most 254")
        if unknown := set(self.without) - set(KINDS):
            raise ValueError(f"without has {min(unknown)!r}; each must be one of {', '.join(KINDS)}")

    def __len__(self) -> int:
        return len(self.table)

    @property
    def room(self) -> int:
        """The letters of a padded word: 2N."""
        return 2 * self.letters

    @property
    def table(self) -> tuple[tuple[int, int], ...]:
        """The kind of each action, and its letter, sign or place."""
        table = [(kind, 0) for kind in range(len(FRONT))]
        table += [(CONJUGATE, (1 + k // 2) * (1 - 2 * (k % 2))) for k in range(self.letters)]
        if self.extended:
            table += [(EXCHANGE, 0), (STABILIZE, 1), (STABILIZE, -1)]
            table += [(RELATE, place) for place in range(self.room)]
        return tuple(table)

    def name(self, action: int) -> str:
        """An action in words."""
        kind, argument = self.table[action]
        return KINDS[kind] if kind < CONJUGATE or kind == EXCHANGE else f"{KINDS[kind]} {argument}"

    def moves(self, braid: Braid, action: int) -> list[Move]:
        """The moves that an action makes; none where it changes nothing."""
        kind, argument = self.table[action]
        length = len(braid)
        back = [Move("rotate", length - 1)] if length > 1 else []
        if kind == SHIFT_LEFT:
            return [Move("rotate", 1)] if length > 1 else []
        if kind == SHIFT_RIGHT:
            return back
        if kind in (COMMUTE, BRAID):
            return [move for move in relations(braid, 0) if move.name == KINDS[kind]] + back
        if kind == COLLAPSE:
            return smart_collapse(braid)[1]
        if kind == CONJUGATE and abs(argument) < braid.strands and length + 2 <= self.room:
            return [Move("insert", length, -argument), Move("rotate", length + 1)]
        if kind == EXCHANGE:
            return exchanged(braid, braid.strands - 1) or exchanged(braid, 1)
        if kind == STABILIZE and length < self.room and braid.strands <= LARGEST:
            return [Move("stabilize", 0, argument * braid.strands)]
        return relations(braid, argument) if kind == RELATE else []

    def possible(self, braid: Braid) -> list[bool]:
        """Which actions do something of their own; a relation that does not apply would only shift."""
        front = {move.name for move in relations(braid, 0)}
        return [
            KINDS[kind] not in self.without
            and (KINDS[kind] in front if kind in (COMMUTE, BRAID) else bool(self.moves(braid, action)))
            for action, (kind, _) in enumerate(self.table)
        ]

    def certificate(self, start: Braid, taken: Sequence[int]) -> Certificate:
        """The certificate of a game: all moves from its first word to its last one."""
        braid, moves = start, []
        for action in taken:
            made = self.moves(braid, action)
            braid = apply_all(braid, made)
            moves += made
        return certify(start, moves)


def relations(braid: Braid, place: int) -> list[Move]:
    """The braid relation that applies to the letters from a place on, if any does: never are there two."""
    word = braid.letters
    if place + 1 < len(word) and abs(abs(word[place]) - abs(word[place + 1])) > 1:
        return [Move("commute", place)]
    return [Move("braid", place)] if braid_relation(*word[place : place + 3]) else []


def exchanged(braid: Braid, size: int) -> list[Move]:
    """The exchange of the two letters of the largest size or, turned over, of size 1; none where it does not apply."""
    pair = [k for k, letter in enumerate(braid.letters) if abs(letter) == size]
    if len(pair) != 2 or braid.letters[pair[0]] != -braid.letters[pair[1]]:
        return []
    over = [] if size == braid.strands - 1 else [Move("flip")]
    return [*over, Move("exchange", *pair), *over]
