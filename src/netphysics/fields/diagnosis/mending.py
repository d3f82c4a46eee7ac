"""What mends a network: one sentence for each change, with a line to paste."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from ..depth import CriticalPoint, critical_point
from .input_checks import large_component
from .measurement import Measurement
from .structure_checks import find_structure_fault
from .trainability import largest_mode, optimizer_kernel
from .weight_checks import find_fault

Trouble = Literal["vanish", "explode", "alike", "rate", "slow", "unclear"]
# Weights whose gain is as near to the critical one are drawn right already.
RIGHT_GAIN = 0.1


def paste(measured: Measurement, torch: str, jax: str) -> str:
    """The line in the words of the framework."""
    return torch if measured.framework == "torch" else jax


def mend_training(measured: Measurement, trouble: Trouble) -> tuple[str, ...]:
    """What to change, the most promising first."""
    if trouble == "rate":
        rate = float(f"{rate_ceiling(measured) / 2:.1g}")
        line = paste(measured, f"torch.optim.SGD(model.parameters(), lr={rate:g})", f"optax.sgd({rate:g})")
        return (f"Lower the rate of plain SGD to {rate:g}: {line}",)
    if trouble == "slow":
        line = paste(measured, "torch.optim.Adam(model.parameters(), lr=0.001)", "optax.adam(0.001)")
        return (f"Train with Adam, which does not mind small gradients: {line}",)
    skips = 0 if measured.structure is None else measured.structure.skips
    norm = paste(measured, "torch.nn.LayerNorm(width)", "equinox.nn.LayerNorm(width)")
    if skips and trouble == "explode":
        return (
            f"Scale what each of the {skips} blocks adds, for sums to keep their size: "
            f"x + {1 / math.sqrt(skips):.1g} * block(x)",
            f"Let each block end with a linear layer, and normalize what enters it: {norm}",
        )
    end = "Take fewer layers" + ("." if skips else ", or let each add to what comes before it: x = x + layer(x)")
    return (end,) if measured.normalized else (*redraw(measured), f"Normalize before every activation: {norm}", end)


def redraw(measured: Measurement) -> tuple[str, ...]:
    """To draw critical weights, if the activation is known, critical somewhere, and they are not drawn so already."""
    if measured.activation is None:
        return ()
    critical, drawn = critical_point(measured.activation), drawn_gain(measured)
    if critical.weight_variance is None or abs(drawn / math.sqrt(critical.weight_variance) - 1) < RIGHT_GAIN:
        return ()
    return (
        f"Draw orthogonal weights of gain {math.sqrt(critical.weight_variance):.4g}, at which "
        f"{measured.activation.name} keeps signals and gradients (now about {drawn:.2g}): "
        f"{initializer(measured, critical)}",
    )


def drawn_gain(measured: Measurement) -> float:
    """The deviation of the weights in units of 1/sqrt(fan-in), the median over the layers."""
    return float(np.median([np.sqrt(w.shape[1] * np.mean(np.square(w))) for w in measured.weights.values()]))


def initializer(measured: Measurement, critical: CriticalPoint) -> str:
    """The line that draws critical weights."""
    assert critical.weight_variance is not None and critical.bias_variance is not None
    gain, bias = math.sqrt(critical.weight_variance), math.sqrt(critical.bias_variance)
    if measured.framework == "jax":
        return f"jax.nn.initializers.orthogonal(scale={gain:.4g})" + (
            f", biases jax.nn.initializers.normal({bias:.3g})" if bias > 0 else ""
        )
    layers = "for m in model.modules() if isinstance(m, (torch.nn.Linear, torch.nn.Conv1d, torch.nn.Conv2d))"
    drawn = f"torch.nn.init.orthogonal_(m.weight, gain={gain:.4g})"
    if bias > 0:
        drawn = f"({drawn}, torch.nn.init.normal_(m.bias, std={bias:.3g}))"
    return f"[{drawn} {layers}]"


def mend_inputs(measured: Measurement) -> str:
    """What to do about inputs."""
    inputs = measured.inputs
    if not np.isfinite(inputs).all():
        return "Drop or fill the inputs that are not finite: x = x[np.isfinite(x.reshape(len(x), -1)).all(axis=1)]"
    if (inputs == inputs[0]).all():
        return "Look at how the batch is made: each of its samples is the first one."
    if large_component(inputs) is not None:
        return "Standardize each component of the inputs by itself: x = (x - x.mean(0)) / (x.std(0) + 1e-8)"
    return "Standardize the inputs with the mean and deviation of the training set: x = (x - x.mean()) / x.std()"


def mend_weights(measured: Measurement) -> str:
    """What to do about weights that are symmetric, zero or not finite, and about units that do nothing."""
    fault = find_fault(measured)
    assert fault is not None, "a fault of the weights was seen"
    names = {kernel.name for kernel in measured.kernels}
    name = f"{fault.layer}.weight" if f"{fault.layer}.weight" in names else fault.layer
    parameter = f"model.get_parameter({name!r})"
    if fault.kind == "dead":
        bias = parameter.replace(".weight", ".bias")
        line = paste(measured, f"torch.nn.init.zeros_({bias})", "jax.nn.initializers.zeros")
        return f"Set the biases of that layer to zero: {line}"
    if fault.kind == "saturated":
        line = paste(measured, f"torch.nn.init.xavier_normal_({parameter})", "jax.nn.initializers.glorot_normal()")
        return f"Draw smaller weights for that layer: {line}"
    if name.endswith("bias"):
        return f"Set them to zero: {paste(measured, f'torch.nn.init.zeros_({parameter})', 'jax.nn.initializers.zeros')}"
    line = paste(measured, f"torch.nn.init.kaiming_normal_({parameter})", "jax.nn.initializers.he_normal()")
    return f"Draw the weights of that layer at random: {line}"


def mend_structure(measured: Measurement) -> str:
    """What to do about layers that do not fit together."""
    assert measured.structure is not None, "a structure with a fault was seen"
    fault = find_structure_fault(measured, measured.structure)
    if fault is None or fault.kind == "detached":
        return "Take away detach(), .data, .item(), numpy() or no_grad() between the layers."
    if fault.kind == "linear":
        return f"Put an activation before {fault.layer}: {paste(measured, 'torch.nn.ReLU()', 'jax.nn.relu')}"
    ending = measured.structure.ending
    if ending is not None and not ending.linear:
        return "Return what comes before it: outputs without an activation, as the loss expects them."
    return "Let the last layer be the last: move what follows it to before that layer."


def rate_ceiling(measured: Measurement) -> float:
    """Plain gradient descent on squared errors overshoots above it: 2 / λ_max along one direction per sample."""
    largest = largest_mode(optimizer_kernel(measured, "sgd"))
    return 2 / largest if largest > 0 else math.inf
