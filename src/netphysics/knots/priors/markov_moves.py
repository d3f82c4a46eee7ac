"""One word at a time: the rounds of moves that both priors are made of.

This is the law in its plainest form, and it can keep a log in the language of certificates. `batched_words` does the
same to thousands of words at once, number for number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..braids import Braid, Move
from .streams import uniforms

DRAWS_PER_MOVE = 4
# Give up after this many rounds.
PATIENCE = 200_000


@dataclass(frozen=True)
class MoveSchedule:
    """What a round does: `moves` times a Markov move and a braid relation, then SmartCollapse.

    Attributes:
        moves: M.
        stabilization: probability that the Markov move is a stabilization rather than a conjugation.
        mixed_signs: whether the relation s_i s_j s_i = s_j s_i s_j is also used with mixed signs.
    """

    moves: int
    stabilization: float
    mixed_signs: bool


class GrowingWord:
    """A word that is being drawn: letters, strands, its place in its stream, and its log."""

    def __init__(self, seed: int, letters: list[int], strands: int, drawn: int, log: list[Move] | None = None):
        self.seed, self.letters, self.strands, self.drawn, self.log = seed, letters, strands, drawn, log

    def reset(self) -> None:
        """Begin anew with the empty word."""
        self.letters, self.strands = [], 1
        if self.log is not None:
            self.log.clear()

    def draw(self, count: int) -> list[float]:
        """The next numbers of the stream."""
        numbers = np.arange(self.drawn, self.drawn + count, dtype=np.uint64)
        self.drawn += count
        return uniforms(np.uint64(self.seed), numbers).tolist()

    def round(self, schedule: MoveSchedule) -> None:
        """Moves and SmartCollapse.

        A conjugation is g w g^-1 with a uniformly random letter g. On one strand the move is a stabilization. The
        relation is applied at the first place where it can be, from a uniformly random one on and around the end.
        """
        word, numbers = self.letters, iter(self.draw(DRAWS_PER_MOVE * schedule.moves))
        for side, kind, which, where in zip(numbers, numbers, numbers, numbers, strict=True):
            sign = 1 if side < 0.5 else -1
            if self.strands == 1 or kind < schedule.stabilization:
                word.append(sign * self.strands)
                if self.log is not None:
                    self.log.append(Move("stabilize", 0, sign * self.strands))
                self.strands += 1
            else:
                letter = sign * (1 + int(which * (self.strands - 1)))
                word.insert(0, letter)
                word.append(-letter)
                if self.log is not None:
                    self.log += (Move("insert", len(word) - 2, -letter), Move("rotate", len(word) - 1))
            place = relation_from(word, int(where * len(word)), schedule.mixed_signs)
            if place is not None and self.log is not None:
                self.log.append(Move("braid", place))
        self.collapse()

    def collapse(self) -> None:
        """SmartCollapse: the word of `braids.smart_collapse`, up to rotation."""
        self.reduce()
        while self.destabilize():
            while self.destabilize():
                pass
            self.reduce()

    def destabilize(self) -> bool:
        """Remove the only letter of the largest size, or else the only one of size 1."""
        sizes = [abs(letter) for letter in self.letters]
        if self.strands > 1 and sizes.count(self.strands - 1) == 1:
            place = sizes.index(self.strands - 1)
            del self.letters[place]
        elif sizes.count(1) == 1:
            place = sizes.index(1)
            self.letters = [x - 1 if x > 0 else x + 1 for x in self.letters if abs(x) != 1]
        else:
            return False
        self.strands -= 1
        if self.log is not None:
            self.log.append(Move("destabilize", place))
        return True

    def reduce(self) -> None:
        """Cyclic reduction."""
        kept: list[int] = []
        for letter in self.letters:
            if kept and kept[-1] == -letter:
                kept.pop()
                if self.log is not None:
                    self.log.append(Move("cancel", len(kept)))
            else:
                kept.append(letter)
        low, high = 0, len(kept)
        while high - low > 1 and kept[low] == -kept[high - 1]:
            if self.log is not None:
                self.log += (Move("rotate", 1), Move("cancel", high - low - 2))
            low, high = low + 1, high - 1
        self.letters = kept[low:high]

    def fill(self, letters: int, strands: int) -> None:
        """Append uniformly random letters of `strands` strands up to the given number of letters.

        Where the closure is no knot then, the word becomes empty (the KNOTIFY of 2010.16263, as we read it).
        """
        numbers = self.draw(2 * letters)
        for k in range(len(self.letters), letters):
            size = 1 + int(numbers[2 * k + 1] * (strands - 1))
            self.letters.append(size if numbers[2 * k] < 0.5 else -size)
        self.strands = max(self.strands, strands)
        if Braid(self.letters, self.strands).components > 1:
            self.reset()


def relation_from(word: list[int], start: int, mixed_signs: bool) -> int | None:
    """Apply a braid relation at the first place from `start` on, around the end; the place, None if nowhere."""
    last = len(word) - 2
    for places in (range(start, last), range(min(start, last))):
        for k in places:
            a, c = word[k], word[k + 2]
            if a == c or (a == -c and mixed_signs):
                b = word[k + 1]
                i, j = abs(a), abs(b)
                if abs(i - j) == 1 and (a != c or (a > 0) == (b > 0)):
                    word[k : k + 3] = (j if c > 0 else -j, i if b > 0 else -i, j if a > 0 else -j)
                    return k
    return None


def draw_unknot(word: GrowingWord, letters: int, schedule: MoveSchedule) -> None:
    """Go on until the word has the given number of letters: RANDOMUNKNOT.

    Raises:
        ValueError: when it has not come to its end in 200,000 rounds.
    """
    for _ in range(PATIENCE):
        if len(word.letters) == letters:
            return
        if len(word.letters) > letters:
            word.reset()
        word.round(schedule)
    raise ValueError(f"no word of {letters} letters came out of {PATIENCE} rounds; try other moves")


def draw_knot(word: GrowingWord, letters: int, strands: int, schedule: MoveSchedule) -> None:
    """Go on until the word has the given number of letters and a knot for its closure: RANDOMKNOT.

    Raises:
        ValueError: when it has not come to its end in 200,000 rounds.
    """
    for _ in range(PATIENCE):
        if len(word.letters) == letters:
            return
        if len(word.letters) > letters:
            word.reset()
        word.fill(letters, strands)
        if word.letters:
            word.round(schedule)
    raise ValueError(f"no word of {letters} letters came out of {PATIENCE} rounds; try other moves or strands")
