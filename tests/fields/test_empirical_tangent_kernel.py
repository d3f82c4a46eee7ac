"""Empirical tangent kernels: against Jacobians written out, and against the spectrum of the full kernel."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from netphysics.fields.depth import empirical_tangent_kernel, largest_eigenvalue, largest_eigenvalue_spread


def make(key):
    return eqx.nn.MLP(3, 2, 16, 2, jnp.tanh, key=key)


@pytest.fixture
def inputs(key):
    return jax.random.normal(jax.random.fold_in(key, 1), (4, 3), jnp.float32)


def test_kernel_is_that_of_the_jacobian(key, inputs):
    model = make(key)
    parameters, rest = eqx.partition(model, eqx.is_inexact_array)
    flat, unravel = ravel_pytree(parameters)
    jacobian = jax.jacobian(lambda p: jax.vmap(eqx.combine(unravel(p), rest))(inputs))(flat)
    expected = jnp.einsum("aip,bjp->aibj", jacobian, jacobian)
    assert np.asarray(empirical_tangent_kernel(model, inputs)) == pytest.approx(
        np.asarray(expected), rel=1e-4, abs=1e-5
    )


def test_largest_eigenvalue_and_its_bound(key, inputs):
    kernel = np.asarray(empirical_tangent_kernel(make(key), inputs), np.float64).reshape(8, 8) / 4
    expected = np.linalg.eigvalsh(kernel)
    found = largest_eigenvalue(make(key), inputs, key=key)
    assert found.value == pytest.approx(expected[-1], rel=1e-5)
    few = largest_eigenvalue(make(key), inputs, 3, key=key)
    assert few.value <= expected[-1] * (1 + 1e-5)
    assert np.abs(expected - few.value).min() <= few.residual * (1 + 1e-3)


def test_spread_over_initializations(key, inputs):
    found = largest_eigenvalue_spread(make, inputs, 8, key=key)
    keys = [jax.random.split(each)[0] for each in jax.random.split(key, 8)]
    single = [largest_eigenvalue(make(each), inputs, key=key).value for each in keys]
    assert found.mean.value == pytest.approx(np.mean(single), rel=1e-3)
    assert found.relative.value == pytest.approx(np.std(single, ddof=1) / np.mean(single), rel=0.15)
    assert found.mean.error == pytest.approx(np.std(single, ddof=1) / np.sqrt(8), rel=1e-2)


def test_a_function_with_its_parameters_is_a_model(inputs):
    weights = jnp.asarray([1.0, 2.0, -1.0])
    model = jax.tree_util.Partial(lambda w, x: jnp.sum(w * x), weights)
    kernel = empirical_tangent_kernel(model, inputs)
    assert np.asarray(kernel[:, 0, :, 0]) == pytest.approx(np.asarray(inputs @ inputs.T), rel=1e-5)


def test_models_that_have_no_tangent_kernel_are_refused(key, inputs):
    with pytest.raises(ValueError, match="no floating arrays"):
        empirical_tangent_kernel(jnp.tanh, inputs)
    listing = jax.tree_util.Partial(lambda w, x: [w * x], jnp.ones(3))
    with pytest.raises(ValueError, match="one array of floating numbers"):
        largest_eigenvalue(listing, inputs, key=key)
    with pytest.raises(ValueError, match="at least 4"):
        largest_eigenvalue_spread(make, inputs, 2, key=key)
