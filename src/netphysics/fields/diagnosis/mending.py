"""What mends a network: one sentence for each change, with a line to paste."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from ...nets import how_drawn
from ..depth import CriticalPoint, critical_point
from .input_checks import large_component
from .measurement import Measurement
from .structure_checks import find_structure_fault
from .trainability import RATES, Optimizer, largest_mode, optimizer_kernel
from .weight_checks import find_faults

Trouble = Literal["vanish", "explode", "alike", "rate", "slow", "unclear"]
# Weights whose gain is as near to the critical one are drawn right already.
RIGHT_GAIN = 0.1
TORCH_LAYERS = "for m in model.modules() if isinstance(m, (torch.nn.Linear, torch.nn.Conv1d, torch.nn.Conv2d))"
# With the biases that take 1/2 away from every input, layers of sigmoids do what layers of tanh do at gain 1:
# σ(z) = 1/2 + tanh(z/2)/2.
SIGMOID_GAIN = 4.0


def paste(measured: Measurement, torch: str, jax: str) -> str:
    """The line in the words of the framework."""
    return torch if measured.framework == "torch" else jax


def mend_training(measured: Measurement, trouble: Trouble) -> tuple[str, ...]:
    """What to change, the most promising first."""
    if trouble == "rate":
        rate = float(f"{rate_ceiling(measured) / 2:.1g}")
        line = paste(measured, f"torch.optim.SGD(model.parameters(), lr={rate:g})", f"optax.sgd({rate:g})")
        return (f"Lower the rate of plain SGD to {rate:g}: {line}",)
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


def train_with(measured: Measurement, optimizer: Optimizer) -> str:
    """To take the optimizer that does train it."""
    rate = RATES[optimizer]
    name, torch, jax = {"sgd": ("plain SGD", "SGD", "sgd"), "adam": ("Adam", "Adam", "adam")}[optimizer]
    line = paste(measured, f"torch.optim.{torch}(model.parameters(), lr={rate:g})", f"optax.{jax}({rate:g})")
    return f"Train with {name}, which copes with it: {line}"


def redraw(measured: Measurement) -> tuple[str, ...]:
    """To draw critical orthogonal weights, if the activation is known and they are not drawn so already."""
    if measured.activation is None:
        return ()
    name, drawn = measured.activation.name, drawn_gain(measured)
    skips = 0 if measured.structure is None else measured.structure.skips
    if name == "sigmoid":
        if skips or not any("bias" in kernel.name for kernel in measured.kernels):
            return ()
        gain, line = SIGMOID_GAIN, centered_initializer(measured)
    else:
        critical = critical_point(measured.activation)
        if critical.weight_variance is None:
            return ()
        gain, line = math.sqrt(critical.weight_variance), initializer(measured, critical)
    law = how_drawn(list(measured.weights.values()), measured.framework) or ""
    if abs(drawn / gain - 1) < RIGHT_GAIN and law.startswith("orthogonal"):
        return ()
    return (
        f"Draw orthogonal weights of gain {gain:.4g}, at which {name} keeps signals and gradients "
        f"(now {law.partition(' ')[0] or 'others'}, about {drawn:.2g}): {line}",
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
    drawn = f"torch.nn.init.orthogonal_(m.weight, gain={gain:.4g})"
    if bias > 0:
        drawn = f"({drawn}, m.bias is None or torch.nn.init.normal_(m.bias, std={bias:.3g}))"
    return f"[{drawn} {TORCH_LAYERS}]"


def centered_initializer(measured: Measurement) -> str:
    """The line that draws weights for layers of sigmoids, and the biases that center them."""
    if measured.framework == "jax":
        return f"jax.nn.initializers.orthogonal(scale={SIGMOID_GAIN:g}), biases -kernel.sum(axis=0) / 2"
    drawn = f"torch.nn.init.orthogonal_(m.weight, gain={SIGMOID_GAIN:g})"
    shifted = "m.bias is None or m.bias.data.copy_(-m.weight.data.flatten(1).sum(1) / 2)"
    return f"[({drawn}, {shifted}) {TORCH_LAYERS}]"


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


def mend_both(inputs: str, training: tuple[str, ...]) -> tuple[str, ...]:
    """Advice on the inputs and on what else is in the way: as one, where the second is a line to paste, too."""
    if not (inputs.startswith("Standardize") and training and training[0].startswith("Draw")):
        return (inputs, *training)
    (first, line), (second, other) = (each.split(": ", 1) for each in (inputs, training[0]))
    return (f"{first}, and {second[0].lower()}{second[1:]}: {line}; {other}", *training[1:])


def mend_weights(measured: Measurement) -> str:
    """What to do about weights that are symmetric, zero or not finite, and about units that do nothing."""
    faults = find_faults(measured)
    kind, known = faults[0].kind, {kernel.name: kernel for kernel in measured.kernels}
    layers = [fault.layer for fault in faults if fault.kind == kind]
    those = "that layer" if len(layers) == 1 else f"those {len(layers)} layers"
    biases = [name.replace(".weight", "") + ".bias" for name in layers]
    if kind == "dead" and any(name in known and known[name].values > 0 for name in biases):
        line = paste(measured, each_parameter("zeros_", biases), "jax.nn.initializers.zeros")
        return f"Set the biases of {those} to zero: {line}"
    weights = [f"{name}.weight" if f"{name}.weight" in known else name for name in layers]
    if kind == "saturated":
        line = paste(measured, each_parameter("xavier_normal_", weights), "jax.nn.initializers.glorot_normal()")
        return f"Draw smaller weights for {those}: {line}"
    if all(name.endswith("bias") for name in layers):
        return f"Set them to zero: {paste(measured, each_parameter('zeros_', layers), 'jax.nn.initializers.zeros')}"
    matrices = [name for name in weights if not name.endswith("bias")]
    line = paste(measured, each_parameter("kaiming_normal_", matrices), "jax.nn.initializers.he_normal()")
    return f"Draw the weights of {those} at random: {line}"


def each_parameter(initializer: str, names: list[str]) -> str:
    """The PyTorch line that initializes parameters by their names."""
    if len(names) == 1:
        return f"torch.nn.init.{initializer}(model.get_parameter({names[0]!r}))"
    return f"[torch.nn.init.{initializer}(model.get_parameter(name)) for name in {names!r}]"


def mend_structure(measured: Measurement) -> str:
    """What to do about layers that do not fit together."""
    assert measured.structure is not None, "a structure with a fault was seen"
    fault = find_structure_fault(measured, measured.structure)
    if fault is None or fault.kind == "detached":
        return "Take away detach(), .data, .item(), numpy() or no_grad() between the layers."
    if fault.kind == "linear":
        return f"Put an activation before {fault.layer}: {paste(measured, 'torch.nn.ReLU()', 'jax.nn.relu')}"
    if fault.kind == "attention":
        return "Divide the products of queries and keys by the root of their width: scores = scores / width**0.5"
    if fault.kind == "dropout":
        return f"Drop less: {paste(measured, 'torch.nn.Dropout(0.1)', 'equinox.nn.Dropout(0.1)')}"
    ending = measured.structure.ending
    if ending is not None and not ending.linear:
        return "Return what comes before it: outputs without an activation, as the loss expects them."
    return "Let the last layer be the last: move what follows it to before that layer."


def rate_ceiling(measured: Measurement) -> float:
    """Plain gradient descent on squared errors overshoots above it: 2 / λ_max along one direction per sample."""
    largest = largest_mode(optimizer_kernel(measured, "sgd"))
    return 2 / largest if largest > 0 else math.inf
