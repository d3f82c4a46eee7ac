r"""The recursion of first-order tensors, layer by layer.

One neuron's contribution to the next tangent kernel is
$\Omega_{ab} = \lambda_W\sigma_a\sigma_b + C_W\Theta_{ab}\sigma'_a\sigma'_b$. With $J$ the response of a pair's average
to the kernel and $\langle\,,\rangle$ covariances over one neuron,

$V' = C_W^2\,[\langle\sigma\sigma,\sigma\sigma\rangle + J V J^T] - (1-\kappa)\,[\tilde K'\tilde K']_{crossed}$,
$D' = C_W\,[\langle\sigma\sigma,\Omega\rangle + J V J_\Omega^T + J D\,C_W\langle\sigma'\sigma'\rangle]$,
$A' = \langle\Omega,\Omega\rangle + J_\Omega V J_\Omega^T + \dots, \qquad
 B'_{abcd} = \tilde B_{abcd} - (1-\kappa)\,C_W^2\langle\sigma'_a\sigma'_b\rangle\Theta_{ab}
    \langle\sigma'_c\sigma'_d\rangle\Theta_{cd}$,
$F'_{abcd} = \tilde F_{abcd} - (1-\kappa)\,C_W^2\langle\sigma_a\sigma_b\rangle
    \langle\sigma'_c\sigma'_d\rangle\Theta_{cd}$.

Derived as those of one input, which they reduce to (`finite_width`). For Gaussian weights see arXiv:2508.11522.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from ....nets import LearningRates, Net
from ...kernels import preactivation_covariance
from ..averages import covering
from ..finite_width import check_finite_width, net_width, singular_value_spread
from .descendants import next_descendants
from .neuron_noise import product_covariances
from .pair_moments import Matrix, PairMoments, Response, Tensor
from .tensors import Descendants, FirstOrder, Fluctuations, zeros
from .transport import carry_pairs, crossed, respond, respond_last, swapped

VALUES, SLOPES = (0, 0), (1, 1)


class Neurons(NamedTuple):
    """Averages over one neuron of a hidden layer.

    `covariances` are those of s s with s s, of s s with s' s' and of s' s' with itself; without a kink also those of
    s' s' with the products of the zeroth and second, first and third, second and second derivatives. `error` is that
    of `product_covariances`.
    """

    moments: PairMoments
    covariances: list[Tensor]
    error: float


class Layer(NamedTuple):
    """What differs between layers: n/n_l, which multiplies the noise of its neurons, and (1 - κ) n / max(n_l, n_l+1),
    which multiplies what rotation-invariant weights take away of it."""

    noise: float
    subtraction: float


def hidden_neurons(net: Net, inputs: Float64[np.ndarray, "k d_in"]) -> list[Neurons]:
    """Averages over one neuron of each hidden layer: they depend on neither widths nor initialization nor rates.

    Raises:
        ValueError: for inputs that do not fit the net.
    """
    kernel, found = preactivation_covariance(net, inputs), []
    wanted = [(VALUES, VALUES), (VALUES, SLOPES), (SLOPES, SLOPES)]
    if not net.activation.kinks:
        wanted += [((2, 0), SLOPES), ((3, 1), SLOPES), ((2, 2), SLOPES)]
    for _ in net.shapes[1:]:
        variances = np.diag(kernel)
        kinks = covering(net.activation, float(variances.min()), float(variances.max())).kinks
        moments = PairMoments(replace(net.activation, kinks=kinks), kernel)
        found.append(Neurons(moments, *product_covariances(moments, wanted)))
        kernel = net.bias_variance + net.weight_variance * moments.mean(*VALUES)
    return found


def first_order(
    net: Net,
    inputs: Float64[np.ndarray, "k d_in"],
    rates: LearningRates | None = None,
    neurons: list[Neurons] | None = None,
) -> FirstOrder:
    """First-order theory of the outputs of `net` for k inputs.

    Args:
        rates: λ_b = C_b and λ_W = C_W by default.
        neurons: `hidden_neurons` of these inputs. They take most of the time, which grows as k⁴, and serve nets of
            other widths and initializations, too.

    Raises:
        ValueError: for what `finite_width_flow` refuses, and inputs that do not fit the net.
    """
    check_finite_width(net, float(np.mean(inputs**2, axis=1).min()))
    neurons = hidden_neurons(net, inputs) if neurons is None else neurons
    rates = LearningRates.matching(net) if rates is None else rates
    width, shortfall = net_width(net), 1 - singular_value_spread(net)
    kernel = preactivation_covariance(net, inputs)
    products = inputs @ inputs.T / net.widths[0]
    nothing = zeros(len(inputs))
    V = -shortfall * width / max(net.widths[:2]) * crossed(net.weight_variance * products)
    state = FirstOrder(
        kernel,
        np.zeros_like(kernel),
        rates.bias + rates.weight * products,
        np.zeros_like(kernel),
        Fluctuations(V, nothing, nothing, nothing, nothing),
        None if net.activation.kinks else Descendants(*[nothing] * 6),
        width,
        0.0,
    )
    for (n_out, n_in), each in zip(net.shapes[1:], neurons, strict=True):
        state = next_layer(state, each, net, rates, Layer(width / n_in, shortfall * width / max(n_in, n_out)))
    return state


def next_layer(state: FirstOrder, neurons: Neurons, net: Net, rates: LearningRates, layer: Layer) -> FirstOrder:
    """The tensors one layer on."""
    C, rate, theta = net.weight_variance, rates.weight, state.tangent_kernel
    moments = neurons.moments
    values, slopes = moments.mean(*VALUES), moments.mean(*SLOPES)
    answer, slope_answer = moments.response(*VALUES), moments.response(*SLOPES)
    omega = Response(*(rate * v + C * theta * s for v, s in zip(answer, slope_answer, strict=True)))
    noise = [layer.noise * each for each in neurons.covariances]
    vv, vs, ss = noise[:3]

    V, D, F, A, B = state.fluctuations
    K1, theta1 = state.kernel_correction, state.tangent_kernel_correction
    ahead, last = theta[:, :, None, None], theta[None, None]
    slope_kernel = C * slopes
    full_F = C**2 * ((vs + layer.noise * _outer(values, slopes)) * last + carry_pairs(moments, (0, 1), (0, 1), F))
    full_B = C**2 * (
        (ss + layer.noise * _outer(slopes, slopes)) * ahead * last + np.einsum("ac,bd,abcd->abcd", slopes, slopes, B)
    )
    moved_V, moved_D = respond(answer, V), respond(answer, D)
    mixed = respond(omega, D) * slope_kernel
    fluctuations = Fluctuations(
        V=C**2 * (vv + respond_last(answer, moved_V)) - layer.subtraction * crossed(C * values),
        D=C * (rate * vv + C * vs * last + respond_last(omega, moved_V) + moved_D * slope_kernel),
        F=full_F - layer.subtraction * _outer(C * values, slope_kernel * theta),
        A=rate**2 * vv
        + rate * C * (vs * last + swapped(vs) * ahead)
        + C**2 * ss * ahead * last
        + respond_last(omega, respond(omega, V))
        + mixed
        + swapped(mixed)
        + _outer(slope_kernel, slope_kernel) * A,
        B=full_B - layer.subtraction * _outer(slope_kernel * theta, slope_kernel * theta),
    )
    descendants = state.descendants
    if descendants is not None:
        ratio = rate / C
        descendants = next_descendants(
            descendants, state.fluctuations, (full_F, full_B), noise[3:], moments, theta, C, ratio, layer.noise
        )
    return FirstOrder(
        kernel=net.bias_variance + C * values,
        kernel_correction=C * (_moved(answer, K1) + moments.bent(*VALUES, V)),
        tangent_kernel=rates.bias + rate * values + slope_kernel * theta,
        tangent_kernel_correction=slope_kernel * theta1
        + _moved(omega, K1)
        + rate * moments.bent(*VALUES, V)
        + C * theta * moments.bent(*SLOPES, V)
        + C * np.einsum("abab->ab", respond(slope_answer, D + F + np.swapaxes(F, 2, 3))),
        fluctuations=fluctuations,
        descendants=descendants,
        width=state.width,
        error=max(state.error, neurons.error),
    )


def _outer(first: Matrix, second: Matrix) -> Tensor:
    return first[:, :, None, None] * second[None, None]


def _moved(response: Response, change: Matrix) -> Matrix:
    """The change of averages with a change of the kernel."""
    own = np.diag(change)
    return response.first * own[:, None] + response.mixed * change + response.second * own[None]
