"""Hidden moments: golden numbers, every backend against another one, and the symmetries."""

import dataclasses
import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netphysics.fields.interactions.hidden_moments import hidden_moments
from netphysics.fields.kernels import preactivation_covariance
from netphysics.nets import Activation, Net, activation
from netphysics.stats import (
    multi_indices,
    packed_positions,
    partition_sum,
    partitions,
    wick_sum,
)

ERF, RELU, GAUSS, LINEAR, TANH, COS = map(activation, ("erf", "relu", "gauss", "linear", "tanh", "cos"))


def numerical(known):
    """An activation that has forgotten its name and its closed forms."""
    return dataclasses.replace(known, name="numerical", product=None)


def covariance(inputs, weight_variance=1.3**2, bias_variance=0.7**2):
    inputs = np.reshape(inputs, (len(inputs), -1)).astype(float)
    net = Net((inputs.shape[1], 1, 1), LINEAR, "gaussian", weight_variance, bias_variance)
    return preactivation_covariance(net, inputs)


LINE = covariance([-0.8, 0.3, 1.0, 0.5, -0.2, 0.9])
SPACE = covariance(np.random.default_rng(7).normal(size=(6, 10)))


@pytest.mark.parametrize(("sizes", "count"), [((2,) * k, math.prod(range(1, 2 * k, 2))) for k in range(1, 6)])
def test_the_number_of_pairings(sizes, count):
    assert len(partitions(sum(sizes), sizes)) == count


def test_partitions_are_distinct_and_complete():
    found = partitions(6, (2, 4))
    assert len(found) == len({frozenset(map(frozenset, blocks)) for blocks in found}) == 15
    assert all(sorted(sum(blocks, ())) == list(range(6)) for blocks in found)


def test_packed_positions_do_not_mind_the_order_of_indices():
    indices = multi_indices(4, 3)
    for permutation in permutations(range(3)):
        assert np.array_equal(packed_positions(indices[:, permutation], 4), np.arange(len(indices)))


def test_wick_sum_of_one_variable():
    assert wick_sum(np.array([2.0]), 6, 1)[0] == 15 * 8
    with pytest.raises(ValueError, match="order is 3"):
        wick_sum(np.array([2.0]), 3, 1)


def test_a_partition_sum_of_two_sizes():
    ones = {2: np.ones(3), 4: np.ones(5)}
    assert np.array_equal(partition_sum(ones, (2, 4), 2), np.full(7, 15.0))


def test_golden_erf():
    moments = hidden_moments(covariance([-1.0, -0.2, 0.6, 1.0], 1.0, 1.0), ERF, 4)
    where = packed_positions(np.array([[0, 1, 2, 3]]), 4)
    assert moments.values[where[0]] == pytest.approx(0.204582586486119, abs=1e-14)


def test_gauss_at_zero():
    for order, exponent in ((2, 0.0), (4, 4.0), (6, 12.0)):
        moments = hidden_moments(np.full((1, 1), 1.0), GAUSS, order)
        assert moments.values[0] == pytest.approx(math.exp(exponent), rel=1e-14)


def test_gauss_against_quadrature():
    shift = np.diag(LINE)[:3]
    exponential = Activation("exp", np.exp, lambda z: (np.exp(z),) * 4)
    numeric = hidden_moments(LINE[:3, :3] / 8, exponential, 4)
    exact = hidden_moments(LINE[:3, :3] / 8, GAUSS, 4)
    scale = np.exp(np.sum(shift[multi_indices(3, 4)], axis=1) / 8)
    np.testing.assert_allclose(numeric.values, exact.values * scale, rtol=1e-10)


def test_relu_on_a_ray_is_closed():
    x = np.array([0.2, 0.5, 1.2])
    for order, double_factorial in ((4, 3), (6, 15)):
        moments = hidden_moments(covariance(x, 1.3**2, 0.0), RELU, order)
        product = np.prod(x[multi_indices(3, order)], axis=1)
        np.testing.assert_allclose(moments.values, 1.3**order * double_factorial / 2 * product, rtol=1e-13)


def test_relu_of_both_signs_vanishes():
    moments = hidden_moments(covariance([-0.4, 0.7], 1.3**2, 0.0), RELU, 4)
    assert np.all(moments.values[1:-1] == 0)
    assert np.all(moments.values[[0, -1]] > 0)


def test_linear_is_wick():
    numeric = hidden_moments(LINE[:4, :4], numerical(LINEAR), 6)
    np.testing.assert_allclose(numeric.values, hidden_moments(LINE[:4, :4], LINEAR, 6).values, rtol=1e-12)


@pytest.mark.parametrize("order", [2, 4, 6])
@pytest.mark.parametrize("known", [ERF, RELU], ids=lambda known: known.name)
def test_named_backends_meet_the_general_one_on_the_line(known, order):
    named, general = hidden_moments(LINE, known, order), hidden_moments(LINE, numerical(known), order)
    np.testing.assert_allclose(named.values, general.values, rtol=1e-11)
    assert np.all(np.abs(named.values - general.values) <= named.error + general.error + 1e-14)


def test_erf_meets_quasi_monte_carlo_in_many_dimensions():
    for order in (4, 6):
        exact, sampled = hidden_moments(SPACE, ERF, order), hidden_moments(SPACE, numerical(ERF), order)
        pulls = (sampled.values - exact.values) / sampled.error
        # The 32 scramblings give errors that are themselves uncertain by an eighth.
        assert np.max(np.abs(pulls)) < 6
        assert np.max(sampled.error) < 1e-3


def test_relu_in_many_dimensions_has_an_honest_error():
    # Not scale-invariant by a hair, so that the points keep their distances.
    blunt = Activation("blunt", np.abs, lambda z: (np.maximum(z, 1e-9 * z**2),) * 4, (0.0,))
    named, general = hidden_moments(SPACE, RELU, 4), hidden_moments(SPACE, blunt, 4)
    assert np.max(np.abs(named.values - general.values) / np.hypot(named.error, general.error)) < 6
    assert np.max(named.error / named.values) < 0.02


@pytest.mark.parametrize(("dimension", "accuracy"), [(2, 2e-5), (3, 1e-2)])
def test_the_lattice_in_three_and_four_dimensions(dimension, accuracy):
    q = covariance(np.random.default_rng(3).normal(size=(4, dimension)))
    exact, lattice = hidden_moments(q, ERF, 4), hidden_moments(q, numerical(ERF), 4)
    assert np.all(np.abs(lattice.values - exact.values) <= lattice.error)
    assert np.max(lattice.error) < accuracy


@pytest.mark.parametrize("sigma", [ERF, RELU, GAUSS, TANH], ids=lambda sigma: sigma.name)
@pytest.mark.parametrize("q", [LINE, SPACE], ids=["rank 2", "rank 6"])
def test_relabeling_the_points_relabels_the_moments(sigma, q):
    order, relabeled = 4, np.array([2, 0, 1])
    moments = hidden_moments(q[:3, :3], sigma, order)
    permuted = hidden_moments(q[np.ix_(relabeled, relabeled)], sigma, order)
    where = packed_positions(relabeled[multi_indices(3, order)], 3)
    difference = np.abs(permuted.values - moments.values[where])
    assert np.all(difference <= 6 * (moments.error[where] + permuted.error) + 1e-12 * np.abs(permuted.values))


@settings(deadline=None, max_examples=20)
@given(st.floats(0.01, 0.999999), st.sampled_from([0.01, 1.0, 100.0]))
def test_repeated_and_nearly_repeated_points(correlation, scale):
    q = scale * np.array([[1.0, correlation, 1.0], [correlation, 1.0, correlation], [1.0, correlation, 1.0]])
    for sigma in (ERF, RELU):
        moments = hidden_moments(q, sigma, 4)
        same = hidden_moments(q[:2, :2], sigma, 4)
        merged = packed_positions(np.array([0, 1, 0])[multi_indices(3, 4)], 2)
        np.testing.assert_allclose(moments.values, same.values[merged], rtol=1e-9)


def test_zero_covariance():
    for sigma in (ERF, RELU, COS):
        value = hidden_moments(np.zeros((2, 2)), sigma, 4).values
        assert np.all(value == (1.0 if sigma is COS else 0.0))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((LINE, ERF, 3), "order is 3"),
        ((-LINE, ERF, 4), "must be positive semidefinite"),
        ((np.array([[1.0, 0.5], [0.0, 1.0]]), ERF, 4), "not symmetric"),
        ((np.array([[np.nan]]), ERF, 4), "not finite"),
    ],
)
def test_bad_input_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        hidden_moments(*arguments)


def test_twelve_points_at_six_legs_in_ten_seconds(benchmark):
    q = covariance(np.linspace(-1, 1, 12))
    moments = benchmark(hidden_moments, q, ERF, 6)
    assert np.max(moments.error) < 1e-11
