r"""Several inputs at first order in 1/width: their joint fluctuations, and the mean angles between signals.

With $E[z_{ia} z_{jb}] = \delta_{ij}(K_{ab} + K_{1,ab}/n)$ and, for two neurons $i \ne j$, the connected
$E[z_{ia} z_{ib} z_{jc} z_{jd}]_c = V_{(ab)(cd)}/n$,

$V'_{(ab)(cd)} = C_W^2\,[\langle s_a s_b s_c s_d\rangle - \langle s_a s_b\rangle\langle s_c s_d\rangle]
  + C_W^2 \sum_{pq} \partial_p\langle s_a s_b\rangle\,\partial_q\langle s_c s_d\rangle\,V_{pq}
  - (1-\kappa)\,[\tilde K'_{ac}\tilde K'_{bd} + \tilde K'_{ad}\tilde K'_{bc}]$,
$K'_{1,ab} = C_W\,[\sum_p \partial_p\langle s_a s_b\rangle\,K_{1,p}
  + \tfrac12\sum_{pq} \partial_p\partial_q\langle s_a s_b\rangle\,V_{pq}]$,

where p and q run over the kernels $(K_{aa}, K_{ab}, K_{bb})$ that an average depends on, and $\tilde K = K - C_b$.
Widths enter as in `finite_width`. The second line says that a layer's preactivations are Gaussian given the metric
of the layer before, which fluctuates with covariance V/n.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

import numpy as np
from jaxtyping import Float64

from ...nets import Activation, Net
from ...stats import unpack
from ..interactions.hidden_moments import hidden_moments
from ..kernels import preactivation_covariance, two_point
from .averages import averages, covering
from .finite_width import check_finite_width, net_width, singular_value_spread
from .pair_response import pair_response

# Inputs more alike than this are one.
PARALLEL = 1e-9


@dataclass(frozen=True)
class MultiInputFlow:
    """Theory of k inputs at first order in 1/width; the arrays' first axis is the layer 1 ... L + 1.

    Attributes:
        kernel: K_ab, shape (layers, k, k).
        kernel_correction: K_1,ab, same shape.
        four_point: V_(ab)(cd), shape (layers, k, k, k, k).
        width: n, as in `FiniteWidthFlow`.
        error: of each layer's averages, relative to their scale.
    """

    kernel: Float64[np.ndarray, "layers k k"]
    kernel_correction: Float64[np.ndarray, "layers k k"]
    four_point: Float64[np.ndarray, "layers k k k k"]
    width: float
    error: Float64[np.ndarray, " layers"]

    @property
    def cosine_correction(self) -> Float64[np.ndarray, "layers k k"]:
        r"""Correction to the mean cosine of the angle between two signals of a layer of n neurons, times n.

        The cosine is $G_{ab}/\sqrt{G_{aa}G_{bb}}$ of the metric $G_{ab} = \sum_i z_{ia}z_{ib}/n$, with mean
        $K + K_1/n$ and covariance $(V_{(ab)(cd)} + K_{ac}K_{bd} + K_{ad}K_{bc})/n$; this is its mean to second order.
        """
        K, K1 = self.kernel, self.kernel_correction
        spread = self.four_point + np.einsum("lac,lbd->labcd", K, K) + np.einsum("lad,lbc->labcd", K, K)
        size = np.einsum("laa->la", K)
        scale = np.sqrt(size[:, :, None] * size[:, None, :])
        cosine = K / scale
        own = np.einsum("laabb->lab", spread) / (size[:, :, None] * size[:, None, :])
        mixed = np.einsum("labaa->lab", spread) / (scale * size[:, :, None])
        norms = np.einsum("laa->la", K1) / size
        alone = np.einsum("laa->la", own)
        return (
            K1 / scale
            - cosine * (norms[:, :, None] + norms[:, None, :]) / 2
            - (mixed + np.swapaxes(mixed, 1, 2)) / 2
            + cosine * (3 / 8 * (alone[:, :, None] + alone[:, None, :]) + own / 4)
        )


def multi_input_flow(net: Net, inputs: Float64[np.ndarray, "k d_in"]) -> MultiInputFlow:
    """Follow kernels, their corrections and the four-point function of several inputs through `net`.

    Averages of four neurons come from `hidden_moments`: in closed form or by one-dimensional integrals where they
    are known, by panels or quasi-Monte Carlo otherwise; `error` says how well.

    Raises:
        ValueError: for inputs that are parallel to each other, and whatever `finite_width_flow` refuses.
    """
    check_finite_width(net, float(np.mean(inputs**2, axis=1).min()))
    shortfall = 1 - singular_value_spread(net)
    width = net_width(net)
    kernels = kernel_flow(net, inputs)
    _check_distinct(kernels[0])
    first = kernels[0] - net.bias_variance
    four_point = -shortfall * width / max(net.widths[:2]) * _crossed(first)
    correction = np.zeros_like(first)
    variances = np.einsum("laa->la", kernels)
    kinks = covering(net.activation, float(variances.min()), float(variances.max())).kinks
    sigma = replace(net.activation, kinks=kinks)
    corrections, four_points, errors = [correction], [four_point], [0.0]
    for kernel, following, (n_out, n_in) in zip(kernels[:-1], kernels[1:], net.shapes[1:], strict=True):
        gradients, hessians, response_error = _responses(sigma, kernel)
        moments = hidden_moments(kernel, sigma, 4)
        fourth = unpack(moments.values, len(kernel), 4)
        mean = (following - net.bias_variance) / net.weight_variance
        transported = np.einsum("abef,cdgh,efgh->abcd", gradients, gradients, four_point, optimize=True)
        correction = net.weight_variance * (
            np.einsum("abef,ef->ab", gradients, correction)
            + np.einsum("abefgh,efgh->ab", hessians, four_point, optimize=True) / 2
        )
        noise = width / n_in * (fourth - np.einsum("ab,cd->abcd", mean, mean))
        subtraction = shortfall * width / max(n_in, n_out) * _crossed(mean)
        four_point = net.weight_variance**2 * (noise + transported - subtraction)
        corrections.append(correction)
        four_points.append(four_point)
        errors.append(max(response_error, float(np.max(moments.error) / np.max(moments.values))))
    return MultiInputFlow(kernels, np.stack(corrections), np.stack(four_points), width, np.array(errors))


def _crossed(kernel: Float64[np.ndarray, "k k"]) -> Float64[np.ndarray, "k k k k"]:
    """K_ac K_bd + K_ad K_bc."""
    return np.einsum("ac,bd->abcd", kernel, kernel) + np.einsum("ad,bc->abcd", kernel, kernel)


def _responses(
    activation: Activation, kernel: Float64[np.ndarray, "k k"]
) -> tuple[Float64[np.ndarray, "k k k k"], Float64[np.ndarray, "k k k k k k"], float]:
    """Derivatives of <s_a s_b> by K_ef, and by K_ef and K_gh, with each pair ef counted once; and their error."""
    k = len(kernel)
    gradients, hessians, error = np.zeros((k,) * 4), np.zeros((k,) * 6), 0.0
    own = averages(activation, np.diag(kernel).copy())
    for a, b in combinations_with_replacement(range(k), 2):
        if a == b:
            gradients[a, a, a, a], hessians[(a,) * 6] = own.square_rate[a], own.square_bend[a]
            continue
        first, second, rest = pair_response(activation, kernel[a, a], kernel[a, b], kernel[b, b])
        error = max(error, rest)
        places = ((a, a), (a, b), (b, b))
        for i, p in enumerate(places):
            gradients[(a, b, *p)] = gradients[(b, a, *p)] = first[i]
            for j, q in enumerate(places):
                hessians[(a, b, *p, *q)] = hessians[(b, a, *p, *q)] = second[i, j]
    return gradients, hessians, error


def _check_distinct(kernel: Float64[np.ndarray, "k k"]) -> None:
    size = np.sqrt(np.diag(kernel))
    alike = np.triu(np.abs(kernel / np.outer(size, size)) > 1 - PARALLEL, 1)
    if alike.any():
        a, b = np.argwhere(alike)[0]
        raise ValueError(f"inputs {a} and {b} are parallel: one of them says all")


def kernel_flow(net: Net, inputs: Float64[np.ndarray, "k d_in"]) -> Float64[np.ndarray, "layers k k"]:
    """K_ab of every layer 1 ... L + 1 at infinite width."""
    kernels = [preactivation_covariance(net, inputs)]
    for _ in range(net.layers - 1):
        variance = np.diagonal(kernels[-1])
        moment = two_point(net.activation, variance[:, None], kernels[-1], variance[None, :])
        kernels.append(net.bias_variance + net.weight_variance * moment)
    return np.stack(kernels)
