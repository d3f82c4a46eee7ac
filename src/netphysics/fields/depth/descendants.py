r"""Descendants of the tangent kernel: what makes it move during training, to first and second order.

With the learning-rate tensor λ_μ in every contraction of parameters,

    dH_{abc}    = Σ λ_μ λ_ν (∂²_{μν} z_a) (∂_μ z_b) (∂_ν z_c),
    ddI_{abcd}  = Σ λ_μ λ_ν λ_ρ (∂³_{μνρ} z_a) (∂_μ z_b) (∂_ν z_c) (∂_ρ z_d),
    ddII_{abcd} = Σ λ_μ λ_ν λ_ρ (∂²_{μν} z_a) (∂²_{μρ} z_b) (∂_ν z_c) (∂_ρ z_d).

At initialization, for one input and outputs that are fed by n neurons, indices can only be paired:

    E[dH_{abc} z_d] = (1/n) [δ_ad δ_bc P + δ_ab δ_cd Q + δ_ac δ_bd Q],
    E[ddI_{abcd}]   = (1/n) [δ_ab δ_cd + δ_ac δ_bd + δ_ad δ_bc] R,
    E[ddII_{abcd}]  = (1/n) [δ_ab δ_cd S + δ_ac δ_bd T + δ_ad δ_bc U],

in the notation of Roberts, Yaida and Hanin (arXiv:2106.10165). Two outputs tell the six apart.

The gradient by a weight matrix is an outer product δ s^T of what comes back and what went in, and so is each of
the two terms of its derivative along another gradient. So neither a Hessian nor a gradient is ever written down:
a step along gradients adds to every matrix-vector product, and a scalar product of gradients is one of the small
Gram matrices of the δ and s. The matrices W themselves act on a few vectors only, 7 forward and 6 backward; this
is all that deferred weights need (`netphysics.nets.sampler`), which could answer these queries, too, each
conditioned on those before.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Float32, PRNGKeyArray, PyTree

from netphysics.fields.depth.explicit_networks import draw_stacks
from netphysics.nets import LearningRates, Net
from netphysics.nets.orthogonalization import product

CONTRACTIONS = ("P", "Q", "R", "S", "T", "U")


class Layers(NamedTuple):
    """Explicit weights of a network with L hidden layers of one width n; the last entry of each is the output's."""

    matrices: tuple[Float32[Array, "n d_in"], Float32[Array, "L-1 n n"], Float32[Array, "2 n"]]
    biases: tuple[Float32[Array, " n"], Float32[Array, "L-1 n"], Float32[Array, "2"]]


class Passage(NamedTuple):
    """What went through a network, and what came back from its two outputs."""

    outputs: Float32[Array, "2"]
    signals: Float32[Array, "L n"]
    """σ(z^(l)) of the hidden layers."""
    gradients: Float32[Array, "L 2 n"]
    """∂z_a / ∂z^(l)."""


def contractions(
    net: Net, point: Float[np.ndarray, " d_in"], rates: LearningRates, *, key: PRNGKeyArray
) -> Float32[Array, "6"]:
    """P, Q, R, S, T and U of one network at one input: numbers whose means over networks are the six of the
    module's docstring. Either output takes either part, and the two answers are averaged.

    Raises ValueError unless the net has two outputs and hidden layers of one width, more than 2.
    """
    hidden = net.widths[1:-1]
    if len(set(hidden)) != 1 or hidden[0] < 3 or net.widths[-1] != 2:
        raise ValueError(f"widths must be (d_in, n, ..., n, 2), hidden layers of one width n > 2, got {net.widths}")
    layers = draw_layers(net, key=key)
    x = jnp.asarray(point, jnp.float32)
    nothing = Passage(jnp.zeros(2), jnp.zeros((len(hidden), hidden[0])), jnp.zeros((len(hidden), 2, hidden[0])))
    base = passage(net, layers, x, rates, nothing, jnp.zeros(2))

    def stepped(step: Float32[Array, "2"]) -> Passage:
        return passage(net, layers, x, rates, base, step)

    def along(function: Callable[[Array], PyTree], direction: Array) -> Callable[[Array], PyTree]:
        return lambda step: jax.jvp(function, (step,), (direction,))[1]

    here, gradient = jnp.zeros(2), jnp.eye(2)
    # Everything after a step along the gradient of output b, b along the first axis.
    tangent = jax.vmap(lambda b: along(stepped, b)(here))(gradient)
    # ∂³z_i along the gradients a, b and b, with i along the last axis.
    thrice = jax.vmap(lambda a, b: along(along(along(lambda step: stepped(step).outputs, b), b), a)(here))
    cubic = thrice(gradient, gradient[::-1])
    scalar = scalar_products(net, x, rates, base, tangent)

    def part(a: int, b: int) -> Float32[Array, "6"]:
        mixed, swapped = curvature(a, b), curvature(b, a)
        return jnp.stack(
            [
                base.outputs[a] * scalar(slope(b), mixed),
                base.outputs[b] * scalar(slope(a), mixed),
                cubic[a, a],
                scalar(mixed, mixed),
                scalar(curvature(a, a), curvature(b, b)),
                scalar(mixed, swapped),
            ]
        )

    return net.widths[-2] * (part(0, 1) + part(1, 0)) / 2


def draw_layers(net: Net, *, key: PRNGKeyArray) -> Layers:
    """One realization of the net."""
    n, stacks = net.widths[1], draw_stacks(net, key=key)
    none = jnp.zeros((0, n, n), jnp.float32), jnp.zeros((0, n), jnp.float32)
    (first, bias), (middle, biases), (last, last_bias) = stacks if len(stacks) == 3 else (stacks[0], none, stacks[1])
    return Layers((first[0], middle, last[0]), (bias[0], biases, last_bias[0]))


def passage(
    net: Net, layers: Layers, x: Float32[Array, " d_in"], rates: LearningRates, base: Passage, step: Float32[Array, "2"]
) -> Passage:
    """Forward and backward through the network after a step Σ_b step_b λ ∂z_b of all its parameters, the
    gradients being those of `base`."""
    (first, middle, last), (first_bias, biases, last_bias) = layers
    bias_rate, weight_rate = (np.float32(rate) for rate in (rates.bias, rates.weight))
    per_signal = np.float32(rates.weight / net.widths[1])
    variance = np.float32(net.bias_variance) + np.float32(net.weight_variance) * jnp.mean(x**2)

    def sigma(z: Array) -> Array:
        return net.activation(z, variance)

    # What a step changes in W s + b: the gradients of a layer times the overlap of what went in.
    pushes = jnp.einsum("b,lbn->ln", step, base.gradients)
    z = product(first, x) + first_bias + (weight_rate * jnp.mean(x**2) + bias_rate) * pushes[0]

    def forward(z: Array, layer: tuple[Array, Array, Array, Array]) -> tuple[Array, Array]:
        matrix, bias, before, push = layer
        s = sigma(z)
        return product(matrix, s) + bias + (per_signal * jnp.sum(before * s) + bias_rate) * push, z

    top, below = jax.lax.scan(forward, z, (middle, biases, base.signals[:-1], pushes[1:]))
    z = jnp.concatenate([below, top[None]])
    s = sigma(z)
    overlap = per_signal * jnp.sum(base.signals[-1] * s[-1]) + bias_rate
    outputs = product(last, s[-1]) + last_bias + overlap * step
    slopes = jax.jvp(sigma, (z,), (jnp.ones_like(z),))[1]

    def through(back: Array, push: Array, matrix: Array, before: Array, slope: Array) -> Array:
        """∂z_a / ∂z of the layer below."""
        return (product(back, matrix) + per_signal * product(back, push)[:, None] * before[None]) * slope[None]

    top = through(jnp.eye(2), step, last, base.signals[-1], slopes[-1])

    def backward(back: Array, layer: tuple[Array, Array, Array, Array]) -> tuple[Array, Array]:
        return (through(back, *layer),) * 2

    _, below = jax.lax.scan(backward, top, (pushes[1:], middle, base.signals[:-1], slopes[:-1]), reverse=True)
    return Passage(outputs, s, jnp.concatenate([below, top[None]]))


def slope(a: int) -> Float[np.ndarray, "6 3"]:
    """∂z_a as a sum of outer products of the vectors of `scalar_products`."""
    coefficients = np.zeros((6, 3), np.float32)
    coefficients[a, 0] = 1
    return coefficients


def curvature(a: int, b: int) -> Float[np.ndarray, "6 3"]:
    """∂²z_a · ∂z_b, likewise: the product rule."""
    coefficients = np.zeros((6, 3), np.float32)
    coefficients[2 + 2 * b + a, 0] = coefficients[a, 1 + b] = 1
    return coefficients


def scalar_products(
    net: Net, x: Float32[Array, " d_in"], rates: LearningRates, base: Passage, tangent: Passage
) -> Callable[[np.ndarray, np.ndarray], Array]:
    """The scalar product, with learning rates, of two sums of outer products Y_i X_j^T in every layer, given by
    their coefficients (6 x 3): Y are the two gradients and their derivatives, of output a along b at 2 + 2 b + a;
    X are the signal below and its two derivatives."""
    n = net.widths[1]
    signals = jnp.concatenate([base.signals[None], tangent.signals])
    gradients = jnp.concatenate([jnp.swapaxes(base.gradients, 0, 1), *jnp.swapaxes(tangent.gradients, 1, 2)])
    below = jnp.einsum("iln,jln->lij", signals, signals, precision="highest") * np.float32(rates.weight / n)
    back = jnp.einsum("iln,jln->lij", gradients, gradients, precision="highest")
    # The input has no derivative; neither have the outputs' own gradients, which are unit vectors.
    entrance = jnp.zeros((1, 3, 3)).at[0, 0, 0].set(np.float32(rates.weight) * jnp.mean(x**2))
    exit = jnp.zeros((1, 6, 6)).at[0, :2, :2].set(jnp.eye(2))
    below = jnp.concatenate([entrance, below]).at[:, 0, 0].add(np.float32(rates.bias))
    back = jnp.concatenate([back, exit])
    return lambda left, right: jnp.einsum("lik,ljm,ij,km->", back, below, left, right, precision="highest")
