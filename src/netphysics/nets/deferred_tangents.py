r"""Tangent kernels of networks without weight matrices: exact samples at O(n (k c)²) a layer.

The tangent kernel of outputs i, j at inputs a, b is a sum over the layers l of what their parameters do,

    H_{(ai)(bj)} = Σ_l (λ_b + λ_W / n_{l-1} s_a^{(l-1)} · s_b^{(l-1)}) δ_{ai}^{(l)} · δ_{bj}^{(l)},
    δ_{ai}^{(l)} = ∂z_i^{(L+1)}(x_a) / ∂z^{(l)}(x_a) = σ'(z_a^{(l)}) ∘ (W^{(l+1)})^T δ_{ai}^{(l+1)},

with signals s^{(0)} = x and s^{(l)} = σ(z^{(l)}). A layer meets k signals on the way forward and k c vectors
on the way back, and is asked about nothing else (`queries`).
"""

from collections.abc import Callable
from itertools import groupby

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Float32, Int, PRNGKeyArray, PyTree

from netphysics.nets.deferred import checked_inputs, draw_layer, host_factor
from netphysics.nets.draws import split
from netphysics.nets.learning_rates import LearningRates
from netphysics.nets.net import Net
from netphysics.nets.orthogonalization import product
from netphysics.nets.queries import backward_query, explicit_layer, forward_query

Signals = Float32[Array, "k n"]
Vectors = Float32[Array, "k c n"]
Forms = Float32[Array, "k c k c"]
# Those of the biases and of the weights, each for learning rates of 1.
Parts = Float32[Array, "2 k c k c"]


def tangent_sampler(
    net: Net, inputs: Float[np.ndarray, "k d_in"], rates: LearningRates
) -> Callable[[PRNGKeyArray], tuple[Float32[Array, "k c"], Forms]]:
    """A function of a key that draws one network and returns its outputs z and their tangent kernel H.

    The joint law of z_{ai} and H_{(ai)(bj)} is that of `preactivations` and `tangent_kernel` for the weights
    of `draw`. The inputs are treated as by `sampler`.

    Raises ValueError for a net without hidden layers, and as `sampler` does.
    """
    outputs = net.widths[-1]

    def last_layer(signal: Signals, key: PRNGKeyArray) -> tuple[Vectors, Float32[Array, "k c"]]:
        z, weights = explicit_layer(net, signal, outputs, key=key)
        return jnp.broadcast_to(weights[None], (len(signal), *weights.shape)), z

    forms = tangent_forms(net, inputs, last_layer, outputs)
    scales = np.array([rates.bias, rates.weight], np.float32)

    def sample(key: PRNGKeyArray) -> tuple[Float32[Array, "k c"], Forms]:
        signal, z, parts = forms(key)
        delta = jnp.broadcast_to(jnp.eye(outputs, dtype=jnp.float32)[None], (len(signal), outputs, outputs))
        return z, jnp.tensordot(scales, parts + form(metric(signal), delta), 1)

    return sample


def tangent_forms(
    net: Net,
    inputs: Float[np.ndarray, "k d_in"],
    choose: Callable[[Signals, PRNGKeyArray], tuple[Vectors, PyTree]],
    count: int,
) -> Callable[..., tuple[Signals, PyTree, Parts]]:
    r"""A function of a key that draws one network and returns its last hidden signals and quadratic forms

        u_{ai}^T M_{ab} u_{bj},   M_{ab} = σ'_a H_{ab}^{(L)} σ'_b

    of the tangent kernel of its last hidden layer, for λ_b = 1 and for λ_W = 1 alone: H is linear in them.
    The `count` directions u of each input are what `choose(signals, key)` returns first, with sight of the
    signals; anything else that it returns is passed on. The last layer of the net plays no part.

    Where all hidden layers have one width, the function takes a second argument, the hidden layer to end
    with, 1 ... L, which may be a traced integer: one compilation serves all depths.

    Raises ValueError as `tangent_sampler` does.
    """
    if net.layers < 2:
        raise ValueError(f"widths must have at least one hidden layer for a tangent kernel, got {net.widths}")
    inputs = checked_inputs(net, inputs)
    k = len(inputs)
    first_factor = host_factor(net, inputs)
    first_metric = np.array([np.ones((k, k)), inputs @ inputs.T / net.widths[0]], np.float32)
    squares = np.sum(inputs**2, axis=1, keepdims=True)
    variance = np.float32(net.bias_variance + net.weight_variance / net.widths[0] * squares)
    runs = [(shape, len(list(run))) for shape, run in groupby(net.shapes[1:-1])]

    def activate(z: Signals) -> tuple[Signals, Signals]:
        return jax.jvp(lambda z: net.activation(z, jnp.asarray(variance)), (z,), (jnp.ones_like(z),))

    def forward(z: Signals, key: PRNGKeyArray, n_out: int) -> tuple[Float32[Array, "k {n_out}"], PyTree]:
        signal, slope = activate(z)
        z, memory = forward_query(net, signal, n_out, k * count, key=key)
        return z, (slope, metric(signal), memory)

    def backward(delta: Vectors, seen: PyTree, key: PRNGKeyArray) -> tuple[Float32[Array, "k c _"], Parts]:
        slope, weight, memory = seen
        flat = delta.reshape(k * count, delta.shape[2])
        before = backward_query(net, memory, flat, slope.shape[1], key=key)
        return slope[:, None, :] * before.reshape(k, count, slope.shape[1]), form(weight, delta)

    def sample(key: PRNGKeyArray, depth: int | Int[Array, ""] | None = None) -> tuple[Signals, PyTree, Parts]:
        keys = iter(split(key, 2 * len(runs) + 2))
        z = draw_layer(net, jnp.asarray(first_factor), *net.shapes[0], key=next(keys))
        records = []
        for (n_out, _), length in runs:
            steps = length if depth is None else depth - 1
            z, seen = repeated(lambda z, key, n_out=n_out: forward(z, key, n_out), z, length, steps, next(keys))
            records.append((seen, steps))
        signal, slope = activate(z)
        directions, chosen = choose(signal, next(keys))
        delta, total = slope[:, None, :] * directions, jnp.zeros((2, k, count, k, count), jnp.float32)
        for seen, steps in reversed(records):
            delta, total = unwound(backward, (delta, total), seen, steps, next(keys))
        return signal, chosen, total + form(jnp.asarray(first_metric), delta)

    return sample


def metric(signal: Signals) -> Float32[Array, "2 k k"]:
    """What the biases and the weights of a layer that is fed `signal` count in the tangent kernel."""
    gram = product(signal, signal.T) / np.float32(signal.shape[1])
    return jnp.stack([jnp.ones_like(gram), gram])


def form(weight: Float32[Array, "2 k k"], delta: Vectors) -> Parts:
    """The contribution of one layer to the tangent kernel."""
    k, count, n = delta.shape
    flat = delta.reshape(k * count, n)
    return weight[:, :, None, :, None] * product(flat, flat.T).reshape(1, k, count, k, count)


def repeated(step: Callable, carry: Array, length: int, steps: int | Array, key: PRNGKeyArray) -> tuple[Array, PyTree]:
    """The carry after the first `steps` of `length` layers of one shape, and all that they recorded, stacked."""
    keys = split(key, length)
    if length == 1 and isinstance(steps, int):  # the only layers whose output may have another shape
        carry, record = step(carry, keys[0])
        return carry, jax.tree.map(lambda one: one[None], record)
    record = jax.eval_shape(step, carry, keys[0])[1]
    records = jax.tree.map(lambda one: jnp.zeros((length, *one.shape), one.dtype), record)

    def body(i: Array, state: PyTree) -> PyTree:
        carry, record = step(state[0], keys[i])
        return carry, jax.tree.map(lambda all, one: all.at[i].set(one), state[1], record)

    return jax.lax.fori_loop(0, steps, body, (carry, records))


def unwound(
    step: Callable, state: tuple[Vectors, Parts], records: PyTree, steps: int | Array, key: PRNGKeyArray
) -> tuple[Float32[Array, "k c _"], Parts]:
    """The vectors and the sum of forms after going back through what `repeated` recorded, last layer first."""
    length = jax.tree.leaves(records)[0].shape[0]
    keys = split(key, length)

    def back(i: int | Array, state: tuple[Vectors, Parts]) -> tuple[Float32[Array, "k c _"], Parts]:
        record = jax.tree.map(lambda all: all[i], records)
        delta, part = step(state[0], record, keys[i])
        return delta, state[1] + part

    if length == 1 and isinstance(steps, int):
        return back(0, state)
    return jax.lax.fori_loop(0, steps, lambda i, state: back(steps - 1 - i, state), state)
