"""The most likely cause of trouble as a sentence: for a reader who knows no theory."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..depth import Verdict
from .measurement import Measurement
from .mending import (
    Trouble,
    mend_inputs,
    mend_structure,
    mend_training,
    mend_weights,
    optimizer_line,
    rate_ceiling,
    train_with,
)
from .trainability import RATES, gradient_growth, linearly_learned, logarithm
from .training_advice import change_all
from .weight_checks import find_faults

# Decades by which squared signals or gradients change before they are named as the cause.
DECADES = 2.0
# An optimizer trains networks of a higher probability without more ado.
SURE = 0.9
# Where less of the outputs' mean square tells samples apart, all look alike.
ALIKE = 0.01


def explain(measured: Measurement, verdicts: Mapping[str, Verdict]) -> tuple[str, tuple[str, ...]]:
    """The cause, and the advice that goes with it, the change that mends it first."""
    sgd, adam = verdicts["sgd"].ok, verdicts["adam"].ok
    sure = {name for name in RATES if (verdicts[name].probability or 0.0) > SURE}
    # Units that are dead or saturated by inputs of the wrong size are no fault of the weights.
    by_inputs = verdicts["inputs"].ok is False and all(fault.kind != "drawn" for fault in find_faults(measured))
    if verdicts["weights"].ok is False and not by_inputs:
        return f"Something is wrong with the weights. {verdicts['weights'].reason}", (mend_weights(measured),)
    if verdicts["inputs"].ok is False:
        mended: tuple[str, ...] = (mend_inputs(measured),)
        # Where inputs of the wrong size are not all that is in the way, the rest is told, too.
        if "adam" not in sure and mended[0].startswith("Standardize"):
            mended = change_all(measured, diagnose_trouble(measured)[0], mended[0])
        return f"Something is wrong with the inputs. {verdicts['inputs'].reason}", mended
    if verdicts["structure"].ok is False:
        return f"Something is wrong with the layers. {verdicts['structure'].reason}", (mend_structure(measured),)
    if sgd and "adam" in sure:
        line = optimizer_line(measured, "adam", RATES["adam"])
        spare = () if "sgd" in sure else (f"Should plain SGD not train it, take Adam: {line}",)
        return "Nothing was found that will hinder training: plain SGD and Adam should both train it.", spare
    trouble, words = diagnose_trouble(measured)
    if sgd and adam:
        first = change_all(measured, trouble)[0]
        spare = (f"Should it not train, {first[0].lower()}{first[1:]}",)
        return "Plain SGD and Adam should both train it, if not for sure.", spare
    if adam:
        start = f"Adam should train it; plain SGD at {RATES['sgd']:g} will probably not"
    elif sgd:
        start = f"Plain SGD should train it; Adam at {RATES['adam']:g} will probably not"
    else:
        start = "This network will probably not train"
    if not sure:
        return f"{start}: {words}.", change_all(measured, trouble)
    return f"{start}: {words}.", (train_with(measured, "adam" if adam else "sgd"), *mend_training(measured, trouble))


def diagnose_trouble(measured: Measurement) -> tuple[Trouble, str]:
    """What hinders training, and the sentence about it."""
    gradients, signals = gradient_growth(measured), signal_growth(measured)
    if not np.isfinite(measured.layers[-1].outputs).all() or signals > DECADES:
        also = " and gradients" if gradients > DECADES else ""
        return "explode", f"signals{also} explode, their mean square grows by {power(signals)} over the layers"
    if gradients > DECADES:
        return (
            "explode",
            f"gradients explode, their square grows by {power(gradients)} from the outputs to the first layer",
        )
    if gradients < -DECADES:
        also = "signals and " if signals < -DECADES else ""
        return "vanish", f"{also}gradients vanish, squares shrink by {power(-gradients)} over the layers"
    if signals < -DECADES:
        return "vanish", f"signals vanish, their mean square shrinks by {power(-signals)} over the layers"
    distinct = measured.layers[-1].distinct
    if distinct < ALIKE:
        return (
            "alike",
            f"all inputs look alike to the last layer, {100 * distinct:.1g} % of its outputs tell them apart",
        )
    if rate_ceiling(measured) < RATES["sgd"]:
        return "rate", f"that learning rate is too high, above {rate_ceiling(measured):.2g} steps overshoot"
    if linearly_learned(measured) < -1:
        return "slow", "gradients are so small that little is learned in 300 steps"
    return "unclear", "no single cause stands out, but labels are hardly learned in virtual steps"


def signal_growth(measured: Measurement) -> float:
    """Decimal logarithm of the mean square in the last hidden layer over that in the first layer."""
    first, last = measured.layers[0], measured.layers[max(0, len(measured.layers) - 2)]
    return logarithm(last.mean_square, -300.0, 300.0) - logarithm(first.mean_square, -300.0, 300.0)


def power(decades: float) -> str:
    """A factor by its decimal logarithm."""
    return f"a factor of {10**decades:.2g}" if decades < 300 else "more than 1e300"
