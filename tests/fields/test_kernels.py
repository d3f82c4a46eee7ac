"""Kernels: golden numbers, closed forms against quadrature, and the places where rounding bites."""

import dataclasses
import time

import numpy as np
import pytest

from netphysics.fields.kernels import output_kernel, preactivation_covariance, propagator, two_point
from netphysics.fields.mehler import _panels
from netphysics.nets import Activation, Net, activation

COVARIANCE, VARIANCE, OTHER = np.array([0.4, -0.8, 1.0]), np.array([1.3, 0.9, 1.0]), np.array([0.6, 2.0, 1.0])
SMOOTH = ("tanh", "gelu", "swish", "softplus", "sigmoid")


def net(name, d_in=1, weight_variance=1.3**2, bias_variance=0.7**2):
    return Net((d_in, 5, 1), name, "gaussian", weight_variance, bias_variance)


def numerical(name):
    """An activation that has forgotten its closed form."""
    return dataclasses.replace(activation(name), product=None)


def elementwise(function, kinks=()):
    return Activation("test", function, lambda z: (function(z),) * 4, kinks)


@pytest.mark.parametrize(
    ("name", "golden"),
    [("erf", 0.456170548453356), ("gauss", 0.990538144138951), ("relu", 0.762889447027209)],
)
def test_golden_kernels(name, golden):
    kernel = output_kernel(net(name), np.array([[0.8]]), np.array([[-0.4]]))
    assert kernel[0, 0] == pytest.approx(golden, rel=1e-12)


def test_the_output_bias_is_a_constant():
    inputs = np.array([[0.8, -0.3], [0.1, 0.5]])
    full, bare = output_kernel(net("erf", 2), inputs), output_kernel(net("erf", 2), inputs, output_bias=False)
    np.testing.assert_allclose(full - bare, 0.49, rtol=1e-14)


@pytest.mark.parametrize("name", ["erf", "relu", "leaky-relu", "linear", "sin", "cos"])
@pytest.mark.parametrize("scale", [1e-4, 1.0, 30.0])
def test_quadrature_meets_closed_forms(name, scale):
    law = scale * VARIANCE, scale * COVARIANCE, scale * OTHER
    exact = two_point(activation(name), *law)
    size = np.sqrt(two_point(activation(name), law[0], law[0], law[0]))
    np.testing.assert_allclose(two_point(numerical(name), *law) / size, exact / size, rtol=0, atol=2e-14)


@pytest.mark.parametrize("name", ["erf", "relu", "sin", "gauss"])
@pytest.mark.parametrize("correlation", [-1.0, -0.999999, -0.3, 0.0, 0.9, 0.9999, 1 - 1e-10, 1.0])
def test_quadrature_at_every_correlation(name, correlation):
    law = np.array([1.5]), np.array([correlation * np.sqrt(0.9)]), np.array([0.6])
    np.testing.assert_allclose(two_point(numerical(name), *law), two_point(activation(name), *law), atol=1e-13)


@pytest.mark.parametrize("name", [*SMOOTH, "elu"])
def test_mehler_meets_panels(name):
    scale, correlation, other = 1.2, -0.7, 0.8
    law = (np.array([value]) for value in (scale**2, scale * other * correlation, other**2))
    panels = _panels(activation(name), scale, correlation, other, 24)
    np.testing.assert_allclose(two_point(activation(name), *law), panels, rtol=1e-13)


def test_smooth_activations_take_milliseconds():
    """A matrix of 20 points, 200 pairs; nested panels take more than 20 ms for each pair."""
    inputs = np.random.default_rng(1).normal(size=(20, 30))
    output_kernel(net("tanh", 30), inputs)
    start = time.perf_counter()
    output_kernel(net("tanh", 30), inputs)
    assert time.perf_counter() - start < 0.2


@pytest.mark.parametrize("gap", [1e-3, 1e-7, 1e-12])
def test_quadrature_resolves_nearly_coincident_kinks(gap):
    correlation = np.array([1.0 - gap, -1.0 + gap])
    step = two_point(elementwise(np.sign, (0.0,)), np.ones(2), correlation, np.ones(2))
    np.testing.assert_allclose(step, (2 / np.pi) * np.arcsin(correlation), atol=1e-10)


@pytest.mark.parametrize("correlation", [1.0, 0.3])
def test_kinks_away_from_zero(correlation):
    hard_tanh = elementwise(lambda z: np.clip(z, -1.0, 1.0), (-1.0, 1.0))
    moment = two_point(hard_tanh, np.array([2.0]), np.array([2.0 * correlation]), np.array([2.0]))
    assert moment[0] == pytest.approx(_panels(hard_tanh, np.sqrt(2), correlation, np.sqrt(2), 40), rel=1e-12)
    if correlation == 1:
        draws = 2 * np.sqrt(2.0) * np.linspace(-5, 5, 2_000_001)
        density = np.exp(-(draws**2) / 4) / np.sqrt(4 * np.pi)
        assert moment[0] == pytest.approx(np.trapezoid(np.clip(draws, -1, 1) ** 2 * density, draws), rel=1e-9)


@pytest.mark.parametrize("name", ["erf", "relu", "gauss", "linear", "tanh"])
def test_correlations_of_one_and_more(name):
    """Rounding may leave |q_ab| above sqrt(q_aa q_bb); the result is that of correlation one."""
    above, below = (
        two_point(activation(name), np.ones(1), np.array([value]), np.ones(1)) for value in (1 + 1e-15, 1 - 1e-15)
    )
    np.testing.assert_allclose(above, below, rtol=1e-13)


def test_relu_near_angle_zero_keeps_its_digits():
    exact, near = (
        two_point(activation("relu"), np.ones(1), np.array([value]), np.ones(1)) for value in (1.0, 1 - 1e-15)
    )
    assert exact[0] == 0.5
    assert exact[0] - near[0] == pytest.approx(0.5e-15, abs=2e-16)


@pytest.mark.parametrize("name", ["erf", "relu", "gauss", "linear", "tanh"])
def test_the_propagator_is_the_kernel(name):
    inputs, others = np.random.default_rng(0).normal(size=(2, 3, 4))
    matrix = output_kernel(net(name, 4), inputs, others)
    kernel = propagator(net(name, 4))
    np.testing.assert_allclose(kernel(inputs[:, None], others[None]), matrix, rtol=1e-13)
    np.testing.assert_allclose(kernel(inputs, others), np.diag(matrix), rtol=1e-13)


@pytest.mark.parametrize("name", ["erf", "relu", "tanh"])
def test_an_input_at_zero_without_bias(name):
    kernel = output_kernel(net(name, 1, 1.0, 0.0), np.array([[0.0], [1.0]]))
    assert kernel[0, 0] == pytest.approx(0.0, abs=1e-15)
    assert np.all(np.isfinite(kernel))


def test_bad_input_is_refused():
    x = np.ones((1, 1))
    with pytest.raises(ValueError, match=r"inputs have 1 components; the net takes 3"):
        preactivation_covariance(net("erf", 3), x)
    with pytest.raises(ValueError, match=r"inputs have 1 components; the net takes 3"):
        output_kernel(net("erf", 3), x)
    with pytest.raises(ValueError, match=r"widths \(1, 5, 5, 1\) and gaussian weights"):
        output_kernel(Net((1, 5, 5, 1), "erf"), x)
    with pytest.raises(ValueError, match=r"orthogonal weights; the exact theory needs"):
        propagator(Net((1, 5, 1), "erf", "orthogonal"))
