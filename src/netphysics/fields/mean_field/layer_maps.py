r"""Mean-field theory of layers of all kinds: what each does to the kernel of a batch, and to gradients on the way back.

At infinite width every unit of a layer with weights is an independent Gaussian vector over the batch and its positions,
with covariance K. A layer maps K forward. Back goes Γ, the covariance over networks of the gradients, summed over
units; a layer multiplies it by the mean square of its Jacobian, with the weights on the way back taken as drawn anew.
For fully connected layers $K' = C_b + C_W\langle\sigma\sigma\rangle$ and
$\Gamma = C_W\langle\sigma'\sigma'\rangle\,\Gamma'$ (arXiv:1611.01232); residual branches add (arXiv:1712.08969),
convolutions average over their window (arXiv:1806.05393), and batch normalization mixes the batch (arXiv:1902.08129).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float64

from ...nets.layers import (
    Activate,
    Attention,
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    Layer,
    LayeredNet,
    LayerNorm,
    MeanPool,
    Residual,
    RMSNorm,
)
from ..learning.infinite_width import pair_averages
from .batch_statistics import normalized_gradient, normalized_kernel

# Over all inputs and positions, which are fewer behind a pool.
Matrix = Float64[np.ndarray, "_ _"]


@dataclass(frozen=True)
class Law:
    """The kernel of k inputs at P positions, (k P, k P) with the position changing fastest."""

    kernel: Matrix
    positions: int
    gaussian: bool = True
    """Whether each unit is a Gaussian vector, as what follows weights is."""

    def blocks(self, values: Matrix) -> Float64[np.ndarray, "k p k p"]:
        k = len(values) // self.positions
        return values.reshape(k, self.positions, k, self.positions)


@dataclass(frozen=True)
class LayerFlow:
    """Theory of a `LayeredNet` on a batch, after each of its layers.

    Attributes:
        laws: of the signals.
        gradients: Γ by the layer's outputs, for s = u · z with a random unit vector u for each input.
    """

    laws: tuple[Law, ...]
    gradients: tuple[Matrix, ...]

    @property
    def norm(self) -> Float64[np.ndarray, " layers"]:
        """Mean square of a unit over the batch."""
        return np.array([np.mean(np.diag(law.kernel)) for law in self.laws])

    @property
    def gradient(self) -> Float64[np.ndarray, " layers"]:
        """Squared gradient by one input's signal, the mean over the batch."""
        pairs = zip(self.laws, self.gradients, strict=True)
        return np.array([np.trace(gradient) * law.positions / len(gradient) for law, gradient in pairs])

    @property
    def cosine(self) -> Float64[np.ndarray, " layers"]:
        """Of the angle between the first two inputs, all positions together."""
        found = []
        for law in self.laws:
            gram = np.einsum("ipjp->ij", law.blocks(law.kernel))
            found.append(gram[0, 1] / np.sqrt(gram[0, 0] * gram[1, 1]))
        return np.array(found)


def layer_flow(net: LayeredNet, inputs: Float64[np.ndarray, "k positions d_in"]) -> LayerFlow:
    """Follow a batch through the layers, and gradients back.

    Raises:
        ValueError: for layers that the theory does not follow: an activation or a layer normalization of what is no
            Gaussian signal, and statistics over more than 64 values.
    """
    k, positions, d_in = inputs.shape
    flat = inputs.reshape(k * positions, d_in)
    laws = [Law(flat @ flat.T / d_in, positions, False)]
    for layer in net.layers:
        laws.append(forward(layer, laws[-1]))
    size = len(laws[-1].kernel)
    gradients = [np.eye(size) / laws[-1].positions]
    for layer, law in zip(net.layers[:0:-1], laws[-2:0:-1], strict=True):
        gradients.append(backward(layer, law, gradients[-1]))
    return LayerFlow(tuple(laws[1:]), tuple(gradients[::-1]))


def forward(layer: Layer, law: Law) -> Law:
    """What a layer makes of a law."""
    kernel, size = law.kernel, np.diag(law.kernel)
    match layer:
        case Dense():
            return Law(layer.bias_variance + layer.weight_variance * kernel, law.positions)
        case Convolution():
            return Law(
                layer.bias_variance + layer.weight_variance * window_mean(law, kernel, layer.window), law.positions
            )
        case Attention():
            return Law(layer.weight_variance * spread_out(law, kernel), law.positions)
        case MeanPool():
            return Law(law.blocks(kernel).mean(axis=(1, 3)), 1, law.gaussian)
        case Activate():
            check_gaussian(law, layer)
            return replace(law, kernel=pair_averages(layer.activation, kernel)[0], gaussian=False)
        case LayerNorm() | RMSNorm():
            if isinstance(layer, LayerNorm):
                check_gaussian(law, layer)
            return replace(law, kernel=kernel / np.sqrt(np.outer(size, size)))
        case BatchNorm():
            check_gaussian(law, layer)
            return replace(law, kernel=normalized_kernel(kernel, layer.activation), gaussian=False)
        case Dropout():
            return replace(law, kernel=kernel + np.diag(size * layer.rate / (1 - layer.rate)), gaussian=False)
        case Residual():
            inner = law
            for each in layer.branch:
                inner = forward(each, inner)
            return replace(law, kernel=kernel + layer.scale**2 * inner.kernel)


def backward(layer: Layer, law: Law, gradient: Matrix) -> Matrix:
    """Γ before a layer that was fed signals of that law, from Γ behind it."""
    kernel, size = law.kernel, np.diag(law.kernel)
    match layer:
        case Dense():
            return layer.weight_variance * gradient
        case Convolution():
            return layer.weight_variance * window_mean(law, gradient, layer.window)
        case Attention():
            return layer.weight_variance * spread_out(law, gradient)
        case MeanPool():
            ones = np.ones((law.positions, law.positions))
            return np.kron(gradient, ones) / law.positions**2
        case Activate():
            return gradient * pair_averages(layer.activation, kernel)[1]
        case LayerNorm() | RMSNorm():
            return gradient / np.sqrt(np.outer(size, size))
        case BatchNorm():
            return normalized_gradient(kernel, layer.activation, gradient)
        case Dropout():
            return gradient + np.diag(np.diag(gradient) * layer.rate / (1 - layer.rate))
        case Residual():
            laws = [law]
            for each in layer.branch:
                laws.append(forward(each, laws[-1]))
            inner = layer.scale**2 * gradient
            for each, before in zip(layer.branch[::-1], laws[-2::-1], strict=True):
                inner = backward(each, before, inner)
            return gradient + inner


def window_mean(law: Law, values: Matrix, window: int) -> Matrix:
    """The mean over the taps of a window that both positions move by together."""
    blocks = law.blocks(values)
    reach = window // 2
    moved = [np.roll(blocks, (t, t), axis=(1, 3)) for t in range(-reach, reach + 1)]
    return np.mean(moved, axis=0).reshape(values.shape)


def spread_out(law: Law, values: Matrix) -> Matrix:
    """The mean over both positions, at every pair of positions."""
    blocks = law.blocks(values)
    return np.broadcast_to(blocks.mean(axis=(1, 3), keepdims=True), blocks.shape).reshape(values.shape)


def check_gaussian(law: Law, layer: Layer) -> None:
    """Raise ValueError for a layer whose theory is for Gaussian signals, and that does not get them."""
    if not law.gaussian:
        raise ValueError(f"{type(layer).__name__} must follow a layer with weights, or a sum that begins with one")
