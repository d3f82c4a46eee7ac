r"""Where the signals of a wide network go, and how fast: fixed points, susceptibilities and phases.

The kernel of one input is mapped by each layer to $K' = C_b + C_W\langle\sigma^2\rangle$. At a fixed point K* two
numbers say what the next layer does to a small difference of two inputs: to one of their norms,
$\chi_\parallel = C_W\,\partial_K\langle\sigma^2\rangle$, and to their angle (and to gradients),
$\chi_\perp = C_W\langle\sigma'^2\rangle$. Both decay or grow over the correlation lengths
$\xi = 1/|\ln\chi|$. Below $\chi_\perp = 1$ all inputs become alike (ordered), above it nearly equal inputs are torn
apart and gradients explode (chaotic).

Sources: Poole et al., arXiv:1606.05340, and Schoenholz et al., arXiv:1611.01232, for the phases; Roberts, Yaida and
Hanin, arXiv:2106.10165, chapter 5, for the pair of susceptibilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float64
from scipy.interpolate import CubicHermiteSpline

from .averages import Choice, averages

Array = float | Float64[np.ndarray, "..."]
Pairs = Float64[np.ndarray, " pairs"]

# Kernels on which the map is tabulated; above, it is continued as a straight line.
KERNELS = np.geomspace(1e-12, 300, 1601)
LARGEST_KERNEL = 1e12
# Smaller fixed points are zero: 1e-6 layers on, one at criticality would be as small.
SMALLEST_KERNEL = 1e-6
# A kernel stays that a layer changes by less than this part of itself. Next to criticality the published
# variances, of nine digits, leave as much.
STANDSTILL, NEARLY_CRITICAL = 1e-13, 1e-7
# A map that bends less than this is a straight line.
FLAT = 1e-6
# Layers that are followed one by one, and steps of Newton's method from there.
LAYERS, STEPS, TANGENT_STEPS = 200, 200, 5
# Longer correlation lengths than this many layers count as infinite.
ENDLESS = 1000.0
LARGEST_VARIANCE = 1e6


@dataclass(frozen=True)
class Susceptibility:
    """What layers do to small differences of two inputs of kernel K; all arrays have one shape.

    Attributes:
        kernel: K; a fixed point can be 0, where signals vanish, or infinite, where they explode.
        parallel: χ_∥, the factor by which a layer multiplies a difference of norms.
        perpendicular: χ_⊥, the factor by which it multiplies the square of a small angle, or of a gradient.
    """

    kernel: Array
    parallel: Array
    perpendicular: Array

    @property
    def norm_length(self) -> Array:
        """ξ_∥ in layers, infinite at criticality."""
        return _length(self.parallel)

    @property
    def angle_length(self) -> Array:
        """ξ_⊥ in layers, infinite at criticality."""
        return _length(self.perpendicular)

    @property
    def distance(self) -> Array:
        """Distance to criticality: the inverse of the shorter correlation length, 0 where both are infinite."""
        return 1 / np.minimum(self.norm_length, self.angle_length)

    @property
    def phase(self) -> np.ndarray:
        """`ordered`, `chaotic`, or `critical` where angles are remembered for more than 1000 layers."""
        phase = np.where(np.asarray(self.perpendicular) < 1, "ordered", "chaotic")
        return np.where(self.angle_length > ENDLESS, "critical", phase)


def _length(factor: Array) -> Array:
    with np.errstate(divide="ignore"):
        return 1 / np.abs(np.log(np.abs(factor)))


def susceptibility(activation: Choice, weight_variance: Array, kernel: Array) -> Susceptibility:
    """χ_∥ and χ_⊥ of a layer whose preactivations have the variance `kernel`, with C_W = `weight_variance`.

    Raises:
        ValueError: for a variance that is not positive and at most 1e6, or what `averages` refuses.
    """
    _check_variances(weight_variance, 0.0)
    kernel = np.broadcast_to(kernel, np.broadcast_shapes(np.shape(kernel), np.shape(weight_variance))).astype(float)
    mean = averages(activation, kernel)
    return Susceptibility(kernel, weight_variance * mean.square_rate, weight_variance * mean.slope_square)


def fixed_point(
    activation: Choice, weight_variance: Array, bias_variance: Array = 0.0, start: float = 1.0
) -> Susceptibility:
    """The kernel K* that a signal of kernel `start` flows to, and the susceptibilities there.

    `weight_variance` C_W and `bias_variance` C_b broadcast, so that a phase diagram is one call. A kernel that no
    layer changes, as that of a critical relu net, is its own fixed point. K* is 0 where signals vanish (below
    1e-12 of a finite scale) and infinite where they explode.

    Raises:
        ValueError: for a variance that is not in 0 ... 1e6, a weight variance of zero, or an activation that is
            not finite and continuous.
    """
    _check_variances(weight_variance, bias_variance)
    shape = np.broadcast_shapes(np.shape(weight_variance), np.shape(bias_variance))
    weight, bias = (np.broadcast_to(each, shape).ravel() for each in (weight_variance, bias_variance))
    curve = kernel_map(activation)
    kernel = _destinations(curve, weight.astype(float), bias.astype(float), start)
    inside = np.clip(kernel, KERNELS[0], KERNELS[-1])
    chi = [np.reshape(weight * each(inside), shape) for each in (curve.rate, curve.slope_square)]
    return Susceptibility(kernel.reshape(shape), *chi)


@dataclass(frozen=True)
class KernelMap:
    """<s²>, its derivative and <s'²> as functions of the kernel, for one activation."""

    square: CubicHermiteSpline
    rate: CubicHermiteSpline
    slope_square: CubicHermiteSpline


@lru_cache(maxsize=32)
def kernel_map(activation: Choice) -> KernelMap:
    """The averages of an activation that map kernels, on 1e-12 < K < 300, to about 1e-9."""
    mean = averages(activation, KERNELS)
    return KernelMap(
        *(
            CubicHermiteSpline(KERNELS, value, rate)
            for value, rate in (
                (mean.square, mean.square_rate),
                (mean.square_rate, mean.square_bend),
                (mean.slope_square, mean.slope_square_rate),
            )
        )
    )


def _destinations(curve: KernelMap, weight: Pairs, bias: Pairs, start: float) -> Pairs:
    """K* for each pair of variances: layer by layer, then by those steps of Newton's method that go the same way."""
    kernel = np.full(weight.size, start)
    for step in range(LAYERS + STEPS):
        change, rate = _change(curve, weight, bias, kernel)
        moving = np.abs(change) > kernel * np.where(np.abs(1 - rate) < 1e-3, NEARLY_CRITICAL, STANDSTILL)
        if not moving.any():
            break
        ahead = np.where((step < LAYERS) | (rate >= 1), change, change / np.where(rate < 1, 1 - rate, 1))
        moved = np.clip(kernel + ahead, kernel / 2, 2 * kernel)
        kernel = np.where(moving, np.clip(moved, KERNELS[0], LARGEST_KERNEL), kernel)
    # At a half-stable point the map touches the diagonal: where its slope is one.
    tangent = kernel
    for _ in range(TANGENT_STEPS):
        inside = np.minimum(tangent, KERNELS[-1])
        bend = weight * curve.rate(inside, 1)
        step = (1 - weight * curve.rate(inside)) / np.where(np.abs(bend) * inside < FLAT, np.inf, bend)
        tangent = tangent + np.where(np.abs(step) < tangent / 10, step, 0.0)
    touches = np.abs(_change(curve, weight, bias, tangent)[0]) < NEARLY_CRITICAL * tangent
    kernel = np.where(touches, tangent, kernel)
    kernel = np.where(moving & (change > 0), np.inf, kernel)
    return np.where((moving & (change < 0)) | (kernel < SMALLEST_KERNEL), 0.0, kernel)


def _change(curve: KernelMap, weight: Pairs, bias: Pairs, kernel: Pairs) -> tuple[Pairs, Pairs]:
    """K' - K and dK'/dK."""
    inside = np.minimum(kernel, KERNELS[-1])
    rate = weight * curve.rate(inside)
    return bias + weight * curve.square(inside) + rate * (kernel - inside) - kernel, rate


def _check_variances(weight_variance: Array, bias_variance: Array) -> None:
    for name, values in (("weight_variance", weight_variance), ("bias_variance", bias_variance)):
        values = np.ravel(values)
        wrong = ~((values >= 0) & (values <= LARGEST_VARIANCE))
        if name == "weight_variance":
            wrong |= values == 0
        if wrong.any():
            raise ValueError(f"{name} is {values[wrong][0]:g}; it must lie between 0 and {LARGEST_VARIANCE:g}")
