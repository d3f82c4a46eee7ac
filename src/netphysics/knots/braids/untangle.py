"""Untangling: a search for moves that make a closed braid short, each of them recorded.

A random walk among words that are equal up to commutations, braid relations (Reidemeister's third move) and
exchange moves takes every chance to shorten. Where that has not helped for a while the word is made longer, by
conjugations or stabilizations, is mixed, and is shortened again. What comes out takes the place of the word
before when it is no longer, and sometimes when it is: so the walk drifts among words of equal length, as it must
where an unknot has no shorter word nearby (Morton's braid; Math. Proc. Camb. Phil. Soc. 93 (1983) 247).
"""

from __future__ import annotations

from random import Random

from .braid import Braid
from .certificate import Certificate, Move
from .moves import apply, braid_relation, certify

# Braid relations, for each letter of the word, before a leap, and after it before the word is shortened.
PATIENCE, HEAT = 3, 4
# Conjugations and stabilizations in a leap, at most.
HEIGHT = 3
# How likely an exchange move is made when there is one, and how likely a word is kept that is longer by one letter.
EXCHANGED, KEPT = 0.5, 0.3


def untangle(braid: Braid, steps: int = 20_000, seed: int = 0) -> Certificate:
    """A certificate from a closed braid to the shortest one that was found, ties going to fewer strands.

    The search stops at the empty word, or after about `steps` braid relations; the same seed gives the same answer.
    """
    random = Random(seed)
    walk = _Walk(list(braid.letters), braid.strands)
    walk.shorten()
    here = best = walk.place()
    while walk.word and steps > 0:
        for _ in range(PATIENCE * len(walk.word)):
            steps -= 1
            if walk.mix(random):
                walk.shorten()
        longer = len(walk.word) - len(here[0])
        if longer <= 0 or random.random() < KEPT**longer:
            here = walk.place()
            best = min(best, here, key=lambda place: (len(place[0]), place[1]))
        else:
            walk.go_back(*here)
        if walk.word:
            walk.leap(random)
            for _ in range(HEAT * len(walk.word)):
                steps -= 1
                walk.mix(random)
            walk.shorten()
    _, _, moves = min(best, walk.place(), key=lambda place: (len(place[0]), place[1]))
    return certify(braid, walk.moves[:moves])


class _Walk:
    """A word, its strands, and the moves that led to it."""

    def __init__(self, word: list[int], strands: int):
        self.word, self.strands = word, strands
        self.moves: list[Move] = []

    def place(self) -> tuple[list[int], int, int]:
        """Where the walk is: word, strands, and how many moves led there."""
        return list(self.word), self.strands, len(self.moves)

    def go_back(self, word: list[int], strands: int, moves: int) -> None:
        self.word, self.strands = list(word), strands
        del self.moves[moves:]

    def do(self, *moves: Move) -> None:
        braid = Braid(self.word, self.strands)
        for move in moves:
            braid = apply(braid, move)
        self.word, self.strands = list(braid.letters), braid.strands
        self.moves += moves

    def mix(self, random: Random) -> bool:
        """A braid relation at a random place, and perhaps an exchange move; whether there was one of them."""
        if not self.word:
            return False
        related = self.relate(random.randrange(len(self.word)))
        return (random.random() < EXCHANGED and self.exchange(random.random() < 0.5)) or related

    def turn_to(self, place: int) -> None:
        if place:
            self.moves.append(Move("rotate", place))
            self.word = self.word[place:] + self.word[:place]

    def carry(self, start: int, end: int) -> None:
        """Take a letter from one place to another, past letters that commute with it."""
        steps = range(start, end) if start < end else range(start - 1, end - 1, -1)
        self.moves += [Move("commute", place) for place in steps]
        self.word.insert(end, self.word.pop(start))

    def relate(self, place: int) -> bool:
        """Rewrite the letter at a place and the next two that do not commute with it; whether a relation applies."""
        word = self.word[place:] + self.word[:place]
        first = word[0]
        size = abs(first)
        near = [k for k in range(1, len(word)) if -2 < abs(word[k]) - size < 2][:2]
        if len(near) < 2 or (triple := braid_relation(first, word[near[0]], word[near[1]])) is None:
            return False
        self.turn_to(place)
        middle, last = near
        self.carry(0, middle - 1)
        self.carry(last, middle + 1)
        self.moves.append(Move("braid", middle - 1))
        self.word[middle - 1 : middle + 2] = triple
        return True

    def shorten(self) -> None:
        """Cancel and destabilize until neither applies, whatever commutes with a letter being no hindrance."""
        while self.cancel() or self.destabilize():
            pass

    def cancel(self) -> bool:
        twice = self.word + self.word
        length = len(self.word)
        there = set(self.word)
        for place, letter in enumerate(self.word):
            if -letter not in there:
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

    def exchange(self, first: bool) -> bool:
        """An exchange move on the last strand or, where there is none or it comes `first`, on the first one."""
        for bottom in (first, not first):
            size = 1 if bottom else self.strands - 1
            if self.word.count(size) == 1 == self.word.count(-size):
                if bottom:
                    self.do(Move("flip"))
                    size = self.strands - 1
                one, other = sorted((self.word.index(size), self.word.index(-size)))
                self.word[one], self.word[other] = self.word[other], self.word[one]
                self.moves.append(Move("exchange", one, other))
                return True
        return False

    def leap(self, random: Random) -> None:
        """A longer word, by conjugations and stabilizations."""
        for _ in range(random.randint(1, HEIGHT)):
            self.turn_to(random.randrange(len(self.word)))
            sign = random.choice((-1, 1))
            if random.random() < 0.5:
                self.do(Move("stabilize", 0, sign * self.strands))
            else:
                self.do(Move("insert", 0, sign * random.randrange(1, self.strands)), Move("rotate", 1))
