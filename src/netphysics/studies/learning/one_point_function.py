"""Learning as the flow of the one-point function: bands of a random and of a trained ensemble.

Halverson ("Towards a triangle of influence") calls supervised learning the evolution of the one-point function E[f]
until convergence. At infinite width that flow is known exactly, mean and covariance at every step of gradient descent.
Ensembles of growing width learn a function on a circle, and are compared with it: they approach it as 1/n.

The outputs fluctuate far more than their mean moves with the width. Every network therefore has its own infinite-width
prediction, given the outputs it started with; their mean is exactly E[f] of theory, and the small difference of the two
is averaged.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Array, Float

from netphysics.blocks import Cell
from netphysics.fields.learning import (
    Descent,
    InfiniteWidth,
    descent,
    infinite_width,
    make_ensemble,
    outputs,
    response,
    trained,
)
from netphysics.lab import Equation, Experiment, Results, Study, StudyConfig, budget, grid, option
from netphysics.nets import LearningRates, Net
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Tally, fit_power_law, stack

from .ensembles import INITIALIZATIONS

TALK = "Halverson, Towards a triangle of influence"
LEE = "arXiv:1902.06720"
POINTS = 48


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the one-point function."""

    activation: Literal["tanh", "erf", "relu", "gelu"] = "tanh"
    """Activation."""
    widths: tuple[int, ...] = option((16, 32, 64, 128), least=2, entries=2, distinct=True, rising=True)
    """Widths n."""
    depth: int = option(2, least=1)
    """Hidden layers L."""
    examples: int = option(8, between=(2, POINTS))
    """Points of the circle that are learned."""
    steps: tuple[int, ...] = option((4, 60), least=1, distinct=True, rising=True)
    """Steps of gradient descent after which the ensemble is looked at."""
    rate: float = option(0.5, above=0, below=1)
    """Learning rate, as a fraction of 2/λ_max at infinite width."""
    draws: int = budget(1024)
    """Networks for each width and initialization; rounded up to whole blocks."""
    block_size: int = 64
    """Networks per block; they are trained side by side."""

    presets: ClassVar = {
        "quick": {"widths": (16, 32, 64), "draws": 512},
        "paper": {"widths": (16, 32, 64, 128, 256), "draws": 8192},
    }


def cells(config: Config) -> list[Cell]:
    return grid("{initialization}-n={width}", initialization=INITIALIZATIONS, width=config.widths)


def network(config: Config, initialization: str, width: int) -> Net:
    return Net((2, *[width] * config.depth, 1), config.activation, initialization, 1.5, 0.1)


def circle(config: Config) -> tuple[Float[np.ndarray, "points 2"], Float[np.ndarray, "n 1"], np.ndarray]:
    """Points of the circle, those that are learned first; what is learned there; and the angles of all."""
    learned = np.linspace(-np.pi, np.pi, config.examples, endpoint=False)
    angles = np.concatenate([learned, np.linspace(-np.pi, np.pi, POINTS)])
    inputs = np.sqrt(2) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return inputs, (np.sin(learned) + 0.5 * np.cos(3 * learned))[:, None], angles


@functools.lru_cache(maxsize=4)
def theory(config: Config) -> tuple[InfiniteWidth, float]:
    """Both kernels at infinite width, and the learning rate."""
    kernels = infinite_width(network(config, "gaussian", 2), circle(config)[0])
    n = config.examples
    largest = np.linalg.eigvalsh(kernels.tangent_kernel[:n, :n] / n)[-1]
    return kernels, config.rate * 2 / float(largest)


def predict(config: Config) -> Results:
    kernels, rate = theory(config)
    targets = circle(config)[1]
    process = [trained(kernels, targets, descent(rate, steps)) for steps in (0, *config.steps)]
    found = {
        "mean": Estimate.exact([each.mean[:, 0] for each in process]),
        "deviation": Estimate.exact([np.sqrt(np.maximum(np.diag(each.covariance), 0)) for each in process]),
    }
    return {cell.name: found for cell in cells(config)}


def measure(config: Config, cell: Cell) -> Experiment:
    net = network(config, cell["initialization"], cell["width"])
    inputs, targets, _ = circle(config)
    kernels, rate = theory(config)
    n = config.examples
    trains = [
        make_ensemble(net, inputs[:n], targets, Descent(steps, rate, "absolute"), LearningRates.matching(net), chunks=1)
        for steps in config.steps
    ]
    learned = [response(kernels, n, descent(rate, steps)) for steps in config.steps]

    def experiment(keys: Array) -> dict[str, np.ndarray]:
        ensembles = [train(keys) for train in trains]
        values = [np.asarray(outputs(each, inputs), np.float64)[..., 0] for each in _stages(ensembles)]
        start = values[0]
        own = [start, *(start + (targets[:, 0] - start[:, :n]) @ each.T for each in learned)]
        values, own = np.stack(values, axis=1), np.stack(own, axis=1)
        return {
            "value": values.sum(axis=0),
            "square": np.sum(values**2, axis=0),
            "beyond": np.sum(values - own, axis=0),
            "square_beyond": np.sum(values**2 - own**2, axis=0),
        }

    return experiment


def _stages(ensembles):
    return [ensembles[0].initial, *(each.networks for each in ensembles)]


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, np.ndarray]:
    expected = predict(config)[cell.name]
    target = expected["mean"].value
    mean = target + tally.mean("beyond")
    second = target**2 + expected["deviation"].value ** 2 + tally.mean("square_beyond")
    last = target[-1]
    return {
        "mean": mean,
        "deviation": np.sqrt(np.maximum(second - mean**2, 0)),
        # What the mean misses at the end, along the prediction itself and in units of it.
        "shortfall": -(tally.mean("beyond")[-1] @ last) / (last @ last),
        "excess_variance": np.mean(second - mean**2 - expected["deviation"].value ** 2, axis=1)[-1],
    }


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    widths = np.array(config.widths, float)
    for kind in INITIALIZATIONS:
        names = [f"{kind}-n={width}" for width in config.widths]
        missing = stack([measured[name]["shortfall"] for name in names])
        slope = fit_power_law(widths, missing).exponent
        words = f"{kind} weights: the trained one-point function approaches infinite width like a power of n near -1"
        yield Claim.within(f"slope-{kind}", words, -1.0, 0.3, slope, "theory", LEE)
        # Twice the wide ensemble minus the narrow one has no term in 1/n.
        narrow, wide = (measured[name]["shortfall"] for name in names[-2:])
        ratio = config.widths[-1] / config.widths[-2]
        rest = (ratio * wide - narrow) / (ratio - 1)
        words = f"{kind} weights: extrapolated to infinite width, the one-point function is the predicted one"
        yield Claim.within(f"limit-{kind}", words, 0.0, 0.05, rest, "theory", LEE)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    width = config.widths[-1]
    angles = circle(config)[2][config.examples :]
    shown = slice(config.examples, None)
    stages = ["at the start", *(f"after {steps} steps" for steps in config.steps)]
    lines = []
    for stage, title in enumerate(stages):
        name = f"gaussian-n={width}"
        for quantity, role in (("mean", "gaussian"), ("deviation", "other")):
            lines.append(
                Curve(
                    labels={"stage": title, "quantity": quantity},
                    x=angles,
                    theory=predicted[name][quantity].value[stage, shown],
                    measured=measured[name][quantity][stage, shown],
                    role=role,
                    panel=title,
                    legend="mean $E[f]$" if quantity == "mean" else "standard deviation",
                )
            )
    text = (
        f"The one-point function and the spread of an ensemble of width {width}, from random to trained. "
        f"{config.examples} points of the circle are learned. Lines are infinite width, points the ensemble."
    )
    yield curves("flow", text, lines, x="angle", y="output", every=3, share_y=True)
    yield curves(
        "approach",
        "What the trained one-point function misses of its infinite-width prediction, along that prediction.",
        [
            Curve(
                labels={"initialization": kind},
                x=np.array(config.widths),
                measured=stack([measured[f"{kind}-n={n}"]["shortfall"] for n in config.widths]),
                role=kind,
                legend=kind,
            )
            for kind in INITIALIZATIONS
        ],
        x="width $n$",
        y="relative shortfall of $E[f]$",
        log="xy",
        slope=-1,
    )


study = Study.from_module(
    __name__,
    question="Is supervised learning the flow of the one-point function that infinite width predicts?",
    headline="shortfall",
    equations=(
        Equation(r"E[f_s(*)] = A_s\, y, \qquad A_s = \Theta_*\,\Theta^{-1}\,[1 - (1-\eta\Theta/N)^s]", "its mean"),
        Equation(
            r"\mathrm{Cov} f_s = (1 - A_s)\, K\, (1 - A_s)^T",
            "its covariance; $A_s$ acts on the outputs at the examples",
        ),
    ),
    cites=("Day2023",),
)
