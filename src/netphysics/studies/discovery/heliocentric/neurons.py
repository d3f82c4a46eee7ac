"""What one network amounts to: how right it is, and whether its neurons are phases of planets around the Sun."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from netphysics.discovery import SciNet, answers
from netphysics.discovery.probe import Plane, plane
from netphysics.discovery.worlds.orbits import TURN, Orbits
from netphysics.stats import Numbers

from .figures import JOURNEY, MARS_ALONG, SUN_AT, sky
from .options import PHASES

# Per cent of a full turn, root of the mean square over both angles and all times.
ACCURACY = {"circular": 0.4, "elliptic": 1.0}
PLANE = {"circular": 0.985, "elliptic": 0.995}
GAIN = 5.0
PERIOD_TOLERANCE = (0.01, 0.03)
# What is left of both tolerances when the bend is fitted, too.
SHARP = 0.005


def percent(squares: np.ndarray | np.float64) -> np.ndarray | np.float64:
    """A mean squared angle as a share of a full turn."""
    return 100 * np.sqrt(squares) / TURN


def worst_last(latents: np.ndarray, coordinates: np.ndarray) -> np.ndarray:
    """The shares of the neurons' variances that no plane over the coordinates has."""
    return np.sort(1 - plane(latents, coordinates).explained)


def verdicts(
    kind: str, orbits: Orbits, squares: np.ndarray, unexplained: np.ndarray, rates: np.ndarray
) -> dict[str, Numbers]:
    """What one network amounts to: 1 for every statement that is true of it."""
    return {
        "accurate": percent(squares.mean()) <= ACCURACY[kind],
        "planes": unexplained.max() <= 1 - PLANE[kind],
        "periods-right": within(orbits, rates, np.array(PERIOD_TOLERANCE)),
    }


def within(orbits: Orbits, rates: np.ndarray, tolerance: np.ndarray | float) -> np.ndarray:
    """Whether the periods 2 pi / rates are right, to a share `tolerance` of them."""
    return np.abs(orbits.rates - rates) <= tolerance * np.abs(rates)


def mars_gain(latents: np.ndarray, seen: np.ndarray, phases: np.ndarray) -> float:
    """How many times more of Mars's angle than of its phase no linear function of the latents has.

    Asked this way round it does not matter how the two neurons share the two phases. The other way a neuron that holds
    Earth's phase alone could not tell: the Sun's angle is that phase and half a turn.
    """
    angle, phase = (1 - plane(both, latents).explained[1] for both in (seen, phases))
    return float(angle / max(phase, np.finfo(np.float64).tiny))


@eqx.filter_jit
def encode(model: SciNet, observations: Array) -> Array:
    return jax.vmap(model.encode)(observations)[0]


def encoded(model: SciNet, observations: Array | np.ndarray) -> Array:
    return encode(model, jnp.asarray(observations, jnp.float32))


@eqx.filter_jit
def followed(model: SciNet, latents: Array, times: Array) -> Array:
    """The angles that the decoder answers with at all times, shape (systems, times, 2)."""
    return answers(model, latents, jnp.broadcast_to(times[None, :, None], (len(latents), len(times), 1)))


def squared_errors(orbits: Orbits, model: SciNet, raw: np.ndarray) -> np.ndarray:
    """Mean squared error by time and planet; the Sun's angle counts for Earth."""
    truth = orbits.series(raw, orbits.times)
    found = followed(model, encoded(model, truth[:, 0]), jnp.asarray(orbits.times, jnp.float32))
    return ((np.asarray(found, np.float64) - truth) ** 2).mean(axis=0)


def pictures(orbits: Orbits, model: SciNet, fit: Plane, drift: np.ndarray) -> dict[str, Numbers]:
    """Mars's phase as the neurons have it, along lines through the sky; and one journey."""
    lines = encoded(model, orbits.seen(sky()).reshape(-1, 2))
    begin = encoded(model, orbits.series(JOURNEY, orbits.times)[:1])
    moved = np.asarray(begin, np.float64)[:, :PHASES] + orbits.times[:, None] * drift
    return {
        "lines": fit.read(np.asarray(lines, np.float64)[:, :PHASES])[:, 1].reshape(len(SUN_AT), len(MARS_ALONG)),
        "angles": followed(model, begin, jnp.asarray(orbits.times, jnp.float32))[0],
        "phases": fit.read(moved),
    }
