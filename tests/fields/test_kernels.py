"""Kernels: golden numbers, closed forms against quadrature, and the places where rounding bites."""

import numpy as np
import pytest
from scipy.special import erf

from netphysics.fields.kernels import hidden_two_point, output_kernel, preactivation_covariance

ENSEMBLE = {"weight_variance": 1.3**2, "bias_variance": 0.7**2}
COVARIANCE, VARIANCE, OTHER = np.array([0.4, -0.8, 1.0]), np.array([1.3, 0.9, 1.0]), np.array([0.6, 2.0, 1.0])


def relu(z):
    return np.maximum(z, 0.0)


@pytest.mark.parametrize(
    ("activation", "golden"),
    [("erf", 0.456170548453356), ("gauss", 0.990538144138951), ("relu", 0.762889447027209)],
)
def test_golden_kernels(activation, golden):
    kernel = output_kernel(np.array([[0.8]]), np.array([[-0.4]]), activation=activation, **ENSEMBLE)
    assert kernel[0, 0] == pytest.approx(golden, rel=1e-12)


def test_the_output_bias_is_a_constant():
    inputs = np.array([[0.8, -0.3], [0.1, 0.5]])
    full = output_kernel(inputs, activation="erf", **ENSEMBLE)
    bare = output_kernel(inputs, activation="erf", output_bias=False, **ENSEMBLE)
    np.testing.assert_allclose(full - bare, 0.49, rtol=1e-14)


@pytest.mark.parametrize(
    ("name", "function", "kinks"),
    [("erf", erf, ()), ("relu", relu, (0.0,)), ("linear", np.positive, ())],
)
@pytest.mark.parametrize("scale", [1e-4, 1.0, 30.0])
def test_quadrature_meets_closed_forms(name, function, kinks, scale):
    arguments = scale * COVARIANCE, scale * VARIANCE, scale * OTHER
    exact = hidden_two_point(*arguments, name)
    numeric = hidden_two_point(*arguments, function, kinks=kinks)
    np.testing.assert_allclose(numeric, exact, rtol=1e-11, atol=1e-13 * scale)


@pytest.mark.parametrize("gap", [1e-3, 1e-7, 1e-12])
def test_quadrature_resolves_nearly_coincident_kinks(gap):
    arguments = np.array([1.0 - gap, -1.0 + gap]), np.ones(2), np.ones(2)
    step = hidden_two_point(*arguments, np.sign, kinks=(0.0,))
    np.testing.assert_allclose(step, (2 / np.pi) * np.arcsin(arguments[0]), atol=1e-10)


def test_kinks_away_from_zero():
    hard_tanh = hidden_two_point(
        np.array([2.0]), np.array([2.0]), np.array([2.0]), lambda z: np.clip(z, -1.0, 1.0), kinks=(-1.0, 1.0)
    )
    draws = 2 * np.sqrt(2.0) * np.linspace(-5, 5, 2_000_001)
    density = np.exp(-(draws**2) / 4) / np.sqrt(4 * np.pi)
    assert hard_tanh[0] == pytest.approx(np.trapezoid(np.clip(draws, -1, 1) ** 2 * density, draws), rel=1e-9)


@pytest.mark.parametrize("activation", ["erf", "relu", "gauss", "linear", np.tanh])
def test_correlations_of_one_and_more(activation):
    """Rounding may leave |q_ab| above sqrt(q_aa q_bb); the result is that of correlation one."""
    above = hidden_two_point(np.array([1 + 1e-15]), np.ones(1), np.ones(1), activation)
    below = hidden_two_point(np.array([1 - 1e-15]), np.ones(1), np.ones(1), activation)
    np.testing.assert_allclose(above, below, rtol=1e-13)


def test_relu_near_angle_zero_keeps_its_digits():
    exact = hidden_two_point(np.array([1.0]), np.ones(1), np.ones(1), "relu")
    near = hidden_two_point(np.array([1.0 - 1e-15]), np.ones(1), np.ones(1), "relu")
    assert exact[0] == 0.5
    assert exact[0] - near[0] == pytest.approx(0.5e-15, abs=2e-16)


def test_an_input_at_zero_without_bias():
    inputs = np.array([[0.0], [1.0]])
    for activation in ("erf", "relu", np.tanh):
        kernel = output_kernel(inputs, activation=activation, weight_variance=1.0, bias_variance=0.0)
        assert kernel[0, 0] == pytest.approx(0.0, abs=1e-15)
        assert np.all(np.isfinite(kernel))


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match=r"activation is 'sine'"):
        hidden_two_point(COVARIANCE, VARIANCE, OTHER, "sine")
    with pytest.raises(ValueError, match=r"weight_variance is -1\.0"):
        preactivation_covariance(np.ones((1, 1)), weight_variance=-1.0, bias_variance=0.0)
