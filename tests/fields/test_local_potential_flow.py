"""The local potential flow: its equations, fixed points, scaling, and where it breaks down."""

import numpy as np
import pytest

from netphysics.fields.local_potential_flow import (
    exponents,
    loop_volume,
    loops,
    mass_dimensions,
    run_couplings,
    scaled_flow,
    wilson_fisher,
)


def test_loop_volumes():
    expected = [1 / np.pi, 1 / (4 * np.pi), 1 / (6 * np.pi**2), 1 / (32 * np.pi**2)]
    assert np.allclose([loop_volume(d) for d in (1.0, 2.0, 3.0, 4.0)], expected, rtol=1e-14)


def test_one_loop_in_four_dimensions():
    """k du4/dk = 3 u4^2 / 16 pi^2 at zero mass, whatever the regulator."""
    assert loops(np.array([0.0, 0.2, 0.0]), 4.0)[1] == pytest.approx(3 * 0.04 / (16 * np.pi**2))


@pytest.mark.parametrize("dimension", [1.0, 3.0])
def test_the_flow_is_that_of_the_local_potential(dimension):
    """Values of k dV/dk = V_d k^{d+2} / (k^2 + V'') at small f, less their value at f = 0."""
    k, field = 1.7, np.array([0.01, 0.02, 0.03])
    couplings = np.array([0.4, 0.9, -0.6])
    units = k ** mass_dimensions(dimension)
    u2, u4, u6 = couplings
    curvature = u2 + u4 * field**2 / 2 + u6 * field**4 / 24
    source = loop_volume(dimension) * k ** (dimension + 2)
    expected = source / (k**2 + curvature) - source / (k**2 + u2)
    slopes = loops(couplings / units, dimension) * units
    found = slopes @ np.stack([field**2 / 2, field**4 / 24, field**6 / 720])
    assert np.allclose(found, expected, rtol=0, atol=50 * field**8)


@pytest.mark.parametrize("dimension", [1.0, 2.0, 3.0, 4.0])
def test_the_free_theory_is_a_fixed_point_with_canonical_exponents(dimension):
    assert not np.any(scaled_flow(np.zeros(3), dimension))
    assert np.allclose(exponents(np.zeros(3), dimension), np.sort(-mass_dimensions(dimension)), atol=1e-7)


def test_the_interacting_fixed_point_is_universal_below_four_dimensions():
    epsilon = 0.01
    fixed = wilson_fisher(4 - epsilon)
    assert np.allclose(scaled_flow(fixed, 4 - epsilon), 0, atol=1e-14)
    relevant, irrelevant, _ = exponents(fixed, 4 - epsilon)
    assert relevant == pytest.approx(-2 + epsilon / 3, abs=epsilon**2)
    assert irrelevant == pytest.approx(epsilon, abs=2 * epsilon**2)


def test_a_flow_is_reversible_and_its_units_are_free():
    begin, scales = np.array([1.0, 0.5, 0.1]), np.geomspace(0.01, 10.0, 5)
    there = run_couplings(begin, scales, 3.0)
    assert np.allclose(run_couplings(there[-1], scales[::-1], 3.0)[-1], begin, atol=1e-8)
    units = 2.0 ** mass_dimensions(3.0)
    assert np.allclose(run_couplings(begin * units, 2 * scales, 3.0), there * units, rtol=1e-8)


def test_bad_input_is_refused():
    good, scales = np.array([1.0, 0.5, 0.1]), np.array([1.0, 2.0])
    with pytest.raises(ValueError, match="must be positive"):
        run_couplings(good, np.array([0.0, 1.0]), 3.0)
    with pytest.raises(ValueError, match=r"u2 is -2\.0"):
        run_couplings(np.array([-2.0, 0.5, 0.1]), scales, 3.0)
    with pytest.raises(ValueError, match="the flow diverges near k"):
        run_couplings(np.array([-0.9, 40.0, 0.0]), np.array([1.0, 100.0]), 1.0)
    with pytest.raises(ValueError, match="dimension is 0"):
        loop_volume(0.0)
    with pytest.raises(ValueError, match="3 < d < 4"):
        wilson_fisher(2.0)
