"""Does the spread of accuracy shrink with orthogonal weights, too?

The first of the open questions in Day's talk (Pheno 2023). Many networks that differ in nothing but their initial
weights learn the same digits by full-batch gradient descent, so that nothing else is random; how much do their
accuracies differ? The theory at initialization predicts the relative spread of the tangent kernel,
sqrt((A + 2B)/n)/Θ; the question is whether the spread of accuracy after training follows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Array
from scipy import stats

from netphysics.blocks import Cell
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, gather, grid, option
from netphysics.nets import Net
from netphysics.report import Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally, rank_correlation

from .ensembles import accuracies, deviation, final_losses, kernel_spread, moments, own_rate_trainer
from .figures import initialization_curves
from .options import INITIALIZATIONS, TALK, DescentConfig, critical, examples
from .symbols import SPREAD

PILOT = "our pilot at width 32, depth 40"


@dataclass(frozen=True)
class Config(DescentConfig):
    """Options of accuracy spread."""

    activation: Literal["tanh", "erf", "sin", "relu"] = "tanh"
    """Activation, at its critical point."""
    width: int = option(32, least=2)
    """Width n of every hidden layer."""
    depths: tuple[int, ...] = option((4, 16, 40, 64), least=1, entries=2, distinct=True, rising=True)
    """Depths L."""
    draws: int = 64
    block_size: int = 8

    presets: ClassVar = {
        "quick": {"depths": (4, 40), "draws": 16, "block_size": 2, "steps": 100, "train": 200, "test": 300},
        "paper": {"depths": (4, 8, 16, 32, 40, 64), "draws": 256},
    }


def cells(config: Config) -> list[Cell]:
    return grid("{initialization}-L={depth}", initialization=INITIALIZATIONS, depth=config.depths)


def network(config: Config, cell: Cell) -> Net:
    return critical(config, config.activation, cell["initialization"], cell["depth"], config.width)


def predict(config: Config) -> Results:
    found = {}
    for cell in cells(config):
        net = network(config, cell)
        spread = kernel_spread(net)
        # First order in L / n: its square is what is left out.
        found[cell.name] = {"kernel_spread": Estimate(spread, spread * cell["depth"] / config.width, 0)}
    return found


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {"right": {"right": range(config.test + 1)}}


def measure(config: Config, cell: Cell) -> Experiment:
    train, test = own_rate_trainer(config, network(config, cell)), examples(config)[1]

    def experiment(keys: Array) -> dict[str, Numbers]:
        found = train(keys)
        accuracy = accuracies(found.networks, test)
        right = np.eye(len(test) + 1)[np.round(accuracy * len(test)).astype(int)]
        # In units of the typical rate, whose spread is that of the tangent kernel's largest eigenvalue.
        stiffness = 1 / found.learning_rates
        sums = moments(accuracy=accuracy, stiffness=stiffness, loss=final_losses(found))
        return {**sums, "right": right.sum(axis=0)}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    draws = tally.count
    return {
        "accuracy": tally.mean("accuracy"),
        "spread": deviation(tally, "accuracy", draws),
        "stiffness_spread": deviation(tally, "stiffness", draws) / tally.mean("stiffness"),
        "loss": tally.mean("loss"),
        "right": tally.mean("right"),
    }


def sample(found: Mapping[str, Estimate]) -> np.ndarray:
    """The accuracies of all networks, from how many of them had each number of test examples right."""
    share, draws = found["right"].value, found["right"].draws
    counts = np.round(share * draws).astype(int)
    return np.repeat(np.arange(len(counts)), counts) / (len(counts) - 1)


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    depth = config.depths[-1]
    gaussian, orthogonal = (measured[f"{kind}-L={depth}"] for kind in INITIALIZATIONS)
    ratio = (gaussian["spread"] / orthogonal["spread"]).log()
    words = f"At depth {depth}, accuracies of Gaussian networks spread 5 times as far or more, by the logarithm"
    yield Claim.at_least("ratio", words, np.log(5), ratio, "conjecture", PILOT)
    p = stats.levene(sample(gaussian), sample(orthogonal)).pvalue
    words = f"At depth {depth}, Levene's test tells the two spreads apart: p is below 0.001"
    yield Claim.at_most("levene", words, 1e-3, Estimate(p, 0.0, ratio.draws), "conjecture", TALK)
    words = f"At depth {depth}, orthogonal networks are more accurate"
    gain = orthogonal["accuracy"] - gaussian["accuracy"]
    yield Claim.at_least("accuracy", words, 0.0, gain, "literature", "arXiv:2310.07765")
    names = [cell.name for cell in cells(config)]
    expected = np.array([float(predicted[name]["kernel_spread"].value) for name in names])
    spread = np.array([float(measured[name]["spread"].value) for name in names])
    order = Estimate(rank_correlation(expected, spread), 0.0, measured[names[0]]["spread"].draws)
    words = "The predicted spread of the tangent kernel orders the spreads of accuracy: rank correlation 0.7 or more"
    yield Claim.at_least("order", words, 0.7, order, "conjecture", TALK)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    def along(results: Results, quantity: str) -> dict[str, Estimate]:
        return {kind: gather(results, quantity, [f"{kind}-L={n}" for n in config.depths]) for kind in INITIALIZATIONS}

    panels = {"accuracy": "mean accuracy", "spread": "standard deviation of accuracy"}
    lines = [
        line
        for quantity, name in panels.items()
        for line in initialization_curves(
            config.depths, along(measured, quantity), panel=name, labels={"quantity": name}
        )
    ]
    text = (
        f"Accuracy on {config.test} test examples of networks of width {config.width} that differ in their initial "
        "weights alone: its mean, and how far it spreads over networks."
    )
    yield curves("accuracy", text, lines, x="depth $L$", y={name: name for name in panels.values()}, log="x")
    theory = {kind: spread.value for kind, spread in along(predicted, "kernel_spread").items()}
    lines = initialization_curves(config.depths, along(measured, "stiffness_spread"), theory)
    text = (
        "The spread of the largest learning rate that is stable, which the tangent kernel sets: theory of one input at "
        "first order in depth over width, and the measured spread of $\\lambda_{\\max}$."
    )
    yield curves("prediction", text, lines, x="depth $L$", y="relative spread over networks", log="xy")


study = Study.from_module(
    __name__,
    question="Does the spread of accuracy between networks shrink with orthogonal weights, too?",
    headline="accuracy",
    equations=(
        Equation(
            r"\mathrm{sd}(H_{ii})/\Theta = \sqrt{(A + 2B)/n}\,/\,\Theta",
            "predicted at initialization: how much the tangent kernel differs between networks",
            (
                ("H_{ii}", "tangent kernel of output $i$"),
                *SPREAD,
            ),
        ),
    ),
    cites=("Day2023", "Pedregosa2011"),
)
