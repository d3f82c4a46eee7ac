"""Moves and certificates: every move is replayed by the checker, and a forged one is not."""

from random import Random

import numpy as np
import pytest

from netphysics.knots.braids import (
    Braid,
    Certificate,
    Move,
    apply,
    certify,
    check,
    moves_at,
    proves_unknot,
    smart_collapse,
    untangle,
)
from netphysics.knots.priors import uniform_knot


def test_closures_and_their_components():
    assert Braid([1, 1, 1]).components == 1
    assert Braid([1, 1]).components == 2
    assert Braid([], 3).components == 3
    assert Braid([1, 2, 3]).permutation == (3, 0, 1, 2)
    assert Braid([2], 5).flipped == Braid([3], 5)
    assert Braid([1, -2]) * Braid([1, -2]).inverse == Braid([1, -2, 2, -1])


@pytest.mark.parametrize(
    ("letters", "strands", "sentence"),
    [([1, 0], None, "letter 2 of the braid word is 0"), ([3], 3, "strands is 3")],
)
def test_bad_words_are_refused(letters, strands, sentence):
    with pytest.raises(ValueError, match=sentence):
        Braid(letters, strands)


def test_smart_collapse_takes_away_kinks_and_inverses():
    braid, moves = smart_collapse(Braid([3, 1, 2, 2, -2, 4, -1, -5, 1]))
    assert braid == Braid((), 1)
    check(certify(Braid([3, 1, 2, 2, -2, 4, -1, -5, 1]), moves))
    assert smart_collapse(Braid([1, -2, 1, -2]))[0] == Braid([1, -2, 1, -2])


def test_every_walk_of_moves_is_replayed():
    random, generator = Random(1), np.random.default_rng(1)
    seen = set()
    for _ in range(60):
        strands = random.randrange(2, 7)
        start = braid = uniform_knot(strands, strands - 1 + 2 * random.randrange(4), generator=generator)
        moves = []
        for _ in range(15):
            letter = random.choice((-1, 1)) * random.randrange(1, max(braid.strands, 2))
            longer = [Move("stabilize", 0, random.choice((-1, 1)) * braid.strands)]
            longer += [Move("insert", random.randrange(len(braid) + 1), letter)] * (braid.strands > 1)
            moves.append(random.choice([*moves_at(braid), *longer]))
            seen.add(moves[-1].name)
            braid = apply(braid, moves[-1])
        certificate = certify(start, moves)
        check(certificate)
        assert Certificate.from_json(certificate.to_json()) == certificate
    assert seen >= {"rotate", "flip", "cancel", "commute", "braid", "destabilize", "insert", "stabilize"}


@pytest.mark.parametrize(
    ("word", "move"),
    [
        ([1, 2, -1, -2, 3, -2, 3], Move("cancel", 0)),
        ([1, -2, 1], Move("braid", 0)),
        ([1, 2], Move("commute", 0)),
        ([1, 1, 2, 2], Move("destabilize", 1)),
        ([1, 2, 1, 2], Move("exchange", 1, 3)),
        ([1, 2, 1, -2, 1], Move("flype", 1)),
        ([1, 2, 1], Move("stabilize", 0, 2)),
        ([1, 2, 1], Move("insert", 0, 3)),
        ([1, 2, 1], Move("wish", 0)),
    ],
)
def test_moves_that_are_not_allowed(word, move):
    with pytest.raises(ValueError, match="not allowed"):
        apply(Braid(word), move)
    forged = Certificate(tuple(word), Braid(word).strands, (move,), (), 1)
    with pytest.raises(ValueError, match="move 0 of the certificate"):
        check(forged)


def test_an_end_that_is_not_reached_is_refused():
    with pytest.raises(ValueError, match="ends at"):
        check(Certificate((1, 1, 1), 2, (Move("rotate", 1),), (), 1))


def test_untangling_leads_to_nothing():
    random = Random(2)
    for _ in range(10):
        braid = Braid((), 1)
        for _ in range(60):
            choices = [Move("stabilize", 0, random.choice((-1, 1)) * braid.strands)]
            if braid.strands > 1:
                letter = random.choice((-1, 1)) * random.randrange(1, braid.strands)
                choices.append(Move("insert", random.randrange(len(braid) + 1), letter))
            choices += [move for move in moves_at(braid) if move.name == "braid"]
            braid = apply(braid, random.choice(choices))
        certificate = untangle(braid)
        check(certificate)
        assert proves_unknot(certificate)


def test_untangling_leaves_a_knot_a_knot():
    certificate = untangle(Braid([1, -2, 1, -2]) * Braid([3, 2, -3, 4, 1, -4]) * Braid([3, 2, -3]).inverse, 500)
    check(certificate)
    assert not proves_unknot(certificate)
