"""Events by the million: one event per key, whole blocks in one program, float64 on the host."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from .massive import with_masses
from .massless import frame_event, rambo_event
from .space import PhaseSpace

Algorithm = Literal["frames", "rambo"]
BLOCK = 2**15


@dataclass(frozen=True)
class Sample:
    """Events with weights.

    Attributes:
        momenta: (E, px, py, pz) of every particle, float64 of shape (events, particles, 4).
        weights: of the events, float64 of shape (events,); their mean is the volume of phase space over the
            volume of massless phase space.
    """

    momenta: np.ndarray
    weights: np.ndarray


def event(
    space: PhaseSpace, algorithm: Algorithm = "frames", dtype: DTypeLike = jnp.float32, *, key: PRNGKeyArray
) -> tuple[Float[Array, "n 4"], Float[Array, ""]]:
    """One event and its weight, flat in phase space; `vmap` it over keys.

    Args:
        algorithm: what draws the massless event: random frames, or RAMBO.
        dtype: float64 takes x64 mode.
    """
    massless = {"frames": frame_event, "rambo": rambo_event}[algorithm](space.bodies, dtype, key=key)
    if space.is_massless:
        return space.energy * massless, jnp.ones((), dtype)
    return with_masses(massless, jnp.asarray(space.masses, dtype), space.energy)


@functools.partial(jax.jit, static_argnums=(0, 1))
def _events(space: PhaseSpace, algorithm: Algorithm, indices: Array, key: PRNGKeyArray) -> tuple[Array, Array]:
    return jax.vmap(lambda i: event(space, algorithm, jnp.float64, key=jax.random.fold_in(key, i)))(indices)


def sample_blocks(
    space: PhaseSpace, count: int, algorithm: Algorithm = "frames", block: int = BLOCK, *, key: PRNGKeyArray
) -> Iterator[Sample]:
    """`count` events, a block at a time: memory is that of a block.

    Event i is drawn with `fold_in(key, i)`; it depends neither on `count` nor on the size of blocks.

    Raises:
        ValueError: for a count or a block below 1.
    """
    for name, value in (("count", count), ("block", block)):
        if value < 1:
            raise ValueError(f"{name} is {value}; it must be at least 1")
    for start in range(0, count, block):
        # The last block is drawn whole and cut, so that it takes no program of its own.
        indices = np.arange(start, start + block, dtype=np.uint32)
        with jax.enable_x64(True):
            momenta, weights = _events(space, algorithm, indices, key)
        kept = min(block, count - start)
        yield Sample(np.asarray(momenta)[:kept], np.asarray(weights)[:kept])


def sample(space: PhaseSpace, count: int, algorithm: Algorithm = "frames", *, key: PRNGKeyArray) -> Sample:
    """`count` events in memory, 32 bytes for each particle.

    Raises:
        ValueError: for a count below 1.
    """
    blocks = list(sample_blocks(space, count, algorithm, min(BLOCK, max(count, 1)), key=key))
    return Sample(np.concatenate([b.momenta for b in blocks]), np.concatenate([b.weights for b in blocks]))


def unweighted(drawn: Sample, weights: np.ndarray, seed: int = 0) -> np.ndarray:
    """The momenta of a subset of the events whose law is the product of the events' and the given weights.

    Events are kept with probability weight over the largest weight.

    Args:
        weights: a squared matrix element for instance, shape (events,), not negative.

    Raises:
        ValueError: for weights that are negative, not finite, or all zero.
    """
    combined = drawn.weights * weights
    if not (np.isfinite(combined).all() and combined.min() >= 0 and combined.max() > 0):
        raise ValueError("weights must be finite, not negative, and positive somewhere")
    kept = np.random.default_rng(seed).uniform(size=len(combined)) * combined.max() < combined
    return drawn.momenta[kept]
