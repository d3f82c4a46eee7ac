r"""Averages of derivatives of an activation at two inputs, for all pairs of many inputs at once.

With $c_k$ the Hermite coefficients of $\sigma$ at an input's kernel, those of its m-th derivative are
$c^{(m)}_k = \sqrt{(k+m)!/k!}\;c_{k+m}/K^{m/2}$, and by Mehler's formula

$\langle\sigma^{(m)}_a\sigma^{(p)}_b\rangle = \sum_k c^{(m)}_{k,a}\,c^{(p)}_{k,b}\,\rho_{ab}^k$.

No derivative is evaluated, and a change of the kernel only raises the orders m and p.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from ....nets import Activation
from ...mehler import hermite_coefficients
from ..averages import Averages, averages

Matrix = Float64[np.ndarray, "k k"]
Tensor = Float64[np.ndarray, "k k k k"]

TERMS = 768


class Response(NamedTuple):
    """Derivatives of a pair's average by K_aa, K_ab and K_bb, each for all pairs (a, b)."""

    first: Matrix
    mixed: Matrix
    second: Matrix


class PairMoments:
    """Averages over the preactivations of one layer, z ~ N(0, K), of products of derivatives at two inputs.

    At a kink the averages <s s> and <s' s'> and what follows from them are right; on the diagonal they are taken from
    one-dimensional integrals, since there the series does not converge.
    """

    def __init__(self, activation: Activation, kernel: Matrix) -> None:
        self.activation, self.kernel = activation, kernel
        self.size = np.sqrt(np.diag(kernel))
        distinct, where = np.unique(np.diag(kernel), return_inverse=True)
        self._coefficients = hermite_coefficients(activation, distinct, TERMS)[0][:, where]
        correlation = np.clip(kernel / np.outer(self.size, self.size), -1, 1)
        self._powers = correlation ** np.arange(TERMS)[:, None, None]
        self._known: dict[tuple[int, int], Matrix] = {}
        self._own = averages(activation, np.diag(kernel).copy()) if activation.kinks else None

    def mean(self, m: int, p: int) -> Matrix:
        """The averages <s^(m)_a s^(p)_b>."""
        if (m, p) not in self._known:
            if (p, m) in self._known:
                return self._known[p, m].T
            terms = TERMS - max(m, p)
            left, right = self._derivative(m)[:terms], self._derivative(p)[:terms]
            value = np.einsum("ja,jb,jab->ab", left, right, self._powers[:terms])
            if self._own is not None:
                np.fill_diagonal(value, _diagonal(self._own, m, p))
            self._known[m, p] = value
        return self._known[m, p]

    def response(self, m: int, p: int) -> Response:
        """How <s^(m)_a s^(p)_b> answers to the kernel: a derivative by K_aa is half a second one by z_a."""
        answer = Response(self.mean(m + 2, p) / 2, self.mean(m + 1, p + 1).copy(), self.mean(m, p + 2) / 2)
        if self._own is not None:
            own = {(0, 0): self._own.square_rate, (1, 1): self._own.slope_square_rate}[m, p]
            for part, value in zip(answer, (own, 0.0, 0.0), strict=True):
                np.fill_diagonal(part, value)
        return answer

    def bent(self, m: int, p: int, fluctuation: Tensor) -> Matrix:
        """Half the second derivative of <s^(m)_a s^(p)_b> by the kernel, summed with a covariance of the kernel."""
        V = fluctuation
        joint = {
            (4, 0): np.einsum("aaaa->a", V)[:, None] / 8,
            (3, 1): np.einsum("aaab->ab", V) / 2,
            (2, 2): np.einsum("aabb->ab", V) / 4 + np.einsum("abab->ab", V) / 2,
            (1, 3): np.einsum("abbb->ab", V) / 2,
            (0, 4): np.einsum("bbbb->b", V)[None] / 8,
        }
        total = sum((self.mean(m + i, p + j) * each for (i, j), each in joint.items()), np.zeros_like(self.kernel))
        if self._own is not None:
            own = {(0, 0): self._own.square_bend, (1, 1): self._own.slope_square_bend}[m, p]
            np.fill_diagonal(total, own * np.einsum("aaaa->a", V) / 2)
        return total

    def _derivative(self, order: int) -> Float64[np.ndarray, "terms k"]:
        """Hermite coefficients of that derivative."""
        coefficients = self._coefficients
        for _ in range(order):
            coefficients = coefficients[1:] * np.sqrt(np.arange(1, len(coefficients)))[:, None] / self.size
        return coefficients


def _diagonal(own: Averages[np.ndarray], m: int, p: int) -> Float64[np.ndarray, " k"]:
    """<s^(m) s^(p)> at one input. Where a kink makes it infinite it is never used."""
    known = {
        (0, 0): own.square,
        (1, 1): own.slope_square,
        (0, 2): own.square_rate - own.slope_square,
    }
    return known.get((min(m, p), max(m, p)), np.zeros_like(own.square))
