r"""Signals and tangent kernels of many inputs at first order in 1/width, as tensors of two and of four inputs.

The definitions are those of `finite_width`, with an input for each signal: for inputs a, b, c, d

$E[z_{ia}z_{jb}] = \delta_{ij}(K_{ab} + K_{1,ab}/n), \quad E[H_{ia,jb}] = \delta_{ij}(\Theta_{ab} + \Theta_{1,ab}/n)$,
$E[z_{ia}z_{jb}z_{kc}z_{md}]_c = \frac1n[\delta_{ij}\delta_{km}V_{abcd} + \delta_{ik}\delta_{jm}V_{acbd} +
    \delta_{im}\delta_{jk}V_{adbc}]$,
$E[z_{ia}z_{jb}\,\Delta H_{kc,md}] = \frac1n[\delta_{ij}\delta_{km}D_{abcd} + \delta_{ik}\delta_{jm}F_{abcd} +
    \delta_{im}\delta_{jk}F_{abdc}]$,
$E[\Delta H_{ia,jb}\,\Delta H_{kc,md}] = \frac1n[\delta_{ij}\delta_{km}A_{abcd} + \delta_{ik}\delta_{jm}B_{abcd} +
    \delta_{im}\delta_{jk}B_{abdc}]$,

and, for the derivatives of the tangent kernel,

$E[\mathrm dH_{ia,jb,kc}\,z_{md}] = \frac1n[\delta_{im}\delta_{jk}P_{abcd} + \delta_{ij}\delta_{km}Q_{abcd} +
    \delta_{ik}\delta_{jm}Q_{acbd}]$,
$E[\mathrm{dd}_I H_{ia,jb,kc,md}] = \frac1n[\delta_{ij}\delta_{km}R_{abcd} + \delta_{ik}\delta_{jm}R_{acbd} +
    \delta_{im}\delta_{jk}R_{adbc}]$,
$E[\mathrm{dd}_{II} H_{ia,jb,kc,md}] = \frac1n[\delta_{ij}\delta_{km}S_{abcd} + \delta_{ik}\delta_{jm}T_{abcd} +
    \delta_{im}\delta_{jk}U_{abcd}]$.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .pair_moments import Matrix, Tensor


class Descendants(NamedTuple):
    """Derivatives of the tangent kernel by the parameters, along gradients."""

    P: Tensor
    Q: Tensor
    R: Tensor
    S: Tensor
    T: Tensor
    U: Tensor


class Fluctuations(NamedTuple):
    """Covariances of signals and tangent kernels."""

    V: Tensor
    D: Tensor
    F: Tensor
    A: Tensor
    B: Tensor


@dataclass(frozen=True)
class FirstOrder:
    """Theory of the outputs for k inputs; all but `kernel` and `tangent_kernel` are to be divided by `width`.

    Attributes:
        kernel: K_ab, at infinite width.
        kernel_correction: K_1,ab.
        tangent_kernel: Θ_ab, at infinite width.
        tangent_kernel_correction: Θ_1,ab.
        fluctuations: V, D, F, A and B.
        descendants: P ... U; None for activations with a kink.
        width: n, the harmonic mean of the hidden widths.
        error: of the quasi-random averages over one neuron, relative to their largest values; worst layer.
    """

    kernel: Matrix
    kernel_correction: Matrix
    tangent_kernel: Matrix
    tangent_kernel_correction: Matrix
    fluctuations: Fluctuations
    descendants: Descendants | None
    width: float
    error: float


def zeros(inputs: int) -> Tensor:
    """Nothing, for four of so many inputs."""
    return np.zeros((inputs,) * 4)
