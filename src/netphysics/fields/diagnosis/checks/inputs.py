"""Is something wrong with the inputs? Seen on the whole batch, whatever the network."""

from __future__ import annotations

import numpy as np

from ..diagnosis import Verdict
from ..measuring.measurement import Measurement

# Beyond this root mean square, inputs are not on the scale that initializations are made for.
LARGE, SMALL = 10.0, 0.02
# A mean of so many standard deviations drowns what tells one input from another.
OFFSET = 5.0
# A component so many times larger than the others hides them.
DROWNS = 100.0


def check_inputs(inputs: np.ndarray, tokens: bool = True) -> Verdict:
    """The verdict on a batch, samples along the first axis. Blank samples are noted and no fault.

    Args:
        tokens: whether whole numbers are names of things, whose size does not matter.
    """
    if tokens and not np.issubdtype(inputs.dtype, np.floating):
        return Verdict(True, "The inputs are whole numbers, taken as tokens.")
    values = inputs.reshape(len(inputs), -1).astype(np.float64)
    bad = np.flatnonzero(~np.isfinite(values).all(axis=1))
    if len(bad):
        return Verdict(False, f"Input {bad[0]} holds NaN or infinity.")
    if (values == values[0]).all():
        return Verdict(False, f"All {len(values)} inputs are the same: there is nothing to learn from them.")
    low, high, size = float(values.min()), float(values.max()), float(np.sqrt(np.mean(values**2)))
    spread = float(np.sqrt(np.mean(values.var(axis=0))))
    if inputs.ndim == 2 and (component := large_component(values)) is not None:
        own = float(np.sqrt(np.mean(values[:, component] ** 2)))
        return Verdict(False, f"Component {component} of the inputs is {own:.2g} large, and drowns the others.")
    span = f"Inputs reach from {low:.3g} to {high:.3g}"
    if size > LARGE:
        return Verdict(False, f"{span}, root mean square {size:.3g}; networks are made for inputs of about 1.")
    if size < SMALL:
        return Verdict(False, f"{span}, root mean square {size:.2g}; networks are made for inputs of about 1.")
    if abs(values.mean()) > OFFSET * spread:
        return Verdict(
            False,
            f"{span}: their mean {values.mean():.3g} is {abs(values.mean()) / spread:.2g} times what tells them apart.",
        )
    blank = int(np.sum(~values.any(axis=1)))
    noted = f"; {blank} blank" if blank else ""
    return Verdict(True, f"{span}, root mean square {size:.2g}{noted}.")


def large_component(values: np.ndarray) -> int | None:
    """The component whose root mean square is a hundred times the median of all, and above what networks are made for;
    None where there is none."""
    sizes = np.sqrt(np.mean(values**2, axis=0))
    largest = int(np.argmax(sizes))
    return largest if sizes[largest] > max(LARGE, DROWNS * float(np.median(sizes))) else None


def is_tokens(measured: Measurement) -> bool:
    """Whether inputs are whole numbers that an embedding takes; where that was not seen, whether they are whole."""
    if measured.framework == "torch" and measured.structure is not None:
        embedded = any(layer.function == "embedding" for layer in measured.structure.layers.values())
        return embedded or "one_hot" in measured.structure.functions
    return not np.any(measured.inputs % 1)
