"""What preactivations of any origin say about a network: norms and angles, layer by layer.

The arrays may come out of hooks of another framework: nothing is assumed of the network but that it has layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from netphysics.stats import FEWEST_BLOCKS, Estimate

from ...depth.spread import Spread, spread


@dataclass(frozen=True)
class PreactivationStatistics:
    """Statistics by layer, shape (layers,); errors are over networks, and absent for a single one.

    Attributes:
        norm: mean square |z|²/n of a preactivation of the first input, and its relative spread over networks; None
            for fewer than 4 networks.
        first: mean square of a preactivation of the first input, over networks.
        norms: mean square of a preactivation over all inputs.
        cosine: of the angle between two inputs, averaged over pairs; None for one input.
        widths: neurons of each layer.
        networks: how many.
        samples: inputs of the batch.
    """

    norm: Spread | None
    first: np.ndarray
    norms: Estimate
    cosine: Estimate | None
    widths: tuple[int, ...]
    networks: int
    samples: int

    @property
    def growth(self) -> float:
        """What a layer multiplies the squared norm by, the geometric mean over layers."""
        first, last = self.norms.value[0], self.norms.value[-1]
        return float((last / first) ** (1 / (len(self.widths) - 1)))


def preactivation_statistics(layers: Any) -> PreactivationStatistics:
    """Statistics of a list of layers, each of shape (samples, width) or (networks, samples, width).

    Raises:
        ValueError: for fewer than two layers, arrays of other or different shapes, NaN or infinity, and a layer
            that is zero for some input.
    """
    layers = checked_layers(layers)
    norms = np.stack([np.mean(z**2, axis=2) for z in layers], axis=2)  # networks, samples, layers
    networks, samples, _ = norms.shape
    dead = np.argwhere(norms == 0)
    if len(dead):
        network, sample, layer = dead[0]
        raise ValueError(f"layer {layer + 1} is zero for input {sample} of network {network}: nothing passes it")
    cosine = None
    if samples > 1:
        cosine = estimate(np.stack([cosines(z) for z in layers], axis=1))
    return PreactivationStatistics(
        norm=spread(norms[:, 0]) if networks >= FEWEST_BLOCKS else None,
        first=norms[:, 0].mean(axis=0),
        norms=estimate(norms.mean(axis=1)),
        cosine=cosine,
        widths=tuple(z.shape[2] for z in layers),
        networks=networks,
        samples=samples,
    )


def checked_layers(layers: Any) -> list[Float[np.ndarray, "networks samples width"]]:
    """The layers as float64 arrays with a networks axis; raises ValueError as `preactivation_statistics` says."""
    if not isinstance(layers, list | tuple):
        raise ValueError(f"layers must be a list with one array for each layer, got {type(layers).__name__}")
    if len(layers) < 2:
        raise ValueError(f"layers has {len(layers)} entry; a signal is followed through at least two layers")
    arrays = [np.asarray(layer, np.float64) for layer in layers]
    for number, z in enumerate(arrays, start=1):
        if z.ndim not in (2, 3) or z.ndim != arrays[0].ndim or z.shape[:-1] != arrays[0].shape[:-1] or 0 in z.shape:
            raise ValueError(
                f"layer {number} has shape {z.shape}; all layers must be (samples, width) or all (networks, samples, "
                f"width), alike but for the width, and the first has {arrays[0].shape}"
            )
        if not np.isfinite(z).all():
            raise ValueError(f"layer {number} holds NaN or infinity")
    return [z if z.ndim == 3 else z[None] for z in arrays]


def cosines(z: Float[np.ndarray, "networks samples width"]) -> Float[np.ndarray, " networks"]:
    """Mean cosine of the angle between two samples."""
    unit = z / np.linalg.norm(z, axis=2, keepdims=True)
    pairs = np.triu_indices(z.shape[1], 1)
    return np.einsum("aki,ali->akl", unit, unit)[:, *pairs].mean(axis=1)


def estimate(values: Float[np.ndarray, networks * shape]) -> Estimate:
    """The mean over networks; its error is not known (infinite) for fewer than 4."""
    networks = len(values)
    if networks < FEWEST_BLOCKS:
        return Estimate(values.mean(axis=0), np.full(values.shape[1:], np.inf), networks)
    error = values.std(axis=0, ddof=1) / np.sqrt(networks)
    return Estimate(values.mean(axis=0), error, networks, float(networks - 1))
