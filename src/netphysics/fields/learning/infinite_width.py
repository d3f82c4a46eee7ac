r"""Kernel and tangent kernel of many inputs at infinite width.

$K' = C_b + C_W \langle\sigma_a\sigma_b\rangle, \qquad
 \Theta' = \lambda_b + \lambda_W \langle\sigma_a\sigma_b\rangle + C_W \langle\sigma'_a\sigma'_b\rangle\,\Theta$,

the same for Gaussian and for orthogonal weights (arXiv:1806.07572; orthogonal: arXiv:2004.05867). By Mehler's formula
both averages of all pairs of inputs are one sum of outer products: with $c_k$ the Hermite coefficients of $\sigma$ at
an input's variance,

$\langle\sigma_a\sigma_b\rangle = \sum_k c_{k,a}\,c_{k,b}\,\rho_{ab}^k, \qquad
 \langle\sigma'_a\sigma'_b\rangle = \sum_k (k+1)\,\frac{c_{k+1,a}\,c_{k+1,b}}{\sqrt{K_{aa}K_{bb}}}\,\rho_{ab}^k$.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from ...nets import Activation, LearningRates, Net
from ..depth.averages import averages
from ..kernels import preactivation_covariance
from ..mehler import hermite_coefficients

TERMS = 256
Matrix = Float64[np.ndarray, "k k"]


@dataclass(frozen=True)
class InfiniteWidth:
    """Kernels of the outputs for k inputs; different outputs are independent and alike.

    Attributes:
        kernel: K_ab = E[z_a z_b] at the start.
        tangent_kernel: Θ_ab, which does not change during training.
    """

    kernel: Matrix
    tangent_kernel: Matrix


def infinite_width(
    net: Net, inputs: Float64[np.ndarray, "k d_in"], rates: LearningRates | None = None
) -> InfiniteWidth:
    """Both kernels of the outputs of `net`, whatever its widths and whichever its initialization.

    Rates are λ_b = C_b and λ_W = C_W by default.

    Raises:
        ValueError: for inputs that do not fit the net, and an activation that is no function of z alone.
    """
    if net.activation.normalized:
        raise ValueError(f"activation is {net.activation.name}; it must be a function of the preactivation alone")
    rates = LearningRates.matching(net) if rates is None else rates
    kernel = preactivation_covariance(net, inputs)
    tangent = rates.bias + rates.weight * (inputs @ inputs.T) / net.widths[0]
    for _ in range(net.layers - 1):
        values, slopes = pair_averages(net.activation, kernel)
        tangent = rates.bias + rates.weight * values + net.weight_variance * slopes * tangent
        kernel = net.bias_variance + net.weight_variance * values
    return InfiniteWidth(kernel, tangent)


def pair_averages(activation: Activation, kernel: Matrix) -> tuple[Matrix, Matrix]:
    """The averages <σ_a σ_b> and <σ'_a σ'_b> for all pairs of inputs, given their kernel.

    In closed form where the activation has one; otherwise by a series that is cut after 256 terms, which for smooth
    activations is exact to rounding. A kink costs digits for nearly parallel inputs, not on the diagonal.
    """
    variances = np.diag(kernel).copy()
    if activation.product is not None and activation.slope_product is not None:
        law = variances[:, None], kernel, variances[None]
        return np.asarray(activation.product(*law)), np.asarray(activation.slope_product(*law))
    distinct, where = np.unique(variances, return_inverse=True)
    coefficients = hermite_coefficients(activation, distinct, TERMS + 1)[0][:, where]
    size = np.sqrt(variances)
    correlation = np.clip(kernel / np.outer(size, size), -1, 1)
    values, slopes = np.zeros_like(kernel), np.zeros_like(kernel)
    for k in reversed(range(TERMS)):
        values = values * correlation + np.outer(coefficients[k], coefficients[k])
        slope = np.sqrt(k + 1) * coefficients[k + 1] / size
        slopes = slopes * correlation + np.outer(slope, slope)
    own = averages(activation, distinct)
    np.fill_diagonal(values, own.square[where])
    np.fill_diagonal(slopes, own.slope_square[where])
    return values, slopes
