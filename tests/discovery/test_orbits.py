"""Orbits: the geometry of what is seen from Earth, Kepler's equation, and where series start."""

import jax
import numpy as np
import pytest

from netphysics.discovery.worlds import Orbits
from netphysics.discovery.worlds.orbits import eccentric_anomaly, elliptic


def test_keplers_equation_is_solved_to_rounding():
    mean = np.linspace(-20, 20, 2001)
    for eccentricity in (0.0, 0.1, 0.5):
        anomaly = eccentric_anomaly(mean, eccentricity)
        np.testing.assert_allclose(anomaly - eccentricity * np.sin(anomaly), mean, atol=1e-14)


def test_planets_obey_keplers_laws():
    phases = np.linspace(0, 2 * np.pi, 4001)[:, None] + [0.0, 1.0]
    longitudes, radii = elliptic.positions(phases)
    e = np.array(elliptic.eccentricities)
    focal = np.array(elliptic.radii) * (1 - e**2) / (1 + e * np.cos(longitudes))
    np.testing.assert_allclose(radii, focal, rtol=1e-12)
    # Equal areas in equal times: r^2 dlambda/dphi is a^2 sqrt(1 - e^2).
    areas = ((radii[1:] + radii[:-1]) / 2) ** 2 * np.diff(longitudes, axis=0) / np.diff(phases, axis=0)
    np.testing.assert_allclose(
        areas, np.broadcast_to(elliptic.radii * np.sqrt(1 - e**2) * elliptic.radii, areas.shape), rtol=1e-5
    )


@pytest.mark.parametrize("orbits", [Orbits(), Orbits(starts="product"), elliptic])
def test_what_is_seen_is_where_the_planets_are(orbits, key):
    found = jax.jit(lambda key: orbits.world.samples(200, 4, key=key))(key)
    phases, seen, asked, answers = (np.asarray(part, np.float64) for part in found[:4])
    assert (np.abs(seen) <= np.pi).all()
    series = orbits.series(phases, orbits.times)
    np.testing.assert_allclose(seen, series[:, 0], atol=1e-5)
    steps = np.rint(asked[..., 0] / orbits.step).astype(int)
    np.testing.assert_allclose(answers, np.take_along_axis(series, steps[..., None], axis=1), atol=3e-5)
    # A series has no jumps, and the directions are those of the Sun and Mars from Earth.
    assert np.abs(np.diff(series, axis=1)).max() < np.pi / 4
    longitudes, radii = orbits.positions(phases[:, None] + orbits.times[:, None] * orbits.rates)
    earth, mars = np.moveaxis(radii * np.exp(1j * longitudes), -1, 0)
    directions = np.stack([-earth, mars - earth], axis=-1)
    np.testing.assert_allclose(np.exp(1j * series), directions / np.abs(directions), atol=1e-9)


def test_starts_in_the_life_of_copernicus(key):
    phases = np.asarray(Orbits().world.samples(50, 1, key=key).variables, np.float64)
    weeks = np.arange(3665)
    known = [
        np.mod(birth + 2 * np.pi * 7 * weeks / year, 2 * np.pi) for birth, year in ((0.965, 365.26), (5.938, 686.97959))
    ]
    gap = np.abs(np.exp(1j * phases[:, None]) - np.exp(1j * np.stack(known, axis=1))).max(axis=-1).min(axis=1)
    assert gap.max() < 1e-4


def test_orbits_that_meet_are_refused():
    with pytest.raises(ValueError, match="Earth must stay inside"):
        Orbits(eccentricities=(0.0, 0.4))
    with pytest.raises(ValueError, match="step is 0"):
        Orbits(step=0.0)
