r"""Signals by depth: kernels of infinitely wide networks, and the first correction in 1/width.

With $\langle\cdot\rangle$ the average over z ~ N(0, K), in the conventions of docs/conventions.md:

$K'_{ab} = C_b + C_W \langle\sigma_a\sigma_b\rangle$,
$\quad \chi_\parallel = C_W\,\partial_K\langle\sigma^2\rangle$,

$V' = \chi_\parallel^2 V + C_W^2(\langle\sigma^4\rangle - \langle\sigma^2\rangle^2)
      - 2\,\omega\,(K'-C_b)^2$,
$\quad K_1' = \chi_\parallel K_1 + \tfrac12 V\,C_W\,\partial_K^2\langle\sigma^2\rangle$,

where $\omega$ is 0 for Gaussian and 1 for orthogonal weights. V/n is the connected four-point function of
two neurons of a layer and $K + K_1/n$ the mean square of a preactivation. The Gaussian recursions are
those of Roberts, Yaida and Hanin (2106.10165, chapter 4); the orthogonal term follows from the fourth
moments of the Haar measure (Day, Kahn and Roberts, 2310.07765, treat tanh).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from ...nets import Activation, Net
from ..kernels import is_scale_invariant, preactivation_covariance, two_point
from ..quadrature import EVEN_EDGES, normal_density, panel_rule

NODES_PER_PANEL = 32
# Small enough for the Taylor series of any activation here, large enough for its derivatives at a kink.
NEAR_ZERO = 1e-6


@dataclass(frozen=True)
class SignalFlow:
    """Theory of a net's preactivations, layer by layer; the arrays' first axis is the layer 1 ... depth.

    Attributes:
        kernel: K_ab at infinite width, shape (depth, k, k).
        norm_correction: K_1 of each input in units of K, shape (depth, k): the mean of |z|^2/n is
            K (1 + norm_correction / n).
        four_point: V of each input in units of K^2, shape (depth, k).
        width: n, the width of the hidden layers.
        exact: whether norm_correction and four_point hold at this width, and not only to first order in
            depth / width.
    """

    kernel: Float64[np.ndarray, "depth k k"]
    norm_correction: Float64[np.ndarray, "depth k"]
    four_point: Float64[np.ndarray, "depth k"]
    width: int
    exact: bool

    @property
    def norm(self) -> Float64[np.ndarray, "depth k"]:
        """Mean of |z|^2/n."""
        return np.diagonal(self.kernel, axis1=1, axis2=2) * (1 + self.norm_correction / self.width)

    @property
    def spread(self) -> Float64[np.ndarray, "depth k"]:
        """n times the relative variance of |z|^2/n over networks: 2 + V/K^2 + 2 V/(n K^2).

        The n preactivations of a layer are exchangeable, and a sphere or a Gaussian given their norm.
        """
        return 2 + self.four_point * (1 + 2 / self.width)

    @property
    def correlation(self) -> Float64[np.ndarray, "depth k k"]:
        """Cosine of the angle between two signals at infinite width."""
        scale = np.sqrt(np.diagonal(self.kernel, axis1=1, axis2=2))
        return self.kernel / (scale[:, :, None] * scale[:, None, :])


def signal_flow(net: Net, inputs: Float64[np.ndarray, "k d_in"]) -> SignalFlow:
    """Follow the kernels of all inputs through the hidden layers of `net`, which have one width.

    Raises:
        ValueError: for hidden layers of different widths, or weights that are neither Gaussian nor
            orthogonal.
    """
    hidden = net.widths[1:-1]
    if len(set(hidden)) != 1:
        raise ValueError(f"hidden widths are {hidden}; signals by depth need one and the same width")
    if net.initialization not in ("gaussian", "orthogonal"):
        raise ValueError(f"signals by depth know gaussian and orthogonal weights, not {net.initialization!r}")
    width, orthogonal = hidden[0], float(net.initialization == "orthogonal")
    kernel = preactivation_covariance(net, inputs)
    variance = np.diagonal(kernel)
    # The first layer is exactly Gaussian; orthogonal, it is part of a sphere of the longer side's dimension.
    share = width / max(width, net.widths[0])
    four_point = -2 * orthogonal * share * (variance - net.bias_variance) ** 2
    correction = np.zeros(len(inputs))
    layers = [(kernel, correction, four_point)]
    for _ in hidden[1:]:
        steps = zip(variance, four_point, correction, strict=True)
        four_point, correction = np.array([_step(net, *step, orthogonal) for step in steps]).T
        kernel = _next_kernel(net, kernel)
        variance = np.diagonal(kernel)
        layers.append((kernel, correction, four_point))
    kernels, corrections, four_points = (np.stack(parts) for parts in zip(*layers, strict=True))
    variances = np.diagonal(kernels, axis1=1, axis2=2)
    corrections, four_points = corrections / variances, four_points / variances**2
    exact = net.bias_variance == 0 and is_scale_invariant(net.activation)
    if exact:
        four_points = np.broadcast_to(_scale_invariant_four_point(net)[:, None], four_points.shape)
    return SignalFlow(kernels, corrections, four_points, width, exact)


def critical_weight_variance(activation: Activation) -> float:
    """C_W at which signals neither explode nor vanish, with C_b = 0: 1 / <s'^2> near zero.

    Holds for activations that are linear on both sides of zero (relu, leaky relu: 2 / (a_+^2 + a_-^2)), and for
    those with s(0) = 0 whose kernel flows to zero (tanh, sin, erf: 1 / s'(0)^2).

    Raises:
        ValueError: for an activation with s(0) != 0 or a slope of zero there: it is not critical at
            C_b = 0.
    """
    values, slopes = activation.derivatives(np.array([-NEAR_ZERO, 0.0, NEAR_ZERO]))[:2]
    mean_square = (slopes[0] ** 2 + slopes[2] ** 2) / 2
    if abs(values[1]) > NEAR_ZERO or mean_square < NEAR_ZERO:
        raise ValueError(f"activation {activation.name} is not critical without a bias")
    return float(1 / mean_square)


def _next_kernel(net: Net, kernel: Float64[np.ndarray, "k k"]) -> Float64[np.ndarray, "k k"]:
    variance = np.diagonal(kernel)
    moment = two_point(net.activation, variance[:, None], kernel, variance[None, :])
    return net.bias_variance + net.weight_variance * moment


def _scale_invariant_four_point(net: Net) -> Float64[np.ndarray, " depth"]:
    r"""V/K^2 at any width, of a net without biases whose layers multiply the norm by independent factors.

    With $\rho = \langle\sigma^4\rangle / 3\langle\sigma^2\rangle^2$ a Gaussian layer multiplies the second moment of
    the norm by $1 + (3\rho - 1)/n$ and an orthogonal one by $1 + 3(\rho - 1)/(n + 2)$.
    """
    slopes = np.abs(net.activation.derivatives(np.array([-1.0, 1.0]))[0])
    rho = np.mean(slopes**4) / np.mean(slopes**2) ** 2
    width, layers = net.widths[1], np.arange(len(net.widths) - 2)
    if net.initialization == "gaussian":
        return width * np.expm1(layers * np.log1p((3 * rho - 1) / width))
    dimension = max(width, net.widths[0])
    factor = 1 + 3 * (rho - 1) / (width + 2)
    return width * (dimension / (dimension + 2) * factor**layers - 1)


def _step(net: Net, variance: float, four_point: float, correction: float, orthogonal: float) -> tuple[float, float]:
    """V and K_1 of the next layer for one input."""
    edges = np.append(EVEN_EDGES, np.array(net.activation.kinks) / np.sqrt(variance))
    u, weights = panel_rule(edges, NODES_PER_PANEL)
    weights = weights * normal_density(u)
    square = net.activation.derivatives(np.sqrt(variance) * u)[0] ** 2

    def average(values):
        return float(weights @ values)

    # Derivatives of a Gaussian average by its variance are averages with Hermite polynomials.
    first = average(square * (u**2 - 1)) / (2 * variance)
    second = average(square * (u**4 - 6 * u**2 + 3)) / (4 * variance**2)
    strength, susceptibility = net.weight_variance, net.weight_variance * first
    mean = average(square)
    next_four_point = (
        susceptibility**2 * four_point
        + strength**2 * (average(square**2) - mean**2)
        - 2 * orthogonal * (strength * mean) ** 2
    )
    next_correction = susceptibility * correction + four_point * strength * second / 2
    return next_four_point, next_correction
