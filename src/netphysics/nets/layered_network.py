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
    """The random numbers of every layer of one network, weights and the keys of masks."""
    keys = jax.random.split(key, len(net.layers))
    return tuple(
        _draw(layer, net.width if i else d_in, net.width, key=each)
        for i, (layer, each) in enumerate(zip(net.layers, keys, strict=True))
    )


def _draw(layer: Layer, n_in: int, n: int, *, key: PRNGKeyArray) -> Any:
    weight_key, bias_key = jax.random.split(key)
    match layer:
        case Dense() | Convolution():
            taps = layer.window if isinstance(layer, Convolution) else 1
            weights = normal((taps, n, n_in), key=weight_key) * math.sqrt(layer.weight_variance / (taps * n_in))
            return weights, normal((n,), key=bias_key) * math.sqrt(layer.bias_variance)
        case Attention():
            # Queries, keys, values, outputs.
            scales = jnp.sqrt(jnp.asarray([1.0, 1.0, 1.0, layer.weight_variance], jnp.float32) / n)
            return normal((4, n, n), key=weight_key) * scales[:, None, None]
        case Residual():
            keys = jax.random.split(key, len(layer.branch))
            return tuple(_draw(each, n, n, key=k) for each, k in zip(layer.branch, keys, strict=True))
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
