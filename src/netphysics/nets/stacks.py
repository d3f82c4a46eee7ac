"""Stacks: the weights of successive layers of one shape as one array, so that one piece of compiled code serves all."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, PRNGKeyArray

from netphysics.nets.draws import normal, split
from netphysics.nets.initializations import draw_weights
from netphysics.nets.net import Initialization

# Matrices (layers, n_out, n_in) and biases (layers, n_out).
Stack = tuple[Float32[Array, "_ _ _"], Float32[Array, "_ _"]]


def draw_stack(
    initialization: Initialization,
    layers: int,
    shape: tuple[int, int],
    weight_variance: float,
    bias_variance: float,
    *,
    key: PRNGKeyArray,
) -> Stack:
    """Weights and biases of `layers` layers of one shape (n_out, n_in), with the variances of `Net`."""

    def layer(key: PRNGKeyArray) -> tuple[Array, Array]:
        weight_key, bias_key = split(key, 2)
        matrix = draw_weights(initialization, *shape, weight_variance, key=weight_key)
        if bias_variance == 0:
            return matrix, jnp.zeros(shape[0], jnp.float32)
        return matrix, np.float32(math.sqrt(bias_variance)) * normal(shape[:1], key=bias_key)

    return jax.lax.map(layer, split(key, layers))
