"""Untangling: a search for moves that make a closed braid short, each of them recorded.

The search walks at random among words that are equal up to commutations and braid relations (Reidemeister's
third move) and takes every chance to shorten. Where that has not helped for long it makes an exchange move, or
conjugates or stabilizes and goes on from a longer word.
"""

from __future__ import annotations

from random import Random

from .braid import Braid
from .certificate import Certificate, Move
from .moves import apply, braid_relation, certify, exchanges

# Braid relations without a shorter word before something bolder is tried, for each letter of the word.
PATIENCE = 10
# Braid relations after a bold step during which the word may stay long.
HEAT = 10


def untangle(braid: Braid, steps: int = 20_000, seed: int = 0) -> Certificate:
    """A certificate from a closed braid to the shortest one that was found, ties going to fewer strands.

    The search stops at the empty word, or after `steps` braid relations; the same seed gives the same answer.
    """
    random = Random(seed)
    walk = _Walk(list(braid.letters), braid.strands, [])
    walk.shorten()
    best, waited = walk.copy(), 0
    for _ in range(steps):
        if not walk.word:
            break
        walk.relate(random.randrange(len(walk.word)))
        walk.shorten()
        waited += 1
        if walk.size < best.size:
            best, waited = walk.copy(), 0
        elif waited > PATIENCE * len(best.word):
            walk, waited = best.copy(), 0
            walk.leap(random)
    return certify(braid, best.moves)


class _Walk:
    """A word, its strands, and the moves that led to it."""

    def __init__(self, word: list[int], strands: int, moves: list[Move]):
        self.word, self.strands, self.moves = word, strands, moves

    def copy(self) -> _Walk:
        return _Walk(list(self.word), self.strands, list(self.moves))

    @property
    def size(self) -> tuple[int, int]:
        return len(self.word), self.strands

    def do(self, *moves: Move) -> None:
        braid = Braid(self.word, self.strands)
        for move in moves:
            braid = apply(braid, move)
        self.word, self.strands = list(braid.letters), braid.strands
        self.moves += moves

    def turn_to(self, place: int) -> None:
        if place:
            self.moves.append(Move("rotate", place))
            self.word = self.word[place:] + self.word[:place]

    def carry(self, start: int, end: int) -> None:
        """Take a letter from one place to another, past letters that commute with it."""
        steps = range(start, end) if start < end else range(start - 1, end - 1, -1)
        self.moves += [Move("commute", place) for place in steps]
        self.word.insert(end, self.word.pop(start))

    def relate(self, place: int) -> None:
        """Rewrite the letter at a place and the next two that do not commute with it, where a relation applies."""
        word = self.word[place:] + self.word[:place]
        first = word[0]
        size = abs(first)
        near = [k for k in range(1, len(word)) if -2 < abs(word[k]) - size < 2][:2]
        if len(near) < 2 or (triple := braid_relation(first, word[near[0]], word[near[1]])) is None:
            return
        self.turn_to(place)
        middle, last = near
        self.carry(0, middle - 1)
        self.carry(last, middle + 1)
        self.moves.append(Move("braid", middle - 1))
        self.word[middle - 1 : middle + 2] = triple

    def shorten(self) -> None:
        """Cancel and destabilize until neither applies, whatever commutes with a letter being no hindrance."""
        while self.cancel() or self.destabilize():
            pass

    def cancel(self) -> bool:
        twice = self.word + self.word
        length = len(self.word)
        for place, letter in enumerate(self.word):
            if -letter not in self.word:
                continue
            size = abs(letter)
            for k in range(place + 1, place + length):
                if -2 < abs(twice[k]) - size < 2:
                    if twice[k] == -letter:
                        self.turn_to(place)
                        self.carry(0, k - place - 1)
                        self.moves.append(Move("cancel", k - place - 1))
                        del self.word[k - place - 1 : k - place + 1]
                        return True
                    break
        return False

    def destabilize(self) -> bool:
        sizes = [abs(letter) for letter in self.word]
        for size in (self.strands - 1, 1):
            if sizes.count(size) == 1:
                self.do(Move("destabilize", sizes.index(size)))
                return True
        return False

    def leap(self, random: Random) -> None:
        """An exchange move where there is one; else a longer word, and some relations before it is shortened."""
        if random.random() < 0.5:
            self.do(Move("flip"))
        pair = exchanges(Braid(self.word, self.strands))
        if pair and random.random() < 0.5:
            self.do(Move("exchange", *pair[0]))
            return
        sign = random.choice((-1, 1))
        self.turn_to(random.randrange(len(self.word)))
        if random.random() < 0.3:
            self.do(Move("stabilize", 0, sign * self.strands))
        else:
            self.do(Move("insert", 0, sign * random.randrange(1, self.strands)), Move("rotate", 1))
        for _ in range(HEAT):
            self.relate(random.randrange(len(self.word)))
