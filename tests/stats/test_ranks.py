"""Rank correlation."""

import numpy as np
import pytest

from netphysics.stats import rank_correlation

RNG = np.random.default_rng(0)


def test_it_sees_through_monotone_scales():
    x = RNG.normal(size=50)
    assert rank_correlation(x, np.exp(x)) == pytest.approx(1)
    assert rank_correlation(x, -(x**3)) == pytest.approx(-1)


def test_equal_values_share_their_mean_rank():
    # Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: by hand 4.5 / sqrt(4.5 * 5).
    assert rank_correlation(np.array([0.0, 1, 1, 2]), np.array([1.0, 2, 3, 4])) == pytest.approx(np.sqrt(0.9))


def test_partial_correlation_takes_out_what_is_given():
    cause, one, two = RNG.normal(size=(3, 2000))
    x, y = cause + 0.3 * one, cause + 0.3 * two
    assert rank_correlation(x, y) > 0.8
    assert abs(rank_correlation(x, y, cause[:, None])) < 5 / np.sqrt(2000)


def test_a_constant_side_has_no_correlation():
    x = RNG.normal(size=20)
    assert rank_correlation(x, np.ones(20)) == 0
    assert rank_correlation(x, RNG.normal(size=20), x[:, None]) == 0
