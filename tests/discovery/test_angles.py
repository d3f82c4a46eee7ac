"""Angles and planes: lifting over full turns, and the periods in a drift."""

import numpy as np
import pytest

from netphysics.discovery.probe import bent_plane, plane, unwrap_angles, unwrap_towards
from netphysics.discovery.worlds import Orbits

MIXED = np.array([[0.4, -0.3], [0.2, 0.5]])


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def latents_of(phases, noise, rng):
    return phases @ MIXED.T + [0.3, -1.0] + noise * rng.normal(size=phases.shape)


def test_the_nearest_turn():
    angle, reference = np.array([0.1, 6.2, -3.0]), np.array([6.3, 0.0, 3.0])
    np.testing.assert_allclose(unwrap_towards(angle, reference), angle + 2 * np.pi * np.array([1, -1, 1]))


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_a_lift_finds_the_turns(noise, rng):
    phases = rng.uniform(-5, 8, (1000, 2))
    latents = latents_of(phases, noise, rng)
    for true in phases.T:
        shift = unwrap_angles(np.mod(true, 2 * np.pi), latents) - true
        np.testing.assert_allclose(shift, np.rint(shift[0] / (2 * np.pi)) * 2 * np.pi, atol=1e-9)


def test_an_angle_that_latents_do_not_hold_stays_unexplained(rng):
    latents, angle = rng.normal(size=(1000, 2)), rng.uniform(0, 2 * np.pi, 1000)
    assert plane(unwrap_angles(angle, latents)[:, None], latents).explained[0] < 0.1


def test_a_drift_holds_both_periods(rng):
    orbits = Orbits()
    phases = rng.uniform(0, 2 * np.pi, (500, 2))
    fit = plane(latents_of(phases, 0.0, rng), phases)
    np.testing.assert_allclose(fit.slopes, MIXED, atol=1e-12)
    np.testing.assert_allclose(fit.explained, 1, atol=1e-12)
    np.testing.assert_allclose(2 * np.pi / fit.rates(MIXED @ orbits.rates), orbits.periods)
    np.testing.assert_allclose(fit.read(latents_of(phases, 0.0, rng)), phases, atol=1e-9)


def test_latents_that_bend_across_their_drift_hold_the_periods_still(rng):
    orbits = Orbits()
    # On a box that is no normal law a bend tilts the plane.
    phases = rng.uniform(-3, 3, (2000, 2))
    constant = phases @ [orbits.rates[1], -orbits.rates[0]] / orbits.rates.sum()
    latents = latents_of(phases, 0.0, rng) + 0.1 * np.sinh(constant)[:, None] * [1.0, -0.7]
    drift = MIXED @ orbits.rates
    off = np.abs(2 * np.pi / plane(latents, phases).rates(drift) / orbits.periods - 1)
    assert off.max() > 0.01
    fit = bent_plane(latents, phases, drift)
    np.testing.assert_allclose(2 * np.pi / fit.rates(drift), orbits.periods, rtol=1e-3)
    assert (fit.explained > 0.9999).all()


def test_a_constant_latent_has_no_share():
    phases = np.linspace(0, 1, 10)[:, None]
    fit = plane(np.concatenate([phases, np.zeros_like(phases)], axis=1), phases)
    np.testing.assert_allclose(fit.explained, [1, 0], atol=1e-12)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="at least 5"):
        unwrap_angles(np.zeros(3), np.zeros((3, 1)))
    with pytest.raises(ValueError, match="not finite"):
        unwrap_angles(np.full(8, np.nan), np.zeros((8, 1)))
    with pytest.raises(ValueError, match="at least 4"):
        plane(np.zeros((3, 1)), np.zeros((3, 2)))
