"""Figures that write their own table: what is drawn is what the table has."""

import dataclasses

import numpy as np
import pytest

from netphysics.report import Curve, Table, categories, curves, guide
from netphysics.stats import Estimate
from netphysics.testing import points_beside_the_table

X = np.arange(1, 6)
NOISY = Estimate(1.0 / X, 0.01 * np.ones(5), 100)


def two_panels(**changes):
    return [
        Curve(
            labels={"law": law},
            x=X,
            theory=1.0 / X,
            measured=NOISY,
            role=law,
            panel=law,
            legend=law,
            **changes,
        )
        for law in ("gaussian", "orthogonal")
    ]


def drawn_points(axes):
    return {float(y) for container in axes.containers for y in container.lines[0].get_ydata()}


def test_the_table_has_every_number_and_the_plot_every_second_one():
    shown = curves("a", "A caption.", two_panels(), x="layer $l$", y="norm", log="y", every=2, slope=-1)
    assert shown.table.columns == ("law", "layer $l$", "theory", "measured")
    assert shown.table.rows[1] == ("gaussian", 2, 0.5, NOISY[1]) or shown.table.rows[1][:3] == ("gaussian", 2, 0.5)
    assert len(shown.table.rows) == 10
    left, right = shown.plot.axes
    assert left.get_title(loc="left") == "gaussian" and right.get_ylabel() == "norm"
    assert drawn_points(left) == {1.0, 1 / 3, 0.2}
    assert left.get_legend() is not None


def test_points_may_be_fewer_than_the_places_of_the_line():
    line = Curve(labels={}, x=X, theory=X**2.0, measured=NOISY[[1, 3]], at=X[[1, 3]], role="other")
    shown = curves("a", "A caption.", [line], x="n", y="square")
    assert [row[2] == "" for row in shown.table.rows] == [True, False, True, False, True]
    with pytest.raises(ValueError, match="at has 9, which is none of the places"):
        Curve(labels={}, x=X, measured=NOISY[[0]], at=[9], role="other")


def test_each_panel_may_have_its_own_quantity_and_lines_their_ends():
    lines = [
        Curve(labels={"q": q, "phase": phase}, x=X, theory=X * size, role="fields", panel=q, end=phase)
        for q in "ab"
        for phase, size in (("low", 1.0), ("also low", 1.001), ("high", 3.0))
    ]
    shown = curves("a", "A caption.", lines, x="n", y={"a": "first", "b": "second"})
    assert [axes.get_ylabel() for axes in shown.plot.axes] == ["first", "second"]
    assert [text.get_text() for text in shown.plot.axes[0].texts] == ["low, also low", "high"]


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="measured of a curve has shape"):
        Curve(labels={}, x=X[:2], measured=NOISY, role="other")
    with pytest.raises(ValueError, match="needs one"):
        Curve(labels={"law": "gaussian"}, x=X, role="other")
    with pytest.raises(ValueError, match="no curves"):
        curves("a", "A caption.", [], x="n", y="square")
    other = Curve(labels={"other": 1}, x=X, measured=NOISY, role="other")
    with pytest.raises(ValueError, match="labels of different names"):
        curves("a", "A caption.", [*two_panels(), other], x="n", y="square")


def test_points_over_named_places():
    values = {"new": {"tanh": NOISY[0], "relu": NOISY[1]}, "old": {"relu": NOISY[2]}}
    shown = categories("a", "A caption.", values, y="norm", places="activation", expected={"tanh": 1.0}, limits=(0, 2))
    assert shown.table.columns == ("series", "activation", "theory", "measured")
    assert [row[:3] for row in shown.table.rows] == [("new", "tanh", 1.0), ("new", "relu", ""), ("old", "relu", "")]
    (axes,) = shown.plot.axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["tanh", "relu"]
    assert drawn_points(axes) == {1.0, 0.5, 1 / 3}
    alone = categories("a", "A caption.", {"new": values["new"]}, y="norm", expected=1)
    assert alone.table.columns == ("place", "theory", "measured")
    assert alone.plot.axes[0].get_legend() is None


def test_guides_are_muted():
    shown = curves("a", "A caption.", two_panels(), x="layer $l$", y="norm")
    guide(shown.plot.axes[0], y=1, label="one")
    guide(shown.plot.axes[0], x=2, diagonal=True)
    assert {line.get_color() for line in shown.plot.axes[0].lines[-3:]} == {"#676a70"}


def test_a_point_without_a_row_is_found():
    shown = curves("a", "A caption.", two_panels(), x="layer $l$", y="norm")
    assert points_beside_the_table(shown) == []
    poorer = dataclasses.replace(shown, table=Table(shown.table.columns, shown.table.rows[5:]))
    assert points_beside_the_table(poorer) == []  # both panels show the same numbers
    poorer = dataclasses.replace(shown, table=Table(shown.table.columns, shown.table.rows[6:]))
    assert points_beside_the_table(poorer) == [1.0, 1.0]
