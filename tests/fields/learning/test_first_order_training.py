"""Trained ensembles at first order: limits that are known, and networks."""

import re
from dataclasses import replace

import jax
import numpy as np
import pytest

from netphysics.fields.depth.first_order import first_order
from netphysics.fields.learning import (
    Descent,
    descent,
    descent_trajectory,
    flow,
    flow_trajectory,
    infinite_width,
    make_ensemble,
    outputs,
    response,
    trained,
    trained_first_order,
)
from netphysics.nets import LearningRates, Net

RNG = np.random.default_rng(5)
EXAMPLES, POINTS, OUTPUTS = 4, 6, 2
INPUTS = RNG.normal(size=(POINTS, 3))
INPUTS *= np.sqrt(3) / np.linalg.norm(INPUTS, axis=1, keepdims=True)
TARGETS = RNG.normal(size=(EXAMPLES, OUTPUTS))
RATE, STEPS = 0.8, 6


def net(initialization, width):
    return Net((3, width, width, OUTPUTS), "tanh", initialization, 1.2, 0.1)


@pytest.fixture(scope="module")
def theory():
    return first_order(net("orthogonal", 64), INPUTS)


def test_infinite_width_is_what_is_known(theory):
    kernels = infinite_width(net("orthogonal", 64), INPUTS)
    for trajectory, decay in (
        (descent_trajectory(RATE, STEPS), descent(RATE, STEPS)),
        (flow_trajectory(3.0), flow(3.0)),
    ):
        found, known = trained_first_order(theory, TARGETS, trajectory), trained(kernels, TARGETS, decay)
        np.testing.assert_allclose(found.mean, known.mean, atol=1e-9)
        np.testing.assert_allclose(found.covariance, known.covariance, atol=1e-9)


def test_nothing_is_learned_at_once(theory):
    found = trained_first_order(theory, TARGETS, flow_trajectory(1e-12))
    np.testing.assert_allclose(found.mean_correction, 0, atol=1e-9)
    expected = np.einsum("ij,xy->ijxy", np.eye(OUTPUTS), theory.kernel_correction)
    np.testing.assert_allclose(found.covariance_correction, expected, atol=1e-9)


def test_flow_is_the_limit_of_many_steps(theory):
    """The error of steps is proportional to their size, and two sizes tell the limit."""
    limit = trained_first_order(theory, TARGETS, flow_trajectory(4.0))
    coarse, fine = (trained_first_order(theory, TARGETS, descent_trajectory(4.0 / n, n)) for n in (100, 200))
    for name in ("mean_correction", "covariance_correction"):
        exact, first, second = (getattr(each, name) for each in (limit, coarse, fine))
        assert np.max(np.abs(2 * second - first - exact)) < 0.01 * np.max(np.abs(first - exact)) + 1e-6
        np.testing.assert_allclose(covariance_transposed(exact), exact, atol=1e-10)


def covariance_transposed(array):
    return np.transpose(array, (1, 0, 3, 2)) if array.ndim == 4 else array


@pytest.mark.parametrize("initialization", ["gaussian", "orthogonal"])
def test_networks(initialization, key):
    """Each network is compared with what infinite width makes of its own start: the outputs' fluctuations cancel."""
    width, draws = 64, 4096
    description = net(initialization, width)
    expected = trained_first_order(first_order(description, INPUTS), TARGETS, descent_trajectory(RATE, STEPS))
    kernels = infinite_width(description, INPUTS)
    learned = response(kernels, EXAMPLES, descent(RATE, STEPS))
    plan, rates = Descent(STEPS, RATE, "absolute"), LearningRates.matching(description)
    ensemble = make_ensemble(description, INPUTS[:EXAMPLES], TARGETS, plan, rates, chunks=1)(
        jax.random.split(key, draws)
    )
    start, end = (np.asarray(outputs(each, INPUTS), float) for each in (ensemble.initial, ensemble.networks))
    own = start + np.einsum("xn,rni->rxi", learned, TARGETS - start[:, :EXAMPLES])
    change = width * (end - own)
    error = change.std(axis=0) / np.sqrt(draws)
    # What is of second order in 1/width is allowed for; it is near a tenth here.
    allowance = 0.15 * np.max(np.abs(expected.mean_correction))
    assert np.all(np.abs(change.mean(axis=0) - expected.mean_correction) < 5 * error + allowance)
    along = np.einsum("rxi,xi->r", change, expected.mean_correction) / np.sum(expected.mean_correction**2)
    assert abs(along.mean() - 1) < 5 * along.std() / np.sqrt(draws) + 0.15

    centered, own = end - end.mean(axis=0), own - own.mean(axis=0)
    products = width * (np.einsum("rxi,ryj->rijxy", centered, centered) - np.einsum("rxi,ryj->rijxy", own, own))
    stays = np.eye(POINTS)
    stays[:, :EXAMPLES] -= learned
    first = first_order(description, INPUTS).kernel_correction
    own_start = np.einsum("ij,xy->ijxy", np.eye(OUTPUTS), stays @ first @ stays.T)
    expected_change = expected.covariance_correction - own_start
    error = products.std(axis=0) / np.sqrt(draws)
    allowance = 0.15 * np.max(np.abs(expected_change))
    assert np.all(np.abs(products.mean(axis=0) - expected_change) < 5 * error + allowance)


def test_a_width_that_is_too_small_is_named(theory):
    wide = trained_first_order(replace(theory, width=1e4), TARGETS, descent_trajectory(RATE, STEPS))
    assert wide.warning == ""
    needed = float(re.search(r"takes (.+)", replace(wide, width=1.0).warning)[1])
    assert replace(wide, width=1.01 * needed).warning == ""
    assert replace(wide, width=0.98 * needed).warning.startswith(f"width is {0.98 * needed:g}, where first order")
    nothing = trained_first_order(theory, np.zeros_like(TARGETS), descent_trajectory(RATE, STEPS))
    assert "mean" not in nothing.warning


def test_bad_trainings(theory):
    with pytest.raises(ValueError, match="there are 7 targets and 6 points"):
        trained_first_order(theory, np.zeros((7, 2)), flow_trajectory(1.0))
    with pytest.raises(ValueError, match="kink"):
        trained_first_order(first_order(Net((3, 8, 1), "relu"), INPUTS), TARGETS, flow_trajectory(1.0))
    with pytest.raises(ValueError, match="steps is 0"):
        descent_trajectory(0.1, 0)
    with pytest.raises(ValueError, match="learning_rate is -1"):
        descent_trajectory(-1.0, 3)
    with pytest.raises(ValueError, match="time is 0"):
        flow_trajectory(0.0)
