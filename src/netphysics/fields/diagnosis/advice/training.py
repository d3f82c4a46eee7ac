"""What to change for a network to train: at first all that may be in the way, each change with its reason and its line.

A single change is tried sooner, but of networks that do not train more than one thing is often in the way.
"""

from __future__ import annotations

from ..checks.inputs import is_tokens
from ..checks.troubles import Trouble, frozen_layers
from ..measuring.measurement import Measurement
from ..trainability import RATES
from .mending import FEWER, POOLS, flatten_before, mend_training, optimizer_line, paste, together

# Inputs whose deviation is within these bounds, and whose mean is smaller than that share of it, are standard enough.
DEVIATIONS, OFF_CENTER = (0.5, 2.0), 0.5
# The usual rate of Adam is high for chains of more layers, since each step changes all of them.
DEEP, DEEP_RATE = 40, 3e-4
# Pooling over all places that leaves fewer numbers leaves little to tell classes apart.
FEW_POOLED = 32


def change_all(
    measured: Measurement, trouble: Trouble, inputs: str | None = None, weights: str | None = None
) -> tuple[str, ...]:
    """All changes as one piece of advice, then others.

    Args:
        inputs: what is to be done about them, if that is known.
        weights: the same of weights that are wrong.
    """
    # A rate of plain SGD is none of Adam's.
    first, *others = mend_training(measured, "unclear" if trouble == "rate" else trouble)
    fed = [inputs] if inputs else standardize(measured)
    before = (*([weights] if weights else ()), *fed, *unfreeze(measured), *keep_places(measured))
    chain = not (measured.normalized or measured.skips)
    rate = DEEP_RATE if chain and len(measured.layers) > DEEP else RATES["adam"]
    steps = f"Train with Adam: {optimizer_line(measured, 'adam', rate)}"
    if first == FEWER:
        return (together(*before, *drop_nothing(measured), steps), first)
    return (together(*before, first, *drop_nothing(measured), steps), *others)


def standardize(measured: Measurement) -> tuple[str, ...]:
    """Inputs of another size are no fault, but harder to learn from; tokens are left as they are."""
    inputs = measured.inputs
    mean, deviation = float(inputs.mean()), float(inputs.std())
    if is_tokens(measured) or (DEVIATIONS[0] < deviation < DEVIATIONS[1] and abs(mean) < OFF_CENTER * deviation):
        return ()
    words = f"Standardize the inputs (now of mean {mean:.2g} and deviation {deviation:.2g})"
    return (f"{words}: x = (x - x.mean()) / x.std()",)


def unfreeze(measured: Measurement) -> tuple[str, ...]:
    """To let layers learn that do not."""
    if measured.structure is None or not (frozen := frozen_layers(measured, measured.structure)):
        return ()
    line = "[p.requires_grad_(True) for p in model.parameters()]"
    return (f"Let the {len(frozen)} frozen layers learn: {line}",)


def keep_places(measured: Measurement) -> tuple[str, ...]:
    """To flatten images whose last layer is fed a few numbers, which are left of all by pooling."""
    structure = measured.structure
    if structure is None or len(structure.layers) < 2 or not POOLS & structure.functions:
        return ()
    *_, before, last = structure.layers.values()
    if last.size_in >= min(FEW_POOLED, before.size_out):
        return ()
    return (flatten_before(last),)


def drop_nothing(measured: Measurement) -> tuple[str, ...]:
    """To switch dropout off as long as nothing is learned."""
    if measured.structure is None or not measured.structure.dropped:
        return ()
    line = paste(
        measured,
        "[setattr(m, 'p', 0.0) for m in model.modules() if isinstance(m, torch.nn.Dropout)]",
        "equinox.nn.Dropout(0)",
    )
    return (f"Drop nothing until it trains: {line}",)
