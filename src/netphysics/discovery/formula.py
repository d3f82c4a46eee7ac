"""Formula: what a neuron follows, as text, as a SymPy expression, as LaTeX and as a function."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Float

from ..tables import Unit, bare_name, unit_of
from .probe.dimensions import Tree, tree_unit
from .probe.symbolic import expression, text, tree_of, value

if TYPE_CHECKING:
    import sympy

Ranges = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Formula:
    """A formula of some columns that a neuron follows: a monotone function of it is what the neuron holds.

    Attributes:
        tree: the formula, its leaves the places of columns.
        columns: all columns that it may use; in formulas, what is no letter, digit or underscore is an underscore,
            and units are left out.
        correlation: rank correlation with the neuron, in absolute value.
        ranges: least and largest number of each column in the rows in which it was found: it says nothing beyond.
    """

    tree: Tree
    columns: tuple[str, ...]
    correlation: float
    ranges: Ranges

    def __str__(self) -> str:
        return text(self.tree, _symbol_names(self.columns))

    def _repr_latex_(self) -> str:
        """In a notebook: the formula, typeset."""
        return f"${self.latex}$"

    @property
    def unit(self) -> Unit | None:
        """The unit of the formula, from the units in the names of its columns; None where one of them is not known."""
        return tree_unit(self.tree, [unit_of(name) for name in self.columns])

    @property
    def used(self) -> tuple[str, ...]:
        """The columns in it, in the order of the table."""
        return tuple(self.columns[k] for k in sorted(_leaves(self.tree)))

    @property
    def sympy(self) -> sympy.Expr:
        """The formula as an expression of SymPy, its symbols named like the columns."""
        import sympy

        symbols = [sympy.Symbol(name, real=True) for name in _symbol_names(self.columns)]
        return sympy.sympify(value(self.tree, symbols))

    @property
    def latex(self) -> str:
        import sympy

        return sympy.latex(self.sympy)

    def __call__(self, table: Any) -> Float[np.ndarray, " *rows"]:
        """What the formula is worth for the rows of a table: columns by name, or a DataFrame.

        Raises:
            ValueError: for a column that the table lacks.
        """
        return np.asarray(value(self.tree, dict(enumerate(self._numbers(table)))), np.float64)

    def holds(self, table: Any) -> Bool[np.ndarray, " *rows"]:
        """The rows of a table that lie in the ranges in which the formula was found.

        Raises:
            ValueError: for a column that the table lacks, and for a formula whose ranges are not known.
        """
        if unknown := [name for name in self.used if name not in self.ranges]:
            raise ValueError(f"the range of {unknown[0]} is not known; run the study again")
        inside = []
        for name, column in zip(self.columns, self._numbers(table), strict=True):
            if name in self.used:
                low, high = self.ranges[name]
                inside.append((low <= column) & (column <= high))
        return np.logical_and.reduce(inside)

    def to_json(self) -> dict[str, Any]:
        """The formula as SymPy writes it and as LaTeX, with the ranges in which it holds."""
        return {
            "text": str(self),
            "sympy": str(self.sympy),
            "latex": self.latex,
            "unit": None if self.unit is None else str(self.unit),
            "correlation": self.correlation,
            "ranges": {name: list(self.ranges[name]) for name in self.used if name in self.ranges},
        }

    def _numbers(self, table: Any) -> list[np.ndarray]:
        """All columns, those that are not used as not a number."""
        if missing := [name for name in self.used if name not in table]:
            raise ValueError(f"the table has no column {missing[0]}; the formula needs {', '.join(self.used)}")
        return [np.asarray(table[name] if name in self.used else np.nan, np.float64) for name in self.columns]


def find_formula(z: Float[np.ndarray, " systems"], columns: Mapping[str, np.ndarray]) -> Formula:
    """The short formula of the columns that a neuron follows best, by `probe.expression`."""
    found = expression(z, columns)
    return decoded(found.code, tuple(columns), found.correlation, ranges_of(columns))


def decoded(code: Float[np.ndarray, " symbols"], columns: Sequence[str], correlation: float, ranges: Ranges) -> Formula:
    """The formula behind a code; `columns` are those that it counts."""
    return Formula(tree_of(code), tuple(columns), float(correlation), ranges)


def ranges_of(columns: Mapping[str, np.ndarray]) -> dict[str, tuple[float, float]]:
    """The least and the largest number of each column."""
    return {name: (float(np.nanmin(column)), float(np.nanmax(column))) for name, column in columns.items()}


def _symbol_names(columns: Sequence[str]) -> list[str]:
    """Names for the symbols of a formula, all different."""
    names: list[str] = []
    for column in columns:
        name = re.sub(r"\W", "_", bare_name(column))
        names.append(f"{name}_{len(names)}" if name in names else name)
    return names


def _leaves(tree: Tree) -> set[int]:
    return {tree} if isinstance(tree, int) else _leaves(tree[1]) | _leaves(tree[2])
