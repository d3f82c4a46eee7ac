"""Explicit networks of a `LayeredNet`: what is drawn, and the signals of a whole batch after every layer."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from netphysics.nets.draws import normal
from netphysics.nets.layers import (
    Activate,
    Attention,
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    Layer,
    LayeredNet,
    LayerNorm,
    MeanPool,
    Residual,
    RMSNorm,
)

# Inputs, positions, units.
Signals = Float[Array, "k _ _"]


def draw_layers(net: LayeredNet, d_in: int, *, key: PRNGKeyArray) -> tuple[Any, ...]:
    """The random numbers of every layer of one network: weights and biases, and the keys of masks."""
    normal_key, mask_key = jax.random.split(key)
    fan_in = [d_in, *(net.width,) * (len(net.layers) - 1)]
    # All at once: every draw of its own would have to be compiled.
    total = sum(count(layer, n_in, net.width) for layer, n_in in zip(net.layers, fan_in, strict=True))
    return in_order(net.layers, fan_in, net.width, normal((total,), key=normal_key), key=mask_key)


def in_order(
    layers: tuple[Layer, ...], fan_in: list[int], n: int, numbers: Float[Array, " total"], *, key: PRNGKeyArray
) -> tuple[Any, ...]:
    """Each layer gets its part of the numbers."""
    drawn, start = [], 0
    for layer, n_in, each in zip(layers, fan_in, jax.random.split(key, len(layers)), strict=True):
        end = start + count(layer, n_in, n)
        drawn.append(parameters(layer, n_in, n, numbers[start:end], key=each))
        start = end
    return tuple(drawn)


def count(layer: Layer, n_in: int, n: int) -> int:
    """How many normal numbers a layer takes."""
    match layer:
        case Dense():
            return n * (n_in + 1)
        case Convolution():
            return n * (layer.window * n_in + 1)
        case Attention():
            return 4 * n * n
        case Residual():
            return sum(count(each, n, n) for each in layer.branch)
    return 0


def parameters(layer: Layer, n_in: int, n: int, numbers: Float[Array, " count"], *, key: PRNGKeyArray) -> Any:
    """What a layer makes of its numbers."""
    match layer:
        case Dense() | Convolution():
            taps = layer.window if isinstance(layer, Convolution) else 1
            weights = numbers[n:].reshape(taps, n, n_in) * math.sqrt(layer.weight_variance / (taps * n_in))
            return weights, numbers[:n] * math.sqrt(layer.bias_variance)
        case Attention():
            # Queries, keys, values, outputs.
            scales = jnp.sqrt(jnp.asarray([1.0, 1.0, 1.0, layer.weight_variance], jnp.float32) / n)
            return numbers.reshape(4, n, n) * scales[:, None, None]
        case Residual():
            return in_order(layer.branch, [n] * len(layer.branch), n, numbers, key=key)
        case Dropout():
            return key
    return ()


def layer_outputs(net: LayeredNet, drawn: tuple[Any, ...], inputs: Signals, shifts: Any = None) -> list[Signals]:
    """The signals after each layer of the net; `shifts`, one for each, are added to them on the way."""
    found, x = [], inputs
    for i, (layer, each) in enumerate(zip(net.layers, drawn, strict=True)):
        x = apply_layer(layer, each, x)
        if shifts is not None:
            x = x + shifts[i]
        found.append(x)
    return found


def apply_layer(layer: Layer, drawn: Any, x: Signals) -> Signals:
    """One layer on a batch."""
    match layer:
        case Dense() | Convolution():
            weights, bias = drawn
            reach = len(weights) // 2
            moved = jnp.stack([jnp.roll(x, -t, axis=1) for t in range(-reach, reach + 1)])
            return jnp.einsum("tij,tkpj->kpi", weights, moved, precision="highest") + bias[None, None]
        case Attention():
            queries, keys, values = (x @ drawn[i].T for i in range(3))
            scores = jnp.einsum("kpi,kqi->kpq", queries, keys) / x.shape[-1]
            return jax.nn.softmax(scores) @ values @ drawn[3].T
        case MeanPool():
            return x.mean(axis=1, keepdims=True)
        case Activate():
            return layer.activation.value(x)
        case LayerNorm():
            centered = x - x.mean(axis=-1, keepdims=True)
            return centered / jnp.sqrt(jnp.mean(centered**2, axis=-1, keepdims=True))
        case RMSNorm():
            return x / jnp.sqrt(jnp.mean(x**2, axis=-1, keepdims=True))
        case BatchNorm():
            centered = x - x.mean(axis=(0, 1), keepdims=True)
            return layer.activation.value(centered / jnp.sqrt(jnp.mean(centered**2, axis=(0, 1), keepdims=True)))
        case Dropout():
            kept = jax.random.bernoulli(drawn, jnp.float32(1 - layer.rate), x.shape)
            return jnp.where(kept, x / (1 - layer.rate), jnp.zeros_like(x))
        case Residual():
            y = x
            for each, numbers in zip(layer.branch, drawn, strict=True):
                y = apply_layer(each, numbers, y)
            return x + layer.scale * y
