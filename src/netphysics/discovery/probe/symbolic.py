"""Expressions: a formula for a neuron, found by trying short ones and building on the best."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy.stats import rankdata

from ...stats import rank_correlation

MOST_SYSTEMS = 400
# Formulas that are built upon, and how often.
BEAM, ROUNDS = 40, 3
# What one more symbol must gain in rank correlation to be worth it.
PARSIMONY = 1e-3
# Nobody looks further than this.
ENOUGH = 0.9995
# A code holds this many symbols; who would read a longer formula?
LONGEST = 15
SIGNS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}

# The place of a column, or an operation and its two parts.
Tree = int | tuple


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
    columns are tried; then the 40 best are combined with each other and with the columns, twice. Each symbol must
    be worth 0.001 in correlation.
    """
    z = np.asarray(z, np.float64)
    table = [np.asarray(column, np.float64) for column in columns.values()]
    some = [column[:MOST_SYSTEMS] for column in table]
    ranks = _normalized(rankdata(z[:MOST_SYSTEMS])[None])[0]
    singles: list[Tree] = list(range(len(table)))
    beam = _best([], singles, some, ranks)
    for turn in range(ROUNDS):
        if beam[0][0] >= ENOUGH:
            break
        partners = singles if turn == 0 else list(dict.fromkeys([*singles, *(tree for _, tree in beam)]))
        beam = _best(beam, list(_combined([tree for _, tree in beam], partners)), some, ranks)
    tree = beam[0][1]
    values = np.nan_to_num(value(tree, table))
    return Expression(text(tree, list(columns)), abs(rank_correlation(values, z)), encode(tree), values)


def value(tree: Tree, columns: Sequence[np.ndarray]) -> np.ndarray:
    """What a formula is worth for each system."""
    if isinstance(tree, int):
        return columns[tree]
    sign, one, other = tree
    with np.errstate(all="ignore"):
        return SIGNS[sign](value(one, columns), value(other, columns))


def text(tree: Tree, labels: Sequence[str], top: bool = True) -> str:
    """A formula with brackets."""
    if isinstance(tree, int):
        return re.sub(r"\W", "_", labels[tree])
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
    symbols = [int(s) for s in np.round(code) if s]
    return text(_read(iter(symbols)), labels) if symbols else ""


def _combined(trees: Sequence[Tree], partners: Sequence[Tree]) -> Iterator[Tree]:
    """All pairs under all operations; of two orders that mean the same one, and of differences one sign."""
    seen = set()
    for one in trees:
        for other in partners:
            if len(_symbols(one)) + len(_symbols(other)) >= LONGEST:
                continue
            low, high = sorted((one, other), key=_symbols, reverse=True)
            for tree in (("+", low, high), ("-", low, high), ("*", low, high), ("/", low, high), ("/", high, low)):
                if tree not in seen:
                    seen.add(tree)
                    yield tree


def _best(
    before: list[tuple[float, Tree]], trees: list[Tree], columns: Sequence[np.ndarray], ranks: np.ndarray
) -> list[tuple[float, Tree]]:
    """The best formulas, new and old, with what they are worth."""
    values = np.stack([value(tree, columns) for tree in trees])
    usable = np.isfinite(values).all(axis=1)
    values = np.where(usable[:, None], values, 0)
    order = np.argsort(values, axis=1)
    places = np.empty(values.shape)
    np.put_along_axis(places, order, np.arange(values.shape[1], dtype=np.float64)[None], axis=1)
    follow = np.abs(_normalized(places) @ ranks)
    # What is constant but for rounding follows nothing.
    follow[_flat(values) | ~usable] = 0
    sizes = np.array([len(_symbols(tree)) for tree in trees])
    found = [*before, *zip((follow - PARSIMONY * (sizes - 1)).tolist(), trees, strict=True)]
    return sorted(found, key=lambda pair: -pair[0])[:BEAM]


def _flat(values: np.ndarray) -> Bool[np.ndarray, " trees"]:
    return np.ptp(values, axis=1) <= 1e-9 * np.abs(values).max(axis=1)


def _normalized(places: np.ndarray) -> np.ndarray:
    centered = places - places.mean(axis=1, keepdims=True)
    return centered / np.linalg.norm(centered, axis=1, keepdims=True)


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
