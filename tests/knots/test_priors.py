"""Priors: labels are sound, words do not know each other, and what cannot be is refused."""

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import chisquare

from netphysics.knots.braids import check, proves_unknot, smart_collapse
from netphysics.knots.invariants import alexander_value, alexander_values, is_unknot
from netphysics.knots.invariants.alexander_values import POINT, PRIME
from netphysics.knots.priors import (
    Prior,
    check_parity,
    matched_knots,
    random_closures,
    random_knots,
    random_unknots,
    uniform_knot,
    unknot_certificate,
)
from netphysics.knots.priors.markov_moves import GrowingWord, draw_knot
from netphysics.knots.priors.matched import exchanged
from netphysics.knots.priors.streams import uniforms

SEEDS = np.random.default_rng(20101626).integers(0, 2**63, 24).astype(np.uint64)


def test_streams_are_uniform():
    many = uniforms(SEEDS[:1], np.arange(5000, dtype=np.uint64))
    assert abs(many.mean() - 0.5) < 5 / np.sqrt(12 * 5000) and many.min() >= 0 and many.max() < 1
    # SplitMix64 of seed 0, as published with its reference implementation: 0xe220a8397b1dcdaf
    assert uniforms(np.uint64(0), np.zeros(1, np.uint64))[0] == (0xE220A8397B1DCDAF >> 11) * 2.0**-53


@pytest.mark.parametrize("letters", [8, 11])
def test_unknots_have_certificates_and_survive_collapse(letters):
    prior = Prior(letters)
    words = random_unknots(prior, SEEDS)
    assert words.letters.shape == (24, letters) and words.letters.dtype == np.int8
    for number in range(24):
        braid = words.braid(number)
        assert braid.components == 1 and len(smart_collapse(braid)[0]) == letters
        if number < 2:
            # Drawn again on its own, with a log: the very same word.
            certificate = unknot_certificate(prior, int(SEEDS[number]))
            check(certificate)
            assert proves_unknot(certificate)
            assert (certificate.end, certificate.end_strands) == (braid.letters, braid.strands)
    assert not any(is_unknot(words.braid(number)).answer == "no" for number in range(24))


def test_closures_are_the_same_one_by_one():
    prior = Prior(10, strands=5)
    words = random_closures(prior, SEEDS)
    for number in range(0, 24, 12):
        alone = GrowingWord(int(SEEDS[number]), [], 1, 0)
        draw_knot(alone, 10, 5, prior.schedule)
        assert (tuple(alone.letters), alone.strands) == (words.braid(number).letters, words.strands[number])


def test_knots_are_knots():
    words = random_knots(Prior(9), SEEDS)
    assert words.knotted.all() and words.discarded > 0
    assert {is_unknot(words.braid(number)).answer for number in range(24)} == {"no"}
    # A word depends on its own seed only.
    assert np.array_equal(random_knots(Prior(9), SEEDS[4:9]).letters, words.letters[4:9])


def test_matched_knots_have_the_letters_of_their_unknots():
    unknots, knots = matched_knots(random_unknots(Prior(12), SEEDS))
    assert len(unknots) == 24
    assert np.array_equal(np.sort(unknots.letters, axis=1), np.sort(knots.letters, axis=1))
    assert np.array_equal(unknots.strands, knots.strands)
    for number in range(0, len(knots), 5):
        assert is_unknot(knots.braid(number)).answer == "no"
        assert len(smart_collapse(knots.braid(number))[0]) == 12


def test_all_orders_of_the_letters_are_as_likely():
    start = np.array([1, 2, -1, -2, 1, 2], np.int8)
    reduced = {
        order
        for order in set(permutations(start.tolist()))
        if all(letter != -following for letter, following in zip(order, (*order[1:], order[0]), strict=True))
    }
    numbers = np.random.default_rng(3).random((6000, 720))
    orders, times = np.unique(exchanged(np.tile(start, (6000, 1)), numbers), axis=0, return_counts=True)
    stays = np.array([tuple(order) in reduced for order in orders.tolist()])
    assert stays.sum() == len(reduced)
    assert chisquare(times[stays]).pvalue > 1e-3


def test_alexander_values_are_those_of_single_words():
    generator = np.random.default_rng(4)
    braids = [uniform_knot(strands, 12, generator=generator) for strands in (3, 5, 3, 9)]
    letters, strands = np.array([braid.letters for braid in braids], np.int8), np.array([3, 5, 3, 9])
    single = [alexander_value(braid, POINT, PRIME) for braid in braids]
    assert alexander_values(letters, strands).tolist() == single


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"letters": 10, "strands": 4}, "no braid of 10 letters on 4 strands closes to a knot"),
        ({"letters": 2}, "letters is 2"),
        ({"letters": 5, "strands": 4}, "every word of fewer than 7 letters collapses"),
        ({"letters": 21, "strands": 2}, "strands is 2"),
        ({"letters": 9, "moves": 2}, "moves is 2"),
        ({"letters": 9, "stabilization": 1.0}, r"stabilization is 1\.0"),
    ],
)
def test_what_cannot_be_is_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        Prior(**options)


def test_more_that_cannot_be():
    with pytest.raises(ValueError, match="no braid of 3 letters on 3 strands"):
        check_parity(3, 3)
    with pytest.raises(ValueError, match="every unknot of so many letters collapses"):
        random_unknots(Prior(5), SEEDS)
