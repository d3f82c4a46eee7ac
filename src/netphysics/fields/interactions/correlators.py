"""Connected correlation functions of networks with one hidden layer, exact at every width N.

Given the hidden units the output is Gaussian with the random covariance

    C_ab = C_b + (C_W / N) SUM_i s_i(a) s_i(b),

so the connected functions of the output are those of C. As the N units are independent and alike,

    G2_ab     = C_b + C_W M_ab
    G4c_abcd  = (C_W^2 / N)   [3 M_abcd - SUM_{3 pairings} M M]
    G6c_a...f = (C_W^3 / N^2) [15 M_abcdef - 3 SUM_{15 splits 2|4} M M + 2 SUM_{15 pairings} M M M]

with M the moments of one hidden unit: in general G_{2k}c is a power N^{1-k}, without corrections.
All tensors are packed (see `multi_indices`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from netphysics.fields.interactions.hidden_moments import ORDERS, Moments, hidden_moments
from netphysics.fields.kernels import check_one_hidden_layer, preactivation_covariance
from netphysics.nets import Net
from netphysics.stats import partition_sum

Array = np.ndarray

_ROUNDING = 1e-15


@dataclass(frozen=True)
class Connected:
    """Connected two-, four- and six-point functions with the numerical errors of their quadratures.

    `two` is the full two-point function, bias included; the bias drops out of the others.
    """

    two: Float64[Array, " m2"]
    four: Float64[Array, " m4"]
    six: Float64[Array, " m6"]
    two_error: Float64[Array, " m2"]
    four_error: Float64[Array, " m4"]
    six_error: Float64[Array, " m6"]


def connected_functions(net: Net, inputs: Float64[Array, "k d_in"]) -> Connected:
    """Exact connected functions of the output at k inputs.

    Raises ValueError unless the net has one hidden layer, one output and Gaussian weights.
    """
    covariance = _covariance(net, inputs)
    moments = {order: hidden_moments(covariance, net.activation, order) for order in ORDERS}
    values = {order: moment.values for order, moment in moments.items()}
    width, weight = net.widths[1], net.weight_variance
    connected = connected_from_moments(values, len(inputs), width=width, weight_variance=weight)
    errors = _propagated(moments, len(inputs), width=width, weight_variance=weight)
    return Connected(
        two=net.bias_variance + connected[2],
        four=connected[4],
        six=connected[6],
        two_error=errors[2],
        four_error=errors[4],
        six_error=errors[6],
    )


def connected_four(net: Net, inputs: Float64[Array, "k d_in"]) -> Float64[Array, " m4"]:
    """The exact connected 4-point function alone: a fraction of the cost of all, with the same errors."""
    covariance = _covariance(net, inputs)
    moments = {order: hidden_moments(covariance, net.activation, order).values for order in (2, 4)}
    pairs = partition_sum(moments, (2, 2), len(inputs))
    return net.weight_variance**2 / net.widths[1] * (3 * moments[4] - pairs)


def _covariance(net: Net, inputs: Float64[Array, "k d_in"]) -> Float64[Array, "k k"]:
    check_one_hidden_layer(net)
    if net.widths[-1] != 1:
        raise ValueError(f"the net has {net.widths[-1]} outputs; connected functions are those of one output.")
    return preactivation_covariance(net, inputs)


def connected_from_moments(
    moments: Mapping[int, Float64[Array, " _"]], points: int, *, width: int, weight_variance: float
) -> dict[int, Float64[Array, " _"]]:
    """The law above, from moments of orders 2, 4, 6 to bias-free connected functions of the same orders."""
    if width < 1:
        raise ValueError(f"width is {width}; a network needs at least one hidden unit.")
    pairs, splits, triples = _products(moments, points)
    return {
        2: weight_variance * moments[2],
        4: weight_variance**2 / width * (3 * moments[4] - pairs),
        6: weight_variance**3 / width**2 * (15 * moments[6] - 3 * splits + 2 * triples),
    }


def full_from_connected(connected: Mapping[int, Float64[Array, " _"]], points: int) -> dict[int, Float64[Array, " _"]]:
    """Full moments G2, G4, G6 of a field without odd moments, as sums over partitions.

    G4 = G4c + SUM_3 G2 G2 and G6 = G6c + SUM_15 G2 G4c + SUM_15 G2 G2 G2.
    """
    pairs, splits, triples = _products(connected, points)
    return {2: connected[2], 4: connected[4] + pairs, 6: connected[6] + splits + triples}


def _products(
    moments: Mapping[int, Float64[Array, " _"]], points: int
) -> tuple[Float64[Array, " m4"], Float64[Array, " m6"], Float64[Array, " m6"]]:
    pairs, splits, triples = (partition_sum(moments, sizes, points) for sizes in ((2, 2), (2, 4), (2, 2, 2)))
    return pairs, splits, triples


def _propagated(
    moments: Mapping[int, Moments], points: int, *, width: int, weight_variance: float
) -> dict[int, Float64[Array, " _"]]:
    """Errors of the law in the worst case: all moments off by their errors, and rounding, in one sense."""
    sizes = {order: np.abs(moment.values) for order, moment in moments.items()}
    errors = {order: moments[order].error + _ROUNDING * sizes[order] for order in ORDERS}
    beyond = _products({order: sizes[order] + errors[order] for order in ORDERS}, points)
    pairs, splits, triples = (far - near for far, near in zip(beyond, _products(sizes, points), strict=True))
    return {
        2: weight_variance * errors[2],
        4: weight_variance**2 / width * (3 * errors[4] + pairs),
        6: weight_variance**3 / width**2 * (15 * errors[6] + 3 * splits + 2 * triples),
    }
