r"""Exact two-point moments of activations under a Gaussian law.

For (z_a, z_b) normal with mean zero, variances q_aa, q_bb and covariance q_ab, every `*_product` is
E[σ(z_a) σ(z_b)] and every `*_slope_product` is E[σ'(z_a) σ'(z_b)], in float64. With all three arguments equal
to K they are E[σ(z)²] and E[σ'(z)²] for z ~ N(0, K). A correlation beyond ±1 from rounding is read as ±1.
"""

from math import pi

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

Moment = np.float64 | Float[np.ndarray, "..."]
Covariance = float | np.floating | NDArray[np.floating]


def determinant(q_aa: Covariance, q_ab: Covariance, q_bb: Covariance) -> Moment:
    """q_aa q_bb - q_ab², never negative."""
    return np.maximum(np.multiply(q_aa, q_bb) - np.square(q_ab), 0.0)


def scale_invariant_product(q_aa: Covariance, q_ab: Covariance, q_bb: Covariance, slope: float) -> Moment:
    r"""σ(z) = z for z > 0 and slope · z for z < 0:
    slope q_ab + (1 - slope)² [\sqrt{q_aa q_bb} \sin θ + (π - θ) q_ab] / 2π, with cos θ the correlation.

    Source for slope 0, the arc-cosine kernel of order 1: Cho and Saul, NeurIPS 2009.
    """
    # atan2 of the two sides of the triangle: arccos would lose half of the digits near θ = 0.
    root = np.sqrt(determinant(q_aa, q_ab, q_bb))
    relu = (root + (pi - np.arctan2(root, q_ab)) * q_ab) / (2 * pi)
    return slope * np.asarray(q_ab) + (1 - slope) ** 2 * relu


def scale_invariant_slope_product(q_aa: Covariance, q_ab: Covariance, q_bb: Covariance, slope: float) -> Moment:
    """slope + (1 - slope)² (π - θ) / 2π, with cos θ the correlation.

    A preactivation without variance is 0, where the slope is the mean of both sides, as if θ were π/2.
    """
    angle = np.arctan2(np.sqrt(determinant(q_aa, q_ab, q_bb)), q_ab)
    angle = np.where(np.multiply(q_aa, q_bb) == 0, pi / 2, angle)
    return slope + (1 - slope) ** 2 * (pi - angle) / (2 * pi)


def erf_product(q_aa: Covariance, q_ab: Covariance, q_bb: Covariance) -> Moment:
    r"""(2/π) \arcsin [2 q_ab / \sqrt{(1 + 2 q_aa)(1 + 2 q_bb)}].

    Source: Williams, "Computing with infinite networks", NeurIPS 1996.
    """
    return 2 / pi * np.arctan2(np.multiply(2.0, q_ab), np.sqrt(erf_determinant(q_aa, q_ab, q_bb)))


def erf_slope_product(q_aa: Covariance, q_ab: Covariance, q_bb: Covariance) -> Moment:
    r"""(4/π) / \sqrt{(1 + 2 q_aa)(1 + 2 q_bb) - 4 q_ab²}."""
    return 4 / pi / np.sqrt(erf_determinant(q_aa, q_ab, q_bb))


def erf_determinant(q_aa: Covariance, q_ab: Covariance, q_bb: Covariance) -> Moment:
    """(1 + 2 q_aa)(1 + 2 q_bb) - 4 q_ab², without the cancellation."""
    return 1 + 2 * np.add(q_aa, q_bb) + 4 * determinant(q_aa, q_ab, q_bb)


def sin_product(q_aa: Covariance, q_ab: Covariance, q_bb: Covariance) -> Moment:
    """exp(-(q_aa + q_bb)/2) sinh q_ab."""
    size = np.abs(q_ab)
    return -np.sign(q_ab) * np.exp(size - np.add(q_aa, q_bb) / 2) * np.expm1(-2 * size) / 2


def cos_product(q_aa: Covariance, q_ab: Covariance, q_bb: Covariance) -> Moment:
    """exp(-(q_aa + q_bb)/2) cosh q_ab."""
    mean = np.add(q_aa, q_bb) / 2
    return (np.exp(q_ab - mean) + np.exp(-q_ab - mean)) / 2


def gauss_product(q_aa: Covariance, q_ab: Covariance, q_bb: Covariance) -> Moment:
    """exp(q_ab - (q_aa + q_bb)/2): the translation-invariant kernel of the Gauss-net; also its slope product.

    Source: Halverson, Maiti, Stoner, arXiv:2008.08601.
    """
    return np.exp(q_ab - np.add(q_aa, q_bb) / 2)
