"""Deferred weights draw the law of explicit weights; degenerate inputs are no exception."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from netphysics.nets import Net, activation, batch_size, draw, preactivations, sampler

INPUTS = np.array([[0.5, -1.2, 0.3], [0.4, -1.0, 0.9], [-0.7, 0.1, 1.5], [2.0, 0.3, -0.4]])


def correlators(z):
    """Of one layer, networks first: sample covariances, their squares, and a product across neurons."""
    two = np.einsum("can,cbn->cab", z, z) / z.shape[2]
    across = z[:, :, 0] * z[:, :, -1]
    return two, np.einsum("cab,cde->cabde", two, two), across[:, :, None] * across[:, None, :]


def host_ensemble(net, inputs, seed, count):
    """Preactivations of networks with explicit weights, written independently of the package."""
    rng = np.random.default_rng(seed)
    signal, values = np.broadcast_to(inputs, (count, *inputs.shape)), []
    for n_out, n_in in net.shapes:
        m = max(n_out, n_in) if net.initialization == "orthogonal" else 1
        weights = rng.normal(size=(count, m, m) if m > 1 else (count, n_out, n_in))
        if net.initialization == "orthogonal":
            frame, triangle = np.linalg.qr(weights.reshape(count, m, m))
            weights = frame * np.sign(np.einsum("cii->ci", triangle))[:, None, :]
        weights = weights[:, :n_out, :n_in] * np.sqrt(net.weight_variance * m / n_in)
        bias = rng.normal(size=(count, 1, n_out)) * np.sqrt(net.bias_variance)
        values.append(signal @ weights.transpose(0, 2, 1) + bias)
        signal = np.tanh(values[-1])
    return values


def ensemble(sample, seed, count):
    """Preactivations of every layer, networks first, in float64."""
    draw_all = jax.jit(lambda keys: jax.lax.map(sample, keys, batch_size=256))
    layers = draw_all(jax.random.split(jax.random.key(seed), count))
    return [np.asarray(z, np.float64) for z in layers]


def pull(first, second):
    """Largest difference of the means of two ensembles in standard errors, beyond rounding."""
    difference = np.abs(first.mean(axis=0) - second.mean(axis=0))
    error = np.sqrt(first.var(axis=0) / len(first) + second.var(axis=0) / len(second))
    rounding = 3e-6 * np.abs(first).max()
    return np.max(np.maximum(difference - rounding, 0) / np.maximum(error, 1e-30))


def assert_same_law(ours, reference):
    for first, second in zip(ours, reference, strict=True):
        assert np.isfinite(first).all()
        for a, b in zip(correlators(first), correlators(second), strict=True):
            assert pull(a, b) < 5
        for a, b in zip(first.T[0], second.T[0], strict=True):
            assert stats.ks_2samp(a, b).pvalue > 1e-5


@pytest.mark.parametrize(
    ("initialization", "n", "k", "bias"),
    [
        ("gaussian", 8, 4, 0.2),
        ("gaussian", 64, 1, 0.0),
        ("orthogonal", 8, 4, 0.0),
        ("orthogonal", 16, 2, 0.2),
        ("orthogonal", 64, 1, 0.0),
    ],
)
def test_same_law_as_explicit_weights(initialization, n, k, bias):
    net = Net((3, n, n, 2), "tanh", initialization, 1.6, bias)
    count = 2**14 if n < 64 else 2**10
    ours = ensemble(sampler(net, INPUTS[:k]), 1, count)
    assert_same_law(ours, host_ensemble(net, INPUTS[:k], 2, count))


def test_explicit_weights_have_that_law_too():
    net = Net((3, 8, 5, 2), "tanh", "orthogonal", 1.6, 0.2)
    inputs = jnp.asarray(INPUTS, jnp.float32)
    ours = ensemble(lambda key: preactivations(net, draw(net, key=key), inputs), 3, 2**13)
    assert_same_law(ours, host_ensemble(net, INPUTS, 4, 2**13))


DEGENERATE = np.array([[0.5, -1.0], [1.0, -2.0], [0.0, 0.0], [0.5, -1.0], [0.3, 0.8]])


@pytest.mark.parametrize(
    ("initialization", "n", "bias"), [("gaussian", 2, 0.3), ("orthogonal", 2, 0.0), ("orthogonal", 1, 0.3)]
)
def test_more_inputs_than_neurons_collinear_equal_and_zero(initialization, n, bias):
    net = Net((2, n, 6, 2), "tanh", initialization, 1.6, bias)
    ours = ensemble(sampler(net, DEGENERATE), 3, 2**13)
    assert_same_law(ours, host_ensemble(net, DEGENERATE, 4, 2**13))
    for z in ours:
        np.testing.assert_allclose(z[:, 3], z[:, 0], atol=1e-5)
        if bias == 0:
            assert np.all(z[:, 2] == 0)


@pytest.mark.parametrize("n_0", [3, 8])
def test_an_orthogonal_linear_net_keeps_norms(n_0, key):
    """To rounding, in every network: W^T W = C_W n_1 / n_0 on the first layer, C_W on the others."""
    inputs = np.random.default_rng(0).normal(size=(2, n_0))
    net = Net((n_0, 8, 8, 8), "linear", "orthogonal", 1.3)
    gram = inputs @ inputs.T * 8 / n_0
    for power, z in enumerate(jax.jit(sampler(net, inputs))(key), start=1):
        np.testing.assert_allclose(z @ z.T, 1.3**power * gram, rtol=1e-5)


def test_nearly_equal_inputs_keep_their_differences():
    inputs = 0.01 * np.array([[0.2], [0.4], [0.6], [0.8], [1.0], [1.2]])
    net = Net((1, 64, 1), "erf", "gaussian", 1.0, 1.0)
    first = ensemble(sampler(net, inputs), 5, 2000)[0]
    steps = np.diff(first, axis=1)
    np.testing.assert_allclose(steps, np.broadcast_to(steps[:, :1], steps.shape), atol=3e-6)
    assert np.mean(steps**2) == pytest.approx(0.002**2, rel=5 * np.sqrt(2 / 128000))


def test_the_gauss_net_has_its_kernel():
    inputs = np.array([[0.8], [-0.4]])
    net = Net((1, 20, 1), "gauss", "gaussian", 1.69, 0.49)
    output = ensemble(sampler(net, inputs), 6, 2**15)[1][:, :, 0]
    values = output[:, 0] * output[:, 1]
    q = net.bias_variance + net.weight_variance * inputs @ inputs.T
    exact = net.bias_variance + net.weight_variance * activation("gauss").product(q[0, 0], q[0, 1], q[1, 1])
    assert abs(values.mean() - exact) < 5 * values.std() / np.sqrt(len(values))
    on_device = jnp.asarray(inputs, jnp.float32)
    reference = ensemble(lambda key: preactivations(net, draw(net, key=key), on_device), 7, 2**13)[1]
    assert stats.ks_2samp(output[:, 0], reference[:, 0, 0]).pvalue > 1e-4


def test_the_draw_does_not_depend_on_the_batch(key):
    net = Net((3, 8, 2), "relu", "gaussian", 2.0, 0.1)
    sample = jax.jit(sampler(net, INPUTS))
    keys = jax.random.split(key, 3)
    batched = jax.vmap(sample)(keys)
    for layer, together in zip(sample(keys[1]), batched, strict=True):
        np.testing.assert_allclose(layer, together[1], rtol=1e-4, atol=1e-5)


def test_batches_fit_the_cache():
    assert batch_size(Net((4, 1024, 1), "tanh"), 4) == 16
    assert batch_size(Net((4, 10**6, 1), "tanh"), 4) == 1


@pytest.mark.parametrize(
    ("net", "inputs", "message"),
    [
        (Net((3, 8, 1), "tanh", "uniform"), INPUTS, "use explicit weights"),
        (Net((2, 8, 1), "tanh"), INPUTS, r"shape \(k, 2\)"),
        (Net((3, 8, 1), "tanh"), INPUTS[:0], "k >= 1"),
        (Net((3, 8, 1), "tanh"), np.full((1, 3), np.nan), "finite"),
    ],
)
def test_bad_requests_are_refused(net, inputs, message):
    with pytest.raises(ValueError, match=message):
        sampler(net, inputs)
