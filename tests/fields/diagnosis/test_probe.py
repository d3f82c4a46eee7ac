"""Virtual steps, against optax, and what they teach."""

from itertools import islice

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from netphysics.fields.diagnosis.measuring.probe import (
    NOTHING,
    STEPS_BETWEEN,
    Learned,
    alignment,
    descend,
    learn,
    skill,
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
    assert alignment(1e200 * aims, TARGETS) == pytest.approx(1)
    numbers = np.random.default_rng(0).standard_normal(6)
    assert alignment(3 * numbers[:, None] + 100, numbers) == pytest.approx(1)
    assert alignment(-numbers[:, None], numbers) == pytest.approx(-1)


def test_skill_is_what_is_right_beyond_a_guess():
    targets = np.array([0, 0, 0, 0, 1, 1, 2, 2])
    right = np.eye(3)[targets] + 7
    assert skill(right, targets) == 1
    assert skill(np.tile([[3.0, 1, 2]], (8, 1)), targets) == 0  # all the most frequent label
    assert skill(np.tile([[1.0, 3, 2]], (8, 1)), targets) == 0  # worse
    half = np.where(np.arange(8)[:, None] < 6, right, right[[0]])
    assert skill(half, targets) == pytest.approx(0.5)
    assert skill(right, np.zeros(8, int)) == 1
    numbers = np.array([-1.0, 1, -1, 1])
    assert skill(numbers[:, None] / 2, numbers) == pytest.approx(0.75)
    assert skill(-numbers[:, None], numbers) == skill(np.zeros((4, 1)), numbers) == 0
    assert skill(np.full((4, 1), 1e30, np.float32), numbers) == 0


def test_outputs_that_are_no_target_do_not_count():
    outputs, targets = np.random.default_rng(0).standard_normal((6, 50)), np.array([4, 9, 30])[TARGETS]
    outputs[:, [4, 9, 30]] = np.eye(3)[TARGETS]
    outputs[:, 7] = 100
    assert alignment(outputs, targets) == pytest.approx(1)
    assert skill(outputs, targets) == 1


def test_virtual_steps_end_where_labels_are_learned_and_where_all_is_lost():
    aims = np.eye(3)[TARGETS]

    def after(speed, unit=1.0, steps=25):
        taken = []

        def gradients(values):
            taken.append(speed * (values[0] - aims))
            return [taken[-1]]

        found = learn(descend([0 * aims], gradients, "sgd", 0.1), lambda values: unit * values[0], TARGETS, steps)
        return Learned(round(found.skill, 6), round(found.alignment, 6)), len(taken)

    assert after(speed=1.0) == (Learned(1.0, 1.0), STEPS_BETWEEN)
    assert after(speed=1.0, steps=3) == (Learned(1.0, 1.0), 3)
    assert after(speed=0.0) == (NOTHING, 25)
    assert after(speed=1.0, unit=-1.0) == (Learned(0.0, -1.0), 25)
    assert after(speed=1.0, unit=np.nan) == (NOTHING, STEPS_BETWEEN)
