"""Tangent kernels of networks with explicit weights: the reference of `deferred_tangents`."""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32

from netphysics.nets.learning_rates import LearningRates
from netphysics.nets.mlp import Weights
from netphysics.nets.net import Net
from netphysics.nets.orthogonalization import product


def tangent_kernel(
    net: Net, weights: Weights, inputs: Float32[Array, "k d_in"], rates: LearningRates
) -> tuple[Float32[Array, "k c"], Float32[Array, "k c k c"]]:
    r"""Outputs z_{ai} and their tangent kernel H_{(ai)(bj)} = Σ_μ λ_μ ∂_μ z_i(x_a) ∂_μ z_j(x_b), one realization.

    The gradient by the weights of one layer is an outer product δ s^T, so that no gradient is ever written
    down: H = Σ_l (λ_b + λ_W / n_{l-1} s_a · s_b) (δ_{ai} · δ_{bj}), as in arXiv:1806.07572.

    Raises ValueError if the inputs do not have the width of the net.
    """
    if inputs.shape[1] != net.widths[0]:
        raise ValueError(f"inputs must have {net.widths[0]} columns, one per input neuron, got {inputs.shape}")
    scale = net.weight_variance / net.widths[0]
    variance = net.bias_variance + scale * jnp.sum(inputs**2, axis=1, keepdims=True)
    signals, slopes = [inputs], []
    for matrix, bias in weights:
        z = product(signals[-1], matrix.T) + bias[None]
        signal, slope = jax.jvp(lambda z: net.activation(z, variance), (z,), (jnp.ones_like(z),))
        signals.append(signal)
        slopes.append(slope)
    k, outputs = z.shape
    delta = jnp.broadcast_to(jnp.eye(outputs, dtype=jnp.float32)[None], (k, outputs, outputs))
    total = jnp.zeros((k, outputs, k, outputs), jnp.float32)
    for layer in reversed(range(net.layers)):
        signal, matrix = signals[layer], weights[layer][0]
        metric = np.float32(rates.bias) + np.float32(rates.weight / net.widths[layer]) * product(signal, signal.T)
        flat = delta.reshape(k * outputs, -1)
        total += metric[:, None, :, None] * product(flat, flat.T).reshape(total.shape)
        if layer > 0:
            delta = slopes[layer - 1][:, None, :] * product(flat, matrix).reshape(k, outputs, -1)
    return z, total
