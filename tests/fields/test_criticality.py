"""Fixed points, phases and critical variances: published constants, closed forms, and functions of the user's."""

import time

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import ndtr

from netphysics.fields.depth import (
    CorrelationMap,
    averages,
    critical_point,
    edge_of_chaos,
    fixed_point,
    susceptibility,
)
from netphysics.nets import activation


@pytest.mark.parametrize(
    ("name", "kind", "bias", "weight", "kernel"),
    [
        ("linear", "scale-invariant", 0, 1, None),
        ("relu", "scale-invariant", 0, 2, None),
        ("leaky-relu", "scale-invariant", 0, 2 / 1.0001, None),
        ("tanh", "vanishing", 0, 1, 0),
        ("sin", "vanishing", 0, 1, 0),
        ("erf", "vanishing", 0, np.pi / 4, 0),
        ("elu", "vanishing", 0, 1, 0),
        ("gelu", "half-stable", 0.17292239, 1.98305826, 3.561553),
        ("swish", "half-stable", 0.55514317, 1.98800468, 14.320174),
    ],
)
def test_critical_variances(name, kind, bias, weight, kernel):
    found = critical_point(activation(name))
    assert found.kind == kind
    assert found.bias_variance == pytest.approx(bias, abs=5e-9)
    assert found.weight_variance == pytest.approx(weight, abs=5e-9)
    assert found.kernel == (kernel if kernel is None else pytest.approx(kernel, abs=5e-7))
    at = 2.0 if kernel is None else max(kernel, 1e-9)
    chi = susceptibility(activation(name), found.weight_variance, np.array(at))
    assert chi.parallel == pytest.approx(1, abs=1e-4)  # ELU gets there like sqrt(K)
    assert chi.perpendicular == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("sigmoid", "only as K -> 0, where C_W = 16 would need C_b = -4"),
        ("softplus", "chi_par / chi_perp > 1 at all kernels (1.55 at K = 1)"),
        ("cos", "chi_par / chi_perp < 1 at all kernels"),
    ],
)
def test_activations_that_are_never_critical_say_why(name, reason):
    found = critical_point(activation(name))
    assert found.kind == "none"
    assert reason in found.reason


def test_the_gain_that_torch_recommends_for_tanh_is_chaotic():
    found = fixed_point(activation("tanh"), 25 / 9)
    assert found.phase == "chaotic"
    assert found.kernel == pytest.approx(1.178, abs=5e-4)
    assert found.perpendicular == pytest.approx(1.210, abs=5e-4)
    assert found.angle_length == pytest.approx(5.2, abs=0.06)
    assert found.distance == pytest.approx(-np.log(found.parallel))


@pytest.mark.parametrize(
    ("name", "weight", "bias", "start", "kernel", "phase"),
    [
        ("relu", 2.0, 0.0, 3.0, 3.0, "critical"),
        ("relu", 1.9, 0.0, 1.0, 0.0, "ordered"),
        ("relu", 2.1, 0.0, 1.0, np.inf, "chaotic"),
        ("relu", 1.5, 0.5, 1.0, 2.0, "ordered"),
        ("relu", 1.98, 10.0, 1.0, 1000.0, "ordered"),
        ("tanh", 1.0, 0.0, 1.0, 0.0, "critical"),
        ("tanh", 0.5, 0.0, 1.0, 0.0, "ordered"),
        ("elu", 1.0, 0.0, 1.0, 0.0, "critical"),
        ("gelu", 1.98305826, 0.17292239, 7.0, 3.5616, "critical"),
    ],
)
def test_fixed_points(name, weight, bias, start, kernel, phase):
    found = fixed_point(activation(name), weight, bias, start)
    assert found.phase == phase
    assert found.kernel == pytest.approx(kernel, rel=1e-2 if name == "gelu" else 1e-9)


def test_sine_has_closed_forms():
    kernel = np.array([0.3, 2.0, 20.0])
    mean = averages(activation("sin"), kernel)
    assert mean.square == pytest.approx((1 - np.exp(-2 * kernel)) / 2, rel=1e-13)
    assert mean.slope_square == pytest.approx((1 + np.exp(-2 * kernel)) / 2, rel=1e-13)
    assert mean.square_rate == pytest.approx(np.exp(-2 * kernel), rel=1e-10)
    assert mean.square_bend == pytest.approx(-2 * np.exp(-2 * kernel), rel=1e-8)


def test_averages_at_a_kink_that_nobody_told():
    kernel = np.array([0.1, 1.0, 4.0])
    mean = averages(activation(lambda z: jnp.maximum(z - 0.4, 0)), kernel)
    assert mean.slope_square == pytest.approx(ndtr(-0.4 / np.sqrt(kernel)), rel=1e-11)


def test_a_phase_diagram_takes_less_than_two_seconds():
    weight, bias = np.linspace(0.5, 3, 60)[None] ** 2, np.linspace(0, 2, 60)[:, None] ** 2
    begin = time.perf_counter()
    found = fixed_point(activation("tanh"), weight, bias)
    assert time.perf_counter() - begin < 2
    assert found.kernel.shape == (60, 60)
    moved = bias + weight * averages(activation("tanh"), np.maximum(found.kernel, 1e-12)).square
    assert moved == pytest.approx(found.kernel, abs=2e-6)
    # Beyond the line on which angles are kept, and only there, signals are chaotic.
    line_weight, line_bias = edge_of_chaos(activation("tanh"))
    on_line = np.interp(bias[:, 0], line_bias, line_weight)
    away = np.abs(weight - on_line[:, None]) > 0.01
    assert np.array_equal((found.perpendicular > 1)[away], (weight > on_line[:, None])[away])


def test_correlations_in_the_three_phases():
    def fixed(name, weight, bias, kernel):
        points = CorrelationMap(activation(name), weight, bias, kernel).fixed_points()
        return [(point.correlation, point.stability) for point in points]

    chaotic = fixed("tanh", 25 / 9, 0.0, float(fixed_point(activation("tanh"), 25 / 9).kernel))
    assert chaotic == [(1.0, "unstable"), (pytest.approx(0, abs=1e-9), "stable"), (-1.0, "unstable")]
    ordered = fixed("tanh", 1.5, 0.1, float(fixed_point(activation("tanh"), 1.5, 0.1).kernel))
    assert ordered == [(1.0, "stable")]
    assert fixed("relu", 2.0, 0.0, 1.0) == [(1.0, "marginal")]
    assert fixed("linear", 1.0, 0.0, 1.0) == []
    # The arc-cosine kernel of Cho and Saul (NeurIPS 2009).
    c = np.linspace(-1, 1, 9)
    expected = (np.sqrt(1 - c**2) + (np.pi - np.arccos(c)) * c) / np.pi
    assert CorrelationMap(activation("relu"), 2.0, 0.0, 0.7)(c) == pytest.approx(expected, abs=1e-12)


def test_refusals():
    with pytest.raises(ValueError, match=r"weight_variance is 1e\+300; it must lie between 0 and 1e\+06"):
        fixed_point(activation("tanh"), 1e300)
    with pytest.raises(ValueError, match="bias_variance is nan"):
        fixed_point(activation("tanh"), 1.0, np.nan)
    with pytest.raises(ValueError, match="discontinuous at z = 0"):
        critical_point(activation(jnp.sign))
    with pytest.raises(ValueError, match="grows too fast"):
        critical_point(activation(jnp.exp))
    with pytest.raises(ValueError, match="needs a positive, finite one"):
        CorrelationMap(activation("tanh"), 1.0, 0.0, 0.0)


def test_activations_are_named_or_given_as_functions():
    assert critical_point("tanh") == critical_point(activation("tanh"))
    arctan = critical_point(jnp.arctan)
    assert arctan.kind == "vanishing" and arctan.weight_variance == pytest.approx(1)
    assert fixed_point("ReLU", 1.0, 0.5).kernel == pytest.approx(1.0)
    assert susceptibility(jnp.sin, 1.0, 1e-6).perpendicular == pytest.approx(1, abs=1e-5)
