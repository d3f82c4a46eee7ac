"""Expressions: a formula for a neuron, found by genetic programming."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ...stats import rank_correlation

MOST_SYSTEMS = 400
POPULATION, GENERATIONS = 300, 10
# What one more symbol must gain in rank correlation to be worth it.
PARSIMONY = 1e-3
SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
# A code holds this many symbols; who would read a longer formula?
LONGEST = 15

# An operation and its two parts, or the place of a column.
Tree = tuple | int


@dataclass(frozen=True)
class Expression:
    """A formula, readable by sympy, and its rank correlation with the neuron, in absolute value.

    Attributes:
        text: the formula. What is no letter, digit or underscore in a column's name becomes an underscore.
        code: the formula as numbers, see `decode`; all 0 for one of more than 15 symbols.
        values: what it is worth for each system.
    """

    text: str
    correlation: float
    code: Float[np.ndarray, " symbols"]
    values: Float[np.ndarray, " systems"]


def expression(z: Float[np.ndarray, " systems"], columns: Mapping[str, np.ndarray], *, seed: int = 0) -> Expression:
    """The short formula of the columns that a neuron follows best, by rank correlation.

    A neuron is defined up to a monotone function only, so formulas are judged by their ranks: a squared error
    would bend the formula to fit that function instead. For the same reason a difference has no sign.
    """
    # scikit-learn takes seconds to import, and most runs need none of it.
    from gplearn.genetic import SymbolicRegressor

    table = np.stack([np.asarray(column, np.float64) for column in columns.values()], axis=1)
    search = SymbolicRegressor(
        population_size=POPULATION,
        generations=GENERATIONS,
        function_set=tuple(SIGNS),
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
    tree = ordered(_read(iter([getattr(node, "name", node) for node in program.program])))
    correlation = abs(rank_correlation(values, np.asarray(z, np.float64)))
    return Expression(text(tree, list(columns)), correlation, encode(tree), values)


def decode(code: Float[np.ndarray, " symbols"], labels: Sequence[str]) -> str:
    """The formula behind a code, the columns named by `labels`; empty for a code of zeros."""
    operations = list(SIGNS)
    symbols = [int(s) - 1 if s > 0 else operations[-int(s) - 1] for s in np.round(code) if s]
    return text(_read(iter(symbols)), labels) if symbols else ""


def encode(tree: Tree) -> np.ndarray:
    """A formula in prefix order: columns are 1, 2, ..., the operations + - * / are -1 to -4, and 0 fills up."""
    symbols = _symbols(tree)
    code = np.zeros(LONGEST)
    if len(symbols) <= LONGEST:
        code[: len(symbols)] = symbols
    return code


def ordered(tree: Tree, top: bool = True) -> Tree:
    """The same formula with the parts of sums and products in one order, those of a whole difference as well."""
    if not isinstance(tree, tuple):
        return tree
    head, *parts = tree
    parts = [ordered(part, False) for part in parts]
    if head in ("add", "mul") or (head == "sub" and top):
        parts.sort(key=lambda part: [-s for s in _symbols(part)], reverse=True)
    return (head, *parts)


def text(tree: Tree, labels: Sequence[str], top: bool = True) -> str:
    """A formula with brackets."""
    if not isinstance(tree, tuple):
        return re.sub(r"\W", "_", labels[tree])
    head, one, other = tree
    inner = f"{text(one, labels, False)} {SIGNS[head]} {text(other, labels, False)}"
    return inner if top else f"({inner})"


def _symbols(tree: Tree) -> list[int]:
    if not isinstance(tree, tuple):
        return [tree + 1]
    head, *parts = tree
    return [-1 - list(SIGNS).index(head), *(s for part in parts for s in _symbols(part))]


def _read(symbols) -> Tree:
    """A tree from its symbols in prefix order: names of operations, and places of columns."""
    head = next(symbols)
    return (head, _read(symbols), _read(symbols)) if isinstance(head, str) else int(head)
