"""Dimensions of formulas: what may be added, what unit a formula has, and products without dimension.

A column whose unit is not known may stand anywhere.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import combinations, product
from math import gcd

import numpy as np

from ...tables import Unit

# The place of a column, or an operation and its two parts.
Tree = int | tuple
# Exponents that a product without dimension may have, and how many factors and columns.
POWERS, FACTORS, COLUMNS = (-3, -2, -1, 1, 2, 3), 7, 4


def tree_unit(tree: Tree, units: Sequence[Unit | None]) -> Unit | None:
    """The unit of a formula of columns with these units; None where it is not known."""
    if isinstance(tree, int):
        return units[tree]
    sign, one, other = tree[0], tree_unit(tree[1], units), tree_unit(tree[2], units)
    if sign in "+-":
        return one or other
    if one is None or other is None:
        return None
    return one * other if sign == "*" else one / other


def addable(one: Unit | None, other: Unit | None) -> bool:
    """Whether numbers in these units may be added, as far as units are known."""
    return one is None or other is None or one.same(other)


def dimensionless_groups(units: Sequence[Unit | None]) -> list[Tree]:
    """Products of powers of up to four columns that have no dimension though the columns have one (Buckingham 1914).

    Powers reach from -3 to 3, with seven factors at most, none a power of another product.
    """
    known = {k: np.array([float(a) for a in u.exponents]) for k, u in enumerate(units) if u and not u.dimensionless}
    found = []
    for count in range(2, COLUMNS + 1):
        powers = np.array([p for p in product(POWERS, repeat=count) if p[0] > 0 and np.abs(p).sum() <= FACTORS])
        powers = powers[[functools.reduce(gcd, map(abs, p)) == 1 for p in powers.tolist()]]
        for places in combinations(known, count):
            free = np.abs(powers @ np.stack([known[k] for k in places])).max(axis=1) < 1e-9
            found += [_tree(dict(zip(places, p, strict=True))) for p in powers[free].tolist()]
    return found


def _tree(powers: dict[int, int]) -> Tree:
    """A product of powers as a formula."""
    return quotient(*([k for k, power in powers.items() for _ in range(max(sign * power, 0))] for sign in (1, -1)))


def quotient(above: Sequence[Tree], below: Sequence[Tree]) -> Tree:
    """The product of some formulas over that of others; where one product is empty, the other one alone."""
    parts = [functools.reduce(_times, part) for part in (above, below) if part]
    return parts[0] if len(parts) == 1 else ("/", *parts)


def _times(one: Tree, other: Tree) -> Tree:
    return ("*", one, other)
