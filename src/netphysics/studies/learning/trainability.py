"""Does what is known before training tell which networks will train?

"Measurements at initialization can predict training success" (Day, Pheno 2023). On a grid of activations, depths,
weight variances and initializations, theory says before training how far gradients explode or vanish on their way
through the net, and how much tangent kernels differ between networks; the larger of both, in units of what is
tolerable, is its score. The table of gains in torch.nn.init knows the activation alone: its score is the distance of
the gain from the table's. Then all networks are trained, by gradient descent at a safe learning rate and by Adam. The
area under the curve (AUC) says how well a score tells apart the ones that learn from the ones that do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.fields.depth import finite_width_flow, susceptibility
from netphysics.fields.learning import Descent
from netphysics.lab import Equation, Experiment, Results, Study, grid, option
from netphysics.nets import LearningRates, Net
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally, stack

from .ensembles import moments, trainer
from .options import INITIALIZATIONS, TALK, DescentConfig, critical, examples
from .symbols import SPREAD

# Squared gradients that change by this factor, and tangent kernels that spread this far, hinder training.
LARGEST_FACTOR, LARGEST_SPREAD = 100.0, 0.3
# torch.nn.init.calculate_gain, squared: weight variances. For a function it does not list, its 1 for linear layers.
TABLE = {"tanh": 25 / 9, "relu": 2.0, "erf": 1.0, "sin": 1.0}
METHODS = ("descent", "adam")


@dataclass(frozen=True)
class Config(DescentConfig):
    """Options of trainability."""

    activations: tuple[Literal["tanh", "relu", "erf", "sin"], ...] = option(("tanh", "relu", "erf"), distinct=True)
    """Activations."""
    depths: tuple[int, ...] = option((4, 20, 50), least=1, distinct=True, rising=True)
    """Depths L."""
    gains: tuple[float, ...] = option(
        (0.5, 0.8, 1.0, 1.25, 2.0, 25 / 9), above=0, entries=2, distinct=True, rising=True
    )
    """Weight variances, in units of the critical one."""
    width: int = option(64, least=2)
    """Width n of every hidden layer."""
    adam: float = option(1e-3, above=0)
    """Learning rate of Adam."""
    learned: float = option(0.6, above=0, below=1)
    """A network has learned if its loss is below this part of the best constant's."""
    draws: int = 4
    block_size: int = 1

    presets: ClassVar = {
        "quick": {
            "activations": ("tanh",),
            "depths": (30,),
            "gains": (0.5, 1.0, 2.0),
            "width": 32,
            "train": 60,
            "test": 60,
            "steps": 60,
        },
        "paper": {"depths": (4, 10, 20, 50, 100), "draws": 16, "block_size": 4},
    }


def cells(config: Config) -> list[Cell]:
    name = "{activation}-{initialization}-L={depth}-gain={gain}-{method}"
    axes = {"initialization": INITIALIZATIONS, "depth": config.depths, "gain": config.gains, "method": METHODS}
    return grid(name, activation=config.activations, **axes)


def network(config: Config, cell: Cell) -> Net:
    net = critical(config, cell["activation"], cell["initialization"], cell["depth"], config.width)
    return replace(net, weight_variance=net.weight_variance * cell["gain"])


def trouble(net: Net) -> float:
    """How far theory sees a net from training well, 1 being as far as is tolerable."""
    flow = finite_width_flow(net, 1.0, LearningRates(1.0, float(net.widths[1])))
    slopes = susceptibility(net.activation, net.weight_variance, flow.kernel[:-1]).perpendicular
    gradients = abs(float(np.sum(np.log(slopes)))) / math.log(LARGEST_FACTOR)
    spread = math.sqrt(max(flow.A[-1] + 2 * flow.B[-1], 0) / flow.width) / flow.tangent_kernel[-1]
    return max(gradients, spread / LARGEST_SPREAD)


def predict(config: Config) -> Results:
    found = {}
    for cell in cells(config):
        net = network(config, cell)
        gain = abs(math.log(net.weight_variance / TABLE[cell["activation"]]))
        found[cell.name] = {"trouble": Estimate.exact(trouble(net)), "gain": Estimate.exact(gain)}
    return found


def measure(config: Config, cell: Cell) -> Experiment:
    if cell["method"] == "adam":
        plan = Descent(config.steps, config.adam, "absolute", "adam")
    else:
        plan = Descent(config.steps, config.fraction)
    train, data = trainer(config, network(config, cell), plan), examples(config)[0]
    baseline = np.sum(np.var(data.targets, axis=0)) / 2

    def experiment(keys: Array) -> dict[str, Numbers]:
        try:
            last = train(keys).losses[-1]
        except ValueError:
            # All of them diverged.
            last = np.full(len(keys), np.inf)
        share = np.minimum(np.nan_to_num(last / baseline, nan=10.0), 10.0)
        return moments(loss=share, learned=share < config.learned)

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    return {"loss": tally.mean("loss"), "learned": tally.mean("learned")}


def area(scores: np.ndarray, learned: np.ndarray, draws: int) -> Estimate:
    """The probability that a network that does not learn has the higher score than one that does; NaN if all have the
    same fate. Its error counts each kind of network once: Hanley and McNeil, Radiology 143, 29 (1982)."""
    good, bad = learned, 1 - learned
    above = (scores[:, None] > scores[None]) + 0.5 * (scores[:, None] == scores[None])
    pairs = good.sum() * bad.sum()
    if pairs == 0:
        return Estimate(math.nan, math.nan, draws)
    value = float(bad @ above @ good / pairs)
    # Not even a perfect score is known better than the number of pairs allows.
    a = min(value, 1 - 1 / (2 * pairs + 2))
    first, second = a / (2 - a) - a**2, 2 * a**2 / (1 + a) - a**2
    variance = (a * (1 - a) + max(bad.sum() - 1, 0) * first + max(good.sum() - 1, 0) * second) / pairs
    return Estimate(value, math.sqrt(variance), draws)


def areas(config: Config, predicted: Results, measured: Results, method: str) -> dict[str, Estimate]:
    """The AUC of both scores."""
    names = [cell.name for cell in cells(config) if cell["method"] == method]
    learned = stack([measured[name]["learned"] for name in names])
    return {
        score: area(np.array([float(predicted[name][score].value) for name in names]), learned.value, learned.draws)
        for score in ("trouble", "gain")
    }


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for method in METHODS:
        found = areas(config, predicted, measured, method)
        if not np.isfinite(found["trouble"].value):
            continue
        words = f"Trained by {method}: theory tells networks that learn from those that do not, AUC 0.95 or more"
        yield Claim.at_least(f"auc-{method}", words, 0.95, found["trouble"], "conjecture", TALK)
        words = f"Trained by {method}: theory tells them apart better than the table of gains"
        gain = found["trouble"] - found["gain"]
        yield Claim.at_least(f"table-{method}", words, 0.0, gain, "conjecture", "torch.nn.init.calculate_gain")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    def sorted_by(score: str, method: str, kind: str) -> tuple[np.ndarray, Estimate, list[str]]:
        chosen = [c for c in cells(config) if c["method"] == method and c["initialization"] == kind]
        scores = np.array([float(predicted[cell.name][score].value) for cell in chosen])
        order = np.argsort(scores, kind="stable")
        loss = stack([measured[chosen[i].name]["loss"] for i in order])
        return scores[order], loss, [chosen[i].name for i in order]

    lines = []
    for score, title in (("trouble", "score of the theory"), ("gain", "distance from the gain of the table")):
        for kind in INITIALIZATIONS:
            scores, loss, names = sorted_by(score, "descent", kind)
            lines.append(
                Curve(
                    labels={"score": title, "initialization": kind},
                    x=scores,
                    measured=loss,
                    more={"network": names},
                    role=kind,
                    panel=title,
                    legend=kind,
                )
            )
    text = (
        "Final loss, as a part of what the best constant has, against two scores that are known before training. Each "
        f"point is a kind of network, trained by gradient descent; below {config.learned:g} it counts as learned."
    )
    yield curves("scores", text, lines, x="score before training", y="loss / loss of a constant", share_y=True)


study = Study.from_module(
    __name__,
    question="Does what is known before training tell which networks will train?",
    headline="loss",
    equations=(
        Equation(
            r"\max\left(\frac{|\sum_l \ln \chi_\perp^{(l)}|}{\ln 100},\; \frac{\sqrt{(A+2B)/n}}{0.3\,\Theta}\right)",
            "the score: gradients that explode or vanish, and tangent kernels that differ between networks",
            (
                (r"\chi_\perp^{(l)}", "factor of squared gradients in layer $l$"),
                *SPREAD,
            ),
        ),
    ),
    cites=("Day2023", "Roberts2022", "Pedregosa2011"),
)
