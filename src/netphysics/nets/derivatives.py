"""Activations and their first three derivatives in float64 numpy, in closed form.

Every function takes an array and returns the tuple (σ, σ', σ'', σ''') of arrays of its shape. At a kink each
entry is the mean of its two one-sided limits, so that for example relu'(0) = 1/2. Written so that no
entry overflows or loses digits for large arguments.
"""

from math import pi, sqrt

import numpy as np
from jaxtyping import Float
from scipy.special import erf, expit, ndtr

Values = Float[np.ndarray, "..."]
Derivatives = tuple[Values, Values, Values, Values]


def scale_invariant(z: Values, slope: float) -> Derivatives:
    """z for z > 0 and slope · z for z < 0: linear (slope 1), relu (slope 0) and leaky relu."""
    below, zero = z < 0, np.zeros_like(z)
    first = np.where(below, slope, np.where(z > 0, 1.0, (1 + slope) / 2))
    return np.where(below, slope * z, z), first, zero, zero


def tanh_derivatives(z: Values) -> Derivatives:
    """σ' = 1 - σ² = 1/cosh² z."""
    value = np.tanh(z)
    decay = np.exp(-2 * np.abs(z))
    first = 4 * decay / (1 + decay) ** 2
    return value, first, -2 * value * first, (6 * value**2 - 2) * first


def erf_derivatives(z: Values) -> Derivatives:
    """σ' = 2/sqrt(π) exp(-z²)."""
    first = 2 / sqrt(pi) * np.exp(-(z**2))
    return erf(z), first, -2 * z * first, (4 * z**2 - 2) * first


def sin_derivatives(z: Values) -> Derivatives:
    """The cycle of the sine."""
    return np.sin(z), np.cos(z), -np.sin(z), -np.cos(z)


def cos_derivatives(z: Values) -> Derivatives:
    """The cycle of the cosine."""
    return np.cos(z), -np.sin(z), -np.cos(z), np.sin(z)


def sigmoid_derivatives(z: Values) -> Derivatives:
    """σ' = σ(z) σ(-z)."""
    value, rest = expit(z), expit(-z)
    first = value * rest
    return value, first, first * (rest - value), first * (1 - 6 * first)


def softplus_derivatives(z: Values) -> Derivatives:
    """The integral of the sigmoid."""
    return np.logaddexp(0, z), *sigmoid_derivatives(z)[:3]


def swish_derivatives(z: Values) -> Derivatives:
    """z times the sigmoid, by Leibniz' rule."""
    p, p1, p2, p3 = sigmoid_derivatives(z)
    return z * p, p + z * p1, 2 * p1 + z * p2, 3 * p2 + z * p3


def gelu_derivatives(z: Values) -> Derivatives:
    """z times the normal distribution function."""
    density = np.exp(-(z**2) / 2) / sqrt(2 * pi)
    return z * ndtr(z), ndtr(z) + z * density, (2 - z**2) * density, (z**3 - 4 * z) * density


def elu_derivatives(z: Values) -> Derivatives:
    """z for z > 0 and exp(z) - 1 for z < 0; at 0 the second and third derivatives jump from 1 to 0."""
    decay = np.exp(np.minimum(z, 0))
    higher = np.where(z < 0, decay, np.where(z > 0, 0.0, 0.5))
    return np.where(z < 0, np.expm1(np.minimum(z, 0)), z), decay, higher, higher.copy()


# Klambauer et al., arXiv:1706.02515, equation 2, in the digits that PyTorch and JAX take.
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


def selu_derivatives(z: Values) -> Derivatives:
    """λ z for z > 0 and λ α (exp(z) - 1) for z < 0; at 0 all derivatives jump."""
    below = SELU_SCALE * SELU_ALPHA * np.exp(np.minimum(z, 0))
    value = SELU_SCALE * np.where(z < 0, SELU_ALPHA * np.expm1(np.minimum(z, 0)), z)
    slope, higher = (np.where(z < 0, below, np.where(z > 0, s, (below + s) / 2)) for s in (SELU_SCALE, 0.0))
    return value, slope, higher, higher.copy()


def gauss_derivatives(z: Values, variance: Values) -> Derivatives:
    """exp(z - q), with q the variance of z: its own derivative."""
    value = np.exp(z - variance)
    return value, value.copy(), value.copy(), value.copy()
