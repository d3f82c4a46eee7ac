"""Massless events, flat in phase space, by two unrelated algorithms that check each other."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from ...nets import normal


def frame_event(bodies: int, dtype: DTypeLike = jnp.float32, *, key: PRNGKeyArray) -> Float[Array, "n 4"]:
    """A massless event of total energy 1, from a uniformly random pair of orthonormal vectors in C^n.

    With spinors lambda_i = (a_i, b_i), momentum conservation says that the vectors a and b are orthogonal and of
    equal length: a point of the Stiefel manifold V_2(C^n), whose invariant measure is flat phase space
    (Henning and Melia, arXiv:1902.06747; Larkoski and Melia, arXiv:2008.06508). The normal numbers that the vectors are
    made of have the resolution of float32, what is made of them that of `dtype`.
    """
    return event_of_frame(frame_of_spinors(normal((4, bodies), key=key).astype(dtype)))


def frame_of_spinors(spinors: Float[Array, "4 n"]) -> Float[Array, "4 n"]:
    """Two complex vectors, as rows Re a, Im a, Re b, Im b, made orthonormal; a keeps its direction.

    The component of b along a is taken away twice: once leaves a remainder of the size of rounding over the angle
    between them.
    """
    a = spinors[:2] / jnp.linalg.norm(spinors[:2])
    b = spinors[2:]
    for _ in range(2):
        real = jnp.sum(a * b)
        imaginary = jnp.sum(a[0] * b[1] - a[1] * b[0])
        b = b - real * a - imaginary * jnp.stack([-a[1], a[0]])
        b = b / jnp.linalg.norm(b)
    return jnp.concatenate([a, b])


def event_of_frame(frame: Float[Array, "4 n"]) -> Float[Array, "n 4"]:
    """Momenta of spinors: E = (|a|^2 + |b|^2)/2, pz = (|a|^2 - |b|^2)/2, px + i py = a* b."""
    a_real, a_imaginary, b_real, b_imaginary = frame
    a_square, b_square = a_real**2 + a_imaginary**2, b_real**2 + b_imaginary**2
    px = a_real * b_real + a_imaginary * b_imaginary
    py = a_real * b_imaginary - a_imaginary * b_real
    return jnp.stack([(a_square + b_square) / 2, px, py, (a_square - b_square) / 2], axis=1)


def rambo_event(bodies: int, dtype: DTypeLike = jnp.float32, *, key: PRNGKeyArray) -> Float[Array, "n 4"]:
    """A massless event of total energy 1 by RAMBO (Kleiss, Stirling and Ellis, Comput. Phys. Commun. 40 (1986) 359)."""
    return conserve(free_momenta(bodies, dtype, key=key))


def free_momenta(bodies: int, dtype: DTypeLike = jnp.float32, *, key: PRNGKeyArray) -> Float[Array, "n 4"]:
    """Isotropic massless momenta with energies from the law E exp(-E), not yet conserved."""
    tiny = jnp.finfo(dtype).tiny
    u = jax.random.uniform(key, (4, bodies), dtype, tiny, 1)
    energy = -jnp.log(u[0]) - jnp.log(u[1])
    cosine, azimuth = 2 * u[2] - 1, 2 * math.pi * u[3]
    sine = jnp.sqrt(1 - cosine**2)
    direction = jnp.stack([jnp.ones_like(sine), sine * jnp.cos(azimuth), sine * jnp.sin(azimuth), cosine], axis=1)
    return energy[:, None] * direction


def conserve(momenta: Float[Array, "n 4"]) -> Float[Array, "n 4"]:
    """Massless momenta, boosted and scaled to rest together with total energy 1 (RAMBO's conformal map)."""
    scale, velocity = conformal(momenta)
    return scale * _boost_of_conformal(momenta, velocity)


def release(event: Float[Array, "n 4"], scale: Float[Array, ""], b: Float[Array, " 3"]) -> Float[Array, "n 4"]:
    """The inverse of `conserve`: momenta that have this scale and this boost, and become this event."""
    return _boost_of_conformal(event, -b) / scale


def conformal(momenta: Float[Array, "n 4"]) -> tuple[Float[Array, ""], Float[Array, " 3"]]:
    """Scale 1/M and boost b = -Q/M of the total momentum Q with mass M; gamma is sqrt(1 + b^2)."""
    total = jnp.sum(momenta, axis=0)
    momentum = jnp.sqrt(total[1:] @ total[1:])
    mass = jnp.sqrt((total[0] - momentum) * (total[0] + momentum))
    return 1 / mass, -total[1:] / mass


def _boost_of_conformal(momenta: Float[Array, "n 4"], b: Float[Array, " 3"]) -> Float[Array, "n 4"]:
    gamma = jnp.sqrt(1 + b @ b)
    along = momenta[:, 1:] @ b
    energy = gamma * momenta[:, 0] + along
    added = jnp.outer(momenta[:, 0] + along / (1 + gamma), b)
    return jnp.concatenate([energy[:, None], momenta[:, 1:] + added], axis=1)
