"""Unknots in disguise: braids that Markov moves have grown from a circle."""

from __future__ import annotations

from random import Random

from .braid import Braid
from .certificate import Move
from .moves import apply, moves_at


def inflate_braid(letters: int, random: Random) -> Braid:
    """An unknot with at least so many letters, and at most one more than that.

    Each step stabilizes, inserts a letter and its inverse (twice as likely), or rotates the word; two relations that
    apply somewhere then carry its letters away.
    """
    braid = Braid((), 1)
    while len(braid) < letters:
        sign = random.choice((-1, 1))
        moves = [Move("stabilize", 0, sign * braid.strands)]
        if braid.strands > 1:
            insert = Move("insert", random.randrange(len(braid) + 1), sign * random.randrange(1, braid.strands))
            moves += [insert, insert, Move("rotate", random.randrange(len(braid)))]
        braid = apply(braid, random.choice(moves))
        for _ in range(2):
            if related := [move for move in moves_at(braid) if move.name in ("braid", "commute")]:
                braid = apply(braid, random.choice(related))
    return braid
