"""How does the type of data affect what orthogonal weights gain?

An open question of Day's talk (Pheno 2023). At depth, all that a network knows of its inputs is the kernel between
them. The same labels are learned from inputs of three kinds: the data as they are, with independent directions of the
same number (isotropic), and with a common part added, so that all inputs are much alike (aligned). The largest
stable learning rate, the gain of orthogonal weights, and accuracy are measured for each; the spectrum
of the tangent kernel at infinite width says why.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Array, Float

from netphysics.blocks import Cell
from netphysics.fields.learning import Descent, descent, infinite_width, make_ensemble, trained
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, grid, option
from netphysics.nets import LearningRates, Net
from netphysics.nets.net import Initialization
from netphysics.report import Figure, categories
from netphysics.stats import Claim, Estimate, Numbers, Tally

from .ensembles import loss_curves, moments, steps_of
from .figures import loss_figure
from .options import CHUNKS, INITIALIZATIONS, TALK, DescentConfig, critical, examples
from .symbols import DESCENT

KINDS = ("data", "isotropic", "aligned")


@dataclass(frozen=True)
class Config(DescentConfig):
    """Options of data dependence."""

    activation: Literal["tanh", "erf", "sin"] = "tanh"
    """Activation, at its critical point."""
    width: int = option(32, least=2)
    """Width n of every hidden layer."""
    depth: int = option(16, least=1)
    """Depth L."""
    alignment: float = option(0.7, between=(0, 0.99))
    """Cosine between any two aligned inputs, on average."""

    presets: ClassVar = {
        "quick": {"draws": 8, "block_size": 1, "train": 150, "steps": 150},
        "paper": {"depth": 40, "draws": 256, "block_size": 16},
    }


def cells(config: Config) -> list[Cell]:
    return grid(initialization=INITIALIZATIONS, kind=KINDS)


@functools.lru_cache(maxsize=8)
def inputs(config: Config, kind: str) -> Float[np.ndarray, "k d"]:
    """The inputs of a kind, each at |x|² = d."""
    x = examples(config)[0].inputs.astype(np.float64)
    random = np.random.default_rng(1)
    if kind == "isotropic":
        x = random.normal(size=x.shape)
    if kind == "aligned":
        common = random.normal(size=x.shape[1])
        common *= np.sqrt(x.shape[1]) / np.linalg.norm(common)
        x = np.sqrt(1 - config.alignment) * x + np.sqrt(config.alignment) * common
    return x / np.sqrt(np.mean(x**2, axis=1, keepdims=True))


def network(config: Config, initialization: Initialization) -> Net:
    return critical(config, config.activation, initialization, config.depth, config.width)


def predict(config: Config) -> Results:
    """The loss at infinite width by step, and the largest eigenvalue of the tangent kernel."""
    found = {}
    targets = examples(config)[0].targets.astype(np.float64)
    for kind in KINDS:
        kernels = infinite_width(network(config, "gaussian"), inputs(config, kind))
        largest = float(np.linalg.eigvalsh(kernels.tangent_kernel / len(targets))[-1])
        loss = []
        for step in steps_of(config):
            process = trained(kernels, targets, descent(config.fraction * 2 / largest, int(step)))
            variance = targets.shape[1] * np.mean(np.diag(process.covariance))
            loss.append((np.sum((process.mean - targets) ** 2) / len(targets) + variance) / 2)
        for initialization in INITIALIZATIONS:
            found[f"{initialization}-{kind}"] = {
                "loss": Estimate.exact(loss),
                "largest": Estimate.exact(largest),
            }
    return found


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {"loss": {"step": steps_of(config)}}


def measure(config: Config, cell: Cell) -> Experiment:
    net, x = network(config, cell["initialization"]), inputs(config, cell["kind"])
    targets, plan = examples(config)[0].targets, Descent(config.steps, config.fraction)
    train = make_ensemble(net, x, targets, plan, LearningRates.matching(net), chunks=CHUNKS)

    def experiment(keys: Array) -> dict[str, Numbers]:
        found = train(keys)
        return moments(loss=loss_curves(found), largest=2 * config.fraction / found.learning_rates)

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    loss = tally.mean("loss")
    return {"loss": loss, "final": loss[-1], "largest": tally.mean("largest")}


def gain(measured: Results, kind: str) -> Estimate:
    """The logarithm of the ratio of final losses, Gaussian over orthogonal."""
    return (measured[f"gaussian-{kind}"]["final"] / measured[f"orthogonal-{kind}"]["final"]).log()


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for kind in KINDS:
        words = f"Orthogonal weights reach a lower loss on {kind} inputs"
        yield Claim.at_least(f"gain-{kind}", words, 0.0, gain(measured, kind), "conjecture", TALK)
    words = "Inputs that are much alike are learned more slowly than the data as they are"
    slower = (measured["orthogonal-aligned"]["final"] / measured["orthogonal-data"]["final"]).log()
    yield Claim.at_least("alike", words, 0.0, slower, "conjecture", TALK)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    labels = {"inputs": "kind", "initialization": "initialization"}
    text = (
        f"Training loss on three kinds of inputs with the same labels, at width {config.width}, depth {config.depth}. "
        "Lines are infinite width, where Gaussian and orthogonal weights are one."
    )
    yield loss_figure(text, config, cells(config), predicted, measured, labels, panel=lambda cell: cell["kind"])
    gains = {"gain": {kind: gain(measured, kind) for kind in KINDS}}
    text = "The logarithm of the ratio of final losses, Gaussian over orthogonal."
    yield categories("gain", text, gains, y="log of the ratio of losses", places="inputs")


study = Study.from_module(
    __name__,
    question="How does the type of data affect what orthogonal weights gain?",
    headline="final",
    equations=(
        Equation(
            r"r_{s+1} = (1 - \eta\,\Theta/N)\,r_s",
            "at infinite width the data enter through the spectrum of the tangent kernel between them",
            (*DESCENT,),
        ),
    ),
    cites=("Day2023", "Lee2019", "Pedregosa2011"),
)
