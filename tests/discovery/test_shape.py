"""Latents that take a few values, and pairs of latents that hold an angle."""

import numpy as np
import pytest

from netphysics.discovery.probe import few_values, ring_angle

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("values", [(-1, 1), (0.0, 1.0, 5.0), (-2, -1, 0, 1, 2)])
def test_few_values_are_found(values):
    z = RNG.choice(values, 800, p=[0.1, *[0.9 / (len(values) - 1)] * (len(values) - 1)]) + 0.02 * RNG.normal(size=800)
    np.testing.assert_allclose(few_values(z), values, atol=0.02)


@pytest.mark.parametrize(
    "z",
    [RNG.normal(size=800), RNG.uniform(size=800), RNG.normal(size=800) ** 3, RNG.exponential(size=800), np.ones(800)],
)
def test_what_varies_continuously_has_no_values(z):
    assert len(few_values(z)) == 0


def test_an_angle_is_found_around_a_ring():
    phi = RNG.uniform(0, 2 * np.pi, 800)
    ring = np.column_stack([3 + 2 * np.cos(phi), np.sin(phi) + np.cos(phi)]) * (1 + 0.05 * RNG.normal(size=(800, 1)))
    found = ring_angle(ring)
    assert min(np.ptp(np.unwrap((found[np.argsort(phi)]) * s)) for s in (1, -1)) == pytest.approx(2 * np.pi, abs=0.3)
    # Most of it in one direction, but all the way round.
    uneven = phi + 0.8 * np.sin(phi)
    assert ring_angle(np.column_stack([np.cos(uneven), np.sin(uneven)])) is not None


@pytest.mark.parametrize(
    "z",
    [
        RNG.normal(size=(800, 2)),
        RNG.uniform(-1, 1, size=(800, 2)),
        RNG.choice([-1.0, 1.0], (800, 2)) + 0.02 * RNG.normal(size=(800, 2)),
        np.column_stack([RNG.normal(size=800), np.zeros(800)]),
        # An arc is no ring.
        (lambda phi: np.column_stack([np.cos(phi), np.sin(phi)]))(RNG.uniform(0, 4, 800)),
        (lambda x: np.column_stack([x, x**2]))(RNG.normal(size=800)),
    ],
)
def test_what_is_no_ring(z):
    assert ring_angle(z) is None
