"""Moments of a hidden unit, M_{a1...an} = E[s(z_a1) ... s(z_an)] with z ~ N(0, q).

All correlation functions of a network with one hidden layer are finite combinations of them, at every
width. The way to compute them follows from the activation:

    gauss    closed form      M = exp( (1/2) SUM_ij q_{ai aj} - SUM_i q_{ai ai} )
    linear   Wick's theorem
    erf      Plackett's identity: a one-dimensional (n = 4) or two-dimensional (n = 6) integral
    others   n = 2: Mehler's formula; n = 4, 6: a quadrature rule shared by all points
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import mul

import numpy as np
from jaxtyping import Float64

from netphysics.fields.interactions.erf_moments import erf_moments
from netphysics.fields.interactions.gaussian_rules import Rule, factor, random_rules, refinements
from netphysics.fields.kernels import is_scale_invariant
from netphysics.fields.mehler import numerical_two_point, values
from netphysics.nets import Activation, activation
from netphysics.stats import (
    half_positions,
    multi_indices,
    pack,
    packed_positions,
    wick_sum,
)

Array = np.ndarray

ORDERS = (2, 4, 6)
ERF, GAUSS, LINEAR = map(activation, ("erf", "gauss", "linear"))
_SETTLED, _ROUNDING = 1e-10, 2.5e-15
# Points of a rule taken at a time: the products of their values stay below 30 MB for six-point functions.
_CHUNK = 1 << 13


@dataclass(frozen=True)
class Moments:
    """Packed symmetric moments of one order, in the order of `multi_indices`, and their numerical error."""

    values: Float64[Array, " m"]
    error: Float64[Array, " m"]


def hidden_moments(covariance: Float64[Array, "k k"], activation: Activation, order: int) -> Moments:
    """All moments of the given order, 2, 4 or 6, of hidden units with preactivation covariance q.

    The error is an estimate: zero for closed forms, extrapolated from the differences of rules for quadrature, the
    standard error of independent scramblings where the rank of q leaves only quasi-Monte Carlo.

    Raises ValueError for other orders, and when q is no covariance.
    """
    if order not in ORDERS:
        raise ValueError(f"order is {order}; hidden moments are implemented for {ORDERS}.")
    root = factor(covariance)
    points = len(covariance)
    indices = multi_indices(points, order)
    if activation == GAUSS:
        summed = np.sum(covariance[indices[:, :, None], indices[:, None, :]], axis=(1, 2))
        return _exact(np.exp(summed / 2 - np.sum(np.diag(covariance)[indices], axis=1)))
    if activation == LINEAR:
        return _exact(wick_sum(pack(covariance), order, points))
    variance = np.diag(covariance)
    if order == 2:
        laws = variance[indices[:, 0]], pack(covariance), variance[indices[:, 1]]
        if activation.product is not None:
            return _exact(np.asarray(activation.product(*laws)))
        return Moments(*numerical_two_point(activation, *laws))
    if activation == ERF:
        return Moments(*erf_moments(covariance, indices))

    def moments(rule: Rule) -> Float64[Array, " m"]:
        return _rule_moments(rule, lambda z: values(activation, z, variance[:, None]), order)

    rules = refinements(root, activation.kinks)
    if rules is not None:
        return _refined(map(moments, rules), points, order)
    # What is linear on both sides of zero is homogeneous, and so are its moments, of degree n.
    scramblings = random_rules(root, degree=order if is_scale_invariant(activation) else 0)
    samples = np.stack([moments(rule) for rule in scramblings])
    return Moments(samples.mean(axis=0), samples.std(axis=0, ddof=1) / np.sqrt(len(samples)))


def _exact(values: Float64[Array, " m"]) -> Moments:
    return Moments(values, np.zeros_like(values))


def _refined(approximations: Iterator[Float64[Array, " m"]], points: int, order: int) -> Moments:
    """Go through finer and finer approximations until they settle.

    There is one relative error for all moments, as single changes vanish by accident. It is relative to the
    product of the sizes E[s_a^n]^{1/n} of the factors, which bounds a moment.
    """
    own = packed_positions(np.tile(np.arange(points)[:, None], order), points)
    indices = multi_indices(points, order)
    coarse, changes = next(approximations), []
    for fine in approximations:
        size = np.prod((np.abs(fine[own]) ** (1 / order))[indices], axis=1)
        changes.append(float(np.max(np.abs(fine - coarse)[size > 0] / size[size > 0], initial=0.0)))
        if changes[-1] < _SETTLED:
            break
        coarse = fine
    return Moments(fine, (_remaining(changes) + _ROUNDING) * size)


def _remaining(changes: list[float]) -> float:
    """The relative error of the last of a row of approximations, from how much each changed the one before.

    A change is the error of the coarser of two. Errors of these rules fall at least geometrically from one rule to the
    next, each having a third or a half more points a side, so that the last one is smaller than its change by the
    ratio of the last two changes; of a single change, by that of the change and 1, over a step from nothing that is
    three times as long.
    """
    last = changes[-1]
    ratio = last / changes[-2] if len(changes) > 1 and changes[-2] > 0 else last ** (1 / 3)
    return last * min(1.0, ratio)


def _rule_moments(rule: Rule, function: Callable[[np.ndarray], np.ndarray], order: int) -> Float64[Array, " m"]:
    """The Gram matrix of all products of order n/2 holds every moment of order n."""
    points = len(rule.points)
    halves = multi_indices(points, order // 2)
    gram = np.zeros((len(halves), len(halves)))
    for start in range(0, rule.weights.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        hidden = function(rule.points[:, part])
        products = reduce(mul, (hidden[column] for column in halves.T))
        gram += (products * rule.weights[part]) @ products.T
    return gram[half_positions(points, order)]
