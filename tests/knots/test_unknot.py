"""The unknot: no answer without a proof, and none that is wrong."""

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest

from netphysics.knots.arcs import arc_presentation, check, exhaust, grow, simplify
from netphysics.knots.braids import (
    Braid,
    Diagram,
    inflate,
    proves_unknot,
    untangle,
)
from netphysics.knots.braids import check as check_braids
from netphysics.knots.braids.inflation import inflate_braid
from netphysics.knots.braids.moves import braid_relation
from netphysics.knots.invariants import is_unknot
from netphysics.knots.notation import pretzel_knot
from netphysics.knots.priors import uniform_knot
from netphysics.knots.priors.equivalent_words import ALEXANDER_TRIVIAL
from netphysics.knots.published import hard_unknots

REFERENCE = Path(__file__).parents[1] / "reference"
KNOTINFO = json.loads((REFERENCE / "knotinfo.json").read_text())["knots"]
SLOW = pytest.mark.slow


def test_no_prime_knot_is_taken_for_the_unknot():
    assert {is_unknot(Braid(row["braid"])).answer for row in KNOTINFO.values()} == {"no"}


def test_random_words_are_decided_with_a_proof():
    generator = np.random.default_rng(5)
    answers = []
    for _ in range(60):
        strands = int(generator.integers(2, 7))
        letters = strands - 1 + 2 * int(generator.integers(0, 8))
        verdict = is_unknot(uniform_knot(strands, letters, generator=generator))
        answers.append(verdict.answer)
        if verdict.certificate is not None:
            check(verdict.certificate)
            assert verdict.certificate.proves_unknot == (verdict.answer == "yes")
    assert answers.count("undecided") == 0 and min(answers.count("yes"), answers.count("no")) > 8


def test_mortons_braid_needs_an_exchange_move():
    """An unknot that conjugation, relations and destabilization alone cannot shorten (Morton, 1983)."""
    certificate = untangle(Braid([-3, -3, 2, -3, 2, 1, 1, 1, -2, 1, -2]), 100_000)
    assert proves_unknot(certificate)
    check_braids(certificate)
    assert {"exchange", "stabilize"} & {move.name for move in certificate.moves}


@pytest.mark.parametrize("unknot", hard_unknots(), ids=lambda unknot: unknot.name)
def test_hard_unknots_are_untied(unknot):
    verdict = is_unknot(unknot.diagram)
    assert verdict.answer == "yes" and verdict.certificate.proves_unknot
    check(verdict.certificate)


def inflated(number: int) -> Braid | Diagram:
    """An unknot of up to 200 crossings, by Reidemeister moves, grown arc presentations or Markov moves."""
    random = Random(number)
    crossings = random.randint(18, 200)
    if number % 3 == 0:
        return inflate(Diagram((), (), 1), crossings, random)
    if number % 3 == 1:
        return grow(arc_presentation(Braid((), 1)), random.randint(10, 32), random).diagram
    return inflate_braid(crossings, random)


@pytest.mark.parametrize("number", range(24))
def test_inflated_unknots_are_untied(number):
    verdict = is_unknot(inflated(number))
    assert verdict.answer == "yes"
    check(verdict.certificate)


def long_word(letters: int, random: Random) -> Braid:
    """An unknot by Markov moves and braid relations on a list, which is quick for thousands of letters."""
    word, strands = [1], 2
    while len(word) < letters:
        if random.random() < 0.2:
            word.append(random.choice((-1, 1)) * strands)
            strands += 1
        else:
            letter, place = random.choice((-1, 1)) * random.randrange(1, strands), random.randrange(len(word) + 1)
            word[place:place] = [letter, -letter]
        turn = random.randrange(len(word))
        word = word[turn:] + word[:turn]
        for _ in range(20):
            k = random.randrange(len(word))
            if related := braid_relation(*word[k : k + 3]):
                word[k : k + 3] = related
            elif k + 1 < len(word) and abs(abs(word[k]) - abs(word[k + 1])) > 1:
                word[k], word[k + 1] = word[k + 1], word[k]
    return Braid(word, strands)


@pytest.mark.parametrize("letters", [300, pytest.param(1000, marks=SLOW), pytest.param(3000, marks=SLOW)])
def test_long_words_are_untied(letters):
    verdict = is_unknot(long_word(letters, Random(letters)))
    assert verdict.answer == "yes"
    check(verdict.certificate)


@pytest.mark.parametrize("braid", ALEXANDER_TRIVIAL)
def test_knots_that_the_alexander_polynomial_does_not_see(braid):
    """Conway's and Kinoshita and Terasaka's: the Jones polynomial, and exhaustion on its own."""
    assert is_unknot(braid).reason.startswith("Jones polynomial")
    found = exhaust(simplify(arc_presentation(braid), 5000).smallest)
    assert found.complete and not found.shrinks


def test_a_pretzel_knot_with_trivial_alexander_polynomial():
    pretzel = pretzel_knot(-3, 5, 7)
    assert len(pretzel) == 15
    verdict = is_unknot(pretzel)
    assert verdict.answer == "no" and verdict.reason.startswith("Jones polynomial")


def test_a_budget_is_kept_and_a_seed_repeats():
    trefoil_sum = Braid([1, 1, 1, 2, 2, 2])
    one, other = (simplify(arc_presentation(trefoil_sum), 5000, seed=3) for _ in range(2))
    assert one == other and 5000 <= one.steps < 6000
    assert len(one.smallest) == 8
    with pytest.raises(ValueError, match="steps is 0; it must be positive"):
        simplify(arc_presentation(trefoil_sum), 0)
