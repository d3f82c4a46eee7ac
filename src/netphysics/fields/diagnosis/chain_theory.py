"""Mean-field theory of a network that is a chain of matrices with one activation between them, whoever built it.

Its weights are taken as random ones of the size that they have: the theory of a described network, layer by layer.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ...nets import Activation
from ...stats import Estimate
from ..depth import averages
from .measuring.measurement import Measurement
from .measuring.structure import named_activation

# The averages over an activation are known for kernels in this range.
SMALLEST, LARGEST = 1e-30, 1e30


def chain_theory(measured: Measurement) -> dict[str, Estimate]:
    """`predicted norm` and `predicted gradient` by hidden layer; empty for what is no such chain."""
    activation = measured.activation
    if activation is None or not is_chain(measured, activation):
        return {}
    matrices = [measured.weights[layer.name] for layer in measured.layers]
    weights = [float(w.shape[1] * np.mean(w**2)) for w in matrices]
    biases = [bias_square(measured, layer.name) for layer in measured.layers]
    kernel = biases[0] + weights[0] * np.mean(measured.inputs**2, axis=1)
    norms, slopes = [], []
    for weight, bias in zip(weights[1:], biases[1:], strict=True):
        if not (kernel.min() > SMALLEST and kernel.max() < LARGEST):
            return {}
        mean = averages(activation, kernel)
        norms.append(kernel.mean())
        slopes.append(weight * mean.slope_square)
        kernel = bias + weight * mean.square
    gradients = np.cumprod(slopes[::-1], axis=0)[::-1].mean(axis=1)
    return {
        "predicted norm": Estimate.exact(np.array(norms)),
        "predicted gradient": Estimate.exact(gradients),
    }


def is_chain(measured: Measurement, activation: Activation) -> bool:
    """Whether each layer is one matrix that is fed the activated outputs of the layer before."""
    layers, structure = measured.layers, measured.structure
    matrices = [measured.weights[layer.name] for layer in layers if layer.name in measured.weights]
    widths = [measured.inputs.shape[1], *(layer.outputs.shape[1] for layer in layers)]
    shapes = [(n_out, n_in) for n_in, n_out in pairwise(widths)]
    if len(layers) < 2 or [w.shape for w in matrices] != shapes or not np.isfinite(measured.inputs).all():
        return False
    if not all(np.isfinite(w).all() and w.any() for w in matrices):
        return False
    if structure is None:
        return True
    found = [named_activation(structure.activations.get(name)) for name in list(structure.layers)[:-1]]
    ending = structure.ending
    linear = ending is not None and ending.linear
    return linear and not (structure.skips or measured.normalized) and found == [activation] * (len(layers) - 1)


def bias_square(measured: Measurement, layer: str) -> float:
    """Mean square of the biases of a layer; 0 if it has none."""
    stem = layer.removesuffix(".weight").removesuffix(".kernel")
    names = (f"{stem}.bias", stem.replace("layer", "bias"))
    return next((kernel.values**2 for kernel in measured.kernels if kernel.name in names), 0.0)
