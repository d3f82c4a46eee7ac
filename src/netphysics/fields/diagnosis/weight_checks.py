"""Is something wrong with the weights? Each layer's matrix, and what its units do on the batch."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from ...nets import activation
from ..depth import Verdict
from .measurement import LayerSignal, Measurement

# A matrix has rank one if the largest row, taken away from all, leaves a smaller part of it.
RANK_ONE = 1e-5
# A layer with a larger share of units that are zero for every input passes little.
DEAD = 0.9


def check_weights(measured: Measurement) -> Verdict:
    """The verdict on all weights; the first layer with a fault is named."""
    for name, matrix in measured.weights.items():
        if (fault := fault_of(matrix)) is not None:
            return Verdict(False, f"The weights of {name} {fault}.", layer=name)
    if measured.activation == activation("relu") and not measured.normalized:
        for layer in measured.layers[:-1]:
            if (dead := dead_share(layer)) > DEAD:
                return Verdict(
                    False,
                    f"{100 * dead:.0f} % of the units of {layer.name} are zero for every input.",
                    layer=layer.name,
                )
    return Verdict(True, f"{len(measured.weights)} weight matrices, all random and finite.")


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
    largest = matrix[np.argmax(np.sum(np.square(matrix), axis=1))]
    direction = largest / np.linalg.norm(largest)
    if np.linalg.norm(matrix - np.outer(matrix @ direction, direction)) < RANK_ONE * np.linalg.norm(matrix):
        return "have rank one: a single number passes"
    return None


def dead_share(layer: LayerSignal) -> float:
    """Share of units that are not positive for any sample."""
    return float(np.mean((layer.outputs <= 0).all(axis=0)))
