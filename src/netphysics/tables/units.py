"""Units in the names of columns, `v [m/s]` or `k (N/m)`: what they are in the base units of the SI.

Symbols of the SI (Bureau international des poids et mesures, The International System of Units, 9th edition, 2019, with
its prefixes) and a few that scientists use beside them; no words such as "meters". Angles are numbers, and degrees
Celsius are taken for kelvins, since only differences of temperatures enter products.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

BASES = ("kg", "m", "s", "A", "K", "mol", "cd")
PREFIXES = {"Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1, "d": -1, "c": -2}
PREFIXES |= {"m": -3, "µ": -6, "μ": -6, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18}
# Size in SI units and exponents of kg, m, s, A, K, mol, cd; these take prefixes.
PREFIXED: dict[str, tuple[float, tuple[int, ...]]] = {
    "g": (1e-3, (1,)),
    "m": (1, (0, 1)),
    "s": (1, (0, 0, 1)),
    "A": (1, (0, 0, 0, 1)),
    "K": (1, (0, 0, 0, 0, 1)),
    "mol": (1, (0, 0, 0, 0, 0, 1)),
    "cd": (1, (0, 0, 0, 0, 0, 0, 1)),
    "rad": (1, ()),
    "sr": (1, ()),
    "Hz": (1, (0, 0, -1)),
    "N": (1, (1, 1, -2)),
    "Pa": (1, (1, -1, -2)),
    "J": (1, (1, 2, -2)),
    "W": (1, (1, 2, -3)),
    "C": (1, (0, 0, 1, 1)),
    "V": (1, (1, 2, -3, -1)),
    "F": (1, (-1, -2, 4, 2)),
    "Ω": (1, (1, 2, -3, -2)),
    "Ohm": (1, (1, 2, -3, -2)),
    "ohm": (1, (1, 2, -3, -2)),
    "S": (1, (-1, -2, 3, 2)),
    "Wb": (1, (1, 2, -2, -1)),
    "T": (1, (1, 0, -2, -1)),
    "H": (1, (1, 2, -2, -2)),
    "eV": (1.602176634e-19, (1, 2, -2)),
    "L": (1e-3, (0, 3)),
    "l": (1e-3, (0, 3)),
    "bar": (1e5, (1, -1, -2)),
    "pc": (3.0856775814913673e16, (0, 1)),
    "yr": (31557600.0, (0, 0, 1)),
}
ALONE: dict[str, tuple[float, tuple[int, ...]]] = {
    "1": (1, ()),
    "%": (1e-2, ()),
    "deg": (0.017453292519943295, ()),
    "°": (0.017453292519943295, ()),
    "°C": (1, (0, 0, 0, 0, 1)),
    "degC": (1, (0, 0, 0, 0, 1)),
    "min": (60.0, (0, 0, 1)),
    "h": (3600.0, (0, 0, 1)),
    "d": (86400.0, (0, 0, 1)),
    "Å": (1e-10, (0, 1)),
    "AU": (149597870700.0, (0, 1)),
    "au": (149597870700.0, (0, 1)),
    "atm": (101325.0, (1, -1, -2)),
}
# The symbols by which a unit of several bases is written again.
WRITTEN = ("N", "Pa", "J", "W", "C", "V", "F", "Ω", "S", "Wb", "T", "H")
# A name, its unit in brackets, and what comes after it: `before` in windows of time series, places in arrays.
NAMED = re.compile(
    r"^(?P<name>[^\[(]*?)\s*(?:\[(?P<square>[^\[\]]+)\]|\((?P<round>.+?)\))(?P<rest>(?: \w+)?(?:\[[\d,]+\])?)$"
)
# A factor is a symbol and a power. A number is a factor only if it is 1.
TOKEN = re.compile(
    r"(?P<symbol>[^\W\d_]+|°[^\W\d_]?|%|1(?![\d.]))(?P<power>(?:\^|\*\*)?(?:[+-]?\d+|\([+-]?\d+(?:/\d+)?\)))?"
    r"|(?P<divide>/)|(?P<open>\()|(?P<close>\))|(?P<times>[\s*·⋅.]+)|(?P<other>.)"
)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


@dataclass(frozen=True)
class Unit:
    """A unit: how many SI units it is, and the exponents of kg, m, s, A, K, mol and cd.

    Units are multiplied, divided, and compared as numbers are.
    """

    size: float
    exponents: tuple[Fraction, ...]

    def __mul__(self, other: Unit) -> Unit:
        return Unit(self.size * other.size, tuple(a + b for a, b in zip(self.exponents, other.exponents, strict=True)))

    def __truediv__(self, other: Unit) -> Unit:
        return self * other**-1

    def __pow__(self, power: int | Fraction) -> Unit:
        return Unit(float(self.size ** float(power)), tuple(power * a for a in self.exponents))

    @property
    def dimensionless(self) -> bool:
        return not any(self.exponents)

    def same(self, other: Unit) -> bool:
        """Whether numbers in these units may be added."""
        return self.exponents == other.exponents and abs(self.size / other.size - 1) < 1e-9

    def __str__(self) -> str:
        for symbol in (*BASES, *WRITTEN):
            if self.same(_simple(symbol)):
                return symbol
        size = [] if abs(self.size - 1) < 1e-9 else [f"{self.size:.6g}"]
        powers = [(base, str(power)) for base, power in zip(BASES, self.exponents, strict=True) if power]
        written = [b if a == "1" else f"{b}^({a})" if "/" in a else f"{b}^{a}" for b, a in powers]
        return " ".join([*size, *written]) or "1"


def bare_name(name: str) -> str:
    """The name of a column without its unit, where it has one that is understood."""
    found = NAMED.match(name)
    return name if found is None or unit_of(name) is None else found["name"] + found["rest"]


def unit_of(name: str) -> Unit | None:
    """The unit in the name of a column; None where there is none, or none that is understood."""
    found = NAMED.match(name)
    return None if found is None or not found["name"] else parse_unit(found["square"] or found["round"])


def unknown_unit(name: str) -> str:
    """What stands in brackets in the name of a column and is no unit that is understood; empty if nothing does."""
    found = NAMED.match(name)
    inside = "" if found is None or not found["name"] else found["square"] or found["round"]
    return inside if inside and not re.fullmatch(r"[\d,]+", inside) and unit_of(name) is None else ""


def parse_unit(text: str) -> Unit | None:
    """The unit that a text such as `kg m^2/s^2`, `J/(kg K)`, `m s-1` or `µF` means; None where it means none.

    Factors stand beside each other or are joined by `*`, `·` or `.`; `/` divides by the one factor, or the bracket,
    that follows.
    """
    # A number alone is a place in an array.
    if re.fullmatch(r"[\d,\s]*", text):
        return None
    tokens = TOKEN.finditer(text.translate(SUPERSCRIPTS).strip())
    unit = _product(tokens)
    return unit if next(tokens, None) is None else None


def _product(tokens: Iterator[re.Match[str]]) -> Unit | None:
    """The product of factors up to the end or a closing bracket; None where something else stands there."""
    unit, sign = _simple("1"), 1
    for token in tokens:
        if token["close"] or token["times"]:
            if token["close"]:
                break
            continue
        if token["divide"] and sign == 1:
            sign = -1
            continue
        factor = _product(tokens) if token["open"] else _symbol(token["symbol"] or "")
        if factor is None:
            return None
        unit, sign = unit * factor ** (sign * Fraction((token["power"] or "1").strip("^*()"))), 1
    return unit if sign == 1 else None


def _symbol(text: str) -> Unit | None:
    if text in ALONE or text in PREFIXED:
        return _simple(text)
    for prefix, power in PREFIXES.items():
        if text.startswith(prefix) and text[len(prefix) :] in PREFIXED:
            unit = _simple(text[len(prefix) :])
            return Unit(unit.size * 10.0**power, unit.exponents)
    return None


def _simple(symbol: str) -> Unit:
    size, exponents = (1.0, (1,)) if symbol == "kg" else {**PREFIXED, **ALONE}[symbol]
    return Unit(float(size), tuple(Fraction(a) for a in (*exponents, *(0,) * (len(BASES) - len(exponents)))))
