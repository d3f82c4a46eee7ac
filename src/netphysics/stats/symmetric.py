"""Packed symmetric tensors, and sums over partitions of their indices.

A symmetric function of n of k points is stored once per multi-index a_1 <= ... <= a_n, in lexicographic
order: 462 numbers instead of 46 656 for a 6-point function on 6 points. A sum over partitions adds up
products of smaller functions over all ways to share out the n indices; Wick's theorem is the sum over
pairings of two-point functions, and cumulants are such sums of moments.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache, reduce
from itertools import combinations, combinations_with_replacement
from operator import mul

import numpy as np
from jaxtyping import Float64, Int64

Array = np.ndarray
Partition = tuple[tuple[int, ...], ...]

HIGHEST_CUMULANT = 6


@cache
def multi_indices(points: int, order: int) -> Int64[Array, "m order"]:
    """All sorted multi-indices of `order` out of `points`, repetition included, in lexicographic order.

    There are binomial(points + order - 1, order) of them. The array is shared and read-only.
    """
    indices = list(combinations_with_replacement(range(points), order))
    table = np.array(indices, dtype=np.int64).reshape(len(indices), order)
    table.setflags(write=False)
    return table


def packed_positions(indices: Int64[Array, "*batch order"], points: int) -> Int64[Array, "*batch"]:
    """Where each multi-index, in whatever order its entries are, is stored in a packed tensor."""
    order = indices.shape[-1]
    place = points ** np.arange(order - 1, -1, -1, dtype=np.int64)
    return np.searchsorted(multi_indices(points, order) @ place, np.sort(indices, axis=-1) @ place)


@cache
def half_positions(points: int, order: int) -> tuple[Int64[Array, " m"], Int64[Array, " m"]]:
    """Where the first and the second half of each multi-index are stored among those of half the order."""
    halves = np.hsplit(multi_indices(points, order), 2)
    return packed_positions(halves[0], points), packed_positions(halves[1], points)


def pack(matrix: Float64[Array, "k k"]) -> Float64[Array, " m2"]:
    """The packed form of a symmetric matrix."""
    rows, columns = multi_indices(len(matrix), 2).T
    return matrix[rows, columns]


def unpack(packed: Float64[Array, " m"], points: int, order: int) -> Float64[Array, ...]:
    """The full symmetric tensor, shape (points,) * order."""
    full = np.moveaxis(np.indices((points,) * order), 0, -1)
    return packed[packed_positions(full, points)]


@cache
def partitions(order: int, sizes: tuple[int, ...]) -> tuple[Partition, ...]:
    """All partitions of (0, ..., order - 1) into blocks of the given sizes; (2, 2, 2) gives the pairings.

    Raises:
        ValueError: when the sizes do not add up to the order.
    """
    if sum(sizes) != order:
        raise ValueError(f"sizes are {sizes}; they must add up to order = {order}")
    return tuple(_share(tuple(range(order)), tuple(sorted(sizes))))


def _share(rest: tuple[int, ...], sizes: tuple[int, ...]) -> Iterator[Partition]:
    if not rest:
        yield ()
        return
    # The first index left goes with a block of each distinct size: every partition comes up once.
    for size in sorted(set(sizes)):
        left = list(sizes)
        left.remove(size)
        for others in combinations(rest[1:], size - 1):
            block = (rest[0], *others)
            for blocks in _share(tuple(i for i in rest if i not in block), tuple(left)):
                yield (block, *blocks)


def partition_sum(
    tensors: Mapping[int, Float64[Array, " _"]], sizes: tuple[int, ...], points: int
) -> Float64[Array, " m"]:
    """Sum over all partitions into blocks of the given sizes of the product of packed tensors.

    `tensors[s]` is the packed symmetric tensor that stands for a block of s indices. The result is packed.
    """
    sizes = tuple(sizes)
    terms = (
        reduce(mul, (tensors[len(block)][where] for block, where in zip(blocks, places, strict=True)))
        for blocks, places in zip(partitions(sum(sizes), sizes), _block_positions(points, sizes), strict=True)
    )
    return sum(terms)


@cache
def _block_positions(points: int, sizes: tuple[int, ...]) -> tuple[tuple[Int64[Array, " m"], ...], ...]:
    indices = multi_indices(points, sum(sizes))
    return tuple(
        tuple(packed_positions(indices[:, block], points) for block in blocks)
        for blocks in partitions(sum(sizes), sizes)
    )


def wick_sum(two_point: Float64[Array, " m2"], order: int, points: int) -> Float64[Array, " m"]:
    """Moments of a Gaussian field by Wick's theorem: the sum over all pairings of two-point functions.

    Raises:
        ValueError: for an odd number of legs, or fewer than two.
    """
    if order < 2 or order % 2:
        raise ValueError(f"order is {order}; a Wick sum needs an even number of legs, at least 2")
    return partition_sum({2: two_point}, (2,) * (order // 2), points)


def cumulant(moments: Mapping[int, Float64[Array, " _"]], points: int, order: int) -> Float64[Array, " m"]:
    r"""The connected n-point function (joint cumulant) from packed moments of orders up to n.

    $G_c(1..n) = \sum_{\pi} (-1)^{|\pi|-1} (|\pi|-1)! \prod_{B \in \pi} \langle \prod_{i \in B} f_i \rangle$
    over all set partitions (McCullagh, Tensor Methods in Statistics, 1987, chapter 2).

    Args:
        moments: packed moments by order. Orders that are absent are taken to vanish: an ensemble that is
            symmetric under f -> -f needs the even ones only.
        points: number k of points.
        order: n, from 1 to 6.

    Raises:
        ValueError: for an order outside 1 ... 6.
    """
    if not 1 <= order <= HIGHEST_CUMULANT:
        raise ValueError(f"order is {order}; connected functions are known for 1 to {HIGHEST_CUMULANT} points")
    total = np.zeros(len(multi_indices(points, order)))
    for sizes in _integer_partitions(order):
        if all(size in moments for size in sizes):
            weight = (-1) ** (len(sizes) - 1) * math.factorial(len(sizes) - 1)
            total += weight * partition_sum(moments, sizes, points)
    return total


def _integer_partitions(total: int, most: int | None = None) -> Iterator[tuple[int, ...]]:
    if total == 0:
        yield ()
    for part in range(min(total, most or total), 0, -1):
        for rest in _integer_partitions(total - part, part):
            yield (part, *rest)
