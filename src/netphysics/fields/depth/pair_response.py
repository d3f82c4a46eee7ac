r"""How the mean product of two neurons' values answers to a change of their kernels.

$M = \langle\sigma(z_a)\,\sigma(z_b)\rangle$ is a function of $(K_{aa}, K_{ab}, K_{bb})$; its first and second
derivatives transport what fluctuates between layers. With $c_k$ the Hermite coefficients of Mehler's formula,
averages of derivatives of $\sigma$ have the coefficients $c^{(m)}_k = \sqrt{(k+m)!/k!}\;c_{k+m} / K^{m/2}$ and

$\langle\sigma^{(m)}_a\sigma^{(p)}_b\rangle = \sum_k c^{(m)}_k(K_{aa})\,c^{(p)}_k(K_{bb})\,\rho^k$:

a derivative by $K_{ab}$ differentiates both factors, one by $K_{aa}$ the first one twice, with a factor 1/2. No
derivative of $\sigma$ is evaluated, so kinks are allowed; near $\rho = \pm 1$ they cost digits.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from jaxtyping import Float64

from ...nets import Activation
from ..kernels import is_scale_invariant
from ..mehler import hermite_coefficients

TERMS = 768
# Of the derivatives by (K_aa, K_ab, K_bb): how often each neuron's activation is differentiated.
ORDERS = ((2, 0), (1, 1), (0, 2))

Gradient = Float64[np.ndarray, " 3"]
Hessian = Float64[np.ndarray, "3 3"]


def pair_response(activation: Activation, q_aa: float, q_ab: float, q_bb: float) -> tuple[Gradient, Hessian, float]:
    """Gradient and Hessian of M in (K_aa, K_ab, K_bb), and the error of both relative to their scale.

    The error is what the last half of the series adds; it is zero for scale-invariant activations, whose
    derivatives are known in closed form.
    """
    if is_scale_invariant(activation):
        return *_scale_invariant(activation, q_aa, q_ab, q_bb), 0.0
    coefficients, _ = hermite_coefficients(activation, np.array([q_aa, q_bb]), TERMS)
    powers = (q_ab / sqrt(q_aa * q_bb)) ** np.arange(TERMS)

    def terms(first: int, second: int) -> Float64[np.ndarray, " terms"]:
        factors = _derivative(coefficients[:, 0], q_aa, first), _derivative(coefficients[:, 1], q_bb, second)
        count = TERMS - max(first, second)
        return factors[0][:count] * factors[1][:count] * powers[:count]

    scale = np.array([0.5, 1.0, 0.5])
    gradient = [terms(*order) for order in ORDERS]
    hessian = [[terms(i + k, j + m) for k, m in ORDERS] for i, j in ORDERS]
    series = (*gradient, *hessian[0], *hessian[1])
    error = max(abs(each[TERMS // 2 :].sum()) / max(np.abs(each).sum(), 1e-300) for each in series)
    first = scale * [each.sum() for each in gradient]
    second = np.outer(scale, scale) * [[each.sum() for each in row] for row in hessian]
    return first, second, float(error)


def _derivative(coefficients: Float64[np.ndarray, " k"], variance: float, order: int) -> Float64[np.ndarray, " m"]:
    """Coefficients of the derivative of that order."""
    for _ in range(order):
        coefficients = coefficients[1:] * np.sqrt(np.arange(1, len(coefficients))) / sqrt(variance)
    return coefficients


def _scale_invariant(activation: Activation, q_aa: float, q_ab: float, q_bb: float) -> tuple[Gradient, Hessian]:
    """From M = a_+ a_- K_ab + (a_+ - a_-)² [root + (π - θ) K_ab] / 2π with root² = K_aa K_bb - K_ab²."""
    below, above = activation.derivatives(np.array([-1.0, 1.0]))[1]
    root = sqrt(max(q_aa * q_bb - q_ab**2, 0.0))
    if below == above:
        return np.array([0.0, above**2, 0.0]), np.zeros((3, 3))
    gradient = np.array([root / (2 * q_aa), np.pi - np.arctan2(root, q_ab), root / (2 * q_bb)])
    mixed = -q_ab / (2 * root)
    hessian = np.array(
        [
            [q_bb / (4 * root * q_aa) - root / (2 * q_aa**2), mixed / q_aa, 1 / (4 * root)],
            [mixed / q_aa, 1 / root, mixed / q_bb],
            [1 / (4 * root), mixed / q_bb, q_aa / (4 * root * q_bb) - root / (2 * q_bb**2)],
        ]
    )
    kink = (above - below) ** 2 / (2 * np.pi)
    return kink * gradient + [0.0, above * below, 0.0], kink * hessian
