"""Galaxies that the study of rotation curves shows, and what networks make of them."""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Mapping

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from netphysics.discovery import SciNet, answers
from netphysics.discovery.probe import matched
from netphysics.discovery.worlds import Sample
from netphysics.discovery.worlds.galaxies import HIDDEN, LENGTH, TYPICAL, VELOCITY, Galaxies, view

# Typical galaxies but for the shape of the halo, and places along them.
SHAPES, PLACES = (-0.8, 0.0, 0.8), np.linspace(0.02, 0.98, 25)
# Masses along which neurons are shown.
MASSES = np.linspace(HIDDEN[0, 0], HIDDEN[0, 1], 11, dtype=np.float32)


def examples(galaxies: Galaxies) -> list[Sample]:
    """Three typical galaxies without noise, and what is asked about them: halos of low, middle and high shape."""
    galaxy = typical(galaxies, TYPICAL["hidden"][:1])
    return [jax.tree.map(operator.itemgetter(i), galaxy) for i in range(len(SHAPES))]


@functools.partial(jax.jit, static_argnums=0)
def typical(galaxies: Galaxies, log_masses: np.ndarray | Array) -> Sample:
    """Galaxies of typical visible matter in halos of all `SHAPES`, those of one shape in a row."""
    quiet = dataclasses.replace(galaxies, noise=0.0)

    def one(shape: Array, log_mass: Array) -> Sample:
        hidden = jnp.stack([log_mass, shape, jnp.float32(TYPICAL["hidden"][2])])
        return view(quiet, hidden, jnp.asarray(TYPICAL["visible"]), jnp.asarray(PLACES, jnp.float32))

    shapes, masses = jnp.meshgrid(jnp.array(SHAPES, jnp.float32), jnp.asarray(log_masses, jnp.float32), indexing="ij")
    return jax.vmap(one)(shapes.ravel(), masses.ravel())


def radii(sample: Sample) -> np.ndarray:
    """Radii in kpc at the questions of one galaxy."""
    return LENGTH * np.exp(np.asarray(sample.questions[:, 0], np.float64))


def visible(sample: Sample) -> np.ndarray:
    """Velocities in km/s that visible matter alone gives there."""
    return VELOCITY * np.exp(np.asarray(sample.questions[:, 1], np.float64))


def velocities(sample: Sample, boost: np.ndarray | Array | None = None) -> np.ndarray:
    """Velocities in km/s there; the true ones, or those of an answer."""
    return visible(sample) * np.exp(np.asarray(sample.answers if boost is None else boost, np.float64)[:, 0])


def lines(
    galaxies: Galaxies, model: SciNet, means: np.ndarray, columns: Mapping[str, np.ndarray], numbers: int
) -> np.ndarray:
    """Neurons along the mass of the halo, for three shapes of it, typical visible matter; brought to one order."""
    if galaxies.halo is None or numbers > means.shape[1]:
        return np.zeros(0)
    free = [columns[name] for name in ("log M200", "log c") if name in columns]
    neurons, signs = matched(means, free)
    z = np.asarray(encode(model, typical(galaxies, MASSES).observation), np.float64)[:, neurons]
    center, spread = means[:, neurons].mean(axis=0), means[:, neurons].std(axis=0)
    # A neuron that was silenced has a mean all the same, which nobody reads.
    scaled = np.where(spread > 0, (z - center) / np.where(spread > 0, spread, 1), 0.0)
    return (np.array(signs) * scaled).T.reshape(len(free), len(SHAPES), len(MASSES))


@eqx.filter_jit
def encode(model: SciNet, observations: np.ndarray | Array) -> Array:
    return jax.vmap(model.encode)(observations)[0]


@eqx.filter_jit
def answer(model: SciNet, sample: Sample) -> Array:
    z, _ = model.encode(sample.observation)
    return answers(model, z[None], sample.questions[None])[0]
