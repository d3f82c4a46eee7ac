"""Three ways to find the connected functions of networks with one hidden layer, by name.

They are the published one (products of outputs), `rao-blackwell` (averages over the last layer by hand), and `pooled`
(all hidden units alike).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Array, Float

from netphysics.fields.interactions import (
    pooled_connected,
    pooled_sums,
    published_connected,
    published_sums,
    rao_blackwell_connected,
    rao_blackwell_sums,
)
from netphysics.nets import Net


def sums_of(
    estimator: str,
    net: Net,
    kernel: Float[np.ndarray, "k k"],
    hidden: Float[Array, "networks k width"],
    outputs: Float[Array, "networks k"],
) -> dict[str, Array]:
    """What an estimator sums over networks; `kernel` has no output bias."""
    if estimator == "published":
        return published_sums(outputs)
    if estimator == "pooled":
        return pooled_sums(hidden)
    return rao_blackwell_sums(hidden, weight_variance=net.weight_variance, reference=kernel)


def connected_of(
    estimator: str, net: Net, kernel: Float[np.ndarray, "k k"], sums: Mapping[str, np.ndarray], count: int
) -> dict[str, np.ndarray]:
    """The connected functions that an estimator finds in its sums over `count` networks, packed.

    The 2-point function is that of the outputs for the published one, and without the output bias for the others.
    """
    if estimator == "published":
        return published_connected(sums, count, kernel + net.bias_variance)
    if estimator == "pooled":
        width = net.widths[1]
        return pooled_connected(sums, count, points=len(kernel), width=width, weight_variance=net.weight_variance)
    return rao_blackwell_connected(sums, count, kernel)
