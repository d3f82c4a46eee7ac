"""Is something wrong with the weights? Each layer's matrix, and what its units do on the batch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from netphysics.nets import activation

from ..diagnosis import Verdict
from ..measuring.measurement import LayerSignal, Measurement, called

# A matrix has rank one if the largest row, taken away from all, leaves a smaller part of it.
RANK_ONE = 1e-5
# A layer with a larger share of units that are zero for every input passes little.
DEAD = 0.9
# A layer with a larger share of outputs behind which the activation is flat passes hardly any gradient; slopes are
# below 1/1000 there.
SATURATED, FLAT_BEYOND = 0.75, {"tanh": 4.0, "sigmoid": 7.0, "logistic": 7.0}
# Gates whose weights are as much larger than 1/sqrt(fan-in), and embeddings of that size, saturate what follows.
LARGE = 10.0
# Biases of gates of a larger root mean square shut or open them for every input; what makes a memory last is below it.
LARGE_BIAS = 4.5
GATES = re.compile("bias_[ih]h")
# Entries whose mean is that much larger than their deviation point all units in one direction.
ONE_SIDED, FEWEST_ENTRIES = 1.0, 64


@dataclass(frozen=True)
class Fault:
    """What is wrong with a layer: how it was `drawn`, or what that does to its units."""

    kind: Literal["drawn", "dead", "saturated"]
    reason: str
    layer: str


def check_weights(measured: Measurement) -> Verdict:
    """The verdict on all weights; the first layer with a fault is named."""
    if faults := find_faults(measured):
        return Verdict(False, faults[0].reason, layer=faults[0].layer)
    return Verdict(True, f"{len(measured.weights)} weight matrices, all random and finite.")


def find_faults(measured: Measurement) -> list[Fault]:
    """What is wrong with the layers: how they were drawn first."""
    learn = {kernel.name.removesuffix(".weight") for kernel in measured.kernels if kernel.gram.any()}
    found = []
    for name, matrix in measured.weights.items():
        # A matrix of zeros that gradients reach does not stay so.
        if (words := fault_of(matrix)) is not None and (matrix.any() or name.removesuffix(".weight") not in learn):
            found.append(Fault("drawn", f"The weights of {called(name)} {words}.", name))
        elif (size := too_large(name, matrix, measured)) is not None:
            found.append(Fault("saturated", f"The weights of {called(name)} are {size}.", name))
    for kernel in measured.kernels:
        named = {kernel.name, kernel.name.removesuffix(".weight")} & set(measured.weights)
        if not (np.isfinite(kernel.values) or named):
            found.append(Fault("drawn", f"{kernel.name} holds NaN or infinity.", kernel.name))
        elif GATES.search(kernel.name) and kernel.values > LARGE_BIAS:
            words = f"{kernel.name} is {kernel.values:.2g} large: gates are shut or open for every input."
            found.append(Fault("saturated", words, kernel.name))
    for layer in measured.layers[:-1]:
        if (dead := dead_share(layer)) > DEAD and is_followed_by_relu(layer.name, measured):
            words = f"{100 * dead:.0f} % of the units of {called(layer.name)} are zero for every input."
            found.append(Fault("dead", words, layer.name))
        elif (flat := saturated_share(layer, measured)) > SATURATED:
            words = (
                f"{100 * flat:.0f} % of the outputs of {called(layer.name)} are so large that its activation is flat."
            )
            found.append(Fault("saturated", words, layer.name))
    return found


def fault_of(matrix: Float[np.ndarray, "rows columns"]) -> str | None:
    """What is wrong with one matrix, as the end of a sentence; None where nothing is."""
    if not np.isfinite(matrix).all():
        return "hold NaN or infinity"
    if not matrix.any():
        return "are all zero"
    if min(matrix.shape) < 2:
        return None
    if (matrix == matrix.flat[0]).all():
        return f"are all {matrix.flat[0]:.3g}: its units can never become different"
    if (matrix == matrix[0]).all() or (matrix == matrix[:, :1]).all():
        return "are the same for all units, which can never become different"
    mean, deviation = float(matrix.mean()), float(matrix.std())
    if abs(mean) > ONE_SIDED * deviation and matrix.size >= FEWEST_ENTRIES:
        return f"have mean {mean:.2g} and deviation {deviation:.2g}: all units see nearly the same"
    largest = matrix[np.argmax(np.sum(np.square(matrix), axis=1))]
    direction = largest / np.linalg.norm(largest)
    if np.linalg.norm(matrix - np.outer(matrix @ direction, direction)) < RANK_ONE * np.linalg.norm(matrix):
        return "have rank one: a single number passes"
    return None


def too_large(name: str, matrix: Float[np.ndarray, "rows columns"], measured: Measurement) -> str | None:
    """Of a recurrent layer, or of an embedding, the size of weights that are too large for what follows, in words."""
    size = float(np.sqrt(np.mean(np.square(matrix))))
    gain = size * np.sqrt(matrix.shape[1])
    if ("weight_hh" in name or "weight_ih" in name) and gain > LARGE:
        return f"{gain:.2g} times 1/sqrt(fan-in): gates are saturated from the first step on"
    layer = None if measured.structure is None else measured.structure.layers.get(name)
    if layer is not None and layer.function == "embedding" and size > LARGE and not measured.normalized:
        return f"{size:.2g} large, and layers are made for signals of about 1"
    return None


def is_followed_by_relu(layer: str, measured: Measurement) -> bool:
    """Whether relu takes a layer's outputs as they are; where that was not seen, whether it is the activation."""
    if measured.structure is None:
        return measured.activation == activation("relu")
    return measured.structure.activations.get(layer) == "relu" and not measured.normalized


def saturated_share(layer: LayerSignal, measured: Measurement) -> float:
    """Share of outputs behind which tanh or sigmoid are flat."""
    name = None if measured.structure is None else measured.structure.activations.get(layer.name)
    if name not in FLAT_BEYOND or measured.normalized:
        return 0.0
    return float(np.mean(np.abs(layer.outputs) > FLAT_BEYOND[name]))


def dead_share(layer: LayerSignal) -> float:
    """Share of units that are not positive for any sample."""
    return float(np.mean((layer.outputs <= 0).all(axis=0)))
