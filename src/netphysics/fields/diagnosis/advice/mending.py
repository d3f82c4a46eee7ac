"""What mends a network: one sentence for each change, with a line to paste."""

from __future__ import annotations

import math

import numpy as np

from ..checks.inputs import large_component
from ..checks.troubles import Trouble, behind_bottleneck, counted, rate_ceiling
from ..checks.weights import find_faults
from ..measuring.measurement import Measurement, called
from ..measuring.structure import Layer
from ..trainability import RATES, Optimizer
from .redrawing import CENTERED, activation_name, draw_smaller, redraw, redraw_recurrent

# Where more layers than that are normalized, signals keep their size, and inputs become alike all the same: drawing
# weights anew does not change that.
DEEP_NORMALIZED = 20
# For who is at a loss.
FEWER = "Take fewer layers"
# Pooling over all places.
POOLS = {f"adaptive_{kind}_pool{axes}d" for kind in ("avg", "max") for axes in (1, 2, 3)}


def paste(measured: Measurement, torch: str, jax: str) -> str:
    """The line in the words of the framework."""
    return torch if measured.framework == "torch" else jax


def mend_training(measured: Measurement, trouble: Trouble) -> tuple[str, ...]:
    """What to change, the most promising first."""
    if trouble == "scaled":
        return ("Return the outputs of the last layer as they are, without that factor",)
    if trouble == "narrow":
        return (widen(measured),)
    if trouble != "explode" and (recurrent := redraw_recurrent(measured)):
        return (recurrent, FEWER)
    rate = lower_rate(measured) if trouble == "rate" else []
    return mend_blocks(measured, trouble, rate) if measured.skips else mend_chain(measured, rate)


def mend_chain(measured: Measurement, rate: list[str]) -> tuple[str, ...]:
    """To draw the weights of a chain of layers anew; where that will not do, to let them add to what they are fed."""
    add, redrawn = "let each add to what comes before it: x = x + layer(x)", redraw(measured)
    deep = len(measured.layers) > DEEP_NORMALIZED
    if measured.normalized and deep:
        return (f"Keep the layers, but {add}", *redrawn, *rate, FEWER)
    if deep and not redrawn:
        return (together(*normalize(measured), f"{add[0].upper()}{add[1:]}"), *rate, FEWER)
    return (*redrawn, *normalize(measured), *rate, f"{FEWER}, or {add}")


def mend_blocks(measured: Measurement, trouble: Trouble, rate: list[str]) -> tuple[str, ...]:
    """To let the blocks of a residual network add less."""
    skips = measured.skips
    blocks = (*pass_zero(measured), *draw_smaller(measured, f"for what {skips} blocks add to stay small"))
    scale = f"Scale what each of the {skips} blocks adds, for sums to keep their size"
    scaled = [f"{scale}: x + {1 / math.sqrt(skips):.1g} * block(x)"] if trouble == "explode" else []
    return (*([together(*blocks)] if blocks else []), *scaled, *normalize(measured), *rate, FEWER)


def normalize(measured: Measurement) -> list[str]:
    """To normalize signals where no layer does."""
    norm = paste(measured, "torch.nn.LayerNorm(width)", "equinox.nn.LayerNorm(width)")
    return [] if measured.normalized else [f"Normalize before every activation: {norm}"]


def widen(measured: Measurement) -> str:
    """To let more numbers pass to the layer that few reach."""
    layer, structure = behind_bottleneck(measured), measured.structure
    assert layer is not None and structure is not None, "a bottleneck was seen"
    if POOLS & structure.functions:
        return flatten_before(layer)
    wide = paste(measured, f"torch.nn.LazyLinear({layer.size_out})", f"equinox.nn.Linear(width, {layer.size_out})")
    return f"Let more numbers reach {called(layer.name)}: wider layers before it, {wide} in its place"


def flatten_before(layer: Layer) -> str:
    """To let all numbers of images reach a layer that is fed what pooling over all places leaves."""
    words = f"Flatten images in the place of pooling, which leaves {counted(layer.size_in)}"
    line = "torch.nn.Flatten() in the place of the pooling, torch.nn.LazyLinear"
    return f"{words}: {line}({layer.size_out}) in that of {called(layer.name)}"


def pass_zero(measured: Measurement) -> list[str]:
    """An activation that is zero at zero: sums of blocks are squashed to one value by others, layer after layer."""
    name = activation_name(measured)
    if name not in CENTERED:
        return []
    line = paste(measured, "torch.nn.Tanh()", "jax.nn.tanh")
    return [f"Take tanh in the place of {name}, which is not zero at zero: {line}"]


def lower_rate(measured: Measurement) -> list[str]:
    """Plain SGD at half of what is stable."""
    rate = float(f"{rate_ceiling(measured) / 2:.1g}")
    return [f"Lower the rate of plain SGD to {rate:g}: {optimizer_line(measured, 'sgd', rate)}"]


def together(*advice: str) -> str:
    """Pieces of advice as one, with the lines to paste of all."""
    first, *others = (each.partition(": ")[0] for each in advice)
    lines = [line for each in advice if (line := each.partition(": ")[2])]
    *early, last = (first, *(f"{other[0].lower()}{other[1:]}" for other in others))
    return f"{', '.join(early)}{', and ' if early else ''}{last}: {'; '.join(lines)}"


def train_with(measured: Measurement, optimizer: Optimizer) -> str:
    """To take the optimizer that does train it."""
    words = {"sgd": "plain SGD", "adam": "Adam"}[optimizer]
    return f"Train with {words}, which copes with it: {optimizer_line(measured, optimizer, RATES[optimizer])}"


def optimizer_line(measured: Measurement, optimizer: Optimizer, rate: float) -> str:
    """The line that makes an optimizer of that rate."""
    torch, jax = {"sgd": ("SGD", "sgd"), "adam": ("Adam", "adam")}[optimizer]
    return paste(measured, f"torch.optim.{torch}(model.parameters(), lr={rate:g})", f"optax.{jax}({rate:g})")


def mend_inputs(measured: Measurement) -> str:
    """What to do about inputs."""
    inputs = measured.inputs
    if not np.isfinite(inputs).all():
        numpy = "x = x[np.isfinite(x.reshape(len(x), -1)).all(axis=1)]"
        finite = paste(measured, "x = x[x.flatten(1).isfinite().all(dim=1)]", numpy)
        return f"Drop or fill the inputs that are not finite: {finite}"
    if (inputs == inputs[0]).all():
        return "Look at how the batch is made: each of its samples is the first one."
    floating = "x = x.float(); " if measured.framework == "torch" and not np.any(inputs % 1) else ""
    if large_component(inputs) is not None:
        line = "x = (x - x.mean(0)) / (x.std(0) + 1e-8)"
        return f"Standardize each component of the inputs by itself: {floating}{line}"
    line = "x = (x - x.mean()) / x.std()"
    return f"Standardize the inputs with the mean and deviation of the training set: {floating}{line}"


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
    if all("bias" in name for name in layers):
        line = paste(measured, each_parameter("zeros_", layers), "jax.nn.initializers.zeros")
        return f"Set {'it' if len(layers) == 1 else 'them'} to zero: {line}"
    if kind == "saturated":
        line = paste(measured, each_parameter("xavier_normal_", weights), "jax.nn.initializers.glorot_normal()")
        return f"Draw smaller weights for {those}: {line}"
    matrices = [name for name in weights if "bias" not in name]
    line = paste(measured, each_parameter("kaiming_normal_", matrices), "jax.nn.initializers.he_normal()")
    return f"Draw the weights of {those} at random: {line}"


def each_parameter(initializer: str, names: list[str]) -> str:
    """The PyTorch line that initializes parameters by their names."""
    if len(names) == 1:
        return f"torch.nn.init.{initializer}(model.get_parameter({names[0]!r}))"
    return f"[torch.nn.init.{initializer}(model.get_parameter(name)) for name in {names!r}]"
