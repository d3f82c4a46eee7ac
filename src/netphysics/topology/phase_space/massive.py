"""Massive events: massless ones whose three-momenta are scaled until the energies add up, with weights."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

# Newton's method starts above the root of a convex function and falls on it, quadratically in the end.
STEPS = 12


def momentum_scale(
    sizes: Float[Array, " n"], masses: Float[Array, " n"], energy: Float[Array, ""] | float
) -> Float[Array, ""]:
    """The factor on momenta of these sizes at which the energies of particles of these masses add up to `energy`.

    The start is a root for parallel momenta in proportion to the masses, and by Minkowski's inequality never below
    the root.
    """

    def step(_: Array, scale: Float[Array, ""]) -> Float[Array, ""]:
        energies = jnp.sqrt(masses**2 + (scale * sizes) ** 2)
        # A massless particle at rest adds nothing.
        slopes = scale * sizes**2 / jnp.where(energies > 0, energies, 1)
        return scale - (jnp.sum(energies) - energy) / jnp.sum(slopes)

    # A loop compiles much faster than its steps in a row.
    return jax.lax.fori_loop(0, STEPS, step, jnp.sqrt(energy**2 - jnp.sum(masses) ** 2) / jnp.sum(sizes))


def with_masses(
    event: Float[Array, "n 4"], masses: Float[Array, " n"], energy: Float[Array, ""] | float
) -> tuple[Float[Array, "n 4"], Float[Array, ""]]:
    r"""A massless event of total energy 1 as one of these masses and this energy, and its weight.

    With $k_i = \xi p_i$ and $E_i = \sqrt{m_i^2 + k_i^2}$ the weight relative to massless phase space is
    $w^{4-2n} (\sum |k_i|)^{2n-3} \prod (|k_i|/E_i) / \sum (k_i^2/E_i)$ at total energy w (Kleiss, Stirling and
    Ellis, Comput. Phys. Commun. 40 (1986) 359). Its mean is the ratio of the volumes. It is 1 for massless particles.
    """
    n = len(masses)
    sizes = event[:, 0]
    scale = momentum_scale(sizes, masses, energy)
    k = scale * sizes
    energies = jnp.sqrt(masses**2 + k**2)
    # Speeds 1 where a massless particle is at rest: 0/0 there, and the limit is the speed of light.
    speeds = jnp.where(energies > 0, k / jnp.where(energies > 0, energies, 1), 1)
    weight = (jnp.sum(k) / energy) ** (2 * n - 3) * jnp.prod(speeds) * energy / jnp.sum(speeds * k)
    return jnp.concatenate([energies[:, None], scale * event[:, 1:]], axis=1), weight
