"""Deferred weights draw the joint law of outputs and tangent kernels of explicit weights."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from netphysics.nets import LearningRates, Net, draw, preactivations, tangent_forms, tangent_kernel, tangent_sampler

INPUTS = np.array([[0.5, -1.2, 0.3], [-0.4, 1.0, 0.9], [-0.7, 0.1, 1.5]])
DEPENDENT = np.array([[0.5, -1.2, 0.3], [-0.5, 1.2, -0.3], [0.0, 0.0, 0.0]])
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
    """First and second moments of (z, H), 4-point functions of z, each entry, and random projections of all."""
    joint, other = (np.hstack([part.reshape(len(part), -1) for part in parts]) for parts in (ours, reference))
    assert np.isfinite(joint).all()
    center, scale = other.mean(axis=0), other.std(axis=0)
    varies = scale > 1e-3 * np.abs(other).max()
    np.testing.assert_allclose(joint[:, ~varies], other[:, ~varies], atol=1e-5)
    joint, other = ((v - center)[:, varies] / scale[varies] for v in (joint, other))
    for a, b in zip(moments(joint), moments(other), strict=True):
        error = np.sqrt(a.var(axis=0) / len(a) + b.var(axis=0) / len(b))
        assert np.max(np.abs(a.mean(axis=0) - b.mean(axis=0)) / error) < 5
    directions = np.random.default_rng(0).normal(size=(joint.shape[1], 10))
    directions = np.hstack([directions, np.eye(joint.shape[1])])
    levels = [stats.ks_2samp(a, b).pvalue for a, b in zip((joint @ directions).T, (other @ directions).T, strict=True)]
    assert min(levels) > 1e-5 / len(levels)


def moments(values):
    """Of each network: all entries, their products, and products of four of the first few."""
    pairs, first = np.einsum("na,nb->nab", values, values), values[:, :3]
    return values, pairs, np.einsum("na,nb,nc,nd->nabcd", first, first, first, first)


@pytest.mark.parametrize("initialization", ["gaussian", "orthogonal"])
@pytest.mark.parametrize(("n", "k", "bias"), [(8, 2, 0.2), (16, 3, 0.0), (64, 1, 0.0)])
def test_same_law_as_explicit_weights(initialization, n, k, bias):
    net = Net((3, n, n, n, 2), "tanh", initialization, 1.6, bias)
    count = 2**13 if n < 64 else 2**11
    reference = host_tangents(net, list(host_weights(net, 1, count)), INPUTS[:k], RATES)
    assert_same_law(ensemble(net, INPUTS[:k], 2, count), reference)


@pytest.mark.parametrize(
    ("activation", "initialization", "inputs", "widths", "bias"),
    [
        ("relu", "orthogonal", INPUTS[:1], (3, 6, 12, 7, 2), 0.1),
        ("tanh", "gaussian", DEPENDENT, (3, 12, 12, 2), 0.0),
        ("relu", "orthogonal", DEPENDENT, (3, 12, 12, 2), 0.0),
    ],
)
def test_unequal_widths_and_dependent_signals(activation, initialization, inputs, widths, bias):
    net = Net(widths, activation, initialization, 2.0, bias)
    reference = host_tangents(net, list(host_weights(net, 3, 2**13)), inputs, RATES)
    assert_same_law(ensemble(net, inputs, 4, 2**13), reference)


def test_explicit_weights_have_the_gradients_of_automatic_differentiation(key):
    net = Net((3, 5, 4, 2), "tanh", "orthogonal", 1.6, 0.2)
    inputs = jnp.asarray(INPUTS, jnp.float32)

    @jax.jit
    def evaluate(key):
        weights = draw(net, key=key)
        z = preactivations(net, weights, inputs)[-1]
        jacobian = jax.jacrev(lambda weights: preactivations(net, weights, inputs)[-1])(weights)
        return weights, z, jacobian, tangent_kernel(net, weights, inputs, RATES)

    weights, outputs, jacobian, (z, kernel) = evaluate(key)
    np.testing.assert_allclose(z, outputs, rtol=1e-5)
    total = 0
    for n_in, (by_weight, by_bias) in zip(net.widths[:-1], jacobian, strict=True):
        for rate, gradient in ((RATES.weight / n_in, by_weight), (RATES.bias, by_bias)):
            flat = np.asarray(gradient, np.float64).reshape(3, 2, -1)
            total = total + rate * np.einsum("aip,bjp->aibj", flat, flat)
    np.testing.assert_allclose(kernel, total, rtol=1e-5, atol=1e-6)
    host = [(np.asarray(w, np.float64)[None], np.asarray(b, np.float64)[None, None]) for w, b in weights]
    np.testing.assert_allclose(host_tangents(net, host, INPUTS, RATES)[1][0], total, rtol=1e-5, atol=1e-6)


def test_the_tangent_kernel_of_an_orthogonal_linear_net_does_not_fluctuate(key):
    """H^(l) = l (λ_b + λ_W K) 1 in every network, at every depth, to rounding; one compilation serves all."""
    net = Net((3, 16, 16, 16, 16, 1), "linear", "orthogonal", 1.0)

    def choose(signal, key):
        return jnp.stack([signal, jnp.eye(16, dtype=jnp.float32)[:1]], axis=1), ()

    sample = tangent_forms(net, np.sqrt(3) * np.eye(3)[:1], choose, 2)
    forms = jax.jit(jax.vmap(sample, in_axes=(0, None)))
    for depth in (1, 3, 4):
        signal, _, parts = forms(jax.random.split(key, 50), jnp.int32(depth))
        directions = jax.vmap(lambda signal: choose(signal, key)[0][0])(signal)
        gram = np.einsum("cin,cjn->cij", directions, directions)
        for part in range(2):
            np.testing.assert_allclose(parts[:, part, 0, :, 0], depth * gram, rtol=1e-5, atol=1e-5)
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
