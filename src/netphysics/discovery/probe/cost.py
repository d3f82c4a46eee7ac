"""Cost of a formula: how much there is to read in it."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from .dimensions import Tree, quotient

# A sum of unlike things is rarer in physics than a product.
SUM = 2.0


# Formulas are made of formulas, so the parts are asked for again and again.
@lru_cache(maxsize=2**16)
def cost(tree: Tree) -> float:
    """Columns, operations and powers: `a * a * a / m` reads as a^3/m and costs as much as b^2/k, namely 4.

    Whether something is above or below a line is free, since a neuron may hold the inverse as well.
    """
    if isinstance(tree, int):
        return 1.0
    if tree[0] in "+-":
        return cost(tree[1]) + cost(tree[2]) + SUM
    powers = factors(tree)
    powered = sum(abs(power) > 1 for power in powers.values())
    return sum(map(cost, powers), 0.0) + max(len(powers) - 1, 0) + powered


@lru_cache(maxsize=2**16)
def factors(tree: Tree) -> dict[Tree, int]:
    """A product as its factors, columns or sums, with their powers."""
    if isinstance(tree, int) or tree[0] in "+-":
        return {tree: 1}
    powers = Counter(factors(tree[1]))
    for factor, power in factors(tree[2]).items():
        powers[factor] += power if tree[0] == "*" else -power
    return {factor: power for factor, power in powers.items() if power}


def tidied(tree: Tree) -> Tree:
    """The same formula, or its inverse, in one way of writing: a product over a product, columns in their order.

    What follows a neuron and what follows it inversely are the same; the one with more above the line is kept.
    """
    if isinstance(tree, int):
        return tree
    above, below = _parts(tree)
    if not above and not below:
        return tree
    if len(below) > len(above) or (len(below) == len(above) and str(below) < str(above)):
        above, below = below, above
    return quotient(above, below)


def _parts(tree: Tree) -> tuple[list[Tree], list[Tree]]:
    """The factors above and below the line, each as often as its power says."""
    powers = sorted(factors(tree).items(), key=lambda item: str(item[0]))
    tidy = [(_sum(factor), power) for factor, power in powers]
    above, below = ([f for f, power in tidy for _ in range(max(sign * power, 0))] for sign in (1, -1))
    return above, below


def _sum(factor: Tree) -> Tree:
    if isinstance(factor, int):
        return factor
    # What is only below the line, 1 / b, can be written as a / (a * b) alone.
    return (factor[0], *(quotient(*parts) if (parts := _parts(part))[0] else part for part in factor[1:]))
