"""Symmetric tensors, stored as their unique entries only.

An n-point function on k points is symmetric, so it is known from its values on sorted multi-indices:
462 numbers instead of 46 656 for a 6-point function on 6 points.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator

import numpy as np

Partition = tuple[tuple[int, ...], ...]


@functools.cache
def multi_indices(points: int, order: int) -> np.ndarray:
    """All sorted multi-indices of a symmetric tensor, in lexicographic order.

    Returns an integer array of shape (binomial(points + order - 1, order), order), read-only.
    """
    table = list(itertools.combinations_with_replacement(range(points), order))
    table = np.array(table, dtype=np.int64).reshape(len(table), order)
    table.setflags(write=False)
    return table


@functools.cache
def positions(points: int, order: int) -> np.ndarray:
    """Where each entry of the full tensor stands in the packed one: shape (points,) * order."""
    table = np.empty((points,) * order, dtype=np.int64)
    packed = multi_indices(points, order)
    rank = np.arange(len(packed))
    for permutation in itertools.permutations(range(order)):
        table[tuple(packed[:, permutation].T)] = rank
    table.setflags(write=False)
    return table


def unpack(packed: np.ndarray, points: int, order: int) -> np.ndarray:
    """The full symmetric tensor, shape (points,) * order, of packed entries with shape (m,)."""
    return np.asarray(packed)[positions(points, order)]


def set_partitions(items: tuple[int, ...]) -> Iterator[Partition]:
    """All ways to split `items` into non-empty blocks; their number is a Bell number."""
    if not items:
        yield ()
        return
    first, rest = items[0], items[1:]
    for size in range(len(rest) + 1):
        for others in itertools.combinations(rest, size):
            block = (first, *others)
            for tail in set_partitions(tuple(x for x in rest if x not in others)):
                yield (block, *tail)


def pairings(items: tuple[int, ...]) -> Iterator[Partition]:
    """All perfect matchings of `items`; (2m - 1)!! of them for 2m items, none for an odd number."""
    if not items:
        yield ()
        return
    first, rest = items[0], items[1:]
    for i, partner in enumerate(rest):
        for tail in pairings(rest[:i] + rest[i + 1 :]):
            yield ((first, partner), *tail)
