"""Units in the names of columns."""

import pytest

from netphysics.tables.units import bare_name, parse_unit, unit_of, unknown_unit


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("kg m^2/s^2", "J"),
        ("kg m**2 s**-2", "J"),
        ("kg·m²·s⁻²", "J"),
        ("N m", "J"),
        ("W.s", "J"),
        ("V*A*s", "J"),
        ("m s-1", "m/s"),
        ("J/(kg K)", "J/kg/K"),
        ("1/s", "Hz"),
        ("µF", "uF"),
        ("mol/L", "kmol/m3"),
        ("kΩ", "kOhm"),
        ("mT", "g/(s^2 A)"),
        ("V/m^(1/2)", "V m^(-1/2)"),
        ("min", "min"),
        ("cd", "cd"),
        ("mm", "mm"),
        ("%", "%"),
    ],
)
def test_units_are_understood(text, same):
    assert parse_unit(text).same(parse_unit(same))


@pytest.mark.parametrize("text", ["mean", "a.u.", "m/s/furlong", "0", "3,4", "", "kg^", "m^x", "10 m", "/", "J//K"])
def test_what_is_no_unit(text):
    assert parse_unit(text) is None


@pytest.mark.parametrize(
    ("column", "bare", "written", "unknown"),
    [
        ("v [m/s]", "v", "m s^-1", ""),
        ("k (N/m)", "k", "kg s^-2", ""),
        ("c (J/(kg K))", "c", "m^2 s^-2 K^-1", ""),
        ("E[eV]", "E", "1.60218e-19 kg m^2 s^-2", ""),
        ("F [kN m^-1 m]", "F", "1000 kg m s^-2", ""),
        ("phi [deg]", "phi", "0.0174533", ""),
        ("x [m] before[3]", "x before[3]", "m", ""),
        ("U [V][3]", "U[3]", "V", ""),
        ("x (mean)", "x (mean)", "None", "mean"),
        ("obs[3]", "obs[3]", "None", ""),
        ("image[3,4]", "image[3,4]", "None", ""),
        ("[m]", "[m]", "None", ""),
        ("plain", "plain", "None", ""),
    ],
)
def test_names_with_units(column, bare, written, unknown):
    assert (bare_name(column), str(unit_of(column)), unknown_unit(column)) == (bare, written, unknown)


def test_units_are_multiplied_and_divided():
    assert unit_of("v [km/h]").size == pytest.approx(1 / 3.6)
    stiffness, mass = unit_of("k [N/m]"), unit_of("m [g]")
    assert str(stiffness / mass) == "1000 s^-2"
    assert (stiffness / stiffness).dimensionless and not mass.dimensionless
    assert str(unit_of("q [C]") * unit_of("U [V]")) == "J" and str(stiffness / stiffness) == "1"
