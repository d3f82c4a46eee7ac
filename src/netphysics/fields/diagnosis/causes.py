"""The most likely cause of trouble as a sentence, and what mends it: for a reader who knows no theory."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

import numpy as np

from ..depth import CriticalPoint, Verdict, critical_point
from .measurement import Measurement
from .trainability import RATES, features, gradient_growth, largest_mode, logarithm, optimizer_kernel

Trouble = Literal["vanish", "explode", "alike", "rate", "slow", "unclear"]
# Decades by which squared signals or gradients change before they are named as the cause.
DECADES = 2.0
# Where less of the outputs' mean square tells samples apart, all look alike.
ALIKE = 0.01
# Weights whose gain is as near to the critical one are drawn right already.
RIGHT_GAIN = 0.1


def explain(measured: Measurement, verdicts: Mapping[str, Verdict]) -> tuple[str, tuple[str, ...]]:
    """The cause, and the advice that goes with it, the change that mends it first."""
    sgd, adam = verdicts["sgd"].ok, verdicts["adam"].ok
    if verdicts["weights"].ok is False:
        return f"Something is wrong with the weights. {verdicts['weights'].reason}", (mend_weights(measured),)
    if verdicts["inputs"].ok is False:
        # Where inputs of the wrong size are not all that is in the way, the rest is told, too.
        rest = () if adam else mend_training(measured, diagnose_trouble(measured)[0])
        return f"Something is wrong with the inputs. {verdicts['inputs'].reason}", (mend_inputs(measured), *rest)
    if sgd and adam:
        return "Nothing was found that will hinder training: plain SGD and Adam should both train it.", ()
    trouble, words = diagnose_trouble(measured)
    if adam:
        start = f"Adam should train it; plain SGD at {RATES['sgd']:g} will probably not"
    elif sgd:
        start = f"Plain SGD should train it; Adam at {RATES['adam']:g} will probably not"
    else:
        start = "This network will probably not train"
    return f"{start}: {words}.", mend_training(measured, trouble)


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
    if features(measured, "sgd").learned < -1:
        return "slow", "gradients are so small that little is learned in 300 steps"
    return "unclear", "no single cause stands out, its numbers together are those of networks that fail"


def signal_growth(measured: Measurement) -> float:
    """Decimal logarithm of the mean square in the last hidden layer over that in the first layer."""
    first, last = measured.layers[0], measured.layers[max(0, len(measured.layers) - 2)]
    return logarithm(last.mean_square, -300.0, 300.0) - logarithm(first.mean_square, -300.0, 300.0)


def power(decades: float) -> str:
    """A factor by its decimal logarithm."""
    return f"a factor of {10**decades:.2g}" if decades < 300 else "more than 1e300"


def rate_ceiling(measured: Measurement) -> float:
    """Plain gradient descent on squared errors overshoots above it: 2 / λ_max along one direction per sample."""
    largest = largest_mode(optimizer_kernel(measured, "sgd"))
    return 2 / largest if largest > 0 else math.inf


def mend_training(measured: Measurement, trouble: Trouble) -> tuple[str, ...]:
    """What to change, the most promising first."""
    if trouble == "rate":
        rate = float(f"{rate_ceiling(measured) / 2:.1g}")
        line = {"torch": f"torch.optim.SGD(model.parameters(), lr={rate:g})", "jax": f"optax.sgd({rate:g})"}
        return (f"Lower the rate of plain SGD to {rate:g}: {line[measured.framework]}",)
    if trouble == "slow":
        line = {"torch": "torch.optim.Adam(model.parameters(), lr=0.001)", "jax": "optax.adam(0.001)"}
        return (f"Train with Adam, which does not mind small gradients: {line[measured.framework]}",)
    end = "Take fewer layers, or let each add to what comes before it: x = x + layer(x)"
    if measured.normalized:
        return (end,)
    line = {"torch": "torch.nn.LayerNorm(width)", "jax": "equinox.nn.LayerNorm(width)"}
    return (*redraw(measured), f"Normalize before every activation: {line[measured.framework]}", end)


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
    layers = "for m in model.modules() if isinstance(m, (torch.nn.Linear, torch.nn.Conv2d))"
    drawn = f"torch.nn.init.orthogonal_(m.weight, gain={gain:.4g})"
    if bias > 0:
        drawn = f"({drawn}, torch.nn.init.normal_(m.bias, std={bias:.3g}))"
    return f"[{drawn} {layers}]"


def mend_inputs(measured: Measurement) -> str:
    """What to do about inputs."""
    if not np.isfinite(measured.inputs).all():
        return "Drop or fill the inputs that are not finite: x = x[np.isfinite(x.reshape(len(x), -1)).all(axis=1)]"
    return "Standardize the inputs with the mean and deviation of the training set: x = (x - x.mean()) / x.std()"


def mend_weights(measured: Measurement) -> str:
    """What to do about weights that are symmetric, zero or not finite."""
    line = {
        "torch": "torch.nn.init.kaiming_normal_(layer.weight)",
        "jax": "jax.nn.initializers.he_normal()",
    }
    return f"Draw the weights of that layer at random: {line[measured.framework]}"
