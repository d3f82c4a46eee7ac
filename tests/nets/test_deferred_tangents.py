"""Deferred weights draw the joint law of outputs and tangent kernels of explicit weights."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from netphysics.nets import LearningRates, Net, draw, preactivations, tangent_forms, tangent_kernel, tangent_sampler

INPUTS = np.array([[0.5, -1.2, 0.3], [-0.4, 1.0, 0.9], [-0.7, 0.1, 1.5]])
PARALLEL = np.array([[0.5, -1.2, 0.3], [1.0, -2.4, 0.6], [0.0, 0.0, 0.0]])
RATES = LearningRates(bias=0.3, weight=1.2)
ACTIVATIONS = {
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)),
}


def host_weights(net, seed, count):
    """Weights and biases of many networks, written independently of the package."""
    rng = np.random.default_rng(seed)
    for n_out, n_in in net.shapes:
        m = max(n_out, n_in) if net.initialization == "orthogonal" else 1
        weights = rng.normal(size=(count, m, m) if m > 1 else (count, n_out, n_in))
        if m > 1:
            frame, triangle = np.linalg.qr(weights)
            weights = frame * np.sign(np.einsum("cii->ci", triangle))[:, None, :]
        scale = np.sqrt(net.weight_variance * m / n_in)
        yield scale * weights[:, :n_out, :n_in], rng.normal(size=(count, 1, n_out)) * np.sqrt(net.bias_variance)


def host_tangents(net, weights, inputs, rates):
    """Outputs and tangent kernels of many networks: the gradients of all parameters, written down."""
    value, slope = ACTIVATIONS[net.activation.name]
    signals, zs = [np.broadcast_to(inputs, (len(weights[0][0]), *inputs.shape))], []
    for matrix, bias in weights:
        zs.append(signals[-1] @ matrix.transpose(0, 2, 1) + bias)
        signals.append(value(zs[-1]))
    count, k, c = zs[-1].shape
    delta, total = np.broadcast_to(np.eye(c), (count, k, c, c)), 0
    for layer in reversed(range(net.layers)):
        by_weight = (delta[..., None] * signals[layer][:, :, None, None, :]).reshape(count, k, c, -1)
        both = [(delta, rates.bias), (by_weight, rates.weight / net.widths[layer])]
        total = total + sum(rate * np.einsum("naip,nbjp->naibj", g, g) for g, rate in both)
        if layer:
            delta = np.einsum("naio,nop->naip", delta, weights[layer][0]) * slope(zs[layer - 1])[:, :, None, :]
    return zs[-1], total


def ensemble(net, inputs, seed, count):
    sample = tangent_sampler(net, inputs, RATES)
    draw_all = jax.jit(lambda keys: jax.lax.map(sample, keys, batch_size=128))
    return [np.asarray(part, np.float64) for part in draw_all(jax.random.split(jax.random.key(seed), count))]


def assert_same_law(ours, reference):
    """All first and second moments of (z, H) and the connected 4-point functions; and random projections."""
    joint, other = ([part.reshape(len(part), -1) for part in parts] for parts in (ours, reference))
    joint, other = np.hstack(joint), np.hstack(other)
    assert np.isfinite(joint).all()
    center, scale = other.mean(axis=0), other.std(axis=0) + 1e-6 * np.abs(other).max()
    joint, other = (joint - center) / scale, (other - center) / scale
    outputs = ours[0][0].size
    for order in (1, 2, 4):
        a, b = (moments(v, order, outputs) for v in (joint, other))
        error = np.sqrt(a.var(axis=0) / len(a) + b.var(axis=0) / len(b))
        pulls = (a.mean(axis=0) - b.mean(axis=0)) / np.maximum(error, 1e-5)
        assert np.abs(pulls).max() < 5
    directions = np.random.default_rng(0).normal(size=(joint.shape[1], 20))
    directions = np.hstack([directions, np.eye(joint.shape[1])])
    levels = [stats.ks_2samp(*pair).pvalue for pair in zip((joint @ directions).T, (other @ directions).T, strict=True)]
    assert min(levels) > 1e-5 / len(levels) or joint.std(axis=0).min() < 1e-3


def moments(values, order, outputs):
    if order == 1:
        return values
    if order == 2:
        return np.einsum("na,nb->nab", values, values).reshape(len(values), -1)
    two = np.einsum("na,nb->nab", values[:, :outputs], values[:, :outputs])
    return np.einsum("nab,ncd->nabcd", two, two).reshape(len(values), -1)


@pytest.mark.parametrize("initialization", ["gaussian", "orthogonal"])
@pytest.mark.parametrize(("n", "k", "bias"), [(8, 2, 0.2), (16, 3, 0.0), (64, 1, 0.0)])
def test_same_law_as_explicit_weights(initialization, n, k, bias):
    net = Net((3, n, n, n, 2), "tanh", initialization, 1.6, bias)
    count = 2**13 if n < 64 else 2**11
    reference = host_tangents(net, list(host_weights(net, 1, count)), INPUTS[:k], RATES)
    assert_same_law(ensemble(net, INPUTS[:k], 2, count), reference)


@pytest.mark.parametrize(
    ("initialization", "inputs", "widths"),
    [
        ("orthogonal", INPUTS[:1], (3, 6, 12, 7, 2)),
        ("gaussian", PARALLEL, (3, 12, 12, 2)),
        ("orthogonal", PARALLEL, (3, 12, 12, 2)),
    ],
)
def test_unequal_widths_and_dependent_signals(initialization, inputs, widths):
    net = Net(widths, "relu", initialization, 2.0, 0.1 if len(inputs) == 1 else 0.0)
    reference = host_tangents(net, list(host_weights(net, 3, 2**13)), inputs, RATES)
    assert_same_law(ensemble(net, inputs, 4, 2**13), reference)


@pytest.mark.parametrize("initialization", ["gaussian", "orthogonal", "rademacher"])
def test_explicit_weights_have_the_gradients_of_automatic_differentiation(initialization, key):
    net = Net((3, 5, 4, 2), "tanh", initialization, 1.6, 0.2)
    weights, inputs = draw(net, key=key), jnp.asarray(INPUTS, jnp.float32)
    z, kernel = tangent_kernel(net, weights, inputs, RATES)
    np.testing.assert_allclose(z, preactivations(net, weights, inputs)[-1], rtol=1e-5)
    jacobian = jax.jacrev(lambda weights: preactivations(net, weights, inputs)[-1])(weights)
    total = 0
    for n_in, (by_weight, by_bias) in zip(net.widths[:-1], jacobian, strict=True):
        for rate, gradient in ((RATES.weight / n_in, by_weight), (RATES.bias, by_bias)):
            flat = np.asarray(gradient, np.float64).reshape(3, 2, -1)
            total = total + rate * np.einsum("aip,bjp->aibj", flat, flat)
    np.testing.assert_allclose(kernel, total, rtol=1e-5, atol=1e-6)
    host = [(np.asarray(w, np.float64)[None], np.asarray(b, np.float64)[None, None]) for w, b in weights]
    np.testing.assert_allclose(host_tangents(net, host, INPUTS, RATES)[1][0], total, rtol=1e-5, atol=1e-6)


def test_the_tangent_kernel_of_an_orthogonal_linear_net_does_not_fluctuate(key):
    """H_ij = L (λ_b + λ_W K) δ_ij in every network, at every depth, to rounding."""
    inputs = np.sqrt(3) * np.eye(3)[:1]
    net = Net((3, 16, 16, 16, 16, 2), "linear", "orthogonal", 1.0)
    keys = jax.random.split(key, 50)
    kernels = np.asarray(jax.jit(jax.vmap(tangent_sampler(net, inputs, RATES)))(keys)[1])
    expected = 5 * (RATES.bias + RATES.weight) * np.eye(2)
    np.testing.assert_allclose(kernels[:, 0, :, 0], np.broadcast_to(expected, (50, 2, 2)), atol=1e-5)

    def choose(signal, key):
        return signal[:, None, :], ()

    forms = jax.jit(jax.vmap(tangent_forms(net, inputs, choose, 1), in_axes=(0, None)))
    for depth in (1, 3, 4):
        signal, _, parts = forms(keys, jnp.int32(depth))
        length = np.sum(np.asarray(signal) ** 2, axis=2)
        np.testing.assert_allclose(parts[:, :, 0, 0, 0, 0], np.repeat(depth * length, 2, axis=1), rtol=1e-5)
    assert forms._cache_size() == 1


@pytest.mark.parametrize(
    ("net", "inputs", "message"),
    [
        (Net((3, 2), "tanh"), INPUTS, "at least one hidden layer"),
        (Net((3, 8, 1), "tanh", "uniform"), INPUTS, "use explicit weights"),
        (Net((2, 8, 1), "tanh"), INPUTS, r"shape \(k, 2\)"),
    ],
)
def test_bad_requests_are_refused(net, inputs, message):
    with pytest.raises(ValueError, match=message):
        tangent_sampler(net, inputs, RATES)
    if net.widths[0] != 3:
        with pytest.raises(ValueError, match="must have 2 columns"):
            tangent_kernel(net, draw(net, key=jax.random.key(0)), jnp.asarray(inputs, jnp.float32), RATES)
