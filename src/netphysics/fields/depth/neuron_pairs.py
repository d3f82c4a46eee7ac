r"""The same statistics for weights of any law: averages over all pairs of neurons, with explicit weight matrices.

The whole n x n tangent kernel of a layer follows from that of the layer before,

$H' = (\lambda_b + \lambda_W |s|^2/n)\,1 + J H J^T$, $\quad J_{ij} = W_{ij}\,\sigma'(z_j)$,

so that one pass through a network gives every layer. V, D, A are covariances of $z_i^2$ and $H_{ii}$ of two different
neurons, F and B the means of $z_i z_j H_{ij}$ and $H_{ij}^2$, times n.
"""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, PRNGKeyArray

from ...nets import LearningRates, Net, draw_weights, in_batches, normal, split
from ...stats import Tally
from .tangent_kernel import Experiment

# Matrices of one batch, in numbers: what stays in the cache of a processor.
BATCH = 2**17


def pair_sums(net: Net, mean_square: float, rates: LearningRates) -> Experiment:
    """An experiment whose `pair_statistics` are all tensors of the layers 1 ... L + 1 for one input.

    The input has the mean square `mean_square` and, in every network, another uniformly random direction: to
    rotation-invariant weights it makes no difference, and no other law is asked about a special input.

    Raises:
        ValueError: unless all widths are the same.
    """
    if len(set(net.widths)) != 1:
        raise ValueError(f"widths are {net.widths}; these statistics need one and the same width")
    n = net.widths[0]
    pairs, identity = np.float32(n * (n - 1)), jnp.eye(n, dtype=jnp.float32)
    variance = jnp.zeros((), jnp.float32)

    def two(first: Array, second: Array) -> Array:
        return (first.sum() * second.sum() - jnp.sum(first * second)) / pairs

    def layer(
        state: tuple[Array, Array, Array], key: PRNGKeyArray
    ) -> tuple[tuple[Array, Array, Array], dict[str, Array]]:
        signal, slope, kernel = state
        weight_key, bias_key = split(key, 2)
        matrix = draw_weights(net.initialization, n, n, net.weight_variance, key=weight_key)
        bias = np.float32(math.sqrt(net.bias_variance)) * normal((n,), key=bias_key)
        jacobian = matrix * slope[None]
        metric = np.float32(rates.bias) + np.float32(rates.weight) * jnp.mean(signal**2)
        kernel = metric * identity + jacobian @ kernel @ jacobian.T
        z, diagonal = matrix @ signal + bias, jnp.diagonal(kernel)
        observed = {
            "z_z": jnp.mean(z**2),
            "h": jnp.mean(diagonal),
            "z_z_z_z": two(z**2, z**2),
            "z_z_h": two(z**2, diagonal),
            "h_h": two(diagonal, diagonal),
            "F": (z @ kernel @ z - jnp.sum(z**2 * diagonal)) / pairs,
            "B": (jnp.sum(kernel**2) - jnp.sum(diagonal**2)) / pairs,
        }
        signal, slope = jax.jvp(lambda z: net.activation(z, variance), (z,), (jnp.ones_like(z),))
        return (signal, slope, kernel), observed

    def one(key: PRNGKeyArray) -> dict[str, Array]:
        direction_key, weight_key = split(key, 2)
        direction = normal((n,), key=direction_key)
        point = direction * np.float32(math.sqrt(mean_square)) * jax.lax.rsqrt(jnp.mean(direction**2))
        state = point, jnp.zeros(n, jnp.float32), jnp.zeros((n, n), jnp.float32)
        return jax.lax.scan(layer, state, split(weight_key, net.layers))[1]

    def sums(keys: Array) -> dict[str, Array]:
        return jax.tree.map(lambda values: values.sum(axis=0), jax.vmap(one)(keys))

    return jax.jit(in_batches(sums, max(1, BATCH // n**2)))


def pair_statistics(net: Net, tally: Tally) -> dict[str, np.ndarray]:
    r"""V, D, F, A and B of the layers 1 ... L + 1 in units of the measured K and $\Theta$, from `pair_sums`."""
    n, mean = net.widths[0], {name: tally.mean(name) for name in tally.sums}
    kernel, theta = mean["z_z"], mean["h"]
    return {
        "four_point": n * (mean["z_z_z_z"] / kernel**2 - 1),
        "D": n * (mean["z_z_h"] / (kernel * theta) - 1),
        "F": n * mean["F"] / (kernel * theta),
        "A": n * (mean["h_h"] / theta**2 - 1),
        "B": n * mean["B"] / theta**2,
    }
