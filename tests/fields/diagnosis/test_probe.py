"""Virtual steps, against optax, the labels that they are taken on, and how outputs are aligned with those."""

from itertools import islice

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from netphysics.fields.diagnosis.probe import (
    LEARNED,
    STEPS_BETWEEN,
    VIRTUAL_STEPS,
    aligned_after_steps,
    alignment,
    descend,
    read_off,
)

TARGETS, STEPS = np.array([0, 2, 1, 1, 0, 2]), 20


def loss(parameters):
    w, b = parameters
    return jnp.sum(jnp.tanh(w - 1) ** 2) + jnp.sum((b - w.sum()) ** 4)


@pytest.mark.parametrize(("optimizer", "reference"), [("sgd", optax.sgd(0.01)), ("adam", optax.adam(0.01))])
def test_virtual_steps_are_those_of_the_optimizers(optimizer, reference):
    start = [np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3), np.ones(2, np.float32)]
    slope = jax.jit(jax.grad(loss))
    *_, end = islice(descend(start, lambda values: list(map(np.asarray, slope(values))), optimizer, 0.01), STEPS)
    parameters = list(map(jnp.asarray, start))
    state = reference.init(parameters)
    for _ in range(STEPS):
        with jax.numpy_dtype_promotion("standard"):  # optax counts steps in whole numbers
            updates, state = reference.update(slope(parameters), state)
        parameters = optax.apply_updates(parameters, updates)
    for mine, theirs, before in zip(end, parameters, start, strict=True):
        assert mine == pytest.approx(np.asarray(theirs), rel=1e-4, abs=1e-5)
        assert not np.allclose(mine, before)


def test_alignment_sees_what_tells_samples_and_classes_apart():
    aims = np.eye(3)[TARGETS]
    common = np.array([[5.0, -3.0, 1.0]])
    assert alignment(1e-3 * aims + common, TARGETS) == pytest.approx(1, abs=1e-6)
    assert alignment(np.tile(common, (6, 1)), TARGETS) == pytest.approx(0, abs=1e-12)
    assert alignment(np.full((6, 3), np.nan), TARGETS) == -1.0
    assert alignment(1e200 * aims, TARGETS) == pytest.approx(1)
    numbers = np.random.default_rng(0).standard_normal(6)
    assert alignment(3 * numbers[:, None] + 100, numbers) == pytest.approx(1)
    assert alignment(-numbers[:, None], numbers) == pytest.approx(-1)


def test_inputs_that_are_alike_have_the_same_label():
    centers = np.random.default_rng(0).standard_normal((8, 5))
    inputs = np.concatenate([centers + 1e-6, centers - 1e-6])
    labels = read_off(inputs, 3)
    assert np.array_equal(labels[:8], labels[8:]) and set(labels) <= {0, 1, 2} and len(set(labels)) > 1
    assert np.array_equal(labels, read_off(1000 * inputs + 7, 3))
    numbers = read_off(inputs.reshape(16, 5, 1), 1)
    assert numbers.shape == (16,) and numbers.std() == pytest.approx(1)
    assert read_off(np.ones((4, 3)), 2).tolist() == [0, 0, 0, 0]


def test_labels_of_tokens_do_not_depend_on_their_order():
    tokens = np.array([[3, 7, 7, 9], [9, 7, 3, 7], [1, 1, 3, 9], [3, 3, 3, 3]])
    values = read_off(tokens, 1)
    assert values[0] == pytest.approx(values[1]) and len(np.unique(values.round(6))) == 3


def test_virtual_steps_end_where_labels_are_learned_and_where_all_is_lost():
    aims = np.eye(3)[TARGETS]

    def after(speed, unit=1.0):
        steps = []

        def gradients(values):
            steps.append(speed * (values[0] - aims))
            return [steps[-1]]

        found = aligned_after_steps([0 * aims], gradients, lambda values: unit * values[0], TARGETS, "sgd", 0.1)
        return found, len(steps)

    assert after(speed=1.0) == (LEARNED, STEPS_BETWEEN)
    assert after(speed=0.0) == (0.0, VIRTUAL_STEPS)
    assert after(speed=1.0, unit=np.nan) == (-1.0, STEPS_BETWEEN)
