r"""Averages over one preactivation, z ~ N(0, K): all that the theory of one input knows of an activation.

Derivatives by the variance are averages with Hermite polynomials, so that they need no derivative of the
activation and are right at its kinks: with $u = z/\sqrt K$,

$\partial_K\langle f\rangle = \langle f\,(u^2-1)\rangle / 2K$,
$\quad \partial_K^2\langle f\rangle = \langle f\,(u^4-6u^2+3)\rangle / 4K^2$.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from jaxtyping import Array, Float64

from ...nets import Activation
from ...nets import activation as as_activation
from .panels import Table, table

SMALLEST, LARGEST = 1e-60, 1e60
# Standard deviations that are summed: the powers of an activation that are averaged may grow exponentially.
RANGE = 13.0
# Kernels of a chunk are averaged at once: the chunk times the nodes stays in the cache.
CHUNK = 128
# A few tables serve all kernels: their ranges begin and end at multiples of so many octaves.
OCTAVES = 4

# An activation, its name, or an elementwise JAX function.
Choice = Activation | str | Callable[[Array], Array]
# Averages at one kernel are numbers, those at an array of kernels are arrays.
Kernel = TypeVar("Kernel", float, Float64[np.ndarray, "*k"])


@dataclass(frozen=True)
class Averages(Generic[Kernel]):
    """Gaussian averages of an activation s, each of the shape of the kernels K they belong to.

    Derivatives s'' and s''' are taken piece by piece: they have no delta function at a kink, as those of
    automatic differentiation have none.
    """

    square: Kernel
    """<s²>."""
    slope_square: Kernel
    """<s'²>."""
    square_rate: Kernel
    """d<s²>/dK."""
    slope_square_rate: Kernel
    """d<s'²>/dK."""
    square_bend: Kernel
    """d²<s²>/dK²."""
    slope_square_bend: Kernel
    """d²<s'²>/dK²."""
    square_variance: Kernel
    """<s⁴> - <s²>²."""
    slope_square_variance: Kernel
    """<s'⁴> - <s'²>²."""
    covariance: Kernel
    """<s² s'²> - <s²><s'²>."""
    value_curvature: Kernel
    """<s s''>."""
    curvature_square: Kernel
    """<s''²>."""
    slope_third: Kernel
    """<s' s'''>."""
    slope_curvature_rate: Kernel
    """<z s' s''> / K: the mean derivative of s' s''."""
    value_curvature_slopes: Kernel
    """<s s'' s'²>."""
    curvature_slopes: Kernel
    """<s''² s'²>."""
    third_slopes: Kernel
    """<s''' s'³>."""


def averages(choice: Choice, kernel: Kernel) -> Averages[Kernel]:
    """All averages at kernels of any shape, in float64 to about 1e-13.

    Raises:
        ValueError: for an activation that `panels.table` refuses, or a kernel that is not between 1e-60 and
            1e60, or with which powers of the activation overflow.
    """
    activation = as_activation(choice)
    kernels = np.ravel(kernel)
    order = np.argsort(kernels)
    found = np.empty((len(Averages.__dataclass_fields__), kernels.size))
    for start in range(0, kernels.size, CHUNK):
        chunk = order[start : start + CHUNK]
        with np.errstate(over="ignore", invalid="ignore"):
            found[:, chunk] = _chunk(activation, kernels[chunk])
        if not np.isfinite(found[:, chunk]).all():
            raise ValueError(f"activation {activation.name} grows too fast for a kernel of {kernels[chunk[-1]]:g}")
    return Averages(*found.reshape(-1, *np.shape(kernel)))


def covering(activation: Activation, least: float, most: float) -> Table:
    """The table for Gaussians with variances from `least` to `most`."""
    inside = least >= SMALLEST, most <= LARGEST
    if not all(inside):
        wrong = most if inside[0] else least
        raise ValueError(f"the kernel became {wrong:g}; the theory follows kernels from {SMALLEST:g} to {LARGEST:g}")
    reach = RANGE * np.sqrt(most)
    low = OCTAVES * int(np.floor(np.log2(least) / 2 / OCTAVES))
    high = OCTAVES * int(np.ceil(np.log2(reach) / OCTAVES))
    return table(activation, min(low, -2 * OCTAVES), max(high, 2 * OCTAVES)).within(reach)


def density(nodes: Table, kernel: Float64[np.ndarray, " k"]) -> Float64[np.ndarray, "k nodes"]:
    """Weights of the nodes in an average over N(0, K)."""
    weights = nodes.weights * np.exp(-0.5 * nodes.z**2 / kernel[:, None])
    return weights / np.sqrt(2 * np.pi * kernel[:, None])


def _chunk(activation: Activation, kernel: Float64[np.ndarray, " k"]) -> Float64[np.ndarray, "averages k"]:
    nodes = covering(activation, kernel[0], kernel[-1])
    s, s1, s2, s3 = nodes.derivatives
    # Variances are differences: taken about the values at z = 0, they keep their digits at small kernels.
    s_origin, s1_origin = (each[0] ** 2 for each in activation.derivatives(np.zeros(1))[:2])
    square, slopes = s**2 - s_origin, s1**2 - s1_origin
    weights = density(nodes, kernel)
    means = weights @ np.stack([square, slopes, square**2, slopes**2, square * slopes], axis=1)
    mean_square, mean_slopes = means[:, 0], means[:, 1]
    u_square = nodes.z**2 / kernel[:, None]
    changing = np.stack([square, slopes], axis=1)
    rates = (weights * (u_square - 1)) @ changing / (2 * kernel[:, None])
    bends = (weights * (u_square**2 - 6 * u_square + 3)) @ changing / (4 * kernel[:, None] ** 2)
    products = [s * s2, s2**2, s1 * s3, nodes.z * s1 * s2, s * s2 * s1**2, s2**2 * s1**2, s3 * s1**3]
    curved = (weights @ np.stack(products, axis=1)).T
    curved[3] /= kernel
    return np.stack(
        [
            mean_square + s_origin,
            mean_slopes + s1_origin,
            *rates.T,
            *bends.T,
            means[:, 2] - mean_square**2,
            means[:, 3] - mean_slopes**2,
            means[:, 4] - mean_square * mean_slopes,
            *curved,
        ]
    )
