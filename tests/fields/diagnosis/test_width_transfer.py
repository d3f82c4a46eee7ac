"""The check of width transfer on networks in the maximal update parametrization, and on broken ones."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from netphysics.fields.diagnosis import width_transfer

INPUTS = np.random.default_rng(0).standard_normal((8, 6))
BASE, RATE = 16, 3e-3


def perceptron(width, key):
    """Hidden weights of variance 2 / n, readout of variance 1 / n²."""
    keys = jax.random.split(key, 3)
    shapes = [(width, 6), (width, width), (4, width)]
    sizes = [(2 / 6) ** 0.5, (2 / width) ** 0.5, BASE**0.5 / width]
    weights = [s * jax.random.normal(k, shape, jnp.float32) for s, k, shape in zip(sizes, keys, shapes, strict=True)]
    return jax.tree_util.Partial(apply, weights)


def apply(weights, x):
    first, second, last = weights
    return last @ jax.nn.relu(second @ jax.nn.relu(first @ x))


def scaled(rates):
    """Adam with its own rate for each of the three matrices."""
    labels = jax.tree_util.Partial(apply, ["first", "second", "last"])
    parts = {name: optax.adam(rate) for name, rate in zip(("first", "second", "last"), rates, strict=True)}
    return optax.multi_transform(parts, lambda _: labels)


def right(width, key):
    ratio = BASE / width
    return perceptron(width, key), scaled((RATE, RATE * ratio, RATE * ratio))


def wrong(width, key):
    return perceptron(width, key), optax.adam(RATE)


def test_the_maximal_update_parametrization_transfers_and_plain_adam_does_not():
    # Adam of optax mixes its step count with numbers.
    with jax.numpy_dtype_promotion("standard"):
        good = width_transfer(right, INPUTS, (16, 32, 64), 4)
        bad = width_transfer(wrong, INPUTS, (16, 32, 64), 4)
    assert good.ok, good.reason
    assert not bad.ok and "should not depend on it" in bad.reason
    assert float(bad.change["outputs"].value) > 0.5


def test_bad_calls():
    with pytest.raises(ValueError, match="at least two"):
        width_transfer(right, INPUTS, (16,))
    with pytest.raises(ValueError, match="a pair"):
        width_transfer(lambda width, key: perceptron(width, key), INPUTS, (16, 32), 2)
