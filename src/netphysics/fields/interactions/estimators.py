"""Three estimators of connected functions from an ensemble of networks with N hidden units.

    published      products f_1 ... f_n of the outputs, minus Wick's theorem with the exact kernel
    rao-blackwell  average over the Gaussian output weights by hand: given the hidden units the output is
                   Gaussian with covariance C, and connected functions are joint cumulants of C over networks
    pooled         average over all hidden units of all networks, then the exact law in 1/N

They are listed from the noisiest to the quietest, and from the most to the least general: the first holds
for any network, the second whenever the last layer is Gaussian, the third for one hidden layer of
independent units. The gain in variance from first to last is 10^2 to 10^8.

Each is a pair of functions. `*_sums` works on the device in float32 and returns arrays that are additive
over networks; add those of different batches in float64. `*_connected` is a smooth numpy function of the
sums and the number of networks, as the jackknife needs it, and returns packed connected functions
{"two", "four", "six"} (see `multi_indices`).
"""

from collections.abc import Mapping
from functools import cache, reduce
from operator import mul

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, Float64, Int64

from netphysics.fields.interactions.correlators import connected_from_moments
from netphysics.stats import (
    half_positions,
    multi_indices,
    pack,
    packed_positions,
    partition_sum,
    partitions,
)

Packed = Float64[np.ndarray, " _"]
Sums = dict[str, Float32[Array, " _"]]
Summed = Mapping[str, Float64[np.ndarray, " _"]]

_ORDERS = {"two": 2, "four": 4, "six": 6}
_CHUNK = 4096


def published_sums(outputs: Float32[Array, "networks k"]) -> Sums:
    """Sums over networks of all products of two, four and six outputs."""
    return _moment_sums(outputs[:, :, None])


def published_connected(sums: Summed, count: int, kernel: Float64[np.ndarray, "k k"]) -> dict[str, Packed]:
    """Means of products minus Wick's theorem; `kernel` is the exact two-point function.

    G4c = <ffff> - SUM_3 K K and G6c = <ffffff> - SUM_15 K G4c - SUM_15 K K K.
    """
    points = len(kernel)
    two, four, six = (sums[name] / count for name in _ORDERS)
    known = {2: pack(kernel)}
    known[4] = four - partition_sum(known, (2, 2), points)
    six = six - partition_sum(known, (2, 4), points) - partition_sum(known, (2, 2, 2), points)
    return {"two": two, "four": known[4], "six": six}


def rao_blackwell_sums(
    hidden: Float32[Array, "networks k width"],
    *,
    weight_variance: float,
    reference: Float64[np.ndarray, "k k"],
) -> Sums:
    """Sums over networks of c, c c and c c c with c_ab = (C_W/N) SUM_i s_i(a) s_i(b) - reference_ab.

    The reference, the exact bias-free kernel K~, is taken off because C hardly fluctuates in a wide network:
    products of C itself would spend the digits of float32 on what cancels in the cumulants. Products are
    packed, over unordered pairs and triples of index pairs.
    """
    _, points, width = hidden.shape
    rows, columns = multi_indices(points, 2).T
    covariance = jnp.einsum("nai,nbi->nab", hidden, hidden, precision="highest")[:, rows, columns]
    expected = jnp.asarray(pack(reference), dtype=jnp.float32)
    c = covariance * jnp.float32(weight_variance / width) - expected[None]
    pairs = _products(c, 2)
    third = jnp.einsum("np,nq->pq", pairs, c, precision="highest")
    triples = multi_indices(len(rows), 3)
    return {
        "first": jnp.sum(c, axis=0),
        "second": jnp.sum(pairs, axis=0),
        "third": third[packed_positions(triples[:, :2], len(rows)), triples[:, 2]],
    }


def rao_blackwell_connected(sums: Summed, count: int, reference: Float64[np.ndarray, "k k"]) -> dict[str, Packed]:
    """Joint cumulants of C over networks, unbiased, summed over pairings of the external points.

    G4c = SUM_3 k(C_ab, C_cd) and G6c = SUM_15 k(C_ab, C_cd, C_ef), with the sample means taken off: using
    the exact kernel for the mean instead would keep the noise that all networks have in common.
    "two" is the bias-free kernel.
    """
    if count < 3:
        raise ValueError(f"count is {count}; third cumulants need at least 3 networks.")
    points = len(reference)
    moments = {order: sums[name] / count for order, name in ((1, "first"), (2, "second"), (3, "third"))}
    pairs = moments[1].size
    second = moments[2] - partition_sum(moments, (1, 1), pairs)
    third = moments[3] - partition_sum(moments, (1, 2), pairs) + 2 * partition_sum(moments, (1, 1, 1), pairs)
    second = second * (count / (count - 1))
    third = third * (count**2 / ((count - 1) * (count - 2)))
    return {
        "two": moments[1] + pack(reference),
        "four": np.sum(second[_pairing_positions(points, 4)], axis=0),
        "six": np.sum(third[_pairing_positions(points, 6)], axis=0),
    }


def pooled_sums(hidden: Float32[Array, "networks k width"]) -> Sums:
    """Sums over networks and hidden units of all products of two, four and six activations."""
    return _moment_sums(hidden)


def pooled_connected(sums: Summed, count: int, *, points: int, width: int, weight_variance: float) -> dict[str, Packed]:
    """The exact law in 1/N from the moments of all hidden units; "two" is the bias-free kernel."""
    moments = {order: sums[name] / (count * width) for name, order in _ORDERS.items()}
    connected = connected_from_moments(moments, points, width=width, weight_variance=weight_variance)
    return {name: connected[order] for name, order in _ORDERS.items()}


def _products(values: Float32[Array, "networks k *rest"], order: int) -> Float32[Array, "networks m *rest"]:
    """All products of `order` of the k values."""
    return reduce(mul, (values[:, column] for column in multi_indices(values.shape[1], order).T))


def _moment_sums(values: Float32[Array, "networks k width"]) -> Sums:
    """The Gram matrix of all products of order n/2 holds every product of order n."""
    points = values.shape[1]
    flat = jnp.moveaxis(values, 1, 0).reshape(points, -1)
    # A chunk of products stays in cache, and partial sums keep float32 exact to a few units of rounding.
    chunk_size = min(_CHUNK, flat.shape[1])
    chunks = jnp.pad(flat, ((0, 0), (0, -flat.shape[1] % chunk_size))).reshape(1, points, -1, chunk_size)
    sums = {}
    for name, order in _ORDERS.items():
        size = len(multi_indices(points, order // 2))

        def add(gram: Array, chunk: Array, half: int = order // 2) -> tuple[Array, None]:
            products = _products(chunk, half)[0]
            return gram + jnp.matmul(products, products.T, precision="highest"), None

        gram, _ = jax.lax.scan(add, jnp.zeros((size, size), jnp.float32), jnp.moveaxis(chunks, 2, 0))
        sums[name] = gram[half_positions(points, order)]
    return sums


@cache
def _pairing_positions(points: int, order: int) -> Int64[np.ndarray, "pairings m"]:
    """Where the cumulant of the index pairs of each pairing is stored, for each multi-index."""
    indices = multi_indices(points, order)
    pairs = len(multi_indices(points, 2))
    positions = []
    for blocks in partitions(order, (2,) * (order // 2)):
        joined = [packed_positions(indices[:, block], points) for block in blocks]
        positions.append(packed_positions(np.stack(joined, axis=1), pairs))
    return np.stack(positions)
