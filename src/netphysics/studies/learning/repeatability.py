"""Goodness: percent correct, similar inputs to similar outputs, and the same answer every time.

Day's talk (Pheno 2023) lists what one wants of a network and hopes to "quantify the goodness of a network based on
initial network parameters". Here the three are numbers: the accuracy on unseen examples; how much an answer changes
when the input changes a little, relative to how much answers differ; and how often two networks that differ
only in their initial weights give the same answer. They are measured by depth for Gaussian and orthogonal weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.fields.learning import outputs
from netphysics.lab import Equation, Experiment, Results, Study, gather, grid, option
from netphysics.report import Figure, curves
from netphysics.stats import Claim, Numbers, Tally

from .ensembles import own_rate_trainer
from .figures import initialization_curves
from .options import INITIALIZATIONS, DescentConfig, critical, examples

TALK = "Day, Pheno 2023"
GOODNESS = {"accuracy": "percent correct", "smoothness": "similar to similar", "agreement": "same every time"}


@dataclass(frozen=True)
class Config(DescentConfig):
    """Options of repeatability."""

    activation: Literal["tanh", "erf", "sin", "relu"] = "tanh"
    """Activation, at its critical point."""
    width: int = option(32, least=2)
    """Width n of every hidden layer."""
    depths: tuple[int, ...] = option((4, 16, 40), least=1, distinct=True, rising=True)
    """Depths L."""
    change: float = option(0.1, above=0)
    """How much an input is changed, relative to its length."""
    block_size: int = option(4, least=2)
    """Networks per block; they are trained side by side, and compared with each other."""

    presets: ClassVar = {
        "quick": {"depths": (4, 40), "draws": 16, "steps": 150},
        "paper": {"depths": (4, 8, 16, 32, 40, 64), "draws": 256, "block_size": 16},
    }


def cells(config: Config) -> list[Cell]:
    return grid("{initialization}-L={depth}", initialization=INITIALIZATIONS, depth=config.depths)


def predict(config: Config) -> Results:
    """What answers at random would have: one in as many as there are classes."""
    return {}


def measure(config: Config, cell: Cell) -> Experiment:
    net = critical(config, config.activation, cell["initialization"], cell["depth"], config.width)
    train = own_rate_trainer(config, net)
    test = examples(config)[1]
    directions = np.random.default_rng(0).normal(size=test.inputs.shape)
    step = config.change * directions / np.sqrt(np.mean(directions**2, axis=1, keepdims=True))

    def experiment(keys: Array) -> dict[str, Numbers]:
        found = train(keys).networks
        here, there = (np.asarray(outputs(found, x), np.float64) for x in (test.inputs, test.inputs + step))
        answers = here.argmax(axis=-1)
        # How often a network agrees with the others of its block.
        votes = (answers[:, None] == answers[None]).mean(axis=2)
        others = (votes.sum(axis=1) - 1) / max(len(keys) - 1, 1)
        moved = np.mean((there - here) ** 2, axis=(1, 2))
        apart = np.mean((here - here.mean(axis=1, keepdims=True)) ** 2, axis=(1, 2))
        return {
            "accuracy": (answers == test.labels).mean(axis=1).sum(),
            "smoothness": (1 - np.sqrt(moved / (2 * apart))).sum(),
            "agreement": others.sum(),
        }

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    return {name: tally.mean(name) for name in GOODNESS}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    depth = config.depths[-1]
    gaussian, orthogonal = (measured[f"{kind}-L={depth}"] for kind in INITIALIZATIONS)
    for name, words in GOODNESS.items():
        gain = orthogonal[name] - gaussian[name]
        statement = f"At depth {depth}, orthogonal networks are better in {words!r}"
        yield Claim.at_least(name, statement, 0.0, gain, "literature" if name != "smoothness" else "conjecture", TALK)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    lines = [
        line
        for name, words in GOODNESS.items()
        for line in initialization_curves(
            config.depths,
            {
                kind: gather(measured, name, [f"{kind}-L={depth}" for depth in config.depths])
                for kind in INITIALIZATIONS
            },
            panel=words,
            labels={"number": words},
        )
    ]
    text = (
        "Three numbers of goodness after training. Percent correct: accuracy on unseen examples. Similar to similar: "
        f"one minus the change of outputs as the input changes by {config.change:g} of its length, relative to the "
        "distance of two outputs. Same every time: how often two networks, initialized anew, give the same answer."
    )
    yield curves("goodness", text, lines, x="depth $L$", y={words: words for words in GOODNESS.values()}, log="x")


study = Study.from_module(
    __name__,
    question="How good is a network: correct, smooth, and the same every time?",
    headline="accuracy",
    equations=(
        Equation(
            r"1 - \frac{|f(x + \delta) - f(x)|_{rms}}{|f(x) - f(x')|_{rms}}, \qquad |\delta| = \varepsilon |x|",
            "similar inputs to similar outputs",
            (
                ("f(x)", "outputs at the input $x$"),
                ("x'", "another input"),
                (r"\delta", "a change of the input"),
                (r"\varepsilon", "its relative size"),
                (r"|\cdot|_{rms}", "root mean square"),
            ),
        ),
        Equation(
            r"P[\mathrm{argmax} f_1(x) = \mathrm{argmax} f_2(x)]",
            "the same answer every time, of two networks",
            (
                ("P", "probability"),
                ("f_1, f_2", "two networks"),
            ),
        ),
    ),
    cites=("Day2023", "Pedregosa2011"),
)
