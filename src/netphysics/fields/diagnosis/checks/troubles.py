"""What hinders training where inputs, weights and layers are right: the most likely trouble, with its numbers."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from ..measuring.measurement import Measurement, called
from ..measuring.structure import SCALINGS, Layer, Structure
from ..trainability import RATES, gradient_growth, largest_mode, linearly_learned, logarithm, optimizer_kernel

Trouble = Literal["explode", "scaled", "narrow", "vanish", "alike", "frozen", "rate", "slow", "unclear"]
# Decades by which squared signals or gradients change before they are named as the cause.
DECADES = 2.0
# Where less of the outputs' mean square tells samples apart, all look alike.
ALIKE = 0.01
# Outputs that are the last layer's times a larger factor, or a smaller one than its inverse, were not meant so.
FACTOR = 100.0
# Fewer numbers that pass from layer to layer leave little of many inputs for many outputs.
FEW_NUMBERS = 2


def diagnose_trouble(measured: Measurement) -> tuple[Trouble, str]:
    """What hinders training, and the sentence about it."""
    gradients, signals = gradient_growth(measured), signal_growth(measured)
    if (factor := output_factor(measured)) is not None:
        return "scaled", f"outputs are the last layer's times {factor:.2g}, and losses are made for outputs of about 1"
    if not np.isfinite(measured.layers[-1].outputs).all() or signals > DECADES:
        also = " and gradients" if gradients > DECADES else ""
        return "explode", f"signals{also} explode, their mean square grows by {power(signals)} over the layers"
    if gradients > DECADES:
        return (
            "explode",
            f"gradients explode, their square grows by {power(gradients)} from the outputs to the first layer",
        )
    if (layer := behind_bottleneck(measured)) is not None:
        few, all_of = counted(layer.size_in), measured.inputs.shape[1]
        return "narrow", f"no more than {few} of an input's {all_of} can reach {called(layer.name)}"
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
    if measured.structure is not None and (frozen := frozen_layers(measured, measured.structure)):
        return "frozen", f"{len(frozen)} of its {len(measured.structure.layers)} layers are frozen and learn nothing"
    if rate_ceiling(measured) < RATES["sgd"]:
        return "rate", f"that learning rate is too high, above {rate_ceiling(measured):.2g} steps overshoot"
    if linearly_learned(measured) < -1:
        return "slow", "gradients are so small that little is learned in 300 steps"
    return "unclear", "no single cause stands out, but labels are hardly learned in virtual steps"


def signal_growth(measured: Measurement) -> float:
    """Decimal logarithm of the mean square in the last hidden layer over that in the first layer."""
    first, last = measured.layers[0], measured.layers[max(0, len(measured.layers) - 2)]
    return logarithm(last.mean_square, -300.0, 300.0) - logarithm(first.mean_square, -300.0, 300.0)


def output_factor(measured: Measurement) -> float | None:
    """What the last layer's outputs are multiplied by, if that is beyond `FACTOR`: as gradients of the outputs of unit
    length arrive there."""
    ending = None if measured.structure is None else measured.structure.ending
    square = measured.layers[-1].gradient_mean_square
    if ending is None or not ending.linear or not SCALINGS & set(ending.functions) or not square:
        return None
    factor = math.sqrt(square)
    return None if 1 / FACTOR < factor < FACTOR else factor


def behind_bottleneck(measured: Measurement) -> Layer | None:
    """The first layer that few numbers reach, of more that inputs have and for more that are asked for."""
    structure, asked = measured.structure, measured.layers[-1].outputs.shape[1]
    for layer in () if structure is None else structure.layers.values():
        if 0 < layer.size_in <= FEW_NUMBERS and layer.size_in < min(asked, measured.inputs.shape[1]):
            return layer
    return None


def frozen_layers(measured: Measurement, structure: Structure) -> list[str]:
    """Layers whose weights are not trained."""
    return [name for name in structure.layers if name not in measured.weights]


def counted(numbers: int) -> str:
    """So many numbers, in words."""
    return "one number" if numbers == 1 else f"{numbers} numbers"


def rate_ceiling(measured: Measurement) -> float:
    """Plain gradient descent on squared errors overshoots above it: 2 / λ_max along one direction per sample."""
    largest = largest_mode(optimizer_kernel(measured, "sgd"))
    return 2 / largest if largest > 0 else math.inf


def power(decades: float) -> str:
    """A factor by its decimal logarithm."""
    return f"a factor of {10**decades:.2g}" if decades < 300 else "more than 1e300"
