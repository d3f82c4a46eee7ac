r"""What is measured of a network on one batch before it is trained, whatever framework it comes from.

The tangent kernel of the batch is kept by parameter: with $s_i = u_i \cdot z(x_i)$ for one random direction $u_i$ of
the outputs per sample, $K^p_{ij} = \nabla_p s_i \cdot \nabla_p s_j$ for each parameter tensor p. Their sum is the
kernel of plain gradient descent; divided by what an optimizer divides a tensor's gradient by, that of the optimizer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from jaxtyping import Float

from netphysics.nets import Activation

from .curvature import Curvature
from .probe import Learned
from .structure import Structure

# So many samples of a batch are looked at: a Gram matrix takes a backward pass for each.
MOST_SAMPLES = 32


@dataclass(frozen=True)
class LayerSignal:
    """A layer with weights, as the batch passes it: its outputs before the activation, and the gradient there.

    Attributes:
        name: as the framework names it.
        outputs: shape (samples, width); everything but the samples is flattened.
        gradients: of the sum over samples of s_i by the outputs, same shape; None where there is nothing to
            differentiate.
    """

    name: str
    outputs: Float[np.ndarray, "samples width"]
    gradients: Float[np.ndarray, "samples width"] | None

    @property
    def mean_square(self) -> float:
        """Mean square of an output over the batch; infinite where signals explode beyond all numbers."""
        with np.errstate(over="ignore"):
            return float(np.mean(np.square(self.outputs)))

    @property
    def gradient_mean_square(self) -> float | None:
        """Mean over the batch of the squared norm of a sample's gradient; None where there is none."""
        if self.gradients is None:
            return None
        with np.errstate(over="ignore"):
            return float(np.mean(np.sum(np.square(self.gradients), axis=1)))

    @property
    def distinct(self) -> float:
        """Which share of the mean square tells one sample from another: 0 where all samples look alike, 1 - 1/k where
        they have nothing in common.
        """
        size = np.max(np.abs(self.outputs))
        if not (np.isfinite(size) and size > 0):
            return 0.0
        outputs = self.outputs / size
        return float(np.mean(np.square(outputs - outputs.mean(axis=0))) / np.mean(np.square(outputs)))


@dataclass(frozen=True)
class ParameterKernel:
    """One parameter tensor's part of the tangent kernel.

    Attributes:
        name: as the framework names it.
        size: its number of entries.
        gram: K^p, shape (samples, samples).
        gradient: root mean square over the entries of the gradient of the mean of s_i.
        values: root mean square of the entries themselves.
    """

    name: str
    size: int
    gram: Float[np.ndarray, "samples samples"]
    gradient: float
    values: float


@dataclass(frozen=True)
class Measurement:
    """One network on one batch.

    Attributes:
        inputs: the batch, flattened to (samples, components).
        layers: in the order of execution, the outputs of the network last.
        kernels: by parameter tensor.
        learned: by optimizer, `sgd` and `adam`, what virtual steps teach.
        steps: how many virtual steps these are.
        weights: matrices by name, (outputs, fan-in) or its transpose; what has more axes is flattened to that.
        framework: whose lines the advice is written in.
        activation: the one between the layers; None where it is not known, or there are several.
        normalized: whether a layer normalizes its signals.
        structure: how it is put together; None of a described network, which is put together as it should be.
        curvature: of the loss; None where it could not be computed.
    """

    inputs: Float[np.ndarray, "samples components"]
    layers: tuple[LayerSignal, ...]
    kernels: tuple[ParameterKernel, ...]
    learned: Mapping[str, Learned]
    steps: int
    weights: Mapping[str, np.ndarray] = field(default_factory=dict)
    framework: Literal["torch", "jax"] = "jax"
    activation: Activation | None = None
    normalized: bool = False
    structure: Structure | None = None
    curvature: Curvature | None = None

    @property
    def samples(self) -> int:
        return len(self.inputs)

    @property
    def skips(self) -> int:
        """How often something is added to what it was made from; 0 where that was not seen, and in chains of layers
        few of which are bypassed so."""
        if self.structure is None:
            return 0
        inner = len(self.structure.layers) - 2
        return self.structure.skips if 2 * len(self.structure.bypassed) >= inner else 0


def called(layer: str) -> str:
    """A layer by name, in a sentence; PyTorch calls layers by mere numbers."""
    return layer if layer.startswith("layer") else f"layer {layer}"
