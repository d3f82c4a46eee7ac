"""Expressions: a formula for a neuron, found by genetic programming."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ...stats import rank_correlation

MOST_SYSTEMS = 400
POPULATION, GENERATIONS = 300, 10
# What one more symbol must gain in rank correlation to be worth it.
PARSIMONY = 1e-3


@dataclass(frozen=True)
class Expression:
    """A formula, readable by sympy, and its rank correlation with the neuron, in absolute value."""

    text: str
    correlation: float
    values: Float[np.ndarray, " systems"]


def expression(z: Float[np.ndarray, " systems"], columns: Mapping[str, np.ndarray], *, seed: int = 0) -> Expression:
    """The short formula of the columns that a neuron follows best, by rank correlation.

    A neuron is defined up to a monotone function only, so formulas are judged by their ranks: a squared error
    would bend the formula to fit that function instead.
    """
    # scikit-learn takes seconds to import, and most runs need none of it.
    from gplearn.genetic import SymbolicRegressor

    table = np.stack([np.asarray(column, np.float64) for column in columns.values()], axis=1)
    search = SymbolicRegressor(
        population_size=POPULATION,
        generations=GENERATIONS,
        function_set=("add", "sub", "mul", "div"),
        metric="spearman",
        parsimony_coefficient=PARSIMONY,
        const_range=None,
        stopping_criteria=0.999,
        random_state=seed,
    )
    with warnings.catch_warnings():
        # A constant formula has no ranks; the search discards it and numpy grumbles.
        warnings.simplefilter("ignore")
        search.fit(table[:MOST_SYSTEMS], np.asarray(z, np.float64)[:MOST_SYSTEMS])
        program = search._program
        values = program.execute(table)
    text = formula(program.program, list(columns))
    return Expression(text, abs(rank_correlation(values, np.asarray(z, np.float64))), values)


def formula(program: list, labels: list[str]) -> str:
    """A program in prefix order as a formula with brackets."""
    signs = {"add": "+", "sub": "-", "mul": "*", "div": "/"}

    def read(rest):
        head = next(rest)
        if isinstance(head, (int, np.integer)):
            return labels[head]
        if isinstance(head, float):
            return f"{head:.3g}"
        return f"({read(rest)} {signs[head.name]} {read(rest)})"

    return read(iter(program)).removeprefix("(").removesuffix(")") if len(program) <= 3 else read(iter(program))
