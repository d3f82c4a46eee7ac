"""Does what is known before training tell which networks will train?

"Measurements at initialization can predict training success" (Day, Pheno 2023). On a grid of activations, depths,
weight variances and initializations, `netphysics.diagnose` looks at one network before training and says how probable
it is that an optimizer trains it; its score is the surprise if it does. The table of gains in torch.nn.init knows the
activation alone: its score is the distance of the gain from the table's. Then all networks are trained with cross
entropy, by gradient descent at a safe learning rate and by Adam. The area under the curve (AUC) says how well a score
tells apart the ones that learn from the ones that do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.fields.diagnosis import Verdict
from netphysics.fields.diagnosis.measuring.described_net import measure_net
from netphysics.fields.diagnosis.trainability import largest_mode, optimizer_kernel
from netphysics.fields.diagnosis.verdicts import training as judged_training
from netphysics.fields.learning import Descent, draw_networks, make_training
from netphysics.lab import Equation, Experiment, Results, Study, grid, option
from netphysics.nets import Net
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally, stack

from .ensembles import accuracies, moments
from .options import CHUNKS, INITIALIZATIONS, TALK, DescentConfig, critical, examples

# torch.nn.init.calculate_gain, squared: weight variances. For a function it does not list, its 1 for linear layers.
TABLE = {"tanh": 25 / 9, "relu": 2.0, "erf": 1.0, "sin": 1.0}
METHODS = ("descent", "adam")
# The least eigenvalue that a learning rate is derived from, and the least probability.
SMALLEST = 1e-30


@dataclass(frozen=True)
class Config(DescentConfig):
    """Options of trainability."""

    activations: tuple[Literal["tanh", "relu", "erf", "sin"], ...] = option(("tanh", "relu"), distinct=True)
    """Activations."""
    depths: tuple[int, ...] = option((4, 16, 32), least=1, distinct=True, rising=True)
    """Depths L."""
    gains: tuple[float, ...] = option(
        (0.5, 0.8, 1.0, 1.25, 2.0, 25 / 9), above=0, entries=2, distinct=True, rising=True
    )
    """Weight variances, in units of the critical one."""
    width: int = option(32, least=2)
    """Width n of every hidden layer."""
    adam: float = option(1e-3, above=0)
    """Learning rate of Adam."""
    learned: float = option(0.8, above=0, below=1)
    """A network has learned if it gets this share of its examples right."""
    train: int = option(100, least=2)
    test: int = option(100, least=2)
    # Verdicts are about 300 steps.
    steps: int = option(300, least=CHUNKS)
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
        },
        "paper": {
            "activations": ("tanh", "relu", "erf"),
            "depths": (4, 10, 20, 50, 100),
            "width": 64,
            "train": 300,
            "test": 500,
            "draws": 16,
            "block_size": 4,
        },
    }


def cells(config: Config) -> list[Cell]:
    """Gains are trained side by side, in one cell."""
    name = "{activation}-{initialization}-L={depth}-{method}"
    axes = {"initialization": INITIALIZATIONS, "depth": config.depths, "method": METHODS}
    return grid(name, activation=config.activations, **axes)


def network(config: Config, cell: Cell, gain: float = 1.0) -> Net:
    net = critical(config, cell["activation"], cell["initialization"], cell["depth"], config.width)
    return replace(net, weight_variance=net.weight_variance * gain)


def verdict(config: Config, cell: Cell, gain: float) -> Verdict:
    """What `netphysics.diagnose` says of one network, at the learning rate that it will be trained with."""
    net, batch = network(config, cell, gain), examples(config)[0].inputs.astype(np.float64)
    key = jax.random.key(0)
    if cell["method"] == "adam":
        return judged_training(measure_net(net, batch, {"adam": config.adam}, key=key), "adam", config.adam)
    kernel = optimizer_kernel(measure_net(net, batch, {}, key=key), "sgd")
    rate = config.fraction * 2 / max(largest_mode(kernel), SMALLEST)
    return judged_training(measure_net(net, batch, {"sgd": rate}, key=key), "sgd", rate)


def predict(config: Config) -> Results:
    found = {}
    for cell in cells(config):
        variances = np.array([network(config, cell, gain).weight_variance for gain in config.gains])
        probabilities = np.array([verdict(config, cell, gain).probability for gain in config.gains])
        found[cell.name] = {
            "surprise": Estimate.exact(-np.log(np.maximum(probabilities, SMALLEST))),
            "gain": Estimate.exact(np.abs(np.log(variances / TABLE[cell["activation"]]))),
        }
    return found


def measure(config: Config, cell: Cell) -> Experiment:
    if cell["method"] == "adam":
        plan = Descent(config.steps, config.adam, "absolute", "adam", loss="cross-entropy")
    else:
        plan = Descent(config.steps, config.fraction, loss="cross-entropy")
    data, net = examples(config)[0], network(config, cell)
    train = make_training(data.inputs, data.targets, plan, chunks=CHUNKS)
    scales = np.sqrt(np.array(config.gains, np.float32))

    def experiment(keys: Array) -> dict[str, Numbers]:
        drawn = draw_networks(net, keys)
        # Weights without learning rates are themselves; those of another gain are multiples of them.
        weights = tuple(
            (jnp.concatenate([scale * matrices for scale in scales]), jnp.concatenate([biases] * len(scales)))
            for matrices, biases in drawn.coordinates
        )
        networks = eqx.tree_at(lambda network: network.coordinates, drawn, weights)
        try:
            ensemble = train(networks, jnp.tile(keys, len(scales)))
            right = np.where(ensemble.finished, accuracies(ensemble.networks, data), 0.0)
        except ValueError:
            # All of them diverged.
            right = np.zeros(len(scales) * len(keys))
        right = right.reshape(len(scales), -1).T
        return moments(accuracy=right, learned=right >= config.learned)

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    return {"accuracy": tally.mean("accuracy"), "learned": tally.mean("learned")}


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


def of_method(config: Config, results: Results, method: str, quantity: str) -> Estimate:
    """A quantity of all kinds of networks that were trained by one method, in one row."""
    return flat([results[cell.name][quantity] for cell in cells(config) if cell["method"] == method])


def flat(rows: list[Estimate]) -> Estimate:
    """Estimates by gain, of several cells, in one row."""
    together = stack(rows)
    return Estimate(together.value.reshape(-1), together.error.reshape(-1), together.draws)


def wrong_verdicts(config: Config, measured: Results, method: str) -> list[str]:
    """The networks of which less than half learn though the verdict says they do, or the other way round, with the
    reason that the verdict gives."""
    found = []
    for cell in cells(config):
        if cell["method"] != method:
            continue
        for gain, learned in zip(config.gains, measured[cell.name]["learned"].value, strict=True):
            said = verdict(config, cell, gain)
            if said.ok != (learned >= 0.5):
                found.append(f"{cell.name} at gain {gain:.3g}: {said.reason} {learned:.0%} learned.")
    return found


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for method in METHODS:
        learned = of_method(config, measured, method, "learned")
        found = {
            score: area(of_method(config, predicted, method, score).value, learned.value, learned.draws)
            for score in ("surprise", "gain")
        }
        if not np.isfinite(found["surprise"].value):
            continue
        words = f"Trained by {method}: diagnose tells networks that learn from those that do not, AUC 0.95 or more"
        yield Claim.at_least(f"auc-{method}", words, 0.95, found["surprise"], "conjecture", TALK)
        words = f"Trained by {method}: diagnose tells them apart better than the table of gains"
        gain = found["surprise"] - found["gain"]
        yield Claim.at_least(f"table-{method}", words, 0.0, gain, "conjecture", "torch.nn.init.calculate_gain")
        wrong = wrong_verdicts(config, measured, method)
        count = len(learned.value)
        share = 1 - len(wrong) / count
        words = f"Trained by {method}: four verdicts in five are right. Wrong: {' '.join(wrong) or 'none.'}"
        right = Estimate(share, math.sqrt(max(share * (1 - share), 1 / count) / count), learned.draws)
        yield Claim.at_least(f"right-{method}", words, 0.8, right, "conjecture", TALK)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    lines = []
    for score, title in (("surprise", "surprise if it learns"), ("gain", "distance from the gain of the table")):
        for kind in INITIALIZATIONS:
            chosen = [c for c in cells(config) if c["method"] == "descent" and c["initialization"] == kind]
            scores = np.concatenate([predicted[cell.name][score].value for cell in chosen])
            order = np.argsort(scores, kind="stable")
            names = [f"{cell.name} gain={gain:.3g}" for cell in chosen for gain in config.gains]
            lines.append(
                Curve(
                    labels={"score": title, "initialization": kind},
                    x=scores[order],
                    measured=flat([measured[cell.name]["accuracy"] for cell in chosen])[order],
                    more={"network": [names[i] for i in order]},
                    role=kind,
                    panel=title,
                    legend=kind,
                )
            )
    text = (
        "Share of the examples that networks get right after training, against two scores that are known before. Each "
        f"point is a kind of network, trained by gradient descent; from {config.learned:.0%} on it has learned."
    )
    yield curves("scores", text, lines, x="score before training", y="share right after training", share_y=True)


study = Study.from_module(
    __name__,
    question="Does what is known before training tell which networks will train?",
    headline="accuracy",
    equations=(
        Equation(
            r"-\ln p",
            "the score: the surprise if a network learns of which the diagnosis says so with probability $p$",
            ((r"p", "probability that the optimizer trains the network"),),
        ),
    ),
    cites=("Day2023", "Pedregosa2011"),
)
