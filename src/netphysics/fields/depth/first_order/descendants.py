r"""The recursion of the tangent kernel's derivatives, for many inputs.

Neurons that carry a chain of derivatives through a layer are paired by the weights; what they contribute alone is
noise, what two of them share is carried on from the layer before. A weight of the layer itself may be among the
parameters: such terms have the factor $\lambda_W/C_W$ and one descendant, F̃ or B̃ of the same layer. No term of these is
touched by the orthogonality of the weights but F̃ and B̃ themselves, which enter before the subtraction.

Derived here, and for one input equal to the recursion of `finite_width`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .pair_moments import Matrix, PairMoments, Tensor
from .tensors import Descendants, Fluctuations
from .transport import carry_end, carry_pairs


def next_descendants(
    before: Descendants,
    fluctuations: Fluctuations,
    full: tuple[Tensor, Tensor],
    covariances: Sequence[Tensor],
    moments: PairMoments,
    theta: Matrix,
    weight_variance: float,
    ratio: float,
    noise: float,
) -> Descendants:
    """P ... U one layer on.

    Args:
        full: F̃ and B̃ of the next layer, before the subtraction.
        covariances: over one neuron, of s'' s, s''' s' and s'' s'' with s' s', times the noise.
        ratio: λ_W / C_W.
        noise: n / n_l.
    """
    P, Q, R, S, T, U = before
    F, B = fluctuations.F, fluctuations.B
    full_F, full_B = full
    C = weight_variance
    slopes = moments.mean(1, 1)

    def source(covariance: Tensor, m: int, p: int) -> Tensor:
        """<s^(m)_a s^(p)_b s'_c s'_d>, times the noise."""
        return covariance + noise * np.einsum("ab,cd->abcd", moments.mean(m, p), slopes)

    value_curvature = source(covariances[0], 2, 0)
    third = source(covariances[1], 3, 1)
    curvatures = source(covariances[2], 2, 2)

    next_P = C**2 * (
        # <s''_a s_d s'_b s'_c> Θ_ab Θ_ac
        np.einsum("adbc,ab,ac->abcd", value_curvature, theta, theta)
        + np.einsum("ad,bc,abac->abcd", moments.mean(2, 0), slopes, B)
        + np.einsum("bc,abcd->abcd", slopes, carry_end(moments, (1, 0), P, at=0))
    )
    joined = carry_pairs(moments, (1, 2), (0, 1), F)
    next_Q = C**2 * (
        np.einsum("adbc,ab,ac->abcd", value_curvature, theta, theta)
        + np.einsum("ab,bdac->abcd", theta, joined)
        + np.einsum("ab,abcd->abcd", slopes, carry_end(moments, (1, 0), Q, at=2))
    ) + ratio * np.einsum("bdac->abcd", full_F)
    curved_P = carry_end(moments, (2, 1), P, at=0)
    next_R = C**2 * (
        np.einsum("abcd,ab,ac,ad->abcd", third, theta, theta, theta)
        + np.einsum("ab,cd,ab,acad->abcd", moments.mean(3, 1), slopes, theta, B)
        + np.einsum("ab,cd,acdb->abcd", theta, slopes, curved_P)
        + np.einsum("ab,cd,abcd->abcd", slopes, slopes, R)
    ) + ratio * np.einsum("acdb->abcd", next_P)
    alone = np.einsum("abcd,ab,ac,bd->abcd", curvatures, theta, theta, theta)
    next_S = C**2 * (
        alone
        + np.einsum("ab,cd,ab,acbd->abcd", moments.mean(2, 2), slopes, theta, B)
        + np.einsum("ab,cd,abcd->abcd", slopes, slopes, S)
    ) + ratio * np.einsum("acbd->abcd", full_B)
    curved_Q = carry_end(moments, (2, 1), Q, at=2)
    mixed = np.einsum("ac,bd,bdac->abcd", theta, slopes, curved_Q)
    own = np.einsum("acbd->abcd", next_Q)
    next_T = (
        C**2
        * (
            alone
            + np.einsum("ac,bd,cdab->abcd", theta, theta, carry_pairs(moments, (1, 2), (1, 2), F))
            + mixed
            + np.einsum("badc->abcd", mixed)
            + np.einsum("ac,bd,abcd->abcd", slopes, slopes, T)
        )
        + ratio * (own + np.einsum("badc->abcd", own))
        - ratio**2 * np.einsum("cdab->abcd", full_F)
    )
    # In U the same neurons meet crosswise: Θ_ac and Θ_bd as well as Θ_ab join one neuron.
    next_U = C**2 * (alone + np.einsum("ad,bc,abcd->abcd", slopes, slopes, U))
    return Descendants(next_P, next_Q, next_R, next_S, next_T, next_U)
