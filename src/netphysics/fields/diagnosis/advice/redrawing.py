"""Weights that a network had better be drawn with: the line that draws them."""

from __future__ import annotations

import math

import numpy as np

from netphysics.nets import how_drawn

from ...depth import critical_point
from ..measuring.measurement import Measurement

# Of the uniform weights that PyTorch draws by default.
SMALL_GAIN = math.sqrt(1 / 3)
# Weights whose gain is as near to the best one are drawn right already.
RIGHT_GAIN = 0.1
TORCH_LAYERS = "for m in model.modules() if isinstance(m, (torch.nn.Linear, torch.nn.Conv1d, torch.nn.Conv2d))"
# How PyTorch names the weights of states, of whatever layer.
RECURRENT = "weight_hh"
# Activations s that are not zero at zero, by 1/s'(0) and s(0): where biases take s(0) away from what every unit is fed,
# layers of this gain do to small signals what layers of tanh do at gain 1.
CENTERED = {
    "sigmoid": (4.0, 0.5),
    "hardsigmoid": (6.0, 0.5),
    "softplus": (2.0, math.log(2)),
    "logsigmoid": (2.0, -math.log(2)),
}
# Gains at which activations that the theory has no name for keep signals of about 1, as those that they resemble.
GAINS = {
    "relu6": math.sqrt(2),
    "prelu": math.sqrt(2 / (1 + 0.25**2)),
    "rrelu": math.sqrt(2),
    "hardtanh": 1.0,
    "softsign": 1.0,
    "celu": 1.0,
    "hardswish": 2.0,
}


def redraw(measured: Measurement) -> tuple[str, ...]:
    """To draw orthogonal weights at which the activation keeps signals and gradients; nothing where it is not known, or
    where they are drawn so."""
    name = activation_name(measured)
    shift = bias = 0.0
    if name in CENTERED:
        if measured.skips or not any("bias" in kernel.name for kernel in measured.kernels):
            return ()
        gain, shift = CENTERED[name]
    elif name in GAINS:
        gain = GAINS[name]
    else:
        critical = None if measured.activation is None else critical_point(measured.activation)
        if critical is None or critical.weight_variance is None or critical.bias_variance is None:
            return ()
        gain, bias = math.sqrt(critical.weight_variance), math.sqrt(critical.bias_variance)
    law = how_drawn(list(measured.weights.values()), measured.framework) or ""
    drawn = drawn_gain(measured)
    if abs(drawn / gain - 1) < RIGHT_GAIN and law.startswith("orthogonal"):
        return ()
    line = (torch_line if measured.framework == "torch" else jax_line)(gain, bias, shift)
    return (
        f"Draw orthogonal weights of gain {gain:.4g}, at which {name} keeps signals and gradients "
        f"(now {law.partition(' ')[0] or 'others'}, about {drawn:.2g}): {line}",
    )


def redraw_recurrent(measured: Measurement) -> str | None:
    """To draw recurrent weights of PyTorch orthogonal, and those of inputs as Xavier does; None without them."""
    if measured.framework != "torch" or not any(RECURRENT in name for name in measured.weights):
        return None
    drawn = f"torch.nn.init.orthogonal_(p) if {RECURRENT!r} in name else torch.nn.init.xavier_uniform_(p)"
    which = f"for name, p in model.named_parameters() if {RECURRENT!r} in name or 'weight_ih' in name"
    return f"Draw orthogonal recurrent weights, which keep what was read long before: [{drawn} {which}]"


def draw_smaller(measured: Measurement, why: str) -> tuple[str, ...]:
    """To draw weights as PyTorch does by default, with the reason; nothing where they are so small."""
    if (drawn := drawn_gain(measured)) < (1 + RIGHT_GAIN) * SMALL_GAIN:
        return ()
    line = "jax.nn.initializers.variance_scaling(1 / 3, 'fan_in', 'uniform')"
    if measured.framework == "torch":
        line = f"[torch.nn.init.kaiming_uniform_(m.weight, a=5**0.5) {TORCH_LAYERS}]"
    return (f"Draw weights of gain {SMALL_GAIN:.2g}, PyTorch's default, {why} (now about {drawn:.2g}): {line}",)


def activation_name(measured: Measurement) -> str | None:
    """As the theory calls it, or as the framework does; None where there is none."""
    if measured.activation is not None:
        return measured.activation.name
    return None if measured.structure is None else measured.structure.activation()


def drawn_gain(measured: Measurement) -> float:
    """The deviation of the weights in units of 1/sqrt(fan-in), the median over the layers."""
    return float(np.median([np.sqrt(w.shape[1] * np.mean(np.square(w))) for w in measured.weights.values()]))


def jax_line(gain: float, bias: float, shift: float) -> str:
    """Initializers for kernels, and for biases unless they are zero."""
    kernels = f"jax.nn.initializers.orthogonal(scale={gain:.4g})"
    if shift:
        return f"{kernels}, biases {-shift:.4g} * kernel.sum(axis=0)"
    return f"{kernels}, biases jax.nn.initializers.normal({bias:.3g})" if bias > 0 else kernels


def torch_line(gain: float, bias: float, shift: float) -> str:
    """A line that draws all linear and convolutional layers anew."""
    drawn = f"torch.nn.init.orthogonal_(m.weight, gain={gain:.4g})"
    biases = f"torch.nn.init.normal_(m.bias, std={bias:.3g})" if bias > 0 else ""
    if shift:
        biases = f"m.bias.data.copy_({-shift:.4g} * m.weight.data.flatten(1).sum(1))"
    return f"[({drawn}, m.bias is None or {biases}) {TORCH_LAYERS}]" if biases else f"[{drawn} {TORCH_LAYERS}]"
