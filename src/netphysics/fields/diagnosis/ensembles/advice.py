"""Advice: from the numbers of a diagnosis to sentences that say what to change."""

from __future__ import annotations

import math
from collections.abc import Mapping

from netphysics.nets import Net

from ..diagnosis import LearningRate, Phase

# A squared gradient that grows or shrinks by more than this over the network hinders training.
LARGEST_FACTOR = 100.0
# Networks whose tangent kernels differ by less than this learn alike; those beyond the second, each on its own.
NOTICEABLE, LARGE = 0.1, 0.3
# A change of initialization is worth a sentence if it takes away this share of the spread.
WORTHWHILE = 0.8


def advise(
    net: Net, phase: Phase, spreads: Mapping[str, float], width: float, rate: LearningRate
) -> tuple[bool, str, tuple[str, ...]]:
    """Whether all is well, the verdict in one sentence, and advice, the most urgent first."""
    depth, now = net.layers - 1, spreads[str(net.initialization)]
    best = min(spreads, key=lambda name: spreads[name])
    passes = 1 / LARGEST_FACTOR <= phase.gradient_factor <= LARGEST_FACTOR
    advice = []
    if now > NOTICEABLE / 2 and spreads[best] < WORTHWHILE * now:
        advice.append(
            f"Draw {best} weights: tangent kernels then differ by {percent(spreads[best])} from network to network "
            f"instead of {percent(now)}."
        )
    if spreads[best] > NOTICEABLE:
        wide = math.ceil(width * (spreads[best] / NOTICEABLE) ** 2)
        advice.append(
            f"For a spread of {percent(NOTICEABLE)} with {best} weights and {depth} hidden layers, make them "
            f"{wide} wide, or take fewer layers."
        )
    advice.append(
        f"Start plain gradient descent below a learning rate of {rate.ceiling} (2 / λ_max on this batch of "
        f"{rate.samples})."
    )
    return passes and now <= LARGE, verdict(depth, width, phase, passes, now), tuple(advice)


def verdict(depth: int, width: float, phase: Phase, passes: bool, spread: float) -> str:
    """The one sentence."""
    fate = "vanish" if phase.gradient_factor < 1 else "explode"
    if not passes:
        return (
            f"Gradients {fate}: their square changes by {factor(phase.gradient_factor)} over {depth} hidden layers "
            f"({phase.name} phase)."
        )
    size = "alike" if spread < NOTICEABLE else "noticeably differently" if spread < LARGE else "each on its own"
    return (
        f"Signals and gradients pass ({phase.name} phase). At L/n = {depth / width:.2g}, networks of different seeds "
        f"learn {size}: their tangent kernels differ by {percent(spread)}."
    )


def limits_of_theory(depth: int, width: float) -> tuple[str, ...]:
    """What the numbers of a described network do not say."""
    sentences = [
        "2 / λ_max is conservative: it keeps the linearized dynamics stable, and training at 3 / λ_max has been seen "
        "to converge.",
        "Corrections in L/n are known for fully connected layers only.",
    ]
    if depth / width > 0.2:
        sentences.append(f"At L/n = {depth / width:.2g} the first order in L/n is a guide only; trust the measurement.")
    return tuple(sentences)


def percent(share: float) -> str:
    """A share with two digits."""
    return f"{100 * share:.2g} %"


def factor(value: float) -> str:
    """A factor of growth or decay."""
    return f"a factor of {value:.2g}"
