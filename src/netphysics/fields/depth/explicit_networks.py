"""Described networks with explicit weights, as models: layers of one shape share one piece of compiled code."""

import math
from collections.abc import Callable
from functools import partial
from itertools import groupby

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, PRNGKeyArray

from netphysics.nets import Net, draw_weights, normal
from netphysics.nets.orthogonalization import product

# Matrices (layers, n_out, n_in) and biases (layers, n_out).
Stack = tuple[Float32[Array, "_ _ _"], Float32[Array, "_ _"]]


def runs(net: Net) -> list[tuple[tuple[int, int], int]]:
    """Shapes of weight matrices, and how many of each follow one another. The first stands alone, since no
    activation comes before it."""
    return [(net.shapes[0], 1), *((shape, len(list(run))) for shape, run in groupby(net.shapes[1:]))]


def draw_stacks(net: Net, *, key: PRNGKeyArray) -> list[Stack]:
    """Weights and biases of one realization, one stack for each of the `runs`: the law of `nets.draw`."""
    deviation = np.float32(math.sqrt(net.bias_variance))

    def layer(key: PRNGKeyArray, n_out: int, n_in: int) -> tuple[Array, Array]:
        weight_key, bias_key = jax.random.split(key)
        matrix = draw_weights(net.initialization, n_out, n_in, net.weight_variance, key=weight_key)
        # Compiling random numbers that nobody needs takes longer than all else.
        bias = deviation * normal((n_out,), key=bias_key) if net.bias_variance > 0 else jnp.zeros(n_out, jnp.float32)
        return matrix, bias

    keys = jax.random.split(key, len(runs(net)))
    return [
        jax.lax.map(lambda each, shape=shape: layer(each, *shape), jax.random.split(key, count))
        for (shape, count), key in zip(runs(net), keys, strict=True)
    ]


def evaluate(
    net: Net, stacks: list[Stack], point: Float32[Array, " d_in"], *, unrolled: bool = False
) -> Float32[Array, " d_out"]:
    """The outputs for one input. Unrolled, every layer has code of its own, which compiles slowly and runs fast."""
    variance = np.float32(net.bias_variance) + np.float32(net.weight_variance) * jnp.mean(point**2)
    matrices, biases = stacks[0]
    z = product(matrices[0], point) + biases[0]

    def layer(z: Array, parameters: tuple[Array, Array]) -> tuple[Array, None]:
        matrix, bias = parameters
        return product(matrix, net.activation(z, variance)) + bias, None

    for matrices, biases in stacks[1:]:
        if matrices.shape[1] == matrices.shape[2]:
            z, _ = jax.lax.scan(layer, z, (matrices, biases), unroll=unrolled)
        else:
            z, _ = layer(z, (matrices[0], biases[0]))
    return z


def maker(net: Net) -> Callable[[PRNGKeyArray], Callable[[Array], Array]]:
    """A constructor of models for `largest_eigenvalue_spread`: it draws a network whose parameters are arrays."""
    function = partial(evaluate, net)
    return lambda key: jax.tree_util.Partial(function, draw_stacks(net, key=key))
