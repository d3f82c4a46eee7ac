"""Moments of a hidden unit, M_{a1...an} = E[s(z_a1) ... s(z_an)] with z ~ N(0, q).

All correlation functions of a network with one hidden layer are finite combinations of them, at every
width. The way to compute them follows from the activation:

    gauss    closed form      M = exp( (1/2) SUM_ij q_{ai aj} - SUM_i q_{ai ai} )
    linear   Wick's theorem
    erf      Plackett's identity: a one-dimensional (n = 4) or two-dimensional (n = 6) integral
    others   n = 2: a two-dimensional integral for each pair; n = 4, 6: a quadrature rule shared by all points
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import mul

import numpy as np
from jaxtyping import Float64

from netphysics.fields.interactions.erf_moments import erf_moments
from netphysics.fields.interactions.gaussian_rules import Rule, factor, random_rules, refinements
from netphysics.fields.kernels import Elementwise, Kinks, activation_values, hidden_two_point, panel_two_point
from netphysics.stats import (
    half_positions,
    multi_indices,
    pack,
    packed_positions,
    wick_sum,
)

Array = np.ndarray

ORDERS = (2, 4, 6)
_SETTLED, _ROUNDING = 1e-10, 1e-15
# Points of a rule taken at a time: the products of their values stay below 30 MB for six-point functions.
_CHUNK = 1 << 13


@dataclass(frozen=True)
class Moments:
    """Packed symmetric moments of one order, in the order of `multi_indices`, and their numerical error."""

    values: Float64[Array, " m"]
    error: Float64[Array, " m"]


def hidden_moments(
    covariance: Float64[Array, "k k"],
    activation: str | Elementwise,
    order: int,
    *,
    kinks: Kinks = (),
) -> Moments:
    """All moments of the given order, 2, 4 or 6, of hidden units with preactivation covariance q.

    `activation` is "erf", "relu", "gauss" (s(z_a) = exp(z_a - q_aa)), "linear" or an elementwise numpy
    function with jumps, of itself or a derivative, at `kinks`. The error is an estimate: zero for closed
    forms, the difference of two rules for quadrature, the standard error of independent scramblings where
    the rank of q leaves only quasi-Monte Carlo.

    Raises ValueError for other orders or activations, and when q is no covariance.
    """
    if order not in ORDERS:
        raise ValueError(f"order is {order}; hidden moments are implemented for {ORDERS}.")
    root = factor(covariance)
    points = len(covariance)
    indices = multi_indices(points, order)
    if activation == "gauss":
        summed = np.sum(covariance[indices[:, :, None], indices[:, None, :]], axis=(1, 2))
        return _exact(np.exp(summed / 2 - np.sum(np.diag(covariance)[indices], axis=1)))
    if activation == "linear":
        return _exact(wick_sum(pack(covariance), order, points))
    if order == 2:
        variance = np.diag(covariance)[indices]
        pairs = pack(covariance), variance[:, 0], variance[:, 1]
        if not callable(activation):
            return _exact(hidden_two_point(*pairs, activation))
        return _refined(_panel_two_points(activation, pairs, kinks), points, order)
    if activation == "erf":
        return Moments(*erf_moments(covariance, indices))

    function, known_kinks = activation_values(activation)
    rules = refinements(root, kinks or known_kinks)
    if rules is not None:
        return _refined((_rule_moments(rule, function, order) for rule in rules), points, order)
    # The relu of a multiple is the multiple of the relu: its moments of order n are homogeneous.
    scramblings = random_rules(root, degree=order if activation == "relu" else 0)
    samples = np.stack([_rule_moments(rule, function, order) for rule in scramblings])
    return Moments(samples.mean(axis=0), samples.std(axis=0, ddof=1) / np.sqrt(len(samples)))


def _exact(values: Float64[Array, " m"]) -> Moments:
    return Moments(values, np.zeros_like(values))


def _refined(approximations: Iterator[Float64[Array, " m"]], points: int, order: int) -> Moments:
    """Go through finer and finer approximations until they settle; the error is the last change.

    There is one relative error for all moments, as single changes vanish by accident. It is relative to the
    product of the sizes E[s_a^n]^{1/n} of the factors, which bounds a moment.
    """
    own = packed_positions(np.tile(np.arange(points)[:, None], order), points)
    indices = multi_indices(points, order)
    coarse = next(approximations)
    for fine in approximations:
        size = np.prod((np.abs(fine[own]) ** (1 / order))[indices], axis=1)
        change = np.max(np.abs(fine - coarse)[size > 0] / size[size > 0], initial=0.0)
        if change < _SETTLED:
            break
        coarse = fine
    return Moments(fine, (change + _ROUNDING) * size)


def _panel_two_points(
    activation: Elementwise, pairs: tuple[Float64[Array, " m2"], ...], kinks: Kinks
) -> Iterator[Float64[Array, " m2"]]:
    for nodes in (8, 12, 18):
        entries = zip(*pairs, strict=True)
        yield np.array([panel_two_point(activation, *entry, kinks, nodes) for entry in entries])


def _rule_moments(rule: Rule, function: Elementwise, order: int) -> Float64[Array, " m"]:
    """The Gram matrix of all products of order n/2 holds every moment of order n."""
    points = len(rule.points)
    halves = multi_indices(points, order // 2)
    gram = np.zeros((len(halves), len(halves)))
    for start in range(0, rule.weights.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        values = function(rule.points[:, part])
        products = reduce(mul, (values[column] for column in halves.T))
        gram += (products * rule.weights[part]) @ products.T
    return gram[half_positions(points, order)]
