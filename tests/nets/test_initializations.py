"""Explicit weight matrices: exact properties to rounding, entry variances within five standard errors."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.nets import GivensProduct, HouseholderProduct, Net, Spectrum, draw, draw_weights, preactivations
from netphysics.nets.initializations import singular_values

VARIANCE = 1.7
ENSEMBLES = ["gaussian", "uniform", "rademacher", "orthogonal", Spectrum(0.6), GivensProduct(2), HouseholderProduct(2)]


def ensemble(initialization, n_out, n_in, key, count=4000):
    keys = jax.random.split(key, count)
    draw_all = jax.jit(jax.vmap(lambda key: draw_weights(initialization, n_out, n_in, VARIANCE, key=key)))
    return np.asarray(draw_all(keys), float)


@pytest.mark.parametrize("initialization", ENSEMBLES)
def test_entries_have_variance_c_over_n_in_and_are_uncorrelated(initialization, key):
    weights = ensemble(initialization, 3, 5, key).reshape(4000, -1) / np.sqrt(VARIANCE / 5)
    products = weights[:, :, None] * weights[:, None, :]
    error = products.std(axis=0) / np.sqrt(len(products)) + 1e-6
    assert np.max(np.abs(products.mean(axis=0) - np.eye(15)) / error) < 5


@pytest.mark.parametrize(
    ("initialization", "n_out", "n_in"),
    [
        ("orthogonal", 3, 5),
        ("orthogonal", 5, 3),
        ("orthogonal", 4, 4),
        ("orthogonal", 1, 6),
        (GivensProduct(3), 5, 3),
        (HouseholderProduct(3), 4, 5),
    ],
)
def test_orthogonal_weights_are_orthogonal(initialization, n_out, n_in, key):
    weights = ensemble(initialization, n_out, n_in, key, count=20)
    if n_out <= n_in:
        gram, scale = weights @ weights.transpose(0, 2, 1), VARIANCE
    else:
        gram, scale = weights.transpose(0, 2, 1) @ weights, VARIANCE * n_out / n_in
    np.testing.assert_allclose(gram, np.broadcast_to(scale * np.eye(min(n_out, n_in)), gram.shape), atol=2e-6 * scale)


def test_haar_matrices_have_no_preferred_eigenvalue(key):
    """E[(tr O)^2] = 1 and E[(tr O)^4] = 3 on O(4); without the signs of diag R both are wrong."""
    traces = np.trace(ensemble("orthogonal", 4, 4, key), axis1=1, axis2=2) / np.sqrt(VARIANCE)
    for power, expected in ((1, 0), (2, 1), (4, 3)):
        values = traces**power
        assert abs(values.mean() - expected) < 5 * values.std() / np.sqrt(len(values))


@pytest.mark.parametrize("kappa", [0.0, 0.25, 1.0, 1.7, 3.0])
@pytest.mark.parametrize("n", [7, 8, 64])
def test_spectra_are_exact_at_every_width(kappa, n):
    squares = singular_values(n, kappa) ** 2
    assert squares.mean() == pytest.approx(1, rel=1e-12)
    assert (squares**2).mean() - 1 == pytest.approx(kappa, rel=1e-10, abs=1e-12)


def test_a_square_layer_has_the_spectrum(key):
    values = np.linalg.svd(ensemble(Spectrum(0.25), 6, 6, key, count=5), compute_uv=False) ** 2 / VARIANCE
    np.testing.assert_allclose(values, np.broadcast_to([1.5] * 3 + [0.5] * 3, (5, 6)), rtol=1e-5)


def test_an_orthogonal_linear_net_keeps_norms(key):
    net = Net((8, 8, 8), "linear", "orthogonal")
    inputs = jnp.asarray(np.random.default_rng(0).normal(size=(3, 8)), jnp.float32)
    output = jax.jit(lambda key: preactivations(net, draw(net, key=key), inputs))(key)[-1]
    np.testing.assert_allclose(output @ output.T, inputs @ inputs.T, rtol=1e-5, atol=1e-5)


def test_preactivations_follow_the_recursion(key):
    net = Net((2, 4, 3, 1), "tanh", bias_variance=0.5)
    inputs = np.array([[0.3, -1.0], [2.0, 0.1]], np.float32)
    weights = jax.jit(lambda key: draw(net, key=key))(key)
    values = jax.jit(lambda weights: preactivations(net, weights, jnp.asarray(inputs)))(weights)
    signal = inputs
    for z, (matrix, bias) in zip(values, weights, strict=True):
        np.testing.assert_allclose(z, signal @ np.asarray(matrix).T + np.asarray(bias), rtol=1e-5, atol=1e-6)
        signal = np.tanh(z)


def test_inputs_of_the_wrong_width_are_refused(key):
    net = Net((2, 4, 1), "tanh")
    weights = jax.eval_shape(lambda key: draw(net, key=key), key)
    with pytest.raises(ValueError, match="2 columns"):
        jax.eval_shape(lambda weights: preactivations(net, weights, jnp.ones((3, 5), jnp.float32)), weights)
