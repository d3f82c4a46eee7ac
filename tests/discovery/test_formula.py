"""Formulas: the same one as text, for SymPy, as LaTeX and as a function, with the ranges in which it was found."""

import json

import numpy as np
import pandas as pd
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from netphysics.discovery import Formula, find_formula
from netphysics.discovery.probe.dimensions import dimensionless_groups
from netphysics.discovery.probe.symbolic import SIGNS, encode, text, tree_of
from netphysics.tables import unit_of

COLUMNS = ("mass 1", "mass_1", "v")


@pytest.fixture(scope="module")
def table():
    draw = np.random.default_rng(0)
    return {"mass": draw.uniform(1, 2, 400), "speed": draw.uniform(0.5, 3, 400), "idle": draw.uniform(1, 2, 400)}


def test_a_formula_is_found_and_says_where_it_holds(table):
    momentum = table["mass"] * table["speed"]
    found = find_formula(np.log(momentum), table)
    mass, speed = sympy.symbols("mass speed", real=True)
    assert found.sympy == mass * speed and found.latex == r"mass speed" and found.correlation == pytest.approx(1)
    assert found.used == ("mass", "speed")
    np.testing.assert_allclose(found(pd.DataFrame(table)), momentum)
    assert found.holds(table).all()
    beyond = {"mass": np.array([1.5, 1.5, 5.0]), "speed": np.array([1.0, 9.0, 1.0])}
    assert found.holds(beyond).tolist() == [True, False, False]
    written = json.loads(json.dumps(found.to_json()))
    assert written["sympy"] == "mass*speed" and set(written["ranges"]) == {"mass", "speed"}


trees = st.recursive(
    st.integers(0, len(COLUMNS) - 1), lambda part: st.tuples(st.sampled_from(list(SIGNS)), part, part), max_leaves=6
)


@settings(deadline=None, max_examples=50)
@given(trees)
def test_sympy_and_the_function_agree(tree):
    """At a point away from poles, and with names of columns that would be one symbol if they were only cleaned."""
    formula = Formula(tree, COLUMNS, 1.0, {})
    point = {"mass 1": 0.9137, "mass_1": 1.71828, "v": -0.31415}
    here = formula(point)
    values = dict(zip(("mass_1", "mass_1_1", "v"), point.values(), strict=True))
    there = formula.sympy.subs({sympy.Symbol(name, real=True): value for name, value in values.items()})
    if np.isfinite(here) and 1e-9 < abs(here) < 1e9:
        assert float(there) == pytest.approx(float(here), rel=1e-6)
    assert tree_of(encode(tree)) == tree
    assert isinstance(formula.latex, str) and str(formula)


def test_what_is_not_known_is_said():
    formula = Formula(("*", 0, 2), COLUMNS, 0.9, {})
    with pytest.raises(ValueError, match="the table has no column v; the formula needs mass 1, v"):
        formula({"mass 1": 1.0})
    with pytest.raises(ValueError, match="the range of mass 1 is not known"):
        formula.holds({"mass 1": 1.0, "v": 2.0})


def test_units_say_what_may_be_added():
    draw = np.random.default_rng(1)
    table = {name: draw.uniform(1, 2, 400) for name in ("k [N/m]", "m (kg)", "u [m/s]", "w [km/h]", "c (raw)")}
    k, m, u = (table[name] for name in ("k [N/m]", "m (kg)", "u [m/s]"))
    found = find_formula(np.sqrt(k / m), table)
    assert str(found) == "k / m" and str(found.unit) == "s^-2" and found.used == ("k [N/m]", "m (kg)")
    assert found.to_json()["unit"] == "s^-2" and str(found.sympy) == "k/m"
    # Without units it would be followed best by a sum that nobody may form.
    nonsense = k + m
    assert str(find_formula(nonsense, {"k": k, "m": m})) == "m + k"
    assert "+" not in str(find_formula(nonsense, {name: table[name] for name in ("k [N/m]", "m (kg)", "w [km/h]")}))
    # What has no unit that is understood may stand anywhere.
    mixed = find_formula(u + table["c (raw)"], table)
    assert sorted(mixed.used) == ["c (raw)", "u [m/s]"] and str(mixed.unit) == "m s^-1"


def test_dimensionless_groups_are_tried():
    draw = np.random.default_rng(2)
    names = ("rho [kg/m^3]", "v [m/s]", "L [m]", "eta [Pa s]", "g [m/s^2]")
    table = {name: draw.uniform(1, 10, 400) for name in names}
    groups = dimensionless_groups([unit_of(name) for name in names])
    assert {text(tree, names) for tree in groups} >= {"(v * v) / (L * g)", "((rho * v) * L) / eta"}
    reynolds = table[names[0]] * table[names[1]] * table[names[2]] / table[names[3]]
    found = find_formula(np.tanh(reynolds / 50), table)
    assert found.unit.dimensionless and found.correlation == pytest.approx(1)
    assert dimensionless_groups([unit_of("k [N/m]"), None, unit_of("phi [rad]")]) == []
