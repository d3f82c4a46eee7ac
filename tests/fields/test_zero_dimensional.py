"""Field theory of one number: exact coefficients, the exact integral, and how the series fails."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.special import gamma, pbdv

from netphysics.fields.zero_dimensional import (
    diagram_series,
    exact_moment,
    free_energy_series,
    gaussian_moment,
    least_error,
    moment_series,
    partial_sums,
    unnormalized_series,
    vacuum_series,
)


def test_moments_of_a_normal_number():
    assert [gaussian_moment(power) for power in (0, 2, 4, 6, 8, 10, 12)] == [1, 1, 3, 15, 105, 945, 10395]


@pytest.mark.parametrize("power", [0, 2, 4, 6])
def test_diagrams_are_gaussian_moments_order_by_order(power):
    assert diagram_series(power, 3) == moment_series(power, 3)
    assert diagram_series(power, 3, vacuum_bubbles=True) == unnormalized_series(power, 3)


def test_linked_clusters():
    assert vacuum_series(4) == free_energy_series(4) == (0, -3, 48, -1584, 78336)


def test_the_series_of_the_four_point_function():
    assert moment_series(4, 2) == (3, -96, 4752)


def schwinger_dyson(power, order):
    """<x^{p+2}> + 4 g <x^{p+4}> = (p + 1) <x^p>, since the integral of a total derivative vanishes."""
    two, four = moment_series(power + 2, order), moment_series(power + 4, order)
    return tuple(two[k] + (4 * four[k - 1] if k else 0) for k in range(order + 1))


@pytest.mark.parametrize("power", [0, 2, 4])
def test_schwinger_dyson_holds_at_every_order(power):
    assert schwinger_dyson(power, 30) == tuple((power + 1) * c for c in moment_series(power, 30))


@pytest.mark.parametrize("coupling", [0.0, 0.003, 0.3, 10.0, 1e6])
def test_the_exact_integral_is_a_parabolic_cylinder_function(coupling):
    """INT_0^oo t^{v-1} e^{-t/2 - g t^2} dt = Gamma(v) (2g)^{-v/2} e^{1/32g} D_{-v}(1 / sqrt(8g)), with t = x^2."""

    def integral(power):
        v = (power + 1) / 2
        return gamma(v) * (2 * coupling) ** (-v / 2) * pbdv(-v, (8 * coupling) ** -0.5)[0]

    for power in (2, 6, 12):
        found = exact_moment(power, coupling)
        expected = integral(power) / integral(0) if coupling else gaussian_moment(power)
        assert float(found.value) == pytest.approx(expected, rel=1e-9)
        assert float(found.error) < 1e-8 * expected


def test_best_truncation_misses_half_of_the_smallest_term():
    coupling, power = 1 / 320, 4
    series = moment_series(power, 40)
    terms = [abs(float(c * Fraction(coupling) ** k)) for k, c in enumerate(series)]
    best = int(np.argmin(terms))
    assert abs(best + power // 2 - 20) <= 1
    missed = abs(partial_sums(series, coupling)[best] - float(exact_moment(power, coupling).value))
    assert missed / terms[best] == pytest.approx(0.5, abs=0.02)
    assert missed == pytest.approx(float(least_error(power, np.array([coupling]))[0]), rel=0.1)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="power is 3"):
        gaussian_moment(3)
    with pytest.raises(ValueError, match="order is -1"):
        moment_series(2, -1)
    with pytest.raises(ValueError, match=r"coupling is -0\.1.*diverges"):
        exact_moment(2, -0.1)
