"""Examples, the counting baseline, and matrices that are or are not a representation of the braid group."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.knots import Braid, is_unknot
from netphysics.knots.classifiers import (
    Examples,
    LetterMatrices,
    TrainingSettings,
    balanced_accuracy,
    burau,
    counting_log_odds,
    draw_both,
    draw_examples,
    nearest_burau,
    relation_residual,
    rescaled,
)
from netphysics.knots.invariants import alexander_value
from netphysics.knots.priors import Prior

KEY = jax.random.key(5)
T = 0.7


@pytest.fixture(scope="module")
def drawn():
    return draw_both(Prior(8), 64, key=KEY)


def test_examples_are_balanced_and_sound(drawn):
    for examples in drawn:
        assert examples.words.shape == (64, 8)
        assert examples.knotted.mean() == 0.5
    for word, knotted in zip(drawn[0].words[:20].tolist(), drawn[0].knotted, strict=False):
        assert is_unknot(Braid([letter for letter in word if letter])).answer == ("no" if knotted else "yes")


def test_matched_examples_have_the_same_letters_in_both_classes(drawn):
    unknots, knots = drawn[1].words[::2], drawn[1].words[1::2]
    assert np.array_equal(np.sort(unknots, axis=1), np.sort(knots, axis=1))
    odds = counting_log_odds(drawn[1], drawn[1].words)
    # Pairs have the same counts, so their log odds are the same, too, and one of each pair is wrong.
    assert balanced_accuracy(odds, drawn[1].knotted) == pytest.approx(0.5)


def test_fewer_examples_fill_the_same_arrays(drawn):
    few = drawn[0].first(20)
    assert few.words.shape == drawn[0].words.shape
    assert len(np.unique(few.words, axis=0)) <= 20
    assert few.knotted.mean() == 0.5


def test_tests_have_no_word_that_was_learned(drawn):
    examples = drawn[0]
    known = examples.first(20)
    new = examples.without(known)
    assert not {word.tobytes() for word in known.words} & {word.tobytes() for word in new.words}
    assert np.array_equal(new.knotted, examples.knotted)
    turned = Examples(-examples.words[:, [7, *range(7)]], examples.knotted)
    assert turned.familiar(known)[:20].all()
    assert 0 < new.familiar(known).mean() < 1
    assert not examples.without(known, in_no_form=True).familiar(known).any()
    with pytest.raises(ValueError, match="all 64 examples are known"):
        examples.without(examples)


def test_bad_examples_and_schoolings_are_refused():
    with pytest.raises(ValueError, match="count is 5"):
        draw_examples(Prior(9), 5, key=KEY)
    with pytest.raises(ValueError, match="architecture is 'oracle'"):
        TrainingSettings("oracle", 24, 12)


@pytest.mark.parametrize("strands", [3, 4, 5])
def test_burau_is_a_representation_and_recognized_in_any_basis(strands):
    matrices = burau(strands, T).real
    assert relation_residual(jnp.asarray(matrices, jnp.float32)) < 1e-10
    basis = np.random.default_rng(strands).normal(size=(strands - 1, strands - 1))
    distance, t = nearest_burau(-2 * np.linalg.inv(basis) @ matrices @ basis)
    assert distance < 1e-10
    assert t == pytest.approx(T)


def test_a_factor_for_each_letter_is_no_matter():
    matrices = burau(4, T).real * np.array([1, -1.5, 3])[:, None, None]
    assert relation_residual(jnp.asarray(matrices, jnp.float32)) > 0.1
    assert np.allclose(rescaled(matrices), burau(4, T).real)


def test_other_matrices_are_no_representation():
    matrices = np.random.default_rng(0).normal(size=(3, 3, 3))
    assert relation_residual(jnp.asarray(matrices, jnp.float32)) > 0.5
    assert nearest_burau(matrices)[0] > 0.5
    with pytest.raises(ValueError, match="2 generators"):
        nearest_burau(matrices[:2])


def test_the_product_of_burau_matrices_is_the_alexander_polynomial():
    word = [1, -2, 1, -2, 1, 1, 2, 2]
    matrices = jnp.asarray(burau(3, -1.0).real, jnp.float32)
    model = eqx.tree_at(lambda model: model.generators, LetterMatrices(3, 2, key=KEY), matrices)
    product = np.asarray(model.product(jnp.asarray(word, jnp.int8)))
    prime = 2**61 - 1
    determinant = alexander_value(Braid(word), prime - 1)
    # At t = -1 on three strands, (1 - t) / (1 - t^3) = 1.
    assert abs(np.linalg.det(np.eye(2) - product)) == pytest.approx(min(determinant, prime - determinant), rel=1e-4)
