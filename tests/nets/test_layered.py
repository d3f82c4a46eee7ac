"""Convolutional and residual networks, against the fully connected networks that they contain."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.fields.depth import exact_four_point
from netphysics.nets import ConvolutionalNet, Net, ResidualNet, preactivations


@pytest.mark.parametrize(("image", "kernels"), [((5,), "delta-orthogonal"), ((3, 4), "delta-gaussian")])
def test_a_delta_kernel_is_a_fully_connected_network_at_each_pixel(image, kernels, key):
    net = ConvolutionalNet(image, 6, 4, 3, "tanh", kernels, colors=2, bias_variance=0.1)
    stacks = net.draw(key=key)
    x = jax.random.normal(key, (net.pixels * 2,), jnp.float32)
    found = net.preactivations(stacks, x)
    middle = len(net.taps) // 2
    (first, first_bias), (rest, biases), _ = stacks
    layers = [(first[0, :, 2 * middle : 2 * middle + 2], first_bias[0])]
    layers += [(rest[i, :, 6 * middle : 6 * middle + 6], biases[i]) for i in range(3)]
    expected = preactivations(Net((2, 6, 6, 6, 6), "tanh"), tuple(layers), x.reshape(net.pixels, 2))
    np.testing.assert_allclose(found, np.stack(expected), rtol=1e-5, atol=1e-6)
    if kernels == "delta-orthogonal":
        np.testing.assert_allclose(layers[1][0] @ layers[1][0].T, np.eye(6), atol=1e-5)


@pytest.mark.parametrize("initialization", ["gaussian", "orthogonal"])
def test_delta_kernels_have_the_four_point_function_of_the_network(initialization, key):
    width, depth, draws = 8, 5, 4096
    net = ConvolutionalNet((2,), width, depth, 1, "relu", f"delta-{initialization}", weight_variance=2.0)
    x = jnp.ones(2, jnp.float32)
    z = jax.jit(jax.vmap(lambda key: net.preactivations(net.draw(key=key), x)[:, 0]))(jax.random.split(key, draws))
    z = np.asarray(z, np.float64) / np.sqrt(2.0)
    square, fourth = np.sum(z**2, axis=-1), np.sum(z**4, axis=-1)
    pairs = (square**2 - fourth) / (width * (width - 1))
    mean = square / width
    # The variance of a product of the mean is below these errors.
    found = width * (pairs.mean(axis=0) - mean.mean(axis=0) ** 2)
    influence = pairs - 2 * mean.mean(axis=0) * mean
    error = width * influence.std(axis=0) / np.sqrt(draws)
    expected = width * exact_four_point(Net((1, *[width] * depth, 1), "relu", initialization, 2.0))[:depth]
    assert np.all(np.abs(found - expected) < 4 * error + 1e-6)


def test_convolutions_are_periodic(key):
    net = ConvolutionalNet((4, 3), 5, 3, 2, "tanh", "orthogonal")
    stacks = net.draw(key=key)
    x = jax.random.normal(key, (4, 3), jnp.float32)
    here = net.preactivations(stacks, x.reshape(-1)).reshape(3, 4, 3, 5)
    there = net.preactivations(stacks, jnp.roll(x, (1, 2), (0, 1)).reshape(-1)).reshape(3, 4, 3, 5)
    np.testing.assert_allclose(jnp.roll(here, (1, 2), (1, 2)), there, atol=1e-5)
    np.testing.assert_allclose(stacks[1][0][0] @ stacks[1][0][0].T, np.eye(5), atol=1e-5)
    assert net.evaluate(stacks, x.reshape(-1)).shape == (2,)


def test_a_residual_network_adds_to_what_it_is_fed(key):
    net = Net((3, 7, 7, 2), "tanh", bias_variance=0.2)
    strength = 0.7
    residual = ResidualNet(net, strength)
    (first, first_bias), (middle, biases), (last, last_bias) = residual.draw(key=key)
    x = jax.random.normal(key, (3,), jnp.float32)
    z = first[0] @ x + first_bias[0]
    z = z + np.float32(strength) * (middle[0] @ jnp.tanh(z) + biases[0])
    expected = last[0] @ jnp.tanh(z) + last_bias[0]
    found = residual.evaluate(((first, first_bias), (middle, biases), (last, last_bias)), x)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_residual_norms_grow_as_their_kernel(key):
    residual = ResidualNet(Net((2, 8, 8, 8, 1), "linear"), 0.5)
    x = jnp.ones(2, jnp.float32)
    z = jax.jit(jax.vmap(lambda key: residual.evaluate(residual.draw(key=key), x)))(jax.random.split(key, 4096))
    squares = np.asarray(z[:, 0], np.float64) ** 2
    assert abs(squares.mean() - 1.25**2) < 5 * squares.std() / 64


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image": (2, 2, 2)}, "must be"),
        ({"window": 2}, "must be odd"),
        ({"channels": 0}, "channels is 0"),
        ({"weight_variance": -1.0}, "weight_variance is -1.0"),
        ({"activation": "gauss"}, "acts on z alone"),
    ],
)
def test_bad_convolutions(change, message):
    with pytest.raises(ValueError, match=message):
        ConvolutionalNet(**{"image": (4,), "channels": 2, "depth": 2, "outputs": 1, "activation": "tanh", **change})


def test_bad_residual_networks():
    with pytest.raises(ValueError, match="all the same"):
        ResidualNet(Net((2, 3, 4, 1), "tanh"))
    with pytest.raises(ValueError, match="strength is inf"):
        ResidualNet(Net((2, 3, 3, 1), "tanh"), float("inf"))
