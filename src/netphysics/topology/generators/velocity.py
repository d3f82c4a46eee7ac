"""Velocity fields: a plain network, and one that turns with the event."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from .coordinates import Coordinates, Point, Turning

# The time enters with these many sines and cosines beside itself.
FREQUENCIES = 3
TIMES = 1 + 2 * FREQUENCIES
# Masses of pairs enter as ln(s_ij/s + this): what is collinear is told apart down to here.
RESOLUTION = 1e-3


class PlainVelocity(eqx.Module):
    """A multilayer perceptron of the point and the time."""

    mlp: eqx.nn.MLP

    def __init__(self, coordinates: Coordinates, width: int, *, key: PRNGKeyArray):
        numbers = coordinates.numbers
        self.mlp = eqx.nn.MLP(numbers + TIMES, numbers, width, 3, jax.nn.silu, dtype=jnp.float32, key=key)

    def __call__(self, point: Point, time: Float[Array, ""]) -> Point:
        return self.mlp(jnp.concatenate([point, waves(time)]))


class SymmetricVelocity(eqx.Module):
    r"""Velocities $\dot p_i = \sum_j A_{ij} p_j$, with A a network of what rotations and reflections leave as it is.

    Every velocity that turns with the event and is mirrored with it has this form, as long as the momenta span space
    or, for three particles, the plane that they lie in.
    """

    mlp: eqx.nn.MLP
    coordinates: Turning = eqx.field(static=True)

    def __init__(self, coordinates: Turning, width: int, *, key: PRNGKeyArray):
        bodies = coordinates.bodies
        inputs = bodies + bodies * (bodies - 1) // 2 + 1 + TIMES
        self.mlp = eqx.nn.MLP(inputs, bodies**2, width, 3, jax.nn.silu, dtype=jnp.float32, key=key)
        self.coordinates = coordinates

    def __call__(self, point: Point, time: Float[Array, ""]) -> Point:
        momenta = self.coordinates.momenta(point)
        matrix = self.mlp(jnp.concatenate([invariants(momenta), waves(time)])).reshape(2 * (len(momenta),))
        return self.coordinates.point(matrix @ momenta)


def invariants(momenta: Float[Array, "n 3"]) -> Float[Array, " features"]:
    """Shares of the energy, logarithms of the masses of pairs, and that of the energy, of massless particles."""
    sizes = jnp.sqrt(jnp.sum(momenta**2, axis=1))
    total = jnp.maximum(jnp.sum(sizes), jnp.finfo(momenta.dtype).tiny)
    share, scaled = sizes / total, momenta / total
    masses = 2 * (jnp.outer(share, share) - scaled @ scaled.T)[jnp.triu_indices(len(momenta), 1)]
    logarithms = jnp.log(jnp.maximum(masses, 0) + RESOLUTION)
    return jnp.concatenate([len(momenta) * share, logarithms, jnp.log(total)[None]])


def waves(time: Float[Array, ""]) -> Float[Array, " times"]:
    """The time, with sines and cosines of it."""
    angles = 2 * jnp.pi * time * 2.0 ** jnp.arange(FREQUENCIES, dtype=jnp.float32)
    return jnp.concatenate([time[None], jnp.sin(angles), jnp.cos(angles)])
