"""Which law of initial weights is best?

"Can we generically determine the best initialization distribution?" (Day, Pheno 2023). To first order in 1/n, weights
whose law is invariant under rotations differ in one number, κ, how much their squared singular values spread:
all fluctuations at initialization grow with it, and κ = 0, orthogonal weights, has the least. Here families with a
κ, sparse orthogonal matrices (products of Givens rotations or of Householder reflections), and independent entries
train the same images, and accuracy and its spread are set against the predicted spread of the tangent kernel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.lab import Equation, Experiment, Results, Study, grid, option
from netphysics.nets import GivensProduct, HouseholderProduct, Net, Spectrum
from netphysics.nets.net import Initialization
from netphysics.report import Curve, Figure, categories, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally, rank_correlation, stack

from .ensembles import accuracies, deviation, final_losses, kernel_spread, moments, own_rate_trainer
from .options import TALK, DescentConfig, critical, examples

FRIENDS: dict[str, Initialization] = {
    "gaussian": "gaussian",
    "orthogonal": "orthogonal",
    "rademacher": "rademacher",
    "givens": GivensProduct(2),
    "householder": HouseholderProduct(2),
}


@dataclass(frozen=True)
class Config(DescentConfig):
    """Options of best initialization."""

    activation: Literal["tanh", "erf", "sin"] = "tanh"
    """Activation, at its critical point."""
    width: int = option(32, least=4)
    """Width n of every hidden layer."""
    depth: int = option(40, least=1)
    """Depth L."""
    kappas: tuple[float, ...] = option(
        (0.0, 0.0625, 0.25, 0.5, 1.0, 2.0), least=0, entries=2, distinct=True, rising=True
    )
    """Spreads κ of the squared singular values."""

    presets: ClassVar = {
        "quick": {"kappas": (0.0, 0.25, 1.0), "depth": 24, "draws": 8, "block_size": 2, "steps": 60, "train": 100},
        "paper": {"draws": 256, "block_size": 16},
    }


def cells(config: Config) -> list[Cell]:
    return grid(law=(*(f"kappa={kappa:g}" for kappa in config.kappas), *FRIENDS))


def law(cell: Cell) -> Initialization:
    name = cell["law"]
    return FRIENDS[name] if name in FRIENDS else Spectrum(float(name.removeprefix("kappa=")))


def network(config: Config, cell: Cell) -> Net:
    return critical(config, config.activation, law(cell), config.depth, config.width)


def predict(config: Config) -> Results:
    """The spread of the tangent kernel, of the laws that are invariant under rotations."""
    found = {}
    for cell in cells(config):
        if cell["law"] in ("rademacher", "givens", "householder"):
            continue
        net = network(config, cell)
        spread = kernel_spread(net)
        found[cell.name] = {"kernel_spread": Estimate(spread, spread * config.depth / config.width, 0)}
    return found


def measure(config: Config, cell: Cell) -> Experiment:
    train, test = own_rate_trainer(config, network(config, cell)), examples(config)[1]

    def experiment(keys: Array) -> dict[str, Numbers]:
        found = train(keys)
        return moments(accuracy=accuracies(found.networks, test), log_loss=np.log(final_losses(found)))

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    return {
        "accuracy": tally.mean("accuracy"),
        "spread": deviation(tally, "accuracy", tally.count),
        "log_loss": tally.mean("log_loss"),
    }


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    best = measured["orthogonal"]["log_loss"]
    for name in ("gaussian", "rademacher"):
        others = f"{name.capitalize()} ones at width {config.width}, depth {config.depth}"
        words = f"Orthogonal weights reach a lower loss than {others}"
        yield Claim.at_least(f"{name}", words, 0.0, measured[name]["log_loss"] - best, "conjecture", TALK)
    names = [f"kappa={kappa:g}" for kappa in config.kappas]
    gain = measured[names[-1]]["log_loss"] - measured[names[0]]["log_loss"]
    least, most = config.kappas[0], config.kappas[-1]
    words = f"Among weights invariant under rotations, κ = {least:g} reaches a lower loss than κ = {most:g}"
    yield Claim.at_least("kappa", words, 0.0, gain, "conjecture", TALK)
    known = [name for name in predicted if name in measured]
    spreads = np.array([float(predicted[name]["kernel_spread"].value) for name in known])
    losses = np.array([float(measured[name]["log_loss"].value) for name in known])
    order = Estimate(rank_correlation(spreads, losses), 0.0, best.draws)
    words = "The predicted spread of the tangent kernel orders the losses: rank correlation 0.8 or more"
    yield Claim.at_least("order", words, 0.8, order, "conjecture", TALK)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    names = [f"kappa={kappa:g}" for kappa in config.kappas]
    scaled = np.array(config.kappas) * config.depth / config.width
    panels = {"log_loss": "mean log of the loss", "accuracy": "accuracy", "spread": "standard deviation of accuracy"}
    yield curves(
        "kappa",
        f"Loss, accuracy and its spread over networks after training, against κ L/n, at width {config.width} and depth "
        f"{config.depth}.",
        [
            Curve(
                labels={"quantity": words},
                x=scaled,
                measured=stack([measured[name][quantity] for name in names]),
                role="other",
                panel=words,
            )
            for quantity, words in panels.items()
        ],
        x="$\\kappa L / n$",
        y={words: words for words in panels.values()},
    )
    values = {"loss": {cell.name: measured[cell.name]["log_loss"] for cell in cells(config)}}
    text = "Laws of initial weights and the loss that they reach."
    yield categories("laws", text, values, y="mean log of the loss", places="law of the weights")


study = Study.from_module(
    __name__,
    question="Which law of initial weights trains best?",
    headline="accuracy",
    equations=(
        Equation(
            r"\kappa = \langle s^4\rangle / \langle s^2\rangle^2 - 1",
            "the spread of squared singular values: 0 for orthogonal, 1 for Gaussian weights",
            (
                (r"\kappa", "spread of the squared singular values"),
                ("s", "singular values of a matrix of weights"),
            ),
        ),
        Equation(
            r"V' = \dots - 2(1-\kappa)\,(K' - C_b)^2",
            "what it changes in the four-point function",
            (
                ("V", "connected 4-point function times the width; a prime: one layer on"),
                ("K", "kernel"),
                ("C_b", "variance of biases"),
            ),
        ),
    ),
    cites=("Day2023", "Roberts2022", "Pedregosa2011"),
)
