"""Classifiers of braid words: attention by hashing against exact attention, padding, and exact symmetries."""

import functools

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.knots.classifiers.attention import shared_attention
from netphysics.knots.classifiers.feedforward import FeedForward
from netphysics.knots.classifiers.hashing import buckets_of, hashed_attention
from netphysics.knots.classifiers.transformer import Hashing, Transformer

LETTERS, WIDTH = 24, 8
KEY = jax.random.key(3)
MASK = jnp.arange(LETTERS, dtype=jnp.int32) < 20


def vectors(number):
    return jax.random.normal(jax.random.fold_in(KEY, number), (LETTERS, WIDTH), jnp.float32)


QUERY, VALUE = 3 * vectors(0), vectors(1)


# Compiled as a whole: operation by operation, attention takes many small compilations.
@functools.partial(jax.jit, static_argnames=("hashes", "chunk", "buckets"))
def hashed(query=QUERY, value=VALUE, *, hashes, chunk, buckets):
    return hashed_attention(query, value, MASK, hashes=hashes, chunk=chunk, buckets=buckets, key=KEY)[:20]


@jax.jit
def exact(query=QUERY, value=VALUE, bias=None):
    return shared_attention(query, value, MASK, bias)[:20]


def test_one_bucket_in_one_chunk_is_exact_attention():
    np.testing.assert_allclose(hashed(hashes=2, chunk=LETTERS + 8, buckets=1), exact(), atol=1e-5)


def test_the_error_falls_with_the_number_of_hashes():
    errors = [np.abs(hashed(hashes=hashes, chunk=LETTERS, buckets=4) - exact()).max() for hashes in (2, 16, 64)]
    assert errors[0] > 0.1
    assert errors[1] < errors[0] / 2
    assert errors[2] < errors[0] / 20


def test_without_positions_hashing_is_equivariant_under_permutations():
    order = jax.random.permutation(KEY, 20)
    order = jnp.concatenate([order, jnp.arange(20, LETTERS)]).astype(jnp.int32)
    kept = hashed(hashes=2, chunk=LETTERS, buckets=4)
    permuted = hashed(QUERY[order], VALUE[order], hashes=2, chunk=LETTERS, buckets=4)
    np.testing.assert_allclose(permuted, kept[order[:20]], atol=1e-5)


def test_padding_changes_nothing():
    noise = jnp.where(MASK[:, None], 0.0, 100 * vectors(2))
    noisy = hashed(QUERY + noise, VALUE + noise, hashes=4, chunk=5, buckets=4)
    np.testing.assert_allclose(noisy, hashed(hashes=4, chunk=5, buckets=4), atol=1e-6)
    np.testing.assert_allclose(exact(QUERY + noise, VALUE + noise), exact(), atol=1e-6)


def test_gradients_are_finite_and_those_of_exact_attention():
    weight = vectors(4)[:20]

    def gradients(attend, **settings):
        total = jax.jit(jax.grad(lambda both: jnp.sum(weight * attend(*both, **settings))))
        return total((QUERY, VALUE))

    one = gradients(hashed, hashes=2, chunk=LETTERS + 8, buckets=1)
    for a, b in zip(one, gradients(exact), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    several = gradients(hashed, hashes=4, chunk=5, buckets=4)
    assert all(np.isfinite(gradient).all() for gradient in several)


def test_a_pair_that_meets_in_several_rounds_counts_once():
    """The result is exact attention over all pairs that meet in any round, whatever the chunks."""
    hashes, chunk, buckets = 4, 5, 4
    seen = np.zeros((LETTERS, LETTERS), bool)
    rounds = jax.jit(jax.vmap(lambda key: buckets_of(QUERY, MASK, buckets, key=key)))
    for bucket in np.asarray(rounds(jax.random.split(KEY, hashes))):
        place = np.argsort(np.argsort(bucket, kind="stable"), kind="stable") // chunk
        behind = place[:, None] - place[None, :]
        seen |= (bucket[:, None] == bucket[None, :]) & ((behind == 0) | (behind == 1))
    bias = jnp.where(seen, 0.0, -jnp.inf).astype(jnp.float32)
    wanted = exact(bias=bias)
    np.testing.assert_allclose(hashed(hashes=hashes, chunk=chunk, buckets=buckets), wanted, atol=1e-5)


def test_a_letter_looks_at_itself_only_when_alone():
    alone = jnp.arange(LETTERS, dtype=jnp.int32) < 1
    found = jax.jit(shared_attention)(QUERY, VALUE, alone)
    np.testing.assert_allclose(found[0], VALUE[0], rtol=1e-6)


def test_buckets_come_in_pairs():
    with pytest.raises(ValueError, match="count is 3"):
        buckets_of(QUERY, MASK, 3, key=KEY)


SMALL = functools.partial(Transformer, LETTERS, 5, width=8, heads=2)
MODELS = {
    "feed-forward": FeedForward(LETTERS, 5, width=16, key=KEY),
    "transformer": SMALL(key=KEY),
    "reformer": SMALL(hashing=Hashing(2, 5, 4), key=KEY),
    "cyclic": SMALL(cyclic=True, key=KEY),
}


def a_word(letters):
    generator = np.random.default_rng(1)
    word = generator.integers(1, 6, letters) * generator.choice([-1, 1], letters)
    return jnp.asarray(np.pad(word, (0, LETTERS - letters)), jnp.int8)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_gives_finite_log_odds_and_gradients(name):
    def answer(model):
        return model(a_word(15), key=KEY)

    value, gradient = eqx.filter_jit(eqx.filter_value_and_grad(answer))(MODELS[name])
    assert value.shape == ()
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves((value, gradient)))


@pytest.mark.parametrize("letters", [14, 15])
def test_the_cyclic_transformer_does_not_see_where_a_word_begins(letters):
    model = MODELS["cyclic"]
    bias = jax.random.normal(KEY, model.blocks.distances.shape, jnp.float32)
    model = eqx.tree_at(lambda model: model.blocks.distances, model, bias)
    word = a_word(letters)
    turned = word.at[:letters].set(jnp.roll(word[:letters], 4))
    both = eqx.filter_jit(lambda model: jax.vmap(lambda word: model(word, key=KEY))(jnp.stack([word, turned])))
    np.testing.assert_allclose(*both(model), rtol=1e-5)
    one, two = both(MODELS["transformer"])
    assert abs(one - two) > 1e-3


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="multiple of the 4 heads"):
        Transformer(LETTERS, 5, width=10, key=KEY)
    with pytest.raises(ValueError, match="exclude each other"):
        Transformer(LETTERS, 5, hashing=Hashing(), cyclic=True, key=KEY)
