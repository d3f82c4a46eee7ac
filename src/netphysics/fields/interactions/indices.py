"""Packed symmetric tensors and sums over partitions of their indices.

A symmetric function of n of k points is stored once per multi-index a_1 <= ... <= a_n, in lexicographic
order. A sum over partitions adds up products of smaller functions over all ways to share out the n
indices: Wick's theorem is the sum over pairings of two-point functions.
"""

from collections.abc import Mapping
from functools import cache, reduce
from itertools import combinations, combinations_with_replacement
from operator import mul

import numpy as np
from jaxtyping import Float64, Int64

Array = np.ndarray


@cache
def multi_indices(points: int, order: int) -> Int64[Array, "m order"]:
    """All sorted multi-indices of `order` out of `points`, repetition included, in lexicographic order."""
    return np.array(list(combinations_with_replacement(range(points), order)), dtype=np.int64)


def packed_positions(indices: Int64[Array, "*batch order"], points: int) -> Int64[Array, "*batch"]:
    """Where each multi-index, in whatever order its entries are, is stored in a packed tensor."""
    order = indices.shape[-1]
    place = points ** np.arange(order - 1, -1, -1, dtype=np.int64)
    return np.searchsorted(multi_indices(points, order) @ place, np.sort(indices, axis=-1) @ place)


@cache
def half_positions(points: int, order: int) -> tuple[Int64[Array, " m"], Int64[Array, " m"]]:
    """Where the first and the second half of each multi-index are stored among those of half the order."""
    indices = multi_indices(points, order)
    return tuple(packed_positions(half, points) for half in np.hsplit(indices, 2))


@cache
def partitions(order: int, sizes: tuple[int, ...]) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """All partitions of (0, ..., order-1) into blocks of the given sizes; (2, 2, 2) gives the pairings."""
    if sum(sizes) != order:
        raise ValueError(f"sizes are {sizes}; they must add up to order = {order}.")

    def share(rest: tuple[int, ...], sizes: tuple[int, ...]):
        if not rest:
            yield ()
            return
        # The first index left goes with a block of each distinct size: every partition comes up once.
        for size in sorted(set(sizes)):
            left = list(sizes)
            left.remove(size)
            for others in combinations(rest[1:], size - 1):
                block = (rest[0], *others)
                remaining = tuple(index for index in rest if index not in block)
                for blocks in share(remaining, tuple(left)):
                    yield (block, *blocks)

    return tuple(share(tuple(range(order)), tuple(sorted(sizes))))


@cache
def _block_positions(points: int, sizes: tuple[int, ...]) -> tuple[tuple[Int64[Array, " m"], ...], ...]:
    order = sum(sizes)
    indices = multi_indices(points, order)
    return tuple(
        tuple(packed_positions(indices[:, block], points) for block in blocks)
        for blocks in partitions(order, sizes)
    )


def partition_sum(
    tensors: Mapping[int, Float64[Array, " _"]], sizes: tuple[int, ...], points: int
) -> Float64[Array, " m"]:
    """Sum over all partitions into blocks of the given sizes of the product of packed tensors.

    `tensors[s]` is the packed symmetric tensor that stands for a block of s indices. The result is packed.
    """
    terms = (
        reduce(mul, (tensors[size][where] for size, where in zip(map(len, blocks), wheres, strict=True)))
        for blocks, wheres in zip(partitions(sum(sizes), sizes), _block_positions(points, sizes), strict=True)
    )
    return sum(terms)


def wick_sum(two_point: Float64[Array, " m2"], order: int, points: int) -> Float64[Array, " m"]:
    """Moments of a Gaussian field by Wick's theorem: the sum over all pairings of two-point functions."""
    if order < 2 or order % 2:
        raise ValueError(f"order is {order}; a Wick sum needs an even number >= 2 of legs.")
    return partition_sum({2: two_point}, (2,) * (order // 2), points)


def pack(matrix: Float64[Array, "k k"]) -> Float64[Array, " m2"]:
    """The packed form of a symmetric matrix."""
    rows, columns = multi_indices(len(matrix), 2).T
    return matrix[rows, columns]
