"""The unknot: no answer without a proof, and none that is wrong."""

import json
from pathlib import Path

import numpy as np
import pytest

from netphysics.knots.braids import Braid, Diagram, Move, apply, braid_of, check, moves_at, proves_unknot
from netphysics.knots.invariants import is_unknot
from netphysics.knots.priors import uniform_knot

REFERENCE = Path(__file__).parents[1] / "reference"
KNOTINFO = json.loads((REFERENCE / "knotinfo.json").read_text())["knots"]
HARD = json.loads((REFERENCE / "hard_unknots.json").read_text())["unknots"]


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
            assert proves_unknot(verdict.certificate)
    assert answers.count("undecided") == 0 and min(answers.count("yes"), answers.count("no")) > 8


def test_disguised_unknots_are_untied():
    generator = np.random.default_rng(6)
    for _ in range(3):
        braid = Braid((), 1)
        for _ in range(60):
            sign = int(generator.choice((-1, 1)))
            choices = [Move("stabilize", 0, sign * braid.strands)]
            if braid.strands > 1:
                letter = sign * int(generator.integers(1, braid.strands))
                choices.append(Move("insert", int(generator.integers(len(braid) + 1)), letter))
            choices += [move for move in moves_at(braid) if move.name == "braid"]
            braid = apply(braid, choices[generator.integers(len(choices))])
        verdict = is_unknot(braid)
        assert verdict.answer == "yes"
        check(verdict.certificate)


def test_mortons_braid_needs_an_exchange_move():
    """An unknot that conjugation, relations and destabilization alone cannot shorten (Morton, 1983)."""
    verdict = is_unknot(Braid([-3, -3, 2, -3, 2, 1, 1, 1, -2, 1, -2]))
    assert verdict.answer == "yes"
    check(verdict.certificate)
    assert {"exchange", "stabilize"} & {move.name for move in verdict.certificate.moves}


@pytest.mark.parametrize("name", [name for name in HARD if name != "ochiai"])
def test_hard_unknots_are_untied(name):
    verdict = is_unknot(braid_of(Diagram.of_pd(HARD[name]["pd"])))
    assert verdict.answer == "yes"
    check(verdict.certificate)
