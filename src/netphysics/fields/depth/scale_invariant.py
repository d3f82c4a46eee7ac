r"""Exact laws of scale-invariant networks at any width: no expansion in 1/width.

An activation that is linear on both sides of zero, with slopes $a_+$ and $a_-$, commutes with a change of scale. In
a net without biases each layer then multiplies the squared norm of a signal by an independent factor, and its
moments are products over layers. They depend on one number, $\rho = A_4/A_2^2$ with $A_2$ and $A_4$ the mean square
and the mean fourth power of the two slopes.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from ...nets import Activation, Net
from ..kernels import is_scale_invariant


def slope_ratio(activation: Activation) -> float:
    r"""$\rho = A_4/A_2^2$ of the two slopes: 1 for linear, 2 for relu.

    Raises:
        ValueError: for an activation that is not linear on both sides of zero.
    """
    if not is_scale_invariant(activation):
        raise ValueError(f"activation {activation.name} is not scale-invariant: linear on both sides of zero")
    slopes = activation.derivatives(np.array([-1.0, 1.0]))[1]
    return float(np.mean(slopes**4) / np.mean(slopes**2) ** 2)


def has_exact_law(net: Net) -> bool:
    """Whether `exact_four_point` knows the net."""
    known = net.initialization in ("gaussian", "orthogonal") and net.bias_variance == 0
    return known and is_scale_invariant(net.activation)


def exact_four_point(net: Net) -> Float64[np.ndarray, " layers"]:
    r"""$E[z_i^2 z_j^2] / K^2 - 1$ for two neurons of each layer 1 ... L + 1, at the widths of the net.

    Given the signal before, a layer's preactivations are Gaussian (Gaussian weights), or a part of a vector that
    is uniform on a sphere of dimension $m_l = \max(n_{l-1}, n_l)$ (orthogonal weights). Hence

    $E[z_i^2 z_j^2] / K^2 = \prod_{l' \le l} c_{l'} \prod_{l' < l} \left(1 + \frac{3\rho-1}{n_{l'}}\right)$,

    with $c_l = 1$ (Gaussian) and $c_l = m_l/(m_l+2)$ (orthogonal). For equal widths n and orthogonal weights a layer
    contributes $1 + 3(\rho-1)/(n+2)$: nothing for a linear net, where $V = -2n/(n+2)\,K^2$ throughout.

    Raises:
        ValueError: for biases, weights that are neither Gaussian nor orthogonal, or an activation that is not
            scale-invariant.
    """
    if not has_exact_law(net):
        raise ValueError(
            "the exact law needs gaussian or orthogonal weights, no biases and a scale-invariant activation; got "
            f"{net.initialization!r}, bias_variance {net.bias_variance:g} and {net.activation.name}"
        )
    n_out, n_in = np.array(net.shapes, np.float64).T
    logarithm = np.cumsum(np.append(0.0, np.log1p((3 * slope_ratio(net.activation) - 1) / n_in[1:])))
    if net.initialization == "orthogonal":
        logarithm -= np.cumsum(np.log1p(2 / np.maximum(n_in, n_out)))
    return np.expm1(logarithm)
