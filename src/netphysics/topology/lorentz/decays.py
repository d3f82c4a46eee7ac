"""Toy top quarks: three massless particles with a W boson's mass in a pair, among flat decays; moving at any speed."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike, DTypeLike
from jaxtyping import Array, Bool, Float, PRNGKeyArray

from ..phase_space import boost, frame_event, resonance_event
from ..phase_space.decays import Resonance

# The masses of W boson and top quark, 80.4 and 172.7 GeV, and the spread of the ratio squared.
RATIO = 0.465
WIDTH = 0.03
SPREAD = 0.2
BODIES = 3
# What a network may know of particles: light quarks and the bottom quark.
KINDS = (0.0, 0.0, 1.0)
W_BOSON = Resonance(BODIES, RATIO**2, 2 * WIDTH * RATIO**2)


def labeled_decay(
    slowest: Float[ArrayLike, ""], fastest: Float[ArrayLike, ""], dtype: DTypeLike = jnp.float32, *, key: PRNGKeyArray
) -> tuple[Float[Array, "3 4"], Bool[Array, ""]]:
    """A decay, and whether it is a toy top quark's; signal and background are equally likely.

    The signal's first two particles come from a resonance of 0.465 times the total mass, spread by 3 %; the background
    is flat in phase space. The total mass is a log-normal 1 within 20 %, the third particle is the bottom quark, and
    the whole moves in a random direction, with a speed that is uniform between the given ones. No detector, no showers.

    Args:
        slowest, fastest: speeds in units of that of light, below 1.
    """
    for_kind, for_top, for_flat, for_mass, for_speed, for_direction = jax.random.split(key, 6)
    is_top = jax.random.bernoulli(for_kind)
    top, _ = resonance_event(W_BOSON, dtype, key=for_top)
    event = jnp.where(is_top, top, frame_event(BODIES, dtype, key=for_flat))
    event = event * jnp.exp(SPREAD * jax.random.normal(for_mass, (), dtype))
    speed = jax.random.uniform(for_speed, (), dtype, slowest, fastest)
    direction = jax.random.normal(for_direction, (3,), dtype)
    return boost(event, speed * direction / jnp.linalg.norm(direction)), is_top


def boosted(event: Float[Array, "n 4"], fastest: float, *, key: PRNGKeyArray) -> Float[Array, "n 4"]:
    """The event boosted once more, in a random direction, with a uniform speed: augmentation of training data."""
    for_speed, for_direction = jax.random.split(key)
    direction = jax.random.normal(for_direction, (3,), event.dtype)
    speed = jax.random.uniform(for_speed, (), event.dtype, 0, fastest)
    return boost(event, speed * direction / jnp.linalg.norm(direction))
