"""Four-vectors (E, px, py, pz) with the metric (+, -, -, -); c = 1."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float


def dot(p: Float[Array, "*many 4"], q: Float[Array, "*many 4"]) -> Float[Array, "*many"]:
    """The Minkowski product E E' - p·p'."""
    return p[..., 0] * q[..., 0] - jnp.sum(p[..., 1:] * q[..., 1:], axis=-1)


def pair_invariants(event: Float[Array, "n 4"]) -> Float[Array, "n n"]:
    """All products p_i·p_j of the particles of an event; for massless ones s_ij = 2 p_i·p_j."""
    return jax.vmap(lambda p: jax.vmap(lambda q: dot(p, q))(event))(event)


def boost(p: Float[Array, "*many 4"], velocity: Float[Array, " 3"]) -> Float[Array, "*many 4"]:
    """The active boost: what rests before moves with the velocity after it.

    Args:
        velocity: in units of the speed of light, shorter than 1.
    """
    # The matrix of a boost is symmetric.
    return p @ boost_matrix(velocity)


def boost_matrix(velocity: Float[Array, " 3"]) -> Float[Array, "4 4"]:
    r"""First row $\gamma (1, \beta)$, spatial block $\delta_{ij} + \gamma^2 \beta_i\beta_j / (\gamma + 1)$."""
    gamma = 1 / jnp.sqrt(1 - velocity @ velocity)
    space = jnp.eye(3, dtype=velocity.dtype) + gamma**2 / (gamma + 1) * jnp.outer(velocity, velocity)
    time = gamma * jnp.concatenate([jnp.ones(1, velocity.dtype), velocity])
    return jnp.concatenate([time[None], jnp.concatenate([time[1:, None], space], axis=1)])


def velocity_of(p: Float[Array, " 4"]) -> Float[Array, " 3"]:
    """The velocity p/E of a particle, or of the rest frame of a system with total momentum p."""
    return p[1:] / p[0]
