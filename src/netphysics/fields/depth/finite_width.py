r"""Statistics of deep networks to first order in 1/width: signals, tangent kernels and their descendants.

One input, layers $l = 1 \dots L+1$ of preactivations $z^{(l)}$, in the conventions of docs/conventions.md. The
tangent kernel is $H_{ij} = \sum_\mu \lambda_\mu\,\partial_\mu z_i\,\partial_\mu z_j$ with the rates of
`LearningRates`, and its descendants are $\mathrm dH_{abc} = \partial_\mu\partial_\nu z_a\,\partial_\mu z_b\,
\partial_\nu z_c$ and, with three and twice two derivatives, $\mathrm{dd}_I H$ and $\mathrm{dd}_{II} H$. With n a
reference width and $\Delta H = H - E[H]$,

$E[z_i z_j] = \delta_{ij}\,(K + K_1/n)$, $\quad E[z_i z_j z_k z_m]_c =
    \frac{V}{n}(\delta_{ij}\delta_{km} + \delta_{ik}\delta_{jm} + \delta_{im}\delta_{jk})$,
$E[H_{ij}] = \delta_{ij}\,(\Theta + \Theta_1/n)$,
$E[z_i z_j\,\Delta H_{km}] = \frac1n[\delta_{ij}\delta_{km} D + (\delta_{ik}\delta_{jm} + \delta_{im}\delta_{jk}) F]$,
$E[\Delta H_{ij}\,\Delta H_{km}] =
    \frac1n[\delta_{ij}\delta_{km} A + (\delta_{ik}\delta_{jm} + \delta_{im}\delta_{jk}) B]$,
$E[\mathrm dH_{abc}\,z_d] = \frac1n[\delta_{ad}\delta_{bc} P + (\delta_{ab}\delta_{cd} + \delta_{ac}\delta_{bd}) Q]$,
$E[\mathrm{dd}_I H_{abcd}] =
    \frac1n R\,[\delta_{ab}\delta_{cd} + \delta_{ac}\delta_{bd} + \delta_{ad}\delta_{bc}]$,
$E[\mathrm{dd}_{II} H_{abcd}] =
    \frac1n [\delta_{ab}\delta_{cd} S + \delta_{ac}\delta_{bd} T + \delta_{ad}\delta_{bc} U]$.

The letters are those of Roberts, Yaida and Hanin (arXiv:2106.10165), whose tensors of layer l are divided by
the width of layer l - 1; here all are divided by the same n, which makes the recursions those of equal widths:
only a layer's own noise counts by $n/n_l$. Rotation-invariant weights subtract from V, F and B what the spread of
their singular values lacks to a Gaussian's, $1-\kappa$, which is 0 for Gaussian and 1 for orthogonal weights. It
follows from the fourth moments of the Haar measure of a square matrix of $\max(n_l, n_{l+1})$ rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from ...nets import LearningRates, Net, Spectrum
from .averages import Averages, averages, covering, density

Layers = Float64[np.ndarray, " layers"]


@dataclass(frozen=True)
class FiniteWidthFlow:
    """Theory of one input at first order in 1/width; every array runs over the layers 1 ... L + 1.

    Divided by `width`, all but `kernel` and `tangent_kernel` are the corrections, cumulants and means that the
    module's docstring defines.
    """

    kernel: Layers
    """K."""
    kernel_correction: Layers
    """K_1."""
    four_point: Layers
    """V."""
    tangent_kernel: Layers
    """Θ."""
    tangent_kernel_correction: Layers
    """Θ_1."""
    D: Layers
    """Covariance of a squared signal and a tangent kernel of different neurons."""
    F: Layers
    """Covariance of the product of two signals and their tangent kernel."""
    A: Layers
    """Covariance of the tangent kernels of two different neurons."""
    B: Layers
    """Variance of the tangent kernel between two different neurons."""
    P: Layers
    """First derivative of the tangent kernel, against the signal that is differentiated twice."""
    Q: Layers
    """First derivative of the tangent kernel, against a signal that is differentiated once."""
    R: Layers
    """Second derivative of the tangent kernel, one signal differentiated three times."""
    S: Layers
    """Second derivative of the tangent kernel, two signals differentiated twice: the part of δ_ab δ_cd."""
    T: Layers
    """The same: the part of δ_ac δ_bd, which pairs each signal with the gradient it meets."""
    U: Layers
    """The same: the part of δ_ad δ_bc."""
    width: float
    """n: the harmonic mean of the hidden widths, which is their common value if they have one."""


class Tensors(NamedTuple):
    """The tensors of one layer, named as in `FiniteWidthFlow`."""

    K1: float = 0.0
    V: float = 0.0
    Theta: float = 0.0
    Theta1: float = 0.0
    D: float = 0.0
    F: float = 0.0
    A: float = 0.0
    B: float = 0.0
    P: float = 0.0
    Q: float = 0.0
    R: float = 0.0
    S: float = 0.0
    T: float = 0.0
    U: float = 0.0


def finite_width_flow(net: Net, mean_square: float, rates: LearningRates | None = None) -> FiniteWidthFlow:
    r"""Follow the statistics of one input through all layers of `net`.

    Args:
        net: Gaussian, orthogonal or `Spectrum` weights, any widths and any activation that is continuous.
            Derivatives at its kinks are left out, as automatic differentiation leaves them out: that concerns
            P ... U only.
        mean_square: $|x|^2 / d_{in}$ of the input; the first kernel is $C_b + C_W |x|^2 / d_{in}$.
        rates: learning rates of the tangent kernel; by default $\lambda_b = C_b$ and $\lambda_W = C_W$.

    Raises:
        ValueError: for other weights, no hidden layer, a weight variance of zero, an input that is zero or
            not finite, a kernel that leaves 1e-60 ... 1e60 on its way, or an activation that is not finite, not
            continuous, or no function of the preactivation alone.

    Sources: Roberts, Yaida and Hanin, arXiv:2106.10165, chapters 4, 8 and 11 (Gaussian weights). The orthogonal
    subtractions are derived here from fourth moments of the Haar measure; Guillen and Gerken, arXiv:2605.06563,
    treat tanh.
    """
    check_finite_width(net, mean_square)
    rates = LearningRates.matching(net) if rates is None else rates
    width = net_width(net)
    shortfall = 1 - singular_value_spread(net)
    kernel = variance_flow(net, mean_square)
    moments = averages(net.activation, kernel[:-1])
    first = net.weight_variance * mean_square
    tensors = [
        Tensors(
            V=-2 * shortfall * width / max(net.widths[:2]) * first**2,
            Theta=rates.bias + rates.weight * mean_square,
        )
    ]
    columns = np.stack([getattr(moments, name) for name in Averages.__dataclass_fields__]).T.tolist()
    for (n_out, n_in), row in zip(net.shapes[1:], columns, strict=True):
        noise, subtraction = width / n_in, shortfall * width / max(n_in, n_out)
        tensors.append(next_layer(tensors[-1], Averages(*row), net, rates, noise, subtraction))
    K1, V, Theta, Theta1, D, F, A, B, P, Q, R, S, T, U = np.array(tensors).T
    return FiniteWidthFlow(kernel, K1, V, Theta, Theta1, D, F, A, B, P, Q, R, S, T, U, width)


def next_layer(
    layer: Tensors, mean: Averages[float], net: Net, rates: LearningRates, noise: float, subtraction: float
) -> Tensors:
    r"""The tensors one layer on.

    `noise` is $n/n_l$, the strength of the noise that this layer's $n_l$ neurons add; `subtraction` is
    $(1-\kappa)\,n/\max(n_l, n_{l+1})$, what rotation-invariant weights take away of it. `mean` holds the
    averages over the layer's preactivations, as numbers.
    """
    K1, V, Theta, Theta1, D, F, A, B, P, Q, R, S, T, U = layer
    C, rate = net.weight_variance, rates.weight
    ratio = rate / C
    parallel, perpendicular = C * mean.square_rate, C * mean.slope_square
    # Ω = λ_W s² + C_W Θ s'² is what a neuron adds to the next tangent kernel.
    omega_rate = rate * mean.square_rate + C * Theta * mean.slope_square_rate
    omega_bend = rate * mean.square_bend + C * Theta * mean.slope_square_bend
    omega_variance = (
        rate**2 * mean.square_variance
        + 2 * rate * C * Theta * mean.covariance
        + (C * Theta) ** 2 * mean.slope_square_variance
    )
    omega_covariance = rate * mean.square_variance + C * Theta * mean.covariance
    square_slopes = mean.covariance + mean.square * mean.slope_square
    fourth_slopes = mean.slope_square_variance + mean.slope_square**2
    curved = noise * C**2 * mean.curvature_slopes * Theta**3
    rate_SC = mean.slope_curvature_rate

    # F and B before the subtraction: terms with only two weight matrices keep them.
    full_F = parallel**2 * F + noise * C**2 * square_slopes * Theta
    full_B = perpendicular**2 * B + noise * C**2 * fourth_slopes * Theta**2
    next_P = (
        parallel * perpendicular * P
        + noise * C**2 * mean.value_curvature_slopes * Theta**2
        + C * mean.value_curvature * perpendicular * B
    )
    next_Q = (
        parallel * perpendicular * Q
        + ratio * full_F
        + noise * C**2 * mean.value_curvature_slopes * Theta**2
        + C * parallel * Theta * rate_SC * F
    )
    return Tensors(
        K1=parallel * K1 + C * mean.square_bend * V / 2,
        V=parallel**2 * V + noise * C**2 * mean.square_variance - 2 * subtraction * (C * mean.square) ** 2,
        Theta=rates.bias + rate * mean.square + perpendicular * Theta,
        Theta1=perpendicular * Theta1 + omega_rate * K1 + omega_bend * V / 2 + C * mean.slope_square_rate * (D + 2 * F),
        D=parallel * perpendicular * D + parallel * omega_rate * V + noise * C * omega_covariance,
        F=full_F - subtraction * C * mean.square * perpendicular * Theta,
        A=perpendicular**2 * A + 2 * omega_rate * perpendicular * D + omega_rate**2 * V + noise * omega_variance,
        B=full_B - subtraction * (perpendicular * Theta) ** 2,
        P=next_P,
        Q=next_Q,
        R=perpendicular**2 * R
        + ratio * next_P
        + noise * C**2 * mean.third_slopes * Theta**3
        + C * perpendicular * Theta * (mean.slope_third * B + rate_SC * P),
        S=perpendicular**2 * S + ratio * full_B + curved + C * perpendicular * mean.curvature_square * Theta * B,
        T=perpendicular**2 * T
        + curved
        + (C * rate_SC * Theta) ** 2 * F
        + 2 * C * perpendicular * Theta * rate_SC * Q
        + 2 * ratio * next_Q
        - ratio**2 * full_F,
        U=perpendicular**2 * U + curved,
    )


def variance_flow(net: Net, mean_square: float) -> Layers:
    """K of every layer at infinite width: K' = C_b + C_W <s²>."""
    kernel = [net.bias_variance + net.weight_variance * mean_square]
    for _ in range(net.layers - 1):
        variance = np.array([kernel[-1]])
        nodes = covering(net.activation, kernel[-1], kernel[-1])
        mean = float(density(nodes, variance)[0] @ nodes.derivatives[0] ** 2)
        kernel.append(net.bias_variance + net.weight_variance * mean)
    return np.array(kernel)


def net_width(net: Net) -> float:
    """The harmonic mean of the hidden widths: in what follows, 1/n is the mean of 1/width."""
    hidden = net.widths[1:-1]
    return len(hidden) / sum(1 / n for n in hidden)


def singular_value_spread(net: Net) -> float:
    """κ of the net's weights, as in `Spectrum`: 1 for Gaussian and 0 for orthogonal ones.

    Raises:
        ValueError: for weights whose law is not invariant under rotations.
    """
    match net.initialization:
        case "gaussian":
            return 1.0
        case "orthogonal":
            return 0.0
        case Spectrum(kappa):
            return kappa
    raise ValueError(
        f"initialization is {net.initialization!r}; finite-width theory knows gaussian, orthogonal and Spectrum(kappa)"
    )


def check_finite_width(net: Net, mean_square: float) -> None:
    """Raise ValueError for a net without hidden layers or weights, or an input without a signal."""
    if net.layers < 2:
        raise ValueError(f"widths are {net.widths}; finite-width theory needs at least one hidden layer")
    if net.weight_variance == 0:
        raise ValueError("weight_variance is 0; nothing of the input passes a layer")
    first = net.bias_variance + net.weight_variance * mean_square
    if not (np.isfinite(first) and mean_square >= 0 and first > 0):
        raise ValueError(f"mean_square is {mean_square}; |x|^2 / d_in must be finite, and positive without biases")
