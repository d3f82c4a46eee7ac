"""Equivalent words close to the same knot or its mirror image, and networks see every letter's surroundings."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.knots import Braid, is_unknot
from netphysics.knots.classifiers import Examples, alexander_log_odds
from netphysics.knots.classifiers.equivalence import commuted, equivalent_word, first_forms, symmetric_word
from netphysics.knots.classifiers.letters import surroundings
from netphysics.knots.classifiers.polynomial import alexander_sizes
from netphysics.knots.invariants import alexander_value, jones
from netphysics.knots.invariants.unknot import POINT
from netphysics.knots.priors import ALEXANDER_TRIVIAL, UNTIED, Prior, equivalent_words_of, random_knots, random_unknots

LENGTH = 16
SEEDS = np.arange(12, dtype=np.uint64)
KEYS = jax.random.split(jax.random.key(2), len(SEEDS))
KNOTS = random_knots(Prior(9), SEEDS).letters
WORDS = np.pad(KNOTS, ((0, 0), (0, LENGTH - 9)))


def closures(words):
    """The Jones polynomials of closures and of their mirror images, as a set for each."""
    braids = [Braid([letter for letter in word if letter]) for word in words.tolist()]
    return [{str(jones(braid)), str(jones(Braid([-letter for letter in braid.letters])))} for braid in braids]


@pytest.fixture(scope="module")
def symmetric():
    return np.asarray(jax.jit(jax.vmap(lambda word, key: symmetric_word(word, key=key)))(WORDS, KEYS))


def test_symmetric_words_close_to_the_same_knots_and_begin_with_one(symmetric):
    assert closures(symmetric) == closures(WORDS)
    assert (symmetric[:, 0] == 1).all()
    assert not np.array_equal(symmetric, WORDS)


def test_the_first_form_is_that_of_all_forms(symmetric):
    first = first_forms(WORDS)
    np.testing.assert_array_equal(first_forms(symmetric), first)
    assert closures(first) == closures(WORDS)
    assert len(np.unique(first, axis=0)) > 6


def test_sweeps_of_relations_keep_the_knot_and_leave_symmetry():
    swept = np.asarray(jax.jit(jax.vmap(lambda word, key: equivalent_word(word, 5, key=key)))(WORDS, KEYS))
    assert closures(swept) == closures(WORDS)
    assert (first_forms(swept) != first_forms(WORDS)).any(axis=1).mean() > 0.5


def test_surroundings_stay_with_letters_of_far_strands_that_change_places():
    word = jnp.asarray([1, 3, 2, -1, -3, 2, 2, 1, 0, 0], jnp.int8)
    pairs = jnp.asarray([True, False, False, False, False])
    before, after = jax.jit(lambda: (surroundings(word), surroundings(commuted(word, pairs))))()
    np.testing.assert_array_equal(before[jnp.array([1, 0, *range(2, 10)])], after)
    # The letter -1 meets 2 on the right, before and behind; on the left comes 1 behind and 1 before.
    assert before[3] == int("2020", 4)
    assert not before[8:].any()


def walked_surroundings(word):
    """Walk around the closed word from each letter, ahead and back, to the first crossing on each of two strands."""
    letters = [letter for letter in word.tolist() if letter]
    found = [0] * len(word)
    for place, letter in enumerate(letters):
        for direction in (1, -1):
            for side in (-1, 1):
                walk = (letters[(place + direction * far) % len(letters)] for far in range(1, len(letters) + 1))
                met = next(other for other in walk if abs(other) - abs(letter) in (0, side))
                found[place] = 4 * found[place] + 2 * (abs(met) == abs(letter)) + (met * letter > 0)
    return found


def test_surroundings_are_what_a_walk_around_the_word_meets():
    lone = np.zeros((3, LENGTH), np.int8)
    lone[1, :1], lone[2, :2] = 1, (2, -2)
    words = np.concatenate([WORDS, lone])
    expected = [walked_surroundings(word) for word in words]
    np.testing.assert_array_equal(jax.jit(jax.vmap(surroundings))(words), expected)


def test_two_knots_have_the_alexander_polynomial_of_the_unknot():
    conway = "-t^-4 + 2 t^-3 - 2 t^-2 + 2 t^-1 + t^2 - 2 t^3 + 2 t^4 - 2 t^5 + t^6"
    for knot, untied in zip(ALEXANDER_TRIVIAL, UNTIED, strict=True):
        assert alexander_value(knot, POINT) == 1
        assert str(jones(knot)) == conway
        changed = np.array(knot.letters) != np.array(untied.letters)
        assert changed.sum() == 1 and is_unknot(untied).answer == "yes"
    disguised = equivalent_words_of(Prior(15), knot, SEEDS[:3])
    assert disguised.knotted.all()
    assert {str(jones(disguised.braid(number))) for number in range(3)} == {conway}
    with pytest.raises(ValueError, match="the knot has 13 letters, more than the 9"):
        equivalent_words_of(Prior(9), knot, SEEDS)


def test_the_alexander_polynomial_at_one_point_tells_knots_from_unknots():
    # At t = -0.8 the trefoil has t - 1 + 1/t.
    trefoil = np.array([[1, 1, 1], [-1, -1, -1]], np.int8)
    np.testing.assert_allclose(alexander_sizes(trefoil), np.log(0.8 + 1 + 1 / 0.8), rtol=1e-12)
    np.testing.assert_allclose(alexander_sizes(np.array([[1, -2, 3, 0]], np.int8)), 0, atol=1e-12)
    unknots = random_unknots(Prior(9), SEEDS).letters
    examples = Examples(np.concatenate([unknots, KNOTS]), np.repeat(np.float32([0, 1]), len(SEEDS)))
    assert ((alexander_log_odds(examples, examples.words) > 0) == examples.knotted).mean() > 0.9
