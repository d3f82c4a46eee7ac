"""How a layer carries tensors of four inputs on: what fluctuates in one layer moves the averages of the next."""

from __future__ import annotations

import numpy as np

from .pair_moments import Matrix, PairMoments, Response, Tensor

Orders = tuple[int, int]


def crossed(kernel: Matrix) -> Tensor:
    """K_ac K_bd + K_ad K_bc: the covariance of products of two Gaussian signals."""
    return np.einsum("ac,bd->abcd", kernel, kernel) + np.einsum("ad,bc->abcd", kernel, kernel)


def respond(response: Response, tensor: Tensor) -> Tensor:
    """The response of a pair (a, b) to a change of the kernel, the first two indices of a tensor."""
    first, mixed, second = (each[:, :, None, None] for each in response)
    own = np.einsum("aacd->acd", tensor)
    return first * own[:, None] + mixed * tensor + second * own[None]


def respond_last(response: Response, tensor: Tensor) -> Tensor:
    """The same for the last two indices."""
    return swapped(respond(response, swapped(tensor)))


def swapped(tensor: Tensor) -> Tensor:
    """T_cdab."""
    return np.transpose(tensor, (2, 3, 0, 1))


def carry_pairs(moments: PairMoments, left: Orders, right: Orders, tensor: Tensor) -> Tensor:
    """Σ_ef ∂_e<s^(m)_a s^(p)_c> ∂_f<s^(q)_b s^(r)_d> T_efcd with e of {a, c} and f of {b, d}.

    `left` is (m, p), `right` is (q, r). The derivatives are by the preactivations: two neurons are joined, each to its
    own end of T.
    """
    (m, p), (q, r) = left, right
    at_c = np.einsum("cfcd->fcd", tensor)[None]
    half = moments.mean(m + 1, p)[:, None, :, None] * tensor + moments.mean(m, p + 1)[:, None, :, None] * at_c
    at_d = np.einsum("adcd->acd", half)[:, None]
    return moments.mean(q + 1, r)[None, :, None] * half + moments.mean(q, r + 1)[None, :, None] * at_d


def carry_end(moments: PairMoments, orders: Orders, tensor: Tensor, at: int) -> Tensor:
    """Σ_e ∂_e<s^(m)_x s^(p)_d> T_abce with x the index number `at` of a, b, c, and e of {x, d}."""
    m, p = orders
    shape = [1, 1, 1, tensor.shape[0]]
    shape[at] = tensor.shape[0]
    stay, move = (moments.mean(*each).reshape(shape) for each in ((m, p + 1), (m + 1, p)))
    return stay * tensor + move * np.einsum(("abca->abc", "abcb->abc", "abcc->abc")[at], tensor)[..., None]
