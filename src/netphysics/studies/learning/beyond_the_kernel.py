"""Beyond the kernel: how well a network's derivatives at its start predict its own training.

The tangent kernel predicts the training of an infinitely wide network. Finite ones move away from it, and the next
derivatives, dNTK and ddNTK, say how: Roberts, Yaida and Hanin (2106.10165) solve the training of a "nearly-kernel"
machine with them. Here each network is trained, and its outputs are compared with three predictions made from
derivatives at its start alone: kernel, first and second order beyond. Where the expansion helps, each order is better
than the one before; narrow, deep or quickly trained networks leave its range, and there higher orders are worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.fields.learning import Descent, make_ensemble, outputs, predicted_training
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, grid, option
from netphysics.nets import LearningRates
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally, fit_line, stack

from .options import INITIALIZATIONS, LearningConfig, critical, examples

ORDERS = ("kernel", "with dNTK", "with ddNTK")
BOOK = "arXiv:2106.10165, chapter on the end of training"


@dataclass(frozen=True)
class Config(LearningConfig):
    """Options of beyond the kernel."""

    activation: Literal["tanh", "erf", "sin", "gelu"] = "tanh"
    """Activation, at its critical point."""
    widths: tuple[int, ...] = option((32, 64, 128, 256), least=2, entries=2, distinct=True, rising=True)
    """Widths n, at the first depth."""
    depths: tuple[int, ...] = option((2, 4, 8), least=1, distinct=True, rising=True)
    """Depths L, at the largest width."""
    rates: tuple[float, ...] = option((0.25, 0.5), above=0, distinct=True, rising=True)
    """Learning rates, as fractions of 2/λ_max; the last one for every width and depth, all at the largest
    width."""
    train: int = 24
    test: int = 8
    steps: int = 40

    presets: ClassVar = {
        "quick": {"widths": (32, 128), "depths": (2,), "rates": (0.5,), "draws": 16},
        "paper": {"widths": (32, 64, 128, 256, 512), "depths": (2, 4, 8, 16), "draws": 128},
    }


def cells(config: Config) -> list[Cell]:
    name = "{initialization}-n={width}-L={depth}-rate={rate}"
    axes = {"initialization": INITIALIZATIONS}
    wide, first, usual = config.widths[-1:], config.depths[:1], config.rates[-1:]
    return [
        *grid(name, **axes, width=config.widths, depth=first, rate=usual),
        *grid(name, **axes, width=wide, depth=config.depths[1:], rate=usual),
        *grid(name, **axes, width=wide, depth=first, rate=config.rates[:-1]),
    ]


def predict(config: Config) -> Results:
    """Nothing about ensembles: each network is predicted from itself."""
    return {}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {"log_error": {"order": ORDERS}}


def measure(config: Config, cell: Cell) -> Experiment:
    net = critical(config, config.activation, cell["initialization"], cell["depth"], cell["width"])
    train, test = examples(config)
    plan = Descent(config.steps, cell["rate"])
    learn = make_ensemble(net, train.inputs, train.targets, plan, LearningRates.matching(net), chunks=1)
    inputs = np.concatenate([train.inputs, test.inputs])

    def experiment(keys: Array) -> dict[str, Numbers]:
        found = learn(keys)
        before, after = (np.asarray(outputs(each, inputs), np.float64) for each in (found.initial, found.networks))
        predicted = predicted_training(found.initial, inputs, train.targets, found.learning_rates, config.steps)
        guesses = np.asarray(predicted, np.float64)
        moved = np.mean((after - before) ** 2, axis=(1, 2))
        error = np.mean((guesses - after[:, None]) ** 2, axis=(2, 3)) / moved[:, None]
        # A prediction that runs away is as wrong as one that is off by all that was learned.
        return {"log_error": 0.5 * np.log10(np.minimum(np.nan_to_num(error, nan=1.0), 1.0)).sum(axis=0)}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    return {"log_error": tally.mean("log_error")}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    usual, first = config.rates[-1], config.depths[0]
    for kind in INITIALIZATIONS:
        names = [f"{kind}-n={n}-L={first}-rate={usual:g}" for n in config.widths]
        widest = measured[names[-1]]["log_error"]
        for order in (1, 2):
            gain = widest[order] - widest[order - 1]
            words = f"{kind} weights, width {config.widths[-1]}: {ORDERS[order]} the prediction is better than before"
            yield Claim.at_most(f"order-{order}-{kind}", words, 0.0, gain, "theory", BOOK)
        for order, name in enumerate(ORDERS):
            points = stack([measured[each]["log_error"][order] for each in names])
            slope = fit_line(np.log10(np.array(config.widths, float)), points).slope
            words = f"{kind} weights: the error of the prediction ({name}) falls with the width"
            yield Claim.at_most(f"falls-{order}-{kind}", words, 0.0, slope, "theory", BOOK)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    roles = ("sweep-1", "sweep-5", "sweep-9")
    wide, first, usual = config.widths[-1], config.depths[0], config.rates[-1]
    sweeps = {
        "width": ("width $n$", [(n, first, usual) for n in config.widths]),
        "depth": ("depth $L$", [(wide, depth, usual) for depth in config.depths]),
        "rate": ("learning rate / $(2/\\lambda_{\\max})$", [(wide, first, rate) for rate in config.rates]),
    }
    for place, (name, (axis, points)) in enumerate(sweeps.items()):
        if len(points) < 2:
            continue
        lines = [
            Curve(
                labels={"initialization": kind, "prediction": words},
                x=np.array([point[place] for point in points]),
                measured=stack([_error(measured, kind, *point)[order] for point in points]),
                role=role,
                panel=kind,
                legend=words,
            )
            for kind in INITIALIZATIONS
            for order, (words, role) in enumerate(zip(ORDERS, roles, strict=True))
        ]
        text = (
            "Error of what is predicted of each network's own training, in units of how far its outputs moved: typical "
            "(geometric mean) value over networks; 1 is as good as no prediction."
        )
        yield curves(name, text, lines, x=axis, y="relative error", log="xy", share_y=True)


def _error(measured: Results, kind: str, width: int, depth: int, rate: float) -> Estimate:
    log_error = measured[f"{kind}-n={width}-L={depth}-rate={rate:g}"]["log_error"]
    return log_error.map(lambda x: 10**x, lambda x: np.log(10) * 10**x)


study = Study.from_module(
    __name__,
    question="How far do the derivatives of a network at its start predict its own training?",
    headline="log_error",
    equations=(
        Equation(
            r"f_\epsilon(\delta) = f(\theta_0) + \partial f\,\delta + \tfrac{\epsilon}{2}\,\partial^2 f\,\delta^2 "
            r"+ \tfrac{\epsilon^2}{6}\,\partial^3 f\,\delta^3 + \dots",
            "training is solved order by order in $\\epsilon$: tangent kernel, dNTK, ddNTK",
            (
                (r"f_\epsilon", r"outputs, as a series in $\epsilon$"),
                (r"\theta_0", "parameters at the start"),
                (r"\delta", "their change"),
            ),
        ),
    ),
    cites=("Roberts2022", "Pedregosa2011"),
)
