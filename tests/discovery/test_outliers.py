"""Outliers: gross errors are found, count nothing, and leave scales and errors as they would be without them."""

import numpy as np
import pytest

from netphysics.discovery import Columns, dataset, simple_errors
from netphysics.discovery.data.outliers import far_off

ROWS, SHARE = 1200, 0.03
PARTS = Columns(("x",), ("t",), ("y",))


def spring(outliers):
    """Eight readings of x = A cos(sqrt(k) t) and an answer; some answers and readings are far off."""
    rng = np.random.default_rng(0)
    amplitude, stiffness = rng.uniform(0.5, 1.5, ROWS), rng.uniform(1, 4, ROWS)
    times = np.column_stack([np.tile(np.linspace(0, 6, 8), (ROWS, 1)), rng.uniform(0, 6, ROWS)])
    x = amplitude[:, None] * np.cos(np.sqrt(stiffness)[:, None] * times) + 0.1 * rng.normal(size=times.shape)
    off = outliers * (rng.random(times.shape) < SHARE) * rng.choice([-20, 20], times.shape)
    off[:, :8] *= rng.random((ROWS, 1)) < SHARE
    return {"x": (x + off)[:, :8], "t": times[:, 8], "y": (x + off)[:, 8]}, off[:, 8] != 0


@pytest.mark.parametrize("errors", [(), ("sigma",)])
def test_answers_that_are_far_off_count_nothing(errors):
    (clean, _), (table, off) = spring(False), spring(True)
    known = {"sigma": np.full(ROWS, 0.1)}
    parts = Columns(("x",), ("t",), ("y",), errors=errors, robust=True)
    found, plain = dataset(table | known, parts, 2, 0), dataset(clean | known, Columns(("x",), ("t",), ("y",)), 2, 0)
    assert found.outliers == pytest.approx(off.sum(), abs=0.1 * off.sum())
    weights = np.concatenate([found.train.weights, found.test.weights]).ravel()
    assert (weights == 0).sum() == found.outliers
    assert weights[weights > 0].mean() == pytest.approx(1, rel=0.01)
    for name in ("y", "x[3]"):
        assert found.scales.center[name] == pytest.approx(plain.scales.center[name], abs=0.05)
        assert found.scales.spread[name] == pytest.approx(plain.scales.spread[name], rel=0.05)
    if errors:
        assert found.error == pytest.approx(0.1 / found.scales.spread["y"], rel=1e-3)
        return
    judged, undisturbed = simple_errors(found), simple_errors(plain)
    for name, error in undisturbed.items():
        assert judged[name] == pytest.approx(error, rel=0.1)


def test_readings_that_are_far_out_are_shown_as_at_the_limit():
    table, _ = spring(True)
    found = dataset(table, Columns(("x",), ("t",), ("y",), robust=True), 2, 0)
    assert {"x[0]", "x[2]"} <= set(found.scales.limits) <= {f"x[{i}]" for i in range(8)}
    assert np.abs(found.train.observation).max() < 7 < np.abs(dataset(table, PARTS, 2, 0).train.observation).max()
    again = found.scales.network_inputs({"x[0]": np.array([1.0, 1e9])}, ("x[0]",))
    assert again[1, 0] == pytest.approx(found.train.observation[:, 0].max())


def test_a_table_without_outliers_is_left_alone():
    table, _ = spring(False)
    found, plain = (dataset(table, Columns(("x",), ("t",), ("y",), robust=robust), 2, 0) for robust in (True, False))
    assert found.outliers < 0.002 * ROWS and not found.scales.limits
    np.testing.assert_allclose(found.train.observation, plain.train.observation)


def test_what_is_too_much_for_outliers_is_refused():
    table, _ = spring(False)
    mostly = table | {"y": np.where(np.arange(ROWS) % 3 == 0, table["y"], 0.0)}
    with pytest.raises(ValueError, match="numbers in y for outliers; more than 20% are no gross errors"):
        dataset(mostly, Columns(("t",), (), ("y",), robust=True), 1, 0)


def test_a_few_answers_that_decide_what_the_error_is():
    errors = np.random.default_rng(0).normal(size=1000)
    assert far_off(errors**2) == (0.0, 0.0)
    errors[:10] *= 100
    rows, share = far_off(errors**2)
    assert rows == pytest.approx(0.01, abs=0.003) and share > 0.9
    assert far_off(np.zeros(5)) == (0.0, 0.0)
