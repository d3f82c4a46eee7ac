"""Theory of learning against what is known otherwise: kernels, expansions beyond them, and walkers."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.fields import two_point
from netphysics.fields.depth import finite_width_flow
from netphysics.fields.learning import (
    LinearModel,
    Noise,
    covariance,
    hessian_and_force,
    infinite_width,
    make_walk,
    network,
    pair_averages,
    predicted_training,
)
from netphysics.fields.learning.expansion import expansion
from netphysics.nets import LearningRates, Net, activation

RNG = np.random.default_rng(11)


@pytest.mark.parametrize("name", ["tanh", "gelu", "relu", "elu"])
def test_averages_of_pairs(name):
    features = RNG.normal(size=(5, 6))
    kernel = features @ features.T / 6
    values, slopes = pair_averages(activation(name), kernel)
    size = np.diag(kernel)
    expected = two_point(activation(name), size[:, None], kernel, size[None])
    np.testing.assert_allclose(values, expected, rtol=1e-8, atol=1e-10)
    # The derivative of <σ_a σ_b> by K_ab is the average of the slopes (Price's theorem).
    step = 1e-5
    up, down = (two_point(activation(name), size[:1], kernel[:1, 1] + sign * step, size[1:2])[0] for sign in (1, -1))
    assert abs(slopes[0, 1] - (up - down) / (2 * step)) < 1e-6


def test_one_input_is_the_diagonal():
    net = Net((3, 8, 8, 8, 2), "tanh", "orthogonal", weight_variance=1.3, bias_variance=0.2)
    rates = LearningRates(0.4, 1.7)
    inputs = RNG.normal(size=(3, 3))
    theory = infinite_width(net, inputs, rates)
    for i in range(3):
        flow = finite_width_flow(net, float(np.mean(inputs[i] ** 2)), rates)
        assert abs(theory.kernel[i, i] - flow.kernel[-1]) < 1e-10
        assert abs(theory.tangent_kernel[i, i] - flow.tangent_kernel[-1]) < 1e-10


def test_each_order_of_the_expansion_takes_away_a_power():
    """Training with a nonlinearity of strength ε leaves an error of ε, ε² and ε³ after the orders 0, 1 and 2."""
    inputs, targets = RNG.normal(size=(5, 3)).astype(np.float32), RNG.normal(size=(4, 2)).astype(np.float32)
    start, rest = eqx.partition(network(Net((3, 6, 6, 2), "tanh"), key=jax.random.key(2)), eqx.is_array)
    steps, rate = 15, jnp.float32(0.3)

    def outputs(weights):
        return jax.vmap(eqx.combine(weights, rest))(inputs)

    @jax.jit
    def errors(epsilon):
        def weaker(weights):
            moved = jax.tree.map(lambda origin, new: origin + epsilon * (new - origin), start, weights)
            return outputs(start) + (outputs(moved) - outputs(start)) / epsilon

        def step(weights, _):
            def loss(weights):
                return jnp.sum((weaker(weights)[:4] - targets) ** 2) / 8

            return jax.tree.map(lambda w, g: w - rate * g, weights, jax.grad(loss)(weights)), None

        weights, _ = jax.lax.scan(step, start, None, length=steps)
        predicted = expansion(start, weaker, jnp.asarray(targets), rate, steps)
        return jnp.sqrt(jnp.mean((predicted - weaker(weights)[None]) ** 2, axis=(1, 2)))

    strengths = np.array([0.0625, 0.125])
    found = np.array([errors(jnp.float32(strength)) for strength in strengths])
    powers = np.log2(found[1] / found[0])
    np.testing.assert_allclose(powers, [1, 2, 3], atol=0.4)
    assert np.all(np.diff(found[0]) < 0)


def test_bad_expansions(key):
    nets = jax.tree.map(lambda leaf: leaf[None], network(Net((3, 4, 2), "tanh"), key=key))
    with pytest.raises(ValueError, match="5 targets and 4 inputs"):
        predicted_training(nets, np.zeros((4, 3)), np.zeros((5, 2)), np.ones(1), 3)
    with pytest.raises(ValueError, match="steps is 0"):
        predicted_training(nets, np.zeros((4, 3)), np.zeros((4, 2)), np.ones(1), 0)


def linear_model():
    inputs = RNG.normal(size=(30, 3)) * np.array([1.0, 1.4, 0.7])
    return LinearModel(inputs, inputs @ np.ones(3) + RNG.normal(size=30))


def squared(theta, example):
    return (jnp.vdot(example[0], theta) - example[1]) ** 2 / 2


@pytest.mark.parametrize("noise", [Noise(0.2, 4), Noise(0.05, 8, 0.8)])
def test_walkers_on_a_linear_model(noise):
    model = linear_model()
    data = tuple(jnp.asarray(each, jnp.float32) for each in (model.inputs, model.targets))
    start = jnp.asarray(model.minimum, jnp.float32)
    found = make_walk(squared, noise, 3000, 30)(start, data, jax.random.split(jax.random.key(4), 256))
    expected = model.covariance(noise)
    positions = np.asarray(found["position"], np.float64)[10:]
    per_walker = np.einsum("rwp,rwq->wpq", positions, positions) / len(positions)
    error = per_walker.std(axis=0) / 16
    assert np.all(np.abs(per_walker.mean(axis=0) - expected) < 5 * error)
    size = np.trace(per_walker, axis1=1, axis2=2)
    assert size.std() / 16 < 0.02 * np.trace(expected)
    balance = np.asarray(found["dissipation"] - found["fluctuation"], np.float64)[10:].mean(axis=0)
    assert abs(balance.mean()) < 5 * balance.std() / 16


def test_hessian_and_force_of_a_linear_model():
    model = linear_model()
    data = tuple(jnp.asarray(each, jnp.float32) for each in (model.inputs, model.targets))
    hessian, force, gradient = hessian_and_force(squared, jnp.asarray(model.minimum, jnp.float32), data)
    np.testing.assert_allclose(hessian, model.hessian, rtol=1e-5)
    np.testing.assert_allclose(force, model.force(np.zeros((3, 3))), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(gradient, 0, atol=1e-5)


@pytest.mark.parametrize("momentum", [0.0, 0.6])
def test_covariances_approach_their_stationary_value_and_flat_directions_diffuse(momentum):
    noise = Noise(0.1, 2, momentum)
    hessian, force = np.diag([1.0, 3.0]), np.array([[2.0, 0.5], [0.5, 1.0]])
    np.testing.assert_allclose(covariance(hessian, force, noise, 5000), covariance(hessian, force, noise), rtol=1e-10)
    flat = np.diag([0.0, 1.0])
    late, later = (covariance(flat, force, noise, steps)[0, 0] for steps in (4000, 5000))
    np.testing.assert_allclose((later - late) / 1000, 0.01 * 2.0 / 2 / (1 - momentum) ** 2, rtol=1e-10)
    with pytest.raises(ValueError, match="a stationary distribution needs them positive"):
        covariance(flat, force, noise)


def test_one_step_is_one_push():
    noise = Noise(0.1, 5, 0.3)
    force = np.array([[2.0, 0.5], [0.5, 1.0]])
    np.testing.assert_allclose(covariance(np.eye(2), force, noise, 1), 0.01 / 5 * force)
    a = 1 - 0.1
    two = covariance(np.eye(2), force, Noise(0.1, 5), 2)
    np.testing.assert_allclose(two, 0.01 / 5 * force * (1 + a**2))


def test_bad_walks():
    for change, message in (({"learning_rate": 0.0}, "positive"), ({"batch": 0}, "batch"), ({"momentum": 1.0}, "1.0")):
        with pytest.raises(ValueError, match=message):
            Noise(**{"learning_rate": 0.1, "batch": 1, **change})
    with pytest.raises(ValueError, match="it must be lower"):
        linear_model().covariance(Noise(0.8, 1))
    with pytest.raises(ValueError, match="multiple of the 3 records"):
        make_walk(squared, Noise(0.1, 1), 10, 3)
