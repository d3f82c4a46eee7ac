r"""What one neuron adds to the fluctuations of the next layer: covariances of products of its values at two inputs.

Of $g_{ab} = \sigma^{(m)}_a\sigma^{(p)}_b$ the part that is quadratic in the preactivations is known,
$\partial_K\langle g_{ab}\rangle$ times $z z - K$, and so are covariances of such parts. The rest is orthogonal to them;
its covariances are integrals in as many dimensions as there are independent inputs, up to three by refined rules,
beyond by quasi-random points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64, Int

from ...interactions.gaussian_rules import Rule, factor, random_rules, refinements
from .pair_moments import PairMoments, Tensor
from .transport import Orders, crossed, respond, respond_last

# Scramblings of the quasi-random points; their differences are the error. So many inputs get the fewest, and fewer
# inputs as many more as take no longer, up to the most.
FEWEST, MOST, MANY = 2, 32, 32
SETTLED = 1e-9
# In four dimensions a lattice that is fine enough has too many points.
MOST_REFINED = 3
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
    rules = refinements(root, moments.activation.kinks) if root.shape[1] <= MOST_REFINED else None
    if rules is None:
        count = int(np.clip(FEWEST * (MANY / len(root)) ** 4, FEWEST, MOST))
        sampled = np.stack([_sampled(moments, rule, wanted, np.float32) for rule in random_rules(root, count=count)])
        spread = sampled.std(axis=0, ddof=1) / np.sqrt(count)
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
    moments: PairMoments, rule: Rule, wanted: Sequence[tuple[Orders, Orders]], kind: type[np.floating] = np.float64
) -> Float64[np.ndarray, "wanted k k k k"]:
    """Mean products of what is not quadratic in the preactivations, multiplied in that precision."""
    products = {orders: _Product.of(moments, orders, kind) for pair in wanted for orders in pair}
    totals = [np.zeros((products[left].count, products[right].count)) for left, right in wanted]
    for start in range(0, rule.weights.size, CHUNK):
        z, weights = rule.points[:, start : start + CHUNK].T, rule.weights[start : start + CHUNK, None]
        derivatives = [each.astype(kind) for each in moments.activation.derivatives(z)]
        rests = {orders: each.rest(z.astype(kind), derivatives) for orders, each in products.items()}
        for total, (left, right) in zip(totals, wanted, strict=True):
            total += (rests[left] * weights.astype(kind)).T @ rests[right]
    return np.stack(
        [
            total[products[left].position][:, :, products[right].position]
            for total, (left, right) in zip(totals, wanted, strict=True)
        ]
    )


@dataclass(frozen=True)
class _Product:
    """s^(m)_a s^(p)_b for those pairs (a, b) that differ, in one precision.

    Attributes:
        pairs: a and b.
        position: where in `pairs` the pair (a, b) is.
        coefficients: K_aa, K_ab and K_bb, the mean, and the response to each kernel.
    """

    orders: Orders
    pairs: tuple[np.ndarray, np.ndarray]
    position: Int[np.ndarray, "k k"]
    coefficients: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, moments: PairMoments, orders: Orders, kind: type[np.floating]) -> _Product:
        k, (m, p) = len(moments.kernel), orders
        a, b = np.triu_indices(k) if m == p else np.divmod(np.arange(k * k), k)
        position = np.zeros((k, k), int)
        position[a, b] = np.arange(len(a))
        if m == p:
            position[b, a] = position[a, b]
        variance = np.diag(moments.kernel)
        known = (variance[a], moments.kernel[a, b], variance[b], moments.mean(m, p)[a, b])
        response = (each[a, b] for each in moments.response(m, p))
        return cls(orders, (a, b), position, tuple(each.astype(kind) for each in (*known, *response)))

    @property
    def count(self) -> int:
        return len(self.pairs[0])

    def rest(self, z: Float[np.ndarray, "j k"], derivatives: list[np.ndarray]) -> Float[np.ndarray, "j pairs"]:
        """The product without its mean and what is quadratic in z."""
        (m, p), (a, b) = self.orders, self.pairs
        K_aa, K_ab, K_bb, mean, first, mixed, second = self.coefficients
        square = z**2
        constant = mean - first * K_aa - mixed * K_ab - second * K_bb
        quadratic = square[:, a] * first + z[:, a] * z[:, b] * mixed + square[:, b] * second
        return derivatives[m][:, a] * derivatives[p][:, b] - quadratic - constant
