r"""Critical variances of any activation: where both susceptibilities are 1, and why some have none.

$\chi_\parallel = \chi_\perp = 1$ at a fixed point K* is three equations for $(C_b, C_W, K^*)$:

$\partial_K\langle\sigma^2\rangle = \langle\sigma'^2\rangle$, $\quad C_W = 1/\langle\sigma'^2\rangle$,
$\quad C_b = K^* - C_W\langle\sigma^2\rangle \ge 0$.

Source: Roberts, Yaida and Hanin, arXiv:2106.10165, chapter 5, for the classes of smooth activations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from jaxtyping import Float64
from scipy.optimize import brentq

from ...nets import Activation
from ...nets import activation as as_activation
from ..kernels import is_scale_invariant
from .averages import Choice, averages
from .criticality import KERNELS

Class = Literal["scale-invariant", "vanishing", "half-stable", "none"]

# Where an activation counts as its Taylor polynomial, separately on both sides of zero.
SMALL_KERNEL, SMALL = 1e-6, 1e-12
# Half-stable points are looked for here, in units in which activations bend near |z| = 1.
SEARCH = np.geomspace(1e-4, 300, 401)
# Smaller differences of the two susceptibilities have no sign.
ROUNDING = 1e-9


@dataclass(frozen=True)
class CriticalPoint:
    """Where a net of one activation is critical, and how it gets there.

    Attributes:
        kind: `scale-invariant`, every kernel is a fixed point; `vanishing`, kernels fall to K* = 0 like a
            power of depth; `half-stable`, they fall to K* > 0 from above and away from it below; `none`.
        bias_variance: C_b; None if there is no critical point.
        weight_variance: C_W; None if there is no critical point.
        kernel: K*; None if every kernel or none will do.
        reason: one sentence: why it is of its kind.
    """

    kind: Class
    bias_variance: float | None
    weight_variance: float | None
    kernel: float | None
    reason: str

    @property
    def variances(self) -> tuple[float, float]:
        """C_W and C_b.

        Raises:
            ValueError: where there is no critical point, saying why.
        """
        if self.weight_variance is None or self.bias_variance is None:
            raise ValueError(f"there are no critical variances: {self.reason}")
        return self.weight_variance, self.bias_variance


def critical_point(choice: Choice) -> CriticalPoint:
    """The critical variances of an activation, its class, and the reason.

    Raises:
        ValueError: for an activation that is not known, or not finite and continuous.
    """
    return _critical_point(as_activation(choice))


@lru_cache(maxsize=64)
def _critical_point(activation: Activation) -> CriticalPoint:
    name = activation.name
    if is_scale_invariant(activation):
        slopes = activation.derivatives(np.array([-1.0, 1.0]))[1]
        weight = 2 / float(np.sum(slopes**2))
        reason = f"{name} is linear on both sides of zero: at C_W = {weight:.6g} every kernel stays"
        return CriticalPoint("scale-invariant", 0.0, weight, None, reason)
    origin = averages(activation, np.array([SMALL_KERNEL]))
    at_zero = float(activation.derivatives(np.zeros(1))[0][0])
    slope = _slope_at_zero(activation)
    if abs(at_zero) < SMALL and slope > 1e-6 and origin.square[0] <= slope * SMALL_KERNEL * (1 + ROUNDING):
        reason = f"{name}(0) = 0 and kernels do not grow at C_W = 1/s'(0)^2 = {1 / slope:.6g}: K* = 0 is stable"
        return CriticalPoint("vanishing", 0.0, 1 / slope, 0.0, reason)
    found = half_stable_points(activation)
    for kernel, weight, bias in found:
        if bias >= 0:
            reason = f"both susceptibilities of {name} are 1 at K* = {kernel:.6g}, stable from above only"
            return CriticalPoint("half-stable", bias, weight, kernel, reason)
    return CriticalPoint("none", None, None, None, _why_none(activation, found, at_zero, slope))


def half_stable_points(activation: Activation) -> list[tuple[float, float, float]]:
    """Every (K*, C_W, C_b) with K* in 1e-4 ... 300 at which both susceptibilities are 1; C_b may be negative."""

    def excess(logarithm: float | np.ndarray) -> np.ndarray:
        mean = averages(activation, np.exp(np.atleast_1d(logarithm)))
        return mean.square_rate / mean.slope_square - 1

    values = excess(np.log(SEARCH))
    found = []
    values[np.abs(values) < ROUNDING] = 0
    for i in np.flatnonzero(values[:-1] * values[1:] < 0):
        root = brentq(lambda x: float(excess(x)[0]), *np.log(SEARCH[i : i + 2]), xtol=1e-14)
        kernel = float(np.exp(root))
        mean = averages(activation, np.array([kernel]))
        weight = float(1 / mean.slope_square[0])
        found.append((kernel, weight, kernel - weight * float(mean.square[0])))
    return found


def edge_of_chaos(activation: Choice) -> tuple[Float64[np.ndarray, " k"], Float64[np.ndarray, " k"]]:
    r"""The line $\chi_\perp = 1$ in the plane of variances: arrays of C_W and C_b, in the order of growing kernels.

    Every kernel K of a grid is a fixed point on the line for $C_W = 1/\langle\sigma'^2\rangle$ and
    $C_b = K - C_W\langle\sigma^2\rangle$; those with $C_b \ge 0$ are returned.
    """
    kernel = KERNELS[KERNELS >= SMALL_KERNEL]
    mean = averages(activation, kernel)
    weight = 1 / mean.slope_square
    bias = kernel - weight * mean.square
    # At a fixed point that is not stable nothing stays.
    there = (bias >= -ROUNDING * kernel) & (weight * np.abs(mean.square_rate) <= 1 + ROUNDING)
    return weight[there], np.maximum(bias[there], 0.0)


def _slope_at_zero(activation: Activation) -> float:
    """The mean of s'² over both sides of zero."""
    return float(np.mean(activation.derivatives(np.array([-SMALL, SMALL]))[1] ** 2))


def _why_none(activation: Activation, found: list[tuple[float, float, float]], at_zero: float, slope: float) -> str:
    name = activation.name
    if found:
        kernel, weight, bias = max(found, key=lambda point: point[2])
        return f"{name} at K* = {kernel:.4g} with C_W = {weight:.4g} would need C_b = {bias:.4g}, a negative variance"
    mean = averages(activation, SEARCH)
    ratio = mean.square_rate / mean.slope_square
    if slope > 0 and abs(ratio[0] - 1) < 0.01:
        bias = -(at_zero**2) / slope
        return f"{name} has chi_par = chi_perp only as K -> 0, where C_W = {1 / slope:.4g} would need C_b = {bias:.4g}"
    side = ">" if ratio[0] > 1 else "<"
    at_one = float(np.interp(1.0, SEARCH, ratio))
    return f"{name} has chi_par / chi_perp {side} 1 at all kernels ({at_one:.3g} at K = 1): no C_W makes both 1"
