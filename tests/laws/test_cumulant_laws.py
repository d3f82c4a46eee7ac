"""Laws of symmetric tensors and cumulants, on random input."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netphysics.stats import cumulant, multi_indices, pack, packed_positions, partitions, unpack, wick_sum

# Numbers of partitions by block sizes: pairings are (2m - 1)!!, and all set partitions add up to Bell numbers.
COUNTS = {(2, 2): 3, (2, 2, 2): 15, (2, 2, 2, 2): 105, (1, 2, 3): 60, (2, 4): 15, (6,): 1, (1, 1, 1, 1): 1}


@pytest.mark.parametrize(("sizes", "count"), COUNTS.items())
def test_numbers_of_partitions(sizes, count):
    found = partitions(sum(sizes), sizes)
    assert len(set(found)) == len(found) == count
    assert all(sorted(sum(blocks, ())) == list(range(sum(sizes))) for blocks in found)
    with pytest.raises(ValueError, match="must add up"):
        partitions(sum(sizes) + 1, sizes)


@given(points=st.integers(1, 5), order=st.integers(1, 4))
def test_packing_is_a_bijection(points, order):
    table = multi_indices(points, order)
    assert len(table) == math.comb(points + order - 1, order)
    assert np.array_equal(packed_positions(table, points), np.arange(len(table)))
    full = unpack(np.arange(float(len(table))), points, order)
    for axes in ((order - 1, *range(order - 1)), tuple(reversed(range(order)))):
        assert np.array_equal(full, full.transpose(axes))


def sample_moments(data, highest):
    """Moments of all orders of rows of draws, shape (draws, points)."""
    points = data.shape[1]
    return {
        n: np.mean([np.prod(row[multi_indices(points, n)], axis=1) for row in data], axis=0)
        for n in range(1, highest + 1)
    }


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10**6), order=st.integers(2, 6))
def test_connected_functions_ignore_shifts_and_scale(seed, order):
    data = np.random.default_rng(seed).normal(size=(7, 2))
    base = cumulant(sample_moments(data, order), 2, order)
    moved = cumulant(sample_moments(2 * data + 0.3, order), 2, order)
    assert moved == pytest.approx(2**order * base, rel=1e-7, abs=1e-7)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10**6), order=st.sampled_from([2, 4, 6]))
def test_gaussians_have_no_connected_function_beyond_two_points(seed, order):
    factor = np.random.default_rng(seed).normal(size=(3, 3))
    kernel = factor @ factor.T
    moments = {n: wick_sum(pack(kernel), n, 3) for n in (2, 4, 6)}
    found = cumulant(moments, 3, order)
    if order == 2:
        assert found == pytest.approx(moments[2])
    else:
        assert found == pytest.approx(np.zeros_like(found), abs=1e-9 * np.max(np.abs(moments[order])))


def test_cumulants_of_a_poisson_variable_are_its_mean():
    mean = 1.7
    # Moments by E[x^n] = mean * E[(x + 1)^(n-1)].
    moments = [1.0]
    for n in range(1, 7):
        moments.append(mean * sum(math.comb(n - 1, j) * moments[j] for j in range(n)))
    packed = {n: np.array([moments[n]]) for n in range(1, 7)}
    for order in range(1, 7):
        assert cumulant(packed, 1, order) == pytest.approx([mean])


def test_orders_beyond_six_are_refused():
    with pytest.raises(ValueError, match="order is 7"):
        cumulant({}, 1, 7)
