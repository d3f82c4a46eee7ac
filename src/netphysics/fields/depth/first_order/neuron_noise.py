r"""What one neuron adds to the fluctuations of the next layer: covariances of products of its values at two inputs.

Of $g_{ab} = \sigma^{(m)}_a\sigma^{(p)}_b$ the part that is quadratic in the preactivations is known,
$\partial_K\langle g_{ab}\rangle$ times $z z - K$, and so are covariances of such parts. The rest is orthogonal to them;
its covariances are integrals in as many dimensions as there are inputs, up to four by refined rules, beyond by
quasi-random points.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64

from ...interactions.gaussian_rules import Rule, factor, random_rules, refinements
from .pair_moments import PairMoments, Tensor
from .transport import Orders, crossed, respond, respond_last

# Their difference is the error.
SCRAMBLINGS = 2
SETTLED = 1e-9
CHUNK = 2048


def product_covariances(moments: PairMoments, wanted: Sequence[tuple[Orders, Orders]]) -> tuple[list[Tensor], float]:
    """Covariances over one neuron of s^(m)_a s^(p)_b and s^(q)_c s^(r)_d, one tensor for each ((m, p), (q, r)).

    Returns them and the error of the integrals, relative to the largest entry of their tensor.
    """
    known = crossed(moments.kernel)
    rests, deviation = _rests(moments, wanted)
    found, error = [], 0.0
    for (left, right), rest, spread in zip(wanted, rests, deviation, strict=True):
        quadratic = respond_last(moments.response(*right), respond(moments.response(*left), known))
        found.append(quadratic + rest)
        error = max(error, float(spread / np.max(np.abs(found[-1]))))
    return found, error


def _rests(
    moments: PairMoments, wanted: Sequence[tuple[Orders, Orders]]
) -> tuple[Float64[np.ndarray, "wanted k k k k"], Float64[np.ndarray, " wanted"]]:
    """What is not quadratic in the preactivations, and its error, by the best rule there is."""
    root = factor(moments.kernel)[:, ::-1]
    rules = refinements(root, moments.activation.kinks)
    if rules is None:
        sampled = np.stack([_sampled(moments, rule, wanted) for rule in random_rules(root, count=SCRAMBLINGS)])
        spread = sampled.std(axis=0, ddof=1) / np.sqrt(SCRAMBLINGS)
        return sampled.mean(axis=0), np.sqrt(np.mean(spread**2, axis=(1, 2, 3, 4)))
    coarse = _sampled(moments, next(rules), wanted)
    for rule in rules:
        fine = _sampled(moments, rule, wanted)
        change = np.max(np.abs(fine - coarse), axis=(1, 2, 3, 4))
        if np.all(change < SETTLED * np.max(np.abs(fine), axis=(1, 2, 3, 4))):
            break
        coarse = fine
    return fine, change


def _sampled(
    moments: PairMoments, rule: Rule, wanted: Sequence[tuple[Orders, Orders]]
) -> Float64[np.ndarray, "wanted k k k k"]:
    """Mean products of what is not quadratic in the preactivations."""
    k = len(moments.kernel)
    upper = np.triu_indices(k)
    kinds = {orders for pair in wanted for orders in pair}
    totals = [np.zeros((_count(left, k), _count(right, k))) for left, right in wanted]
    for start in range(0, rule.weights.size, CHUNK):
        z, weights = rule.points[:, start : start + CHUNK].T, rule.weights[start : start + CHUNK, None]
        rests = {orders: _rest(moments, z, orders) for orders in kinds}
        # Symmetric products are counted once.
        packed = {(m, p): each[:, *upper] if m == p else each.reshape(len(z), -1) for (m, p), each in rests.items()}
        for total, (left, right) in zip(totals, wanted, strict=True):
            total += (packed[left] * weights).T @ packed[right]
    return np.stack([_unpacked(total, *pair, k) for total, pair in zip(totals, wanted, strict=True)])


def _rest(moments: PairMoments, z: Float64[np.ndarray, "j k"], orders: Orders) -> Float64[np.ndarray, "j k k"]:
    """s^(m)_a s^(p)_b without its mean and what is quadratic."""
    m, p = orders
    values = moments.activation.derivatives(z)
    first, mixed, second = moments.response(m, p)
    square = z**2 - np.diag(moments.kernel)
    quadratic = square[:, :, None] * first + square[:, None] * second
    quadratic += (z[:, :, None] * z[:, None] - moments.kernel) * mixed
    return values[m][:, :, None] * values[p][:, None] - moments.mean(m, p) - quadratic


def _count(orders: Orders, k: int) -> int:
    return k * (k + 1) // 2 if orders[0] == orders[1] else k * k


def _unpacked(mean: Float64[np.ndarray, "p q"], left: Orders, right: Orders, k: int) -> Tensor:
    position = np.zeros((k, k), int)
    position[np.triu_indices(k)] = np.arange(k * (k + 1) // 2)
    symmetric = np.maximum(position, position.T).ravel()
    for axis, (m, p) in enumerate((left, right)):
        if m == p:
            mean = np.take(mean, symmetric, axis=axis)
    return mean.reshape(k, k, k, k)
