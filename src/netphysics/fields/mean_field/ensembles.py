"""Ensembles of explicit networks of any layers: the quantities of `LayerFlow`, with error bars."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float64, PRNGKeyArray

from ...nets.draws import normal
from ...nets.layered_network import draw_layers, layer_outputs
from ...nets.layers import LayeredNet
from ...stats import Estimate

NETWORKS = 64


@dataclass(frozen=True)
class LayerEnsemble:
    """Means over networks after each layer; see `LayerFlow`."""

    norm: Estimate
    gradient: Estimate
    cosine: Estimate


def layer_ensemble(
    net: LayeredNet,
    inputs: Float64[np.ndarray, "k positions d_in"],
    networks: int = NETWORKS,
    *,
    key: PRNGKeyArray,
) -> LayerEnsemble:
    """Draw networks and measure signals and gradients after each layer."""
    batch = jnp.asarray(inputs, jnp.float32)
    keys = jax.random.split(key, networks)
    # One network after another: a batch of them would take longer to compile than to run.
    norm, gradient, cosine = jax.jit(lambda keys: jax.lax.map(lambda key: measure(net, batch, key=key), keys))(keys)
    return LayerEnsemble(mean(norm), mean(gradient), mean(cosine))


def measure(net: LayeredNet, batch: Array, *, key: PRNGKeyArray) -> tuple[Array, Array, Array]:
    """Mean square of a unit, squared gradient of an input's signal, and cosine of two inputs, in one network."""
    draw_key, direction_key = jax.random.split(key)
    drawn = draw_layers(net, batch.shape[-1], key=draw_key)
    shapes = jax.eval_shape(lambda: layer_outputs(net, drawn, batch))
    direction = normal(shapes[-1].shape, key=direction_key)
    direction = direction / jnp.sqrt(jnp.sum(direction**2, axis=(1, 2), keepdims=True))

    def along(shifts: list[Array]) -> tuple[Array, list[Array]]:
        found = layer_outputs(net, drawn, batch, shifts)
        return jnp.sum(found[-1] * direction), found

    shifts = [jnp.zeros(each.shape, each.dtype) for each in shapes]
    gradients, signals = jax.grad(along, has_aux=True)(shifts)
    flat = [signal.reshape(len(batch), -1) for signal in signals]
    norm = jnp.stack([jnp.mean(each**2) for each in flat])
    gradient = jnp.stack([jnp.sum(each**2) / len(batch) for each in gradients])
    cosine = jnp.stack([each[0] @ each[1] / jnp.linalg.norm(each[0]) / jnp.linalg.norm(each[1]) for each in flat])
    return norm, gradient, cosine


def mean(values: Array) -> Estimate:
    """The mean over networks and its error, layer by layer."""
    draws = np.asarray(values, np.float64)
    return Estimate(draws.mean(axis=0), draws.std(axis=0, ddof=1) / np.sqrt(len(draws)), len(draws))
