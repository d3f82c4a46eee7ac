"""Systematics: exact where they are exact, and simulation says where first order ends."""

import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.topology.systematics import (
    Nuisances,
    breakdown,
    energy_scale,
    ensemble_spread,
    propagate,
    propagate_jacobian,
    resolution,
    simulate,
)

QUADRATIC = np.array([[1.0, 0.3, 0], [0.3, -0.5, 0.2], [0, 0.2, 0.7]])
SLOPE = np.array([0.4, -1.0, 0.3])
BOTH = Nuisances(np.array([[0.1, 0.2, -0.1], [0, 0.1, 0.1]]), np.array([0.05, 0.1, 0.2]))


def quadratic(x):
    return jnp.asarray(SLOPE) @ x + x @ jnp.asarray(QUADRATIC) @ x / 2


def ratio(x):
    return jnp.log(x[0] * x[1] / x[2] ** 2)


def test_second_order_is_exact_for_a_quadratic_network():
    x = np.array([0.3, -0.2, 0.5])
    found, outputs = propagate(quadratic, x, BOTH, order=2), simulate(quadratic, x, BOTH, 200_000)[:, 0]
    error = outputs.std() / len(outputs) ** 0.5
    assert abs(outputs.mean() - found.output[0] - found.bias[0]) < 5 * error
    assert outputs.std() == pytest.approx(found.sigma[0], rel=0.01)
    first = propagate(quadratic, x, BOTH)
    assert first.bias == 0 and first.sigma < found.sigma


def test_parts_add_up():
    found = propagate(quadratic, np.zeros(3), BOTH)
    np.testing.assert_allclose(found.sigma**2, np.sum(found.coherent**2, axis=0) + found.incoherent**2)
    np.testing.assert_allclose(found.coherent[:, 0], BOTH.coherent @ SLOPE)
    np.testing.assert_allclose(found.sigma[0] ** 2, SLOPE @ BOTH.covariance @ SLOPE)


def test_ratios_do_not_feel_the_energy_scale():
    x = np.array([3.0, 1.7, 2.2])
    assert abs(propagate(ratio, x, energy_scale(x, 1.0)).sigma[0]) < 1e-14
    assert propagate(ratio, x, resolution(x, 0.1)).sigma[0] == pytest.approx(0.1 * 6**0.5)


def test_arrays_from_elsewhere_give_the_same():
    x = np.array([0.3, -0.2, 0.5])
    gradient = SLOPE + QUADRATIC @ x
    mine = propagate(quadratic, x, BOTH, order=2)
    theirs = propagate_jacobian(mine.output, gradient[None], BOTH, QUADRATIC[None])
    np.testing.assert_allclose(theirs.sigma, mine.sigma)
    np.testing.assert_allclose(theirs.bias, mine.bias)


def test_first_order_breaks_down_where_simulation_says_so():
    examples = np.random.default_rng(0).uniform(1, 2, (20, 3))
    found = breakdown(
        lambda x: jnp.tanh(3 * (x[0] * x[1] - x[2])), examples, resolution, np.array([0.005, 0.3]), draws=500
    )
    assert abs(found.ratio.value[0] - 1) < 0.05
    assert abs(found.coverage.value[0] - 0.6827) < 5 * found.coverage.error[0] + 0.01
    assert abs(found.ratio.value[1] - 1) > 0.2
    assert found.pulls.shape == (2, 20, 500)


def test_the_spread_of_an_ensemble_has_an_error():
    spread = ensemble_spread(np.random.default_rng(1).normal(size=(50, 400)))
    assert spread.value.std() == pytest.approx(spread.error.mean(), rel=0.2)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Nuisances(np.zeros((1, 2)), np.zeros(3)), r"coherent has shape \(1, 2\) and incoherent \(3,\)"),
        (lambda: Nuisances(np.zeros((1, 1)), np.array([-1.0])), "incoherent holds -1"),
        (lambda: Nuisances(np.full((1, 1), np.nan), np.zeros(1)), "must be finite"),
        (lambda: propagate(quadratic, np.zeros(3), BOTH, order=3), "order is 3; it must be 1 or 2"),
        (lambda: propagate_jacobian(np.zeros(1), np.zeros((1, 2)), BOTH), r"jacobian has shape \(1, 2\)"),
        (lambda: simulate(quadratic, np.zeros(3), BOTH, 1), "draws is 1"),
        (lambda: ensemble_spread(np.zeros((1, 4))), "networks has 1 rows"),
    ],
)
def test_bad_input_is_named(make, words):
    with pytest.raises(ValueError, match=words):
        make()
