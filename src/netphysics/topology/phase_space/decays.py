"""Signals: events with a resonance, inside background phase space, and events off it, with a lost particle."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from .four_vectors import boost, velocity_of
from .massive import with_masses
from .massless import frame_event


@dataclass(frozen=True)
class Resonance:
    """The first two of n massless particles come from a resonance; total energy 1.

    Attributes:
        bodies: particles after the decay, at least 3.
        mass_squared: of the resonance, as a fraction of s.
        width: standard deviation of the mass squared, which is drawn from a normal law.

    Raises:
        ValueError: for fewer than three bodies, a width that is not positive, and a mass squared less than four widths
            from 0 or from 1.
    """

    bodies: int = 3
    mass_squared: float = 0.3
    width: float = 0.01

    def __post_init__(self) -> None:
        if self.bodies < 3:
            raise ValueError(f"bodies is {self.bodies}; a resonance beside another particle takes at least 3")
        if not self.width > 0:
            raise ValueError(f"width is {self.width}; it must be positive")
        if not 4 * self.width < self.mass_squared < 1 - 4 * self.width:
            raise ValueError(f"mass_squared is {self.mass_squared}; it must be 4 widths inside of 0 to 1")


def resonance_event(
    resonance: Resonance, dtype: DTypeLike = jnp.float32, *, key: PRNGKeyArray
) -> tuple[Float[Array, "n 4"], Float[Array, ""]]:
    """An event with the resonance and its weight; production and decay are flat in their phase spaces."""
    for_mass, for_production, for_decay = jax.random.split(key, 3)
    # Four standard deviations are inside of the allowed masses, and what lies beyond them is never missed.
    normal = jax.random.truncated_normal(for_mass, -4, 4, (), dtype)
    mass = jnp.sqrt(resonance.mass_squared + resonance.width * normal)
    others = resonance.bodies - 2
    masses = jnp.concatenate([mass[None], jnp.zeros(others, dtype)])
    produced, weight = with_masses(frame_event(others + 1, dtype, key=for_production), masses, 1.0)
    pair = mass * frame_event(2, dtype, key=for_decay)
    return jnp.concatenate([boost(pair, velocity_of(produced[0])), produced[1:]]), weight


def lossy_event(bodies: int, dtype: DTypeLike = jnp.float32, *, key: PRNGKeyArray) -> Float[Array, "n 4"]:
    """What is seen of a flat massless event of one more particle, whose last particle is lost.

    Momenta do not add up to zero: the event lies off the phase space of `bodies` particles.
    """
    return frame_event(bodies + 1, dtype, key=key)[:bodies]
