r"""Signals by depth: kernels of several inputs, and what they do at first order in 1/width.

With $\langle\cdot\rangle$ the average over z ~ N(0, K), in the conventions of docs/conventions.md, the kernel of
infinitely wide networks is $K'_{ab} = C_b + C_W \langle\sigma_a\sigma_b\rangle$. The corrections are those of
`multi_input`, or the exact law of `scale_invariant` where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Float64

from ...nets import Net
from .multi_input import kernel_flow, multi_input_flow
from .scale_invariant import exact_four_point, has_exact_law


@dataclass(frozen=True)
class SignalFlow:
    """Theory of a net's preactivations, layer by layer; the arrays' first axis is the hidden layer 1 ... L.

    Attributes:
        kernel: K_ab at infinite width, shape (L, k, k).
        norm_correction: K_1 of each input in units of K, shape (L, k): the mean of |z|^2/n is
            K (1 + norm_correction / n).
        four_point: V of each input in units of K^2, shape (L, k).
        cosine_correction: n times the correction to the mean cosine of the angle between two signals, shape
            (L, k, k).
        width: n, the width of the hidden layers.
        exact: whether norm_correction and four_point hold at this width, and not only to first order in
            depth / width.
    """

    kernel: Float64[np.ndarray, "depth k k"]
    norm_correction: Float64[np.ndarray, "depth k"]
    four_point: Float64[np.ndarray, "depth k"]
    cosine_correction: Float64[np.ndarray, "depth k k"]
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

    @property
    def cosine(self) -> Float64[np.ndarray, "depth k k"]:
        """Mean cosine of the angle between two signals, to first order in depth / width."""
        return self.correlation + self.cosine_correction / self.width


def signal_flow(net: Net, inputs: Float64[np.ndarray, "k d_in"]) -> SignalFlow:
    """Follow the kernels of all inputs through the hidden layers of `net`, which have one width.

    Raises:
        ValueError: for hidden layers of different widths, and whatever `multi_input_flow` refuses.
    """
    hidden = net.widths[1:-1]
    if len(set(hidden)) != 1:
        raise ValueError(f"hidden widths are {hidden}; signals by depth need one and the same width")
    kernels, k = kernel_flow(net, inputs)[:-1], len(inputs)
    corrections, four_points = np.empty((2, len(hidden), k))
    cosines = np.zeros_like(kernels)
    for pair in map(list, combinations(range(k), min(k, 2))):
        flow = multi_input_flow(net, inputs[pair])
        for i, each in enumerate(pair):
            size = flow.kernel[:-1, i, i]
            corrections[:, each] = flow.kernel_correction[:-1, i, i] / size
            four_points[:, each] = flow.four_point[:-1, i, i, i, i] / size**2
        rows, columns = np.ix_(pair, pair)
        cosines[:, rows, columns] = flow.cosine_correction[:-1]
    exact = has_exact_law(net)
    if exact:
        four_points = np.tile(hidden[0] * exact_four_point(net)[:-1, None], k)
    return SignalFlow(kernels, corrections, four_points, cosines, hidden[0], exact)
