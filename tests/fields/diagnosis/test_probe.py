"""Virtual steps on random labels, against optax, and how outputs are aligned with the labels."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from netphysics.fields.diagnosis.probe import VIRTUAL_STEPS, alignment, descend

TARGETS = np.array([0, 2, 1, 1, 0, 2])


def loss(parameters):
    w, b = parameters
    return jnp.sum(jnp.tanh(w - 1) ** 2) + jnp.sum((b - w.sum()) ** 4)


@pytest.mark.parametrize(("optimizer", "reference"), [("sgd", optax.sgd(0.01)), ("adam", optax.adam(0.01))])
def test_virtual_steps_are_those_of_the_optimizers(optimizer, reference):
    start = [np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3), np.ones(2, np.float32)]
    slope = jax.jit(jax.grad(loss))
    end = descend(start, lambda values: list(map(np.asarray, slope(values))), optimizer, 0.01)
    parameters = list(map(jnp.asarray, start))
    state = reference.init(parameters)
    for _ in range(VIRTUAL_STEPS):
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
