"""Every activation: device value, host derivatives and exact moments agree with one another."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.nets import activation, leaky_relu
from netphysics.nets.activations import NAMED

ELEMENTWISE = [name for name in NAMED if name != "gauss"] + [leaky_relu(0.3)]
SOLVED = ["linear", "relu", leaky_relu(0.3), "erf", "sin", "cos"]
POINTS = np.array([-30.0, -3.1, -1.2, -0.4, -0.01, 0.03, 0.5, 1.7, 4.2, 30.0])

# Gauss-Legendre on each side of 0, where all kinks are: exact to rounding for the products below.
NODES, WEIGHTS = np.polynomial.legendre.leggauss(200)
NODES, WEIGHTS = np.concatenate([NODES - 1, NODES + 1]) * 6, np.tile(WEIGHTS, 2) * 6


def two_point(first, second, covariance):
    """E[f(z_a) g(z_b)] by quadrature over z_a and the density of the angle-free combination z_b - ρ z_a."""
    (q_aa, q_ab), (_, q_bb) = covariance
    a = NODES * math.sqrt(q_aa)
    b = NODES * math.sqrt(q_bb)
    inverse = np.linalg.inv(covariance)
    exponent = inverse[0, 0] * a[:, None] ** 2 + 2 * inverse[0, 1] * np.outer(a, b) + inverse[1, 1] * b**2
    density = np.exp(-exponent / 2) / (2 * np.pi * math.sqrt(q_aa * q_bb - q_ab**2))
    return (first(a) * WEIGHTS * math.sqrt(q_aa)) @ density @ (second(b) * WEIGHTS * math.sqrt(q_bb))


@pytest.mark.parametrize("choice", ELEMENTWISE)
def test_device_value_is_host_value(choice):
    sigma = activation(choice)
    on_device = sigma.value(jnp.asarray(POINTS, jnp.float32))
    assert on_device.dtype == jnp.float32
    np.testing.assert_allclose(on_device, sigma.derivatives(POINTS)[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("choice", ELEMENTWISE)
def test_each_derivative_is_the_slope_of_the_one_before(choice):
    sigma, step = activation(choice), 1e-5
    up, down = sigma.derivatives(POINTS + step), sigma.derivatives(POINTS - step)
    for order, exact in enumerate(sigma.derivatives(POINTS)[1:]):
        np.testing.assert_allclose((up[order] - down[order]) / (2 * step), exact, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("choice", ELEMENTWISE)
def test_kinks_get_the_mean_of_both_sides(choice):
    sigma = activation(choice)
    for kink in sigma.kinks:
        sides = [np.array(sigma.derivatives(np.array([kink + step]))) for step in (-1e-12, 1e-12)]
        at_kink = np.array(sigma.derivatives(np.array([kink])))
        np.testing.assert_allclose(at_kink, (sides[0] + sides[1]) / 2, atol=1e-11)


@pytest.mark.parametrize("choice", SOLVED)
@pytest.mark.parametrize("covariance", [[[1.3, 0.4], [0.4, 0.7]], [[0.8, -0.5], [-0.5, 1.1]]])
def test_moments_against_quadrature(choice, covariance):
    sigma = activation(choice)
    q = covariance[0][0], covariance[0][1], covariance[1][1]
    for moment, order in ((sigma.product, 0), (sigma.slope_product, 1)):

        def function(z, order=order):
            return sigma.derivatives(z)[order]

        assert moment(*q) == pytest.approx(two_point(function, function, covariance), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("choice", [*SOLVED, "gauss"])
def test_equal_arguments_give_the_mean_square(choice):
    sigma, variance = activation(choice), 0.9
    z = NODES * math.sqrt(variance)
    density = np.exp(-(NODES**2) / 2) / math.sqrt(2 * np.pi) * WEIGHTS
    values = sigma.derivatives(z, np.full_like(z, variance)) if sigma.normalized else sigma.derivatives(z)
    for moment, value in zip((sigma.product, sigma.slope_product), values, strict=False):
        expected = np.sum(density * value**2)
        assert moment(variance, variance, variance) == pytest.approx(expected, rel=1e-8)
        # A covariance that rounding has pushed beyond the variances must not become a NaN.
        assert moment(variance, np.nextafter(variance, 1), variance) == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize(
    ("name", "golden"),
    [("erf", 0.456170548453356), ("gauss", 0.990538144138951), ("relu", 0.762889447027209)],
)
def test_kernels_of_published_networks(name, golden):
    """K(x, x') = C_b + C_W E[σ σ'] at x = 0.8, x' = -0.4, d = 1, σ_W = 1.3, σ_b = 0.7."""
    x, weight_variance, bias_variance = np.array([0.8, -0.4]), 1.3**2, 0.7**2
    q = bias_variance + weight_variance * np.outer(x, x)
    kernel = bias_variance + weight_variance * activation(name).product(q[0, 0], q[0, 1], q[1, 1])
    assert kernel == pytest.approx(golden, abs=1e-12)


def test_relu_keeps_its_digits_at_small_angles():
    """E[σ_a σ_b] at unit variances and angle θ is cos θ / 2 + (sin θ - θ cos θ) / 2π."""
    theta = 1e-3
    value = activation("relu").product(1.0, math.cos(theta), 1.0)
    assert value == pytest.approx(math.cos(theta) / 2 + (math.sin(theta) - theta * math.cos(theta)) / 2 / math.pi)


def test_a_function_of_the_user():
    sigma = activation(jnp.tanh)
    assert activation(jnp.tanh) is sigma and sigma.name == "tanh" and sigma.product is None
    for ours, exact in zip(sigma.derivatives(POINTS), activation("tanh").derivatives(POINTS), strict=True):
        assert ours.dtype == np.float64
        np.testing.assert_allclose(ours, exact, rtol=1e-10, atol=1e-14)
    assert jax.jit(sigma.value)(jnp.ones(2, jnp.float32)).dtype == jnp.float32


def test_bad_choices_are_refused():
    with pytest.raises(ValueError, match="did you mean 'relu'"):
        activation("rellu")
    with pytest.raises(ValueError, match="elementwise"):
        activation(jax.nn.logsumexp)
    with pytest.raises(ValueError, match="elementwise"):
        activation(lambda z: z > 0)


def test_relu_at_an_input_without_variance():
    """z = 0 for certain has slope 1/2, independent of every other preactivation."""
    slope_product = activation("relu").slope_product
    np.testing.assert_allclose(slope_product(0.0, 0.0, np.array([0.0, 1.0])), 0.25)
