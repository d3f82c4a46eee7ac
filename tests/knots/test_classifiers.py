"""Classifiers of braid words: attention by hashing against exact attention, padding, and exact symmetries."""

import functools

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.knots.classifiers.attention import shared_attention
from netphysics.knots.classifiers.feedforward import FeedForward
from netphysics.knots.classifiers.hashing import Hashing, buckets_of, hashed_attention
from netphysics.knots.classifiers.transformer import Transformer

LETTERS, WIDTH = 24, 8
KEY = jax.random.key(3)
MASK = jnp.arange(LETTERS, dtype=jnp.int32) < 20


def vectors(number):
    return jax.random.normal(jax.random.fold_in(KEY, number), (LETTERS, WIDTH), jnp.float32)


QUERY, VALUE = 3 * vectors(0), vectors(1)


# Compiled as a whole: operation by operation, attention takes many small compilations.
@functools.partial(jax.jit, static_argnames=("hashes", "chunk", "buckets"))
def hashed(query=QUERY, value=VALUE, *, hashes, chunk, buckets):
    rotations = Hashing(hashes, chunk, buckets).rotations((), WIDTH, key=KEY)
    return hashed_attention(query, value, MASK, rotations, chunk)[:20]


@jax.jit
def exact(query=QUERY, value=VALUE, bias=None):
    return shared_attention(query, value, MASK[None], bias)[:20]


def test_one_bucket_in_one_chunk_is_exact_attention():
    np.testing.assert_allclose(hashed(hashes=2, chunk=LETTERS + 8, buckets=1), exact(), atol=1e-5)


def test_the_error_falls_with_the_number_of_hashes():
    errors = [np.abs(hashed(hashes=hashes, chunk=LETTERS, buckets=4) - exact()).max() for hashes in (2, 32)]
    assert errors[0] > 0.1
    assert errors[1] < errors[0] / 10


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


def reformer(query, value, *, hashes, chunk, buckets):
    """The Reformer as its paper has it, in numpy: sort, chunk, attend, undo, and combine the rounds."""
    query, value = (np.asarray(array, np.float64)[:20] for array in (query, value))
    keys = query / np.linalg.norm(query, axis=1, keepdims=True)
    rotations = Hashing(hashes, chunk, buckets).rotations((), WIDTH, key=KEY)
    bucket = np.asarray(jax.jit(jax.vmap(lambda rotation: buckets_of(QUERY, MASK, rotation)))(rotations))[:, :20]
    order = np.argsort(bucket, axis=1, kind="stable")
    chunks = [[list(row[start : start + chunk]) for start in range(0, 20, chunk)] for row in order]
    seen = [
        {
            i: [j for j in [*before, *own] if row[i] == row[j]]
            for before, own in zip([[], *cut[:-1]], cut, strict=True)
            for i in own
        }
        for cut, row in zip(chunks, bucket, strict=True)
    ]
    outputs, totals = [], []
    for one in seen:
        found, total = np.zeros_like(value), np.zeros(20)
        for i, others in one.items():
            times = np.array([sum(j in other[i] for other in seen) for j in others])
            score = np.where(np.array(others) == i, -5e4, keys[others] @ query[i] / np.sqrt(WIDTH)) - np.log(times)
            total[i] = score.max() + np.log(np.exp(score - score.max()).sum())
            found[i] = np.exp(score - total[i]) @ value[others]
        outputs.append(found)
        totals.append(total)
    weight = np.exp(totals - np.max(totals, axis=0))
    return np.einsum("rl,rlw->lw", weight / weight.sum(axis=0), outputs)


def test_a_pair_that_meets_in_several_rounds_counts_once():
    """Rounds that are combined in the Reformer's way make exact attention over the pairs that meet at all."""
    settings = dict(hashes=4, chunk=5, buckets=4)
    np.testing.assert_allclose(hashed(**settings), reformer(QUERY, VALUE, **settings), atol=1e-5)


def test_a_letter_looks_at_itself_only_when_alone():
    alone = jnp.arange(LETTERS, dtype=jnp.int32) < 1
    found = jax.jit(shared_attention)(QUERY, VALUE, alone[None])
    np.testing.assert_allclose(found[0], VALUE[0], rtol=1e-6)


def test_buckets_come_in_pairs():
    with pytest.raises(ValueError, match="buckets is 3"):
        Hashing(buckets=3)
    with pytest.raises(ValueError, match="hashes is 0"):
        Hashing(hashes=0)


@functools.cache
def model(name):
    kinds = {"transformer": {}, "reformer": {"hashing": Hashing(2, 5, 4)}, "cyclic": {"cyclic": True}}
    if name == "feed-forward":
        return eqx.filter_jit(lambda: FeedForward(LETTERS, 5, width=16, key=KEY))()
    return eqx.filter_jit(lambda: Transformer(LETTERS, 5, width=8, heads=2, **kinds[name], key=KEY))()


def a_word(letters):
    generator = np.random.default_rng(1)
    word = generator.integers(1, 6, letters) * generator.choice([-1, 1], letters)
    return jnp.asarray(np.pad(word, (0, LETTERS - letters)), jnp.int8)


@pytest.mark.parametrize("name", ["feed-forward", "transformer", "reformer", "cyclic"])
def test_every_model_gives_finite_log_odds_and_gradients(name):
    def answer(model):
        return model(a_word(15), key=KEY)

    value, gradient = eqx.filter_jit(eqx.filter_value_and_grad(answer))(model(name))
    assert value.shape == ()
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves((value, gradient)))


def test_the_cyclic_transformer_does_not_see_where_a_word_begins():
    letters = 14
    cyclic = model("cyclic")
    bias = jax.random.normal(KEY, cyclic.blocks.distances.shape, jnp.float32)
    cyclic = eqx.tree_at(lambda model: model.blocks.distances, cyclic, bias)
    word = a_word(letters)
    turned = word.at[:letters].set(jnp.roll(word[:letters], 4))
    both = eqx.filter_jit(lambda model: jax.vmap(lambda word: model(word, key=KEY))(jnp.stack([word, turned])))
    np.testing.assert_allclose(*both(cyclic), rtol=1e-5)
    one, two = both(model("transformer"))
    assert abs(one - two) > 1e-3


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="multiple of the 4 heads"):
        Transformer(LETTERS, 5, width=10, key=KEY)
    with pytest.raises(ValueError, match="exclude each other"):
        Transformer(LETTERS, 5, hashing=Hashing(), cyclic=True, key=KEY)
