"""Learning as the flow of the one-point function: bands of a random and of a trained ensemble.

Halverson ("Towards a triangle of influence") calls supervised learning the evolution of the one-point function E[f]
until convergence. At infinite width that flow is known exactly, mean and covariance at every step of gradient descent.
An ensemble that learns a function on a circle shows it; ensembles of growing width that learn digits approach it as
1/n.

Beyond infinite width the mean is known at first order in 1/n, too, for both initializations. Its parts have several
signs: late in a training it may be so small that the next order still counts at these widths.

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
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.fields.depth import leading_order
from netphysics.fields.learning import Descent, make_ensemble, outputs
from netphysics.fields.learning.data import DIGITS, load, split
from netphysics.lab import Equation, Experiment, Results, Study, StudyConfig, budget, grid, option
from netphysics.nets import LearningRates, Net, activation
from netphysics.nets.net import Initialization
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally, fit_power_law, stack

from .figures import initialization_curves
from .one_point_theory import Problem, along, first_order_shortfalls, pose
from .options import INITIALIZATIONS

TALK = "Halverson, Towards a triangle of influence"
LEE = "arXiv:1902.06720"
ROBERTS = "arXiv:2106.10165"
# Of a coefficient of 1/n that is extrapolated from finite widths.
TOLERANCE = 0.3
POINTS = 48
BIAS_VARIANCE = 0.1


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the one-point function."""

    activation: Literal["tanh", "erf", "relu", "gelu"] = "tanh"
    """Activation; weights have variance 1."""
    widths: tuple[int, ...] = option((16, 32, 64, 128), least=2, entries=2, distinct=True, rising=True)
    """Widths n."""
    depth: int = option(2, least=1)
    """Hidden layers L."""
    examples: int = option(8, between=(2, POINTS))
    """Points of the circle that are learned."""
    digits: int = option(24, least=2)
    """Digits that are learned; 8 others are looked at, too."""
    steps: tuple[int, ...] = option((4, 40), least=1, distinct=True, rising=True)
    """Steps of gradient descent after which the ensemble is looked at."""
    rate: float = option(0.5, above=0, below=1)
    """Learning rate, as a fraction of 2/λ_max at infinite width."""
    draws: int = budget(1024)
    """Networks for each width and initialization; rounded up to whole blocks."""
    block_size: int = 64
    """Networks per block; they are trained side by side."""

    presets: ClassVar = {
        "quick": {"widths": (16, 32, 64), "digits": 10, "draws": 192, "block_size": 32},
        "paper": {"widths": (16, 32, 64, 128, 256), "draws": 8192},
    }


def cells(config: Config) -> list[Cell]:
    name = "{problem}-{initialization}-n={width}"
    return [
        *grid(name, problem=("circle",), initialization=("gaussian",), width=config.widths[-1:]),
        *grid(name, problem=("digits",), initialization=INITIALIZATIONS, width=config.widths),
    ]


def network(config: Config, inputs: np.ndarray, targets: np.ndarray, initialization: Initialization, width: int) -> Net:
    ends = inputs.shape[1], targets.shape[1]
    return Net((ends[0], *[width] * config.depth, ends[1]), config.activation, initialization, 1.0, BIAS_VARIANCE)


def angles(config: Config) -> np.ndarray:
    """Of the points of the circle, those that are learned first."""
    learned = np.linspace(-np.pi, np.pi, config.examples, endpoint=False)
    return np.concatenate([learned, np.linspace(-np.pi, np.pi, POINTS)])


@functools.lru_cache(maxsize=4)
def problem(config: Config, name: str) -> Problem:
    if name == "circle":
        phi = angles(config)
        inputs = np.sqrt(2) * np.stack([np.cos(phi), np.sin(phi)], axis=1)
        targets = (np.sin(phi) + 0.5 * np.cos(3 * phi))[: config.examples, None]
    else:
        train, test = split(load(DIGITS), config.digits, 8)
        inputs = np.concatenate([train.inputs, test.inputs]).astype(np.float64)
        targets = train.targets.astype(np.float64)
    return pose(
        network(config, inputs, targets, "gaussian", config.widths[0]), inputs, targets, config.rate, config.steps
    )


@functools.lru_cache(maxsize=4)
def shortfalls(config: Config) -> dict[str, np.ndarray]:
    """What the mean misses at order 1/n after each number of steps, by cell; none where theory does not know it."""
    if activation(config.activation).kinks:
        return {}
    task = problem(config, "digits")
    chosen = [cell for cell in cells(config) if cell["problem"] == "digits"]
    nets = [network(config, task.inputs, task.targets, cell["initialization"], cell["width"]) for cell in chosen]
    found = first_order_shortfalls(task, nets, config.steps)
    return {cell.name: each for cell, each in zip(chosen, found, strict=True)}


def predict(config: Config) -> Results:
    found = {}
    for name in ("circle", "digits"):
        process = problem(config, name).processes
        found[name] = {
            "mean": Estimate.exact([each.mean for each in process]),
            "deviation": Estimate.exact([np.sqrt(np.maximum(np.diag(each.covariance), 0)) for each in process]),
        }
    first = shortfalls(config)
    return {
        cell.name: found[cell["problem"]]
        | ({"shortfall": Estimate.exact(first[cell.name])} if cell.name in first else {})
        for cell in cells(config)
    }


def measure(config: Config, cell: Cell) -> Experiment:
    task = problem(config, cell["problem"])
    net = network(config, task.inputs, task.targets, cell["initialization"], cell["width"])
    n = len(task.targets)
    rates = LearningRates.matching(net)
    trains = [
        make_ensemble(net, task.inputs[:n], task.targets, Descent(steps, task.rate, "absolute"), rates, chunks=1)
        for steps in config.steps
    ]

    def experiment(keys: Array) -> dict[str, Numbers]:
        ensembles = [train(keys) for train in trains]
        stages = [ensembles[0].initial, *(each.networks for each in ensembles)]
        found = [np.asarray(outputs(each, task.inputs), np.float64) for each in stages]
        start = found[0]
        learned = [np.einsum("mn,rnc->rmc", each, task.targets - start[:, :n]) for each in task.responses]
        values, own = np.stack(found, axis=1), np.stack([start, *(start + each for each in learned)], axis=1)
        return {"beyond": np.sum(values - own, axis=0), "square_beyond": np.sum(values**2 - own**2, axis=0)}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    expected = predict(config)[cell.name]
    target, variance = expected["mean"].value, expected["deviation"].value[..., None] ** 2
    mean = target + tally.mean("beyond")
    found = target**2 + variance + tally.mean("square_beyond") - mean**2
    stages, beyond = target[1:], tally.mean("beyond")[1:]
    return {
        "mean": mean,
        # Of all outputs alike.
        "deviation": np.sqrt(np.maximum(found.mean(axis=-1), 0)),
        # What the mean misses after each number of steps, along the prediction itself and in units of it.
        "shortfall": -along(beyond.reshape(stages.shape), stages),
        # The same of the variance, averaged over points and outputs.
        "excess": found[-1].mean() / variance[-1].mean() - 1,
    }


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    widths = np.array(config.widths, float)
    for kind in INITIALIZATIONS:
        names = [f"digits-{kind}-n={width}" for width in config.widths]
        missing = stack([at_stage(measured[name]["shortfall"], -1) for name in names])
        slope = fit_power_law(widths, missing).exponent
        words = f"{kind} weights: the trained one-point function approaches infinite width"
        if kind == "gaussian":
            yield Claim.within("slope-gaussian", f"{words} like 1/n", -1.0, 0.3, slope, "theory", LEE)
        else:
            if "shortfall" in predicted[names[-1]]:
                term = float(predicted[names[-1]]["shortfall"].value[-1]) * config.widths[-1]
                words += f" (first order, by theory: {term:+.2f}/n; it hides behind the next order at these widths)"
            yield Claim.at_most("slope-orthogonal", f"{words} as 1/n or faster", -0.7, slope, "theory", LEE)
        for quantity, tolerance, what in (("shortfall", 0.02, "one-point function"), ("excess", 0.2, "mean variance")):
            # A wide ensemble minus a narrow one, in proportions that leave no term in 1/n.
            rest = leading_order(
                (config.widths[-2], config.widths[-1]), *(at_stage(measured[name][quantity], -1) for name in names[-2:])
            )
            words = (
                f"{kind} weights: extrapolated to infinite width, the {what} is the predicted one, to {tolerance:.0%}"
            )
            yield Claim.within(f"limit-{quantity}-{kind}", words, 0.0, tolerance, rest, "theory", LEE)
        if "shortfall" in predicted[names[-1]]:
            yield first_order_claim(config, predicted, measured, kind)


def first_order_claim(config: Config, predicted: Results, measured: Results, kind: str) -> Claim:
    """The coefficient of 1/n after the first number of steps, from the two widest ensembles, less the predicted one."""
    pair = config.widths[-2], config.widths[-1]
    names = [f"digits-{kind}-n={width}" for width in pair]
    rests = [
        width * (at_stage(measured[name]["shortfall"], 0) - predicted[name]["shortfall"].value[0])
        for width, name in zip(pair, names, strict=True)
    ]
    term = float(predicted[names[-1]]["shortfall"].value[0]) * pair[-1]
    words = (
        f"{kind} weights: after {config.steps[0]} steps the one-point function misses {term:.2f}/n of what infinite "
        f"width predicts; measured, extrapolated from n = {pair[0]} and {pair[1]}, less this, to {TOLERANCE:.0%} of it"
    )
    rest = leading_order(pair, *rests)
    return Claim.within(f"first-order-{kind}", words, 0.0, TOLERANCE * abs(term), rest, "theory", ROBERTS)


def at_stage(values: Estimate, number: int) -> Estimate:
    """After one of the numbers of steps; a single one has no axis."""
    return values[number] if values.shape else values


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    width = config.widths[-1]
    shown = slice(config.examples, None)
    stages = ["at the start", *(f"after {steps} steps" for steps in config.steps)]
    lines = []
    for stage, title in enumerate(stages):
        name = f"circle-gaussian-n={width}"
        for quantity, role in (("mean", "gaussian"), ("deviation", "other")):
            lines.append(
                Curve(
                    labels={"stage": title, "quantity": quantity},
                    x=angles(config)[shown],
                    theory=predicted[name][quantity].value.reshape(len(stages), -1)[stage, shown],
                    measured=_flat(measured[name][quantity][stage, shown]),
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
    missing = {
        kind: stack([at_stage(measured[f"digits-{kind}-n={n}"]["shortfall"], -1) for n in config.widths])
        for kind in INITIALIZATIONS
    }
    text = (
        f"What the one-point function misses of its infinite-width prediction, along that prediction, after "
        f"{config.steps[-1]} steps on {config.digits} digits."
    )
    lines = initialization_curves(config.widths, missing)
    yield curves("approach", text, lines, x="width $n$", y="relative shortfall of $E[f]$", log="xy", slope=-1)


def _flat(values: Estimate) -> Estimate:
    """The only output of a network on the circle."""
    return values[:, 0] if len(values.shape) == 2 else values


study = Study.from_module(
    __name__,
    question="Is supervised learning the flow of the one-point function that infinite width predicts?",
    headline="shortfall",
    equations=(
        Equation(
            r"E[f_s(*)] = A_s\, y, \qquad A_s = \Theta_*\,\Theta^{-1}\,[1 - (1-\eta\Theta/N)^s]",
            "its mean",
            (
                ("E[f_s(*)]", "mean of the outputs at new inputs $*$ after $s$ steps"),
                ("A_s", "what outputs learn from the targets"),
                ("y", "targets"),
                (r"\Theta, \Theta_*", "tangent kernel between examples, and between them and new inputs"),
                (r"\eta", "learning rate"),
                ("N", "number of examples"),
            ),
        ),
        Equation(
            r"\mathrm{Cov} f_s = (1 - A_s)\, K\, (1 - A_s)^T",
            "its covariance; $A_s$ acts on the outputs at the examples",
            (
                ("K", "kernel: covariance of outputs at the start"),
                ("T", "transposed"),
            ),
        ),
    ),
    cites=("Lee2019", "Pedregosa2011"),
)
