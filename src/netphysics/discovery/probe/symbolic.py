"""Expressions: a formula for a neuron, found by trying short ones and building on the best."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.stats import rankdata

from ...stats import rank_correlation
from ...tables import Unit, bare_name, unit_of
from .cost import cost, tidied
from .dimensions import Tree, addable, dimensionless_groups, tree_unit

MOST_SYSTEMS = 300
# Formulas that are built upon, and how often.
BEAM, ROUNDS = 60, 3
# By which share, 1 - exp(-PRICE), one more symbol must lower what is not followed, and this on top of it.
PRICE, UNFOLLOWED = 0.2, 0.002
# Formulas whose costs are looked at, of each operation; the others follow the neuron less.
LOOKED_AT = 300
# A code holds this many symbols; who would read a longer formula?
LONGEST = 15
HUGE, ROUNDING = 1e30, 1e-9
# Correlations that agree to so many digits are of formulas that are functions of each other.
SAME_DIGITS = 10
SIGNS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


@dataclass(frozen=True)
class Expression:
    """A formula, readable by sympy, and its rank correlation with the neuron, in absolute value.

    Attributes:
        text: the formula. What is no letter, digit or underscore in a column's name becomes an underscore.
        code: the formula as numbers, see `decode`.
        values: what it is worth for each system.
    """

    text: str
    correlation: float
    code: Float[np.ndarray, " symbols"]
    values: Float[np.ndarray, " systems"]


def expression(z: Float[np.ndarray, " systems"], columns: Mapping[str, np.ndarray]) -> Expression:
    """The short formula of the columns, with + - * / and no constants, that a neuron follows best by rank correlation.

    A neuron is defined up to a monotone function only, so formulas are judged by their ranks: a squared error would
    bend the formula to fit that function instead. For the same reason a difference has no sign. All formulas with two
    columns are tried; then the 60 best are combined with each other and with the columns, twice. The best formula has
    the least $\\ln(1 - \\rho + 0.002) + 0.2 c$, with the rank correlation $\\rho$ and the `cost` $c$.

    Where names of columns have units, only numbers in one unit are added, and products without dimension are tried
    from the beginning.
    """
    z = np.asarray(z, np.float64)
    table = [np.asarray(column, np.float64) for column in columns.values()]
    some = [column[:MOST_SYSTEMS] for column in table]
    ranks = _normalized(rankdata(z[:MOST_SYSTEMS])[None])[0]
    units = [unit_of(name) for name in columns]
    columns_alone = _Beam.of(list(range(len(table))), np.stack(some), ranks)
    first = [*range(len(table)), *dimensionless_groups(units)]
    beam = _Beam.of(first, np.stack([value(tree, some) for tree in first]), ranks)
    for _ in range(ROUNDS):
        beam = _grown(beam, columns_alone, ranks, units)
    tree = tidied(beam.trees[0])
    values = np.nan_to_num(value(tree, table))
    return Expression(text(tree, list(columns)), abs(rank_correlation(values, z)), encode(tree), values)


def value(tree: Tree, columns: Any) -> Any:
    """What a formula is worth for columns by their places: arrays of numbers, or symbols."""
    if isinstance(tree, int):
        return columns[tree]
    sign, one, other = tree
    with np.errstate(all="ignore"):
        return SIGNS[sign](value(one, columns), value(other, columns))


def text(tree: Tree, labels: Sequence[str], top: bool = True) -> str:
    """A formula with brackets, without the units of columns."""
    if isinstance(tree, int):
        return re.sub(r"\W", "_", bare_name(labels[tree]))
    sign, one, other = tree
    inner = f"{text(one, labels, False)} {sign} {text(other, labels, False)}"
    return inner if top else f"({inner})"


def encode(tree: Tree) -> Float[np.ndarray, " symbols"]:
    """A formula in prefix order: columns are 1, 2, ..., the operations + - * / are -1 to -4, and 0 fills up."""
    code = np.zeros(LONGEST)
    code[: len(_symbols(tree))] = _symbols(tree)
    return code


def decode(code: Float[np.ndarray, " symbols"], labels: Sequence[str]) -> str:
    """The formula behind a code, the columns named by `labels`; empty for a code of zeros."""
    return text(tree_of(code), labels) if np.any(code) else ""


def tree_of(code: Float[np.ndarray, " symbols"]) -> Tree:
    """The formula behind a code that is not all zeros."""
    return _read(int(s) for s in np.round(code) if s)


class _Beam(NamedTuple):
    """Formulas, their values and what they are worth, the best first."""

    trees: list
    values: np.ndarray
    worth: np.ndarray

    @staticmethod
    def of(trees: list, values: np.ndarray, ranks: np.ndarray) -> _Beam:
        """The best of these formulas, each once: those that are functions of each other follow alike."""
        follows = _follow(values, ranks, _shared_places)
        worth = _worth(trees, follows)
        first: dict[float, int] = {}
        for i in np.argsort(-worth, kind="stable").tolist():
            first.setdefault(round(float(follows[i]), SAME_DIGITS), i)
        kept = list(first.values())[:BEAM]
        return _Beam([trees[i] for i in kept], values[kept], worth[kept])


def _grown(beam: _Beam, columns: _Beam, ranks: np.ndarray, units: Sequence[Unit | None]) -> _Beam:
    """The best formulas of two from the beam, or one and a column, besides those that were there."""
    partners, at = [*beam.trees, *columns.trees], np.concatenate([beam.values, columns.values])
    sizes = 1 + _sizes(beam.trees)[:, None] + _sizes(partners)
    theirs = [tree_unit(tree, units) for tree in partners]
    sums = np.array([[addable(one, other) for other in theirs] for one in theirs[: len(beam.trees)]])
    trees, values = list(beam.trees), [beam.values]
    for sign, operation in SIGNS.items():
        for one, other in ((beam.values[:, None], at[None]), (at[None], beam.values[:, None]))[: 1 + (sign == "/")]:
            with np.errstate(all="ignore"):
                found = operation(one, other).reshape(-1, at.shape[1])
            possible = ((sizes <= LONGEST) & (sums if sign in "+-" else True)).ravel()
            follows = np.where(possible, _follow(found, ranks, _places), -1)
            best = [i for i in np.argsort(-follows, kind="stable")[:LOOKED_AT] if possible[i]]
            pairs = [(beam.trees[i // len(partners)], partners[i % len(partners)]) for i in best]
            values.append(found[best])
            trees += [_ordered(sign, *(pair if one.shape[1] == 1 else pair[::-1])) for pair in pairs]
    return _Beam.of(trees, np.concatenate(values), ranks)


def _worth(trees: Sequence[Tree], follows: np.ndarray) -> np.ndarray:
    return -np.log(1 - follows + UNFOLLOWED) - PRICE * np.array([cost(tree) for tree in trees])


def _ordered(sign: str, one: Tree, other: Tree) -> Tree:
    """The operation on two parts; those of sums, products and differences, which have no sign, in one order."""
    if sign != "/" and _symbols(one) < _symbols(other):
        one, other = other, one
    return (sign, one, other)


def _follow(values: np.ndarray, ranks: np.ndarray, places: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """How well formulas follow the neuron; what is not finite, or constant but for rounding, does not."""
    usable = np.isfinite(values).all(axis=1) & (np.abs(values).max(axis=1, initial=0) < HUGE)
    values = np.where(usable[:, None], values, 0)
    usable &= np.ptp(values, axis=1) > ROUNDING * np.abs(values).max(axis=1)
    return np.where(usable, np.abs(_normalized(places(values)) @ ranks), 0)


def _places(values: np.ndarray) -> np.ndarray:
    """Ranks within each row, in any order where numbers are the same."""
    places = np.empty(values.shape)
    order = np.argsort(values, axis=1)
    np.put_along_axis(places, order, np.arange(values.shape[1], dtype=np.float64)[None], axis=1)
    return places


def _shared_places(values: np.ndarray) -> np.ndarray:
    """Ranks within each row; numbers that differ by rounding share the mean of theirs."""
    order, place = np.argsort(values, axis=1), np.arange(values.shape[1])
    ordered = np.take_along_axis(values, order, axis=1)
    gaps = np.diff(ordered, axis=1) > ROUNDING * np.abs(ordered).max(axis=1, initial=0, keepdims=True)
    first = np.maximum.accumulate(np.where(np.pad(gaps, ((0, 0), (1, 0)), constant_values=True), place, 0), axis=1)
    ends = np.where(np.pad(gaps, ((0, 0), (0, 1)), constant_values=True), place, len(place))
    last = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
    places = np.empty(values.shape)
    np.put_along_axis(places, order, (first + last) / 2, axis=1)
    return places


def _normalized(places: np.ndarray) -> np.ndarray:
    centered = places - places.mean(axis=1, keepdims=True)
    return centered / np.maximum(np.linalg.norm(centered, axis=1, keepdims=True), np.finfo(np.float64).tiny)


def _sizes(trees: Sequence[Tree]) -> np.ndarray:
    return np.array([len(_symbols(tree)) for tree in trees])


# Formulas are made of formulas, so the parts are asked for again and again.
@functools.lru_cache(maxsize=2**16)
def _symbols(tree: Tree) -> tuple[int, ...]:
    if isinstance(tree, int):
        return (tree + 1,)
    return (-1 - list(SIGNS).index(tree[0]), *_symbols(tree[1]), *_symbols(tree[2]))


def _read(symbols: Iterator[int]) -> Tree:
    """A formula from its symbols in prefix order."""
    head = next(symbols)
    return head - 1 if head > 0 else (list(SIGNS)[-head - 1], _read(symbols), _read(symbols))
