"""The neurons of damping and spring constant: what they do along slices, and what moving them does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from netphysics.discovery import SciNet, answers
from netphysics.discovery.probe import matched
from netphysics.discovery.worlds.pendulum import ASKED_UNTIL, DAMPING, OBSERVED_UNTIL, POINTS, STIFFNESS, position
from netphysics.stats import Numbers

VARIABLES = {"b": DAMPING, "kappa": STIFFNESS}
QUANTILES = (0.1, 0.5, 0.9)
SLICES, TIMES = np.linspace(0.05, 0.95, 13), np.linspace(0, ASKED_UNTIL, 61)


def at(variable: str, quantile: float | np.ndarray) -> tuple[float | np.ndarray, float | np.ndarray]:
    """b and kappa with one of them at a quantile of its law and the other at its median."""
    b, kappa = (
        low + (high - low) * (quantile if name == variable else 0.5 + 0 * quantile)
        for name, (low, high) in VARIABLES.items()
    )
    return b, kappa


def pictures(model: SciNet, columns: Mapping[str, np.ndarray], means: np.ndarray) -> dict[str, Numbers]:
    """The neurons of b and kappa along slices through the (b, kappa) plane, and what moving them does."""
    neurons, signs = matched(means, [columns[variable] for variable in VARIABLES])
    center, spread = means.mean(axis=0), means.std(axis=0)
    slices, moved = [], []
    for (variable, k), sign in zip(zip(VARIABLES, neurons, strict=True), signs, strict=True):
        slices.append(
            [sign * (encoded(model, line)[:, k] - center[k]) / max(spread[k], 1e-6) for line in lines(variable)]
        )
        z = np.tile(center, (len(QUANTILES), 1))
        z[:, k] = [np.quantile(sign * means[:, k], q) * sign for q in QUANTILES]
        moved.append(played(model, z))
    return {"slice": slices, "traversal": moved}


def lines(variable: str) -> Iterator[np.ndarray]:
    """Pendulums along a variable, one line for each of three values of the other."""
    (other,) = set(VARIABLES) - {variable}
    low, high = VARIABLES[other]
    for q in QUANTILES:
        b_and_kappa = dict(zip(VARIABLES, at(variable, SLICES), strict=True))
        b_and_kappa[other] = np.full_like(SLICES, low + (high - low) * q)
        yield np.stack([b_and_kappa["b"], b_and_kappa["kappa"]], axis=1)


@eqx.filter_jit
def encode(model: SciNet, observations: Array) -> Array:
    return jax.vmap(model.encode)(observations)[0]


def encoded(model: SciNet, variables: np.ndarray) -> np.ndarray:
    b, kappa = variables.T[:, :, None]
    seen = position(b, kappa, np.linspace(0, OBSERVED_UNTIL, POINTS)[None])
    return np.asarray(encode(model, jnp.asarray(seen, jnp.float32)), np.float64)


def played(model: SciNet, z: np.ndarray) -> np.ndarray:
    """x(t) as the decoder has it for given latents, shape (latents given, times)."""
    questions = jnp.broadcast_to(jnp.asarray(TIMES, jnp.float32)[None, :, None], (len(z), len(TIMES), 1))
    return np.asarray(eqx.filter_jit(answers)(model, jnp.asarray(z, jnp.float32), questions))[:, :, 0]
