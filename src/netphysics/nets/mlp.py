"""Fully connected networks with explicit weights: for training, and as the reference of `deferred`."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, PRNGKeyArray

from netphysics.nets.draws import normal
from netphysics.nets.initializations import draw_weights
from netphysics.nets.net import Net
from netphysics.nets.orthogonalization import product

Weights = tuple[tuple[Float32[Array, "_ _"], Float32[Array, " _"]], ...]


def draw(net: Net, *, key: PRNGKeyArray) -> Weights:
    """The weight matrix and the bias of every layer, one realization of `net`."""
    deviation = np.float32(math.sqrt(net.bias_variance))

    def layer(n_out: int, n_in: int, keys: Array) -> tuple[Array, Array]:
        weights = draw_weights(net.initialization, n_out, n_in, net.weight_variance, key=keys[0])
        return weights, deviation * normal((n_out,), key=keys[1])

    keys = jax.random.split(key, (net.layers, 2))
    return tuple(layer(*shape, pair) for shape, pair in zip(net.shapes, keys, strict=True))


def preactivations(
    net: Net, weights: Weights, inputs: Float32[Array, "inputs d_in"]
) -> tuple[Float32[Array, "inputs _"], ...]:
    """z^(l) of every layer l = 1 ... L + 1 for every input; the last is the output.

    Raises ValueError if the inputs do not have the width of the net.
    """
    if inputs.shape[1] != net.widths[0]:
        raise ValueError(f"inputs must have {net.widths[0]} columns, one per input neuron, got {inputs.shape}")
    scale = net.weight_variance / net.widths[0]
    variance = net.bias_variance + scale * jnp.sum(inputs**2, axis=1, keepdims=True)
    signal, values = inputs, []
    for matrix, bias in weights:
        values.append(product(signal, matrix.T) + bias[None])
        signal = net.activation(values[-1], variance)
    return tuple(values)
