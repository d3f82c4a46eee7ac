"""Do hyperparameters transfer over widths? The sizes of coordinates, and of what a few steps change, by width.

In the maximal update parametrization (arXiv:2203.03466) a unit keeps its size at every width, and so does what training
changes of it, in every layer; only the outputs may start smaller. The slopes of the logarithms of these sizes by the
logarithm of width say whether that is so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from ...stats import Estimate
from .measuring.torch_model import is_torch

WIDTHS, SEEDS, STEPS = (128, 256, 512, 1024), 4, 4
# Slopes that are further from zero than this, beyond twice their error, break the transfer. Broken parametrizations
# have slopes of a half or more; right ones drift by up to a third at the widths that can be tried.
TOLERATED, ERRORS = 0.35, 2.0
# Layer by layer, the size of a coordinate at the start and that of its change.
Sizes = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class WidthTransfer:
    """The check of one constructor.

    Attributes:
        ok: whether learning rates transfer.
        reason: one sentence with the slope that decides.
        start: slopes of the sizes at the start, by layer.
        change: slopes of the sizes of the changes.
    """

    ok: bool
    reason: str
    start: Mapping[str, Estimate]
    change: Mapping[str, Estimate]


def width_transfer(
    make: Callable[..., Any],
    inputs: Any,
    widths: Sequence[int] = WIDTHS,
    seeds: int = SEEDS,
    steps: int = STEPS,
) -> WidthTransfer:
    """Train networks of several widths for a few steps on random labels, and compare.

    Args:
        make: `make(width)` gives a PyTorch module and its optimizer; `make(width, key)` a JAX model of one input and
            its optax optimizer.
        inputs: the batch.

    Raises:
        ValueError: for fewer than two widths or seeds, and for what `make` should not give.
    """
    if len(set(widths)) < 2 or seeds < 2:
        raise ValueError(f"widths are {tuple(widths)} and seeds {seeds}; slopes need at least two of each")
    runs = [[sizes_of(make, width, seed, inputs, steps) for width in widths] for seed in range(seeds)]
    layers = list(runs[0][0])
    start, change = (
        {name: slope(widths, np.array([[run[name][part] for run in row] for row in runs])) for name in layers}
        for part in (0, 1)
    )
    faults = [
        *((f"the start of {name}", start[name], abs(float(start[name].value))) for name in layers[:-1]),
        (f"the start of {layers[-1]}", start[layers[-1]], float(start[layers[-1]].value)),
        *((f"the change of {name}", change[name], abs(float(change[name].value))) for name in layers),
    ]
    words, worst, size = max(faults, key=lambda fault: fault[2] - ERRORS * float(fault[1].error))
    ok = not size - ERRORS * float(worst.error) > TOLERATED
    reason = f"{words} goes like width to the power {worst}" + ("." if ok else ", and should not depend on it.")
    return WidthTransfer(ok, reason[0].upper() + reason[1:], start, change)


def sizes_of(make: Callable[..., Any], width: int, seed: int, inputs: Any, steps: int) -> Sizes:
    """Train one network."""
    from .width_steps import jax_sizes, torch_made, torch_sizes

    made = torch_made(make, width, seed)
    if made is not None and is_torch(made[0]):
        return torch_sizes(*made, inputs, steps)
    return jax_sizes(make, width, seed, inputs, steps)


def slope(widths: Sequence[int], sizes: Float[np.ndarray, "seeds widths"]) -> Estimate:
    """The slope of log size by log width, its mean over seeds and the error of that; of zeros, zero."""
    if not sizes.any():
        return Estimate(np.float64(0.0), 0.0, len(sizes))
    logarithms = np.log(np.maximum(np.nan_to_num(sizes, nan=1e30, posinf=1e30), 1e-30))
    slopes = np.polyfit(np.log(np.asarray(widths, np.float64)), logarithms.T, 1)[0]
    return Estimate(np.mean(slopes), float(np.std(slopes, ddof=1) / np.sqrt(len(slopes))), len(slopes))
