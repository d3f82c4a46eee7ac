"""Normal numbers: the cipher bit for bit, the law within five standard errors."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from netphysics.nets import normal, random_words

COUNT = 2**20
draw = jax.jit(normal, static_argnums=0)


@pytest.fixture(scope="module")
def numbers():
    return np.asarray(draw((COUNT,), key=jax.random.key(1)), np.float64)


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_words_are_those_of_jax(count, key):
    first, second = random_words(count, key=key)
    assert np.array_equal(first ^ second, jax.random.bits(key, (count,), jnp.uint32))


def test_moments_to_eighth_order(numbers):
    for order in range(1, 9):
        moment = math.prod(range(1, order, 2)) if order % 2 == 0 else 0
        error = math.sqrt((math.prod(range(1, 2 * order, 2)) - moment**2) / COUNT)
        assert abs(np.mean(numbers**order) - moment) < 5 * error


def test_distribution(numbers):
    assert stats.kstest(numbers, "norm").pvalue > 1e-3


def test_tails(numbers):
    expected = COUNT * 2 * stats.norm.sf(4)
    assert abs(np.sum(np.abs(numbers) > 4) - expected) < 5 * math.sqrt(expected)


def test_the_two_halves_of_a_pair_are_independent(numbers):
    first, second = numbers.reshape(2, -1)
    for power, deviation in ((1, 1), (2, math.sqrt(2)), (3, math.sqrt(15))):
        a = first**power - np.mean(first**power)
        b = second**power - np.mean(second**power)
        assert abs(np.mean(a * b)) < 5 * deviation**2 / math.sqrt(len(a))
    angle = np.arctan2(second, first) / (2 * np.pi) % 1
    assert stats.kstest(angle, "uniform").pvalue > 1e-3


def test_neighbors_are_uncorrelated(numbers):
    for distance in (1, 2, 64):
        assert abs(np.mean(numbers[distance:] * numbers[:-distance])) < 5 / math.sqrt(COUNT - distance)


def test_keys_differ(numbers):
    other = np.asarray(draw((COUNT,), key=jax.random.key(2)), np.float64)
    assert abs(np.mean(numbers * other)) < 5 / math.sqrt(COUNT)


@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 5), (2, 0, 3)])
def test_shapes(shape, key):
    numbers = draw(shape, key=key)
    assert numbers.shape == shape and numbers.dtype == jnp.float32
    assert np.isfinite(numbers).all()


def test_batching_and_compiling_change_nothing(key):
    keys = jax.random.split(key, 3)
    batched = jax.jit(jax.vmap(lambda key: normal((3, 5), key=key)))(keys)
    single = jnp.stack([draw((3, 5), key=each) for each in keys])
    np.testing.assert_allclose(batched, single, rtol=1e-6)


def test_x64_changes_nothing(key):
    with jax.enable_x64(True):
        wide = draw((3, 5), key=key)
    assert wide.dtype == jnp.float32
    np.testing.assert_allclose(wide, draw((3, 5), key=key), rtol=1e-6)


def test_another_cipher_is_refused():
    with pytest.raises(ValueError, match="threefry2x32"):
        normal((2,), key=jax.random.key(0, impl="rbg"))
