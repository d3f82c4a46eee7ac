"""The sphere that phase space is, by an explicit homeomorphism in both directions; and what is only almost it."""

from __future__ import annotations

import functools

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from .massive import momentum_scale
from .space import PhaseSpace


@functools.cache
def relative_basis(bodies: int) -> np.ndarray:
    """Orthonormal rows that are orthogonal to (1, ..., 1), shape (n - 1, n): relative momenta of n particles."""
    rows = np.zeros((bodies - 1, bodies))
    for k in range(1, bodies):
        rows[k - 1, :k], rows[k - 1, k] = 1, -k
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows.setflags(write=False)
    return rows


def to_sphere(event: Float[Array, "n 4"]) -> Float[Array, " m"]:
    """The point of the unit sphere in R^(3n-3) of an event at rest: its relative momenta, normalized.

    Rays from the origin meet phase space once, because the total energy is convex along them and least at the origin.
    """
    relative = (jnp.asarray(relative_basis(len(event)), event.dtype) @ event[:, 1:]).ravel()
    return relative / jnp.sqrt(relative @ relative)


def from_sphere(point: Float[Array, " m"], space: PhaseSpace) -> Float[Array, "n 4"]:
    """The event of a point on the sphere; momenta add up to zero and energies to the total one.

    A point off the sphere is taken along its ray, so that every nonzero output of a network is an event.
    """
    momenta = jnp.asarray(relative_basis(space.bodies), point.dtype).T @ point.reshape(-1, 3)
    # At a particle at rest the size has no gradient; one of zero is right for what only passes there.
    squares = jnp.sum(momenta**2, axis=1)
    sizes = jnp.where(squares > 0, jnp.sqrt(jnp.where(squares > 0, squares, 1)), 0)
    if space.is_massless:
        scale = space.energy / jnp.sum(sizes)
        return scale * jnp.concatenate([sizes[:, None], momenta], axis=1)
    masses = jnp.asarray(space.masses, point.dtype)
    scale = momentum_scale(sizes, masses, space.energy)
    energies = jnp.sqrt(masses**2 + (scale * sizes) ** 2)
    return jnp.concatenate([energies[:, None], scale * momenta], axis=1)


def simplex_and_sphere(event: Float[Array, "n 4"]) -> tuple[Float[Array, " n"], Float[Array, "n 2"]]:
    r"""Larkoski and Melia's coordinates (arXiv:2008.06508): light-cone fractions, and a point of $S^{2n-3}$.

    With phases fixed so that $a_i \ge 0$, the fractions $a_i^2 = (E_i + p_{z,i})/\sqrt s$ are a point of a simplex and
    b, as real and imaginary parts, one of the unit sphere orthogonal to a. The measure is exactly the product; the
    topology is not: on the faces $a_i = 0$ a phase is left that does nothing to the event. Two particles make a
    cylinder of what is a sphere.
    """
    fractions = event[:, 0] + event[:, 3]
    fractions = fractions / jnp.sum(fractions)
    a = jnp.sqrt(fractions * jnp.sum(event[:, 0]))
    b = event[:, 1:3] / a[:, None]
    return fractions, b / jnp.sqrt(jnp.sum(b**2))


def parity_twin(event: Float[Array, "*many 4"]) -> Float[Array, "*many 4"]:
    """The mirror image: momenta reversed. On the sphere it is the antipode."""
    return jnp.concatenate([event[..., :1], -event[..., 1:]], axis=-1)


def parity_twin_bound(bodies: int, energy: float = 1.0) -> float:
    r"""$\sqrt{s/n}$: the worst error of any autoencoder of massless events with at most 3n - 4 real latents.

    By the theorem of Borsuk and Ulam some event has the code of its twin, so that one of the two is off by at least the
    length of its momenta $(\sum p_i^2)^{1/2} \ge \sum |p_i| / \sqrt n$.
    """
    return energy / bodies**0.5
