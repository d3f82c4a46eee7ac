"""Time series in long format: windows are observed, later times are asked about."""

import numpy as np
import pytest

from netphysics.discovery import Columns, Windows, dataset
from netphysics.tables import Table

RNG = np.random.default_rng(4)


def long(spacing, series=6, rows=40):
    """Series of x = A cos(t), rows in random order, with A as a candidate."""
    label = np.repeat([f"run {i}" for i in range(series)], rows)
    time = np.concatenate([np.cumsum(spacing(rows)) for _ in range(series)])
    amplitude = np.repeat(RNG.uniform(1, 2, series), rows)
    table = {"run": label, "t": time, "x": amplitude * np.cos(time), "A": amplitude}
    order = RNG.permutation(series * rows)
    return Table({name: column[order] for name, column in table.items()}, "commas")


@pytest.mark.parametrize("spacing", [lambda rows: np.full(rows, 0.1), lambda rows: RNG.uniform(0.05, 0.2, rows)])
def test_windows_and_what_comes_after_them(spacing):
    windows = Windows("t", "run", 5)
    found = windows.table(table := long(spacing))
    assert len(found["x"]) == 6 * 35
    assert found.reading == "commas, 210 windows of 5 rows in 6 series"
    seen = np.stack([found[f"x before[{i}]"] for i in range(5)], axis=1)
    for row in RNG.permutation(210)[:40]:
        (place,) = np.flatnonzero(table["x"] == seen[row, -1])
        # The answer is in the same series, and as much later as is asked.
        assert found["run"][row] == table["run"][place]
        assert found["A"][row] == table["A"][place]
        later = table["t"][place] + found["t ahead"][row]
        assert found["x"][row] == pytest.approx(found["A"][row] * np.cos(later))
    steps = np.rint(found["t ahead"] / 0.1)
    times = windows.observed(found, ("x",))
    if "t before[0]" in found:
        assert times == ("x before", "t before")
        assert (np.diff([found[f"t before[{i}]"] for i in range(4)], axis=0) > 0).all()
    else:
        assert times == ("x before",)
        assert set(steps) == {1, 2, 3, 4, 5}
    data = dataset(found, Columns(times, ("t ahead",), ("x",), group="run"), 1, seed=0)
    assert data.train.observation.shape[1] == 5 if len(times) == 1 else 9


def test_series_that_cannot_be_used_are_refused():
    table = long(lambda rows: np.full(rows, 0.1))
    for windows, changed, sentence in (
        (Windows("time", "run", 5), {}, "--time is 'time', which is no column; the table has run, t, x, A"),
        (Windows("t", "id", 5), {}, "--series is 'id', which is no column"),
        (Windows("t", "run", 40), {}, "no series is longer than 40 rows"),
        (Windows("t", "run", 5), {"t": np.full(240, np.nan)}, "column t lacks a number in 240 rows"),
        (Windows("t", "run", 5), {"t": np.zeros(240)}, "the same time twice in a series, in 234 rows"),
    ):
        with pytest.raises(ValueError, match=sentence):
            windows.table(Table({**table, **changed}))
