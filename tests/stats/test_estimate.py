"""Estimates: formatting, the delta method, pulls."""

import math

import numpy as np
import pytest

from netphysics.stats import Estimate, chi_squared, fit_line, format_error, p_value, pooled_dof, pull


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0.004, 0.0009, "0.0040(9)"),
        (0.004, 0.00012, "0.00400(12)"),
        (-0.0238, 0.0044, "-0.024(4)"),
        (0.99, 0.0096, "0.990(10)"),
        (1234.5, 40.0, "1230(40)"),
        (12345678.0, 200.0, "1.23457(2)e+07"),
        (4e-7, 9e-8, "4.0(9)e-07"),
        (0.0, 0.001, "0.0000(10)"),
        (3.0, 40.0, "0(40)"),
        (5.0, 0.0, "5"),
        (0.4, math.inf, "0.4 ± inf"),
    ],
)
def test_error_in_brackets(value, error, text):
    assert format_error(value, error) == text


def test_arithmetic_is_the_delta_method(key):
    rng = np.random.default_rng(1)
    a, b = Estimate(3.0, 0.02, 100), Estimate(-2.0, 0.03, 50)
    x, y = rng.normal(3.0, 0.02, 400_000), rng.normal(-2.0, 0.03, 400_000)
    for ours, theirs in [
        (a + b, x + y),
        (a - b, x - y),
        (a * b, x * y),
        (a / b, x / y),
        (1 - a, 1 - x),
        (1 / a, 1 / x),
        (a**3, x**3),
        (a.log(), np.log(x)),
        (-a, -x),
    ]:
        # What the delta method neglects is of relative order error / value, 1.5 % here.
        assert ours.error == pytest.approx(theirs.std(), rel=6e-3)
        assert ours.value == pytest.approx(theirs.mean(), abs=0.02 * theirs.std())
        assert ours.draws in (50, 100)


def test_constants_are_exact():
    assert str(2 * Estimate(1.0, 0.1, 10)) == "2.0(2)"
    assert (np.array([1.0, 2.0]) * Estimate([1.0, 1.0], 0.1, 10)).error.tolist() == [0.1, 0.2]
    assert Estimate.exact(3.0).error == 0


def test_pull_and_p_value():
    observed = Estimate([1.0, 2.0], [0.5, 0.1], 10)
    assert pull(observed, np.array([0.0, 2.0])).tolist() == [2.0, 0.0]
    assert chi_squared(observed, np.array([0.0, 2.0])) == 2.0
    assert p_value(np.array(1.959964)) == pytest.approx(0.05, rel=1e-5)
    assert p_value(np.array(12.7062), dof=1.0) == pytest.approx(0.05, rel=1e-5)


def test_html_is_escaped_and_says_how_many():
    assert "1,000 draws" in Estimate(1.0, 0.1, 1000)._repr_html_()


def test_degrees_of_freedom_of_independent_terms_add_up():
    assert pooled_dof([0.1, 0.1, 0.1], 3.0) == pytest.approx(9)
    assert pooled_dof([0.1, 1e-9], 3.0) == pytest.approx(3)
    # Of two sums the one with fewer; a sum without errors has them all.
    assert pooled_dof([[0.1, 0.1, 0.0], [0.1, 0.2, 0.0]], 3.0) == pytest.approx(3 * 25 / 17)
    assert fit_line([1.0, 2.0], Estimate([1.0, 2.0], 0.1, 4, dof=3.0)).slope.dof == pytest.approx(6)
