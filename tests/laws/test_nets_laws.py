"""Laws of activations, moments, spectra and orthogonalization that hold for any argument."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from netphysics.nets import activation, leaky_relu
from netphysics.nets.initializations import singular_values
from netphysics.nets.orthogonalization import gram_schmidt

SOLVED = ["linear", "relu", leaky_relu(0.2), "erf", "sin", "cos", "gauss"]
POINTS = arrays(np.float64, (4, 2), elements=st.floats(-3, 3, width=16))

settings.register_profile("laws", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("laws")


def moment_matrix(moment, q):
    variance = np.diagonal(q)
    return moment(variance[:, None], q, variance[None, :])


@pytest.mark.parametrize("choice", SOLVED)
@given(points=POINTS, bias=st.floats(0, 2))
def test_moments_are_kernels(choice, points, bias):
    """E[σ_a σ_b] and E[σ'_a σ'_b] are symmetric and positive semidefinite on any points."""
    q = bias + points @ points.T
    for moment in (activation(choice).product, activation(choice).slope_product):
        matrix = moment_matrix(moment, q)
        np.testing.assert_allclose(matrix, matrix.T, rtol=1e-12)
        scale = np.trace(matrix)
        # A slope that jumps makes its kernel rough: sqrt(rounding) at nearly parallel points.
        assert np.linalg.eigvalsh(matrix).min() >= -1e-7 * scale


@given(points=POINTS, factor=st.floats(0.1, 10), slope=st.floats(0, 1))
def test_scale_invariant_activations_scale(points, factor, slope):
    q, sigma = points @ points.T, leaky_relu(slope)
    scaled = moment_matrix(sigma.product, factor**2 * q)
    np.testing.assert_allclose(scaled, factor**2 * moment_matrix(sigma.product, q), rtol=1e-9, atol=1e-9)


@given(z=arrays(np.float64, 5, elements=st.floats(-40, 40)))
def test_parities(z):
    """σ(z) - σ(-z) = z for the gated activations; odd and even derivatives alternate for odd ones."""
    for name in ("swish", "softplus", "gelu", "relu"):
        derivatives = activation(name).derivatives
        np.testing.assert_allclose(derivatives(z)[0] - derivatives(-z)[0], z, rtol=1e-12, atol=1e-15)
    for name in ("tanh", "erf", "sin", "linear"):
        pairs = zip(activation(name).derivatives(z), activation(name).derivatives(-z), strict=True)
        for order, (plus, minus) in enumerate(pairs):
            np.testing.assert_allclose(minus, (-1) ** (order + 1) * plus, rtol=1e-12)


@given(n=st.integers(1, 300), share=st.floats(0, 1))
def test_spectra_have_the_kappa_they_are_asked_for(n, share):
    kappa = share * (n - 1)
    squares = singular_values(n, kappa) ** 2
    assert squares.mean() == pytest.approx(1, rel=1e-10)
    assert (squares**2).mean() == pytest.approx(1 + kappa, rel=1e-9)


@given(vectors=arrays(np.float32, (4, 3), elements=st.integers(-3, 3).map(float)))
def test_gram_schmidt_of_any_rank(vectors):
    """Four vectors in three dimensions, often dependent."""
    factors = jax.jit(gram_schmidt)(jnp.asarray(vectors))
    frame, triangle = (np.asarray(factor, np.float64) for factor in factors)
    np.testing.assert_allclose(triangle @ frame, vectors, atol=1e-5)
    np.testing.assert_allclose(triangle @ triangle.T, vectors @ vectors.T, atol=1e-4)
    used = np.any(frame != 0, axis=1)
    assert used.sum() == np.linalg.matrix_rank(vectors)
    np.testing.assert_allclose(frame[used] @ frame[used].T, np.eye(used.sum()), atol=1e-5)
