"""Do the layers fit together? A forgotten activation, what the outputs pass, and layers that no gradient reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..diagnosis import Verdict
from ..measuring.measurement import Measurement, called
from ..measuring.structure import LINEAR, NORMALIZATIONS, Structure
from .troubles import DECADES, frozen_layers, signal_growth

# What no output of a network in training should pass, by the name of the function.
OUTPUTS = {
    "softmax": "pass a softmax, and cross entropy as PyTorch and optax define it takes another",
    "relu": "pass a relu: they are never negative, and where they are zero nothing is learned",
    "batch_norm": "are normalized over the batch: whatever the layer before them learns in size is lost",
    "dropout": "pass a dropout: a share of them is zero by chance",
}
# Gradients of this size will not be numbers any more a few layers before.
EXPLODED = 1e10
# Functions whose slope is zero.
STEPS = {"sign", "sgn", "round", "floor", "ceil", "trunc", "heaviside"}
# What bounds outputs is right for some losses only.
BOUNDED = {"sigmoid": "sigmoid", "logistic": "sigmoid", "tanh": "tanh"}
# A larger share of attention that looks at one token alone passes hardly any gradient to queries and keys.
ONE_HOT = 0.75
# A dropout that takes away more leaves too little to learn from.
DROPPED = 0.9


@dataclass(frozen=True)
class StructureFault:
    """What does not fit: parameters that are `unlisted`, a layer that is `detached`, numbers that are `infinite`, a
    `step` without a slope, two layers that are `linear` together, a function that `erased` what tells samples apart, an
    `ending` of the outputs, samples that are `mixed`, `attention` that looks at one token alone, or a `dropout` of
    nearly everything."""

    kind: Literal[
        "unlisted", "detached", "infinite", "step", "linear", "erased", "ending", "mixed", "attention", "dropout"
    ]
    reason: str
    layer: str | None


def check_structure(measured: Measurement) -> Verdict:
    """The verdict on how the network is put together; the first fault is named, with its layer."""
    if measured.structure is None:
        return Verdict(None, "How layers follow each other was not seen.")
    if (fault := find_structure_fault(measured, measured.structure)) is not None:
        return Verdict(False, fault.reason, layer=fault.layer)
    frozen = len(frozen_layers(measured, measured.structure))
    noted = f" ({frozen} of them frozen)" if frozen else ""
    return Verdict(True, f"{len(measured.structure.layers)} layers{noted} follow each other as they should.")


def find_structure_fault(measured: Measurement, structure: Structure) -> StructureFault | None:
    """The first fault; None where all fits."""
    if structure.unlisted:
        words = (
            f"{structure.unlisted} parameters of its layers are not in model.parameters(): no optimizer trains them."
        )
        return StructureFault("unlisted", words, None)
    if (name := cut_off(measured, structure)) is not None:
        return StructureFault("detached", f"No gradient reaches {called(name)}: what comes after it is detached.", name)
    if structure.infinite is not None:
        function, layer = structure.infinite
        where = f" of {called(layer)}" if layer else ""
        return StructureFault("infinite", f"The {function}{where} gives NaN or infinity.", layer)
    if (name := not_differentiable(measured)) is not None:
        words = f"Gradients behind {called(name)} are not finite: something there has no slope at zero."
        return StructureFault("infinite", words, name)
    if steps := STEPS & structure.functions:
        flat = [layer.name for layer in measured.layers if layer.gradients is not None and not layer.gradients.any()]
        if flat:
            words = f"No gradient passes the {steps.pop()} behind {called(flat[-1])}: its slope is zero everywhere."
            return StructureFault("step", words, flat[-1])
    if (pair := without_activation(structure)) is not None:
        first, second = map(called, pair)
        words = f"There is no activation between {first} and {second}: together they are one linear map."
        if not structure.activations and len(structure.layers) > 2:
            words = f"There is no activation between any of the {len(structure.layers)} layers: all are one linear map."
        return StructureFault("linear", words, pair[1])
    if structure.erased is not None:
        function, layer = structure.erased
        where = f" of {called(layer)}" if layer else ""
        words = f"All inputs are the same behind the {function}{where}: nothing that tells them apart passes it."
        return StructureFault("erased", words, layer)
    ending = structure.ending
    passed = () if ending is None else last_functions(written(ending.functions))
    for name, words in OUTPUTS.items():
        if ending and name in passed and (name != "softmax" or measured.layers[-1].outputs.shape[1] > 1):
            return StructureFault("ending", f"The outputs {words}.", ending.layer)
    if structure.mixed:
        return StructureFault("mixed", "The outputs for one input change with the other inputs of the batch.", None)
    # Where all signals explode, those of attention are not the cause.
    if structure.one_hot > ONE_HOT and (measured.normalized or signal_growth(measured) < DECADES):
        words = f"Attention is saturated: {structure.one_hot:.0%} of its softmax looks at one token alone."
        return StructureFault("attention", words, None)
    if structure.dropped > DROPPED:
        return StructureFault("dropout", f"A dropout takes {structure.dropped:.0%} of the signals away.", None)
    return None


def written(functions: tuple[str, ...]) -> tuple[str, ...]:
    """Functions as they were written: JAX's softmax is an exponential over the sum of them."""
    if "exp" in functions:
        start = functions.index("exp")
        ends = [i for i, name in enumerate(functions) if i > start and name in ("div of signals", "truediv of signals")]
        if ends and {"reduce_sum", "sum"} & set(functions[start : ends[0]]):
            return (*functions[: ends[0]], "softmax", *functions[ends[0] + 1 :])
    return functions


def last_functions(functions: tuple[str, ...]) -> tuple[str, ...]:
    """The last function that is not linear, and what comes after it: a logarithm mends a softmax."""
    curved = [i for i, name in enumerate(functions) if name not in LINEAR]
    return functions[curved[-1] :] if curved else functions


def cut_off(measured: Measurement, structure: Structure) -> str | None:
    """A layer that the outputs are made from, that is to learn, and that no gradient of theirs reaches; in JAX it
    is zero before `stop_gradient`."""
    stopped = "stop_gradient" in structure.functions
    gradients = {layer.name: layer.gradients for layer in measured.layers}
    reached = {name for name, g in gradients.items() if g is not None and (g.any() or not stopped)}
    needed = structure.past.get(structure.outputs, frozenset())
    seen = {layer.name for layer in measured.layers} - set(frozen_layers(measured, structure))
    return next((name for name in structure.layers if name in needed & seen and name not in reached), None)


def not_differentiable(measured: Measurement) -> str | None:
    """The last layer whose gradient is not finite, if the outputs are and gradients did not explode behind it."""
    size = 1.0
    for layer in measured.layers[::-1]:
        if layer.gradients is None or not np.isfinite(layer.outputs).all():
            return None
        if not np.isfinite(layer.gradients).all():
            return layer.name if size < EXPLODED else None
        size = float(np.max(np.abs(layer.gradients)))
    return None


def bounded_outputs(measured: Measurement) -> str | None:
    """A sigmoid or a tanh that the outputs of the last layer pass, and nothing else but linear maps; None without."""
    ending = None if measured.structure is None else measured.structure.ending
    passed = [name for name in (ending.functions if ending else ()) if name not in LINEAR | NORMALIZATIONS]
    return BOUNDED.get(passed[0]) if len(passed) == 1 else None


def without_activation(structure: Structure) -> tuple[str, str] | None:
    """Two layers of one kind, one right behind the other. Convolutions with a window of 1, and a layer that is narrower
    than what is before and behind it, are factors of a larger one: that is meant so."""
    for names in structure.direct:
        first, second = (structure.layers[name] for name in names)
        narrow = first.size_out < min(first.size_in, second.size_out)
        pointwise = "conv" in first.function and min(first.taps, second.taps) == 1
        used = first.name in structure.joined or first.name in structure.activations or first.name == second.name
        if first.function == second.function != "embedding" and not (narrow or pointwise or used):
            return names
    return None
