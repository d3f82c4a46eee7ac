"""Networks that see events: plain, on invariants, and equivariant message passing with scalars and vectors."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from ...train import compiled
from ..phase_space import dot, pair_invariants

# Below this share of the total mass squared the product of two momenta is rounding.
LEAST = 1e-6


def mass_ratios(event: Float[Array, "n 4"]) -> Float[Array, " pairs"]:
    r"""Logarithms of the pair masses squared over the total one, $\ln s_{ij}/s$: no boost and no unit changes them."""
    total = jnp.sum(event, axis=0)
    pairs = jnp.triu_indices(len(event), 1)
    return jnp.log(jnp.maximum(2 * pair_invariants(event)[pairs] / dot(total, total), LEAST))


class PlainNetwork(eqx.Module):
    """A multilayer perceptron on all components of all momenta."""

    mlp: eqx.nn.MLP

    def __init__(self, bodies: int, width: int = 48, dtype: DTypeLike = jnp.float32, *, key: PRNGKeyArray):
        self.mlp = eqx.nn.MLP(4 * bodies, "scalar", width, 2, jnp.tanh, dtype=dtype, key=key)

    def __call__(self, event: Float[Array, "n 4"]) -> Float[Array, ""]:
        return self.mlp(event.ravel())


class InvariantNetwork(eqx.Module):
    """A multilayer perceptron on ratios of invariant masses."""

    mlp: eqx.nn.MLP

    def __init__(self, bodies: int, width: int = 48, dtype: DTypeLike = jnp.float32, *, key: PRNGKeyArray):
        pairs = bodies * (bodies - 1) // 2
        self.mlp = eqx.nn.MLP(pairs, "scalar", width, 2, jnp.tanh, dtype=dtype, key=key)

    def __call__(self, event: Float[Array, "n 4"]) -> Float[Array, ""]:
        return self.mlp(mass_ratios(event))


class Layer(eqx.Module):
    """One round of messages: scalars are updated by invariants, vectors by multiples of one another."""

    message: eqx.nn.MLP
    update: eqx.nn.MLP
    mix: eqx.nn.Linear

    def __init__(self, channels: int, width: int, dtype: DTypeLike, *, key: PRNGKeyArray):
        for_message, for_update, for_mix = jax.random.split(key, 3)
        self.message = eqx.nn.MLP(2 * channels + 2, width, width, 1, jnp.tanh, jnp.tanh, dtype=dtype, key=for_message)
        self.update = eqx.nn.MLP(channels + width, channels, width, 1, jnp.tanh, dtype=dtype, key=for_update)
        self.mix = eqx.nn.Linear(width, "scalar", dtype=dtype, key=for_mix)

    def __call__(
        self, scalars: Float[Array, "n channels"], vectors: Float[Array, "n 4"], scale: Float[Array, ""]
    ) -> tuple[Float[Array, "n channels"], Float[Array, "n 4"]]:
        """Scalars and vectors after the messages of all other particles; `scale` is the unit of mass squared."""
        n = len(vectors)

        def message(i: Array, j: Array) -> Array:
            gap = vectors[i] - vectors[j]
            invariants = jnp.stack([compress(dot(gap, gap) / scale), compress(dot(vectors[i], vectors[j]) / scale)])
            return self.message(jnp.concatenate([scalars[i], scalars[j], invariants]))

        places = jnp.arange(n)
        messages = jax.vmap(lambda i: jax.vmap(lambda j: message(i, j))(places))(places)
        # A particle has no message for itself.
        others = (1 - jnp.eye(n, dtype=vectors.dtype))[..., None]
        received = jnp.sum(others * messages, axis=1) / (n - 1)
        weights = jax.vmap(jax.vmap(self.mix))(messages) * others[..., 0] / (n - 1)
        moved = vectors + jnp.einsum("ij,ja->ia", weights, vectors)
        return scalars + jax.vmap(self.update)(jnp.concatenate([scalars, received], axis=1)), moved


def compress(x: Float[Array, ""]) -> Float[Array, ""]:
    """sign(x) ln(|x| + 1), scaled up: invariants of any size as numbers of order one, smooth at zero."""
    return jnp.sign(x) * jnp.log1p(10 * jnp.abs(x))


class EquivariantNetwork(eqx.Module):
    """Message passing in the manner of LorentzNet (Gong et al., arXiv:2201.08187), with one vector for each particle.

    Masses are counted in units of the total mass: the output depends neither on the frame nor on the unit of energy,
    nor on the order of particles of one kind.

    Attributes:
        kinds: a number for every particle, the same for particles of one kind.
    """

    layers: tuple[Layer, ...]
    readout: eqx.nn.MLP
    channels: int = eqx.field(static=True)
    kinds: tuple[float, ...] = eqx.field(static=True)

    def __init__(
        self,
        kinds: tuple[float, ...],
        channels: int = 8,
        width: int = 24,
        depth: int = 2,
        dtype: DTypeLike = jnp.float32,
        *,
        key: PRNGKeyArray,
    ):
        *for_layers, for_readout = jax.random.split(key, depth + 1)
        self.layers = tuple(Layer(channels, width, dtype, key=each) for each in for_layers)
        self.readout = eqx.nn.MLP(channels, "scalar", width, 1, jnp.tanh, dtype=dtype, key=for_readout)
        self.channels, self.kinds = channels, kinds

    def features(self, event: Float[Array, "n 4"]) -> tuple[Float[Array, "n channels"], Float[Array, "n 4"]]:
        """Invariant scalars and equivariant vectors of the particles, after all layers."""
        total = jnp.sum(event, axis=0)
        scale = dot(total, total)
        # The share of a particle in the energy of the rest frame, an invariant.
        share = jax.vmap(lambda p: dot(p, total))(event) / scale
        known = jnp.stack([share, jnp.asarray(self.kinds, event.dtype)], axis=1)
        scalars = jnp.pad(known, ((0, 0), (0, self.channels - 2)))
        vectors = event
        for layer in self.layers:
            scalars, vectors = layer(scalars, vectors, scale)
        return scalars, vectors

    def __call__(self, event: Float[Array, "n 4"]) -> Float[Array, ""]:
        return self.readout(jnp.mean(self.features(event)[0], axis=0))


def equivariance_errors(
    network: EquivariantNetwork, events: np.ndarray, transformations: np.ndarray
) -> tuple[float, float]:
    """By how much outputs change, and vectors do not transform, under Lorentz transformations; the largest of each.

    Vectors are compared in units of the largest component. In the precision of the network's weights.

    Args:
        events: shape (events, n, 4).
        transformations: matrices, shape (events, 4, 4).
    """
    dtype = network.readout.layers[0].weight.dtype
    scalar, vector = _errors(network, jnp.asarray(events, dtype), jnp.asarray(transformations, dtype))
    return float(scalar.max()), float(vector.max())


@compiled(once=True)
def _errors(network: EquivariantNetwork, events: Array, transformations: Array) -> tuple[Array, Array]:
    """Errors of equivariance of each event, of the output and of vectors."""

    def one(event: Array, matrix: Array) -> tuple[Array, Array]:
        moved = event @ matrix.T
        (_, before), (_, after) = network.features(event), network.features(moved)
        expected = before @ matrix.T
        return abs(network(moved) - network(event)), jnp.max(jnp.abs(after - expected)) / jnp.max(jnp.abs(expected))

    return jax.vmap(one)(events, transformations)
