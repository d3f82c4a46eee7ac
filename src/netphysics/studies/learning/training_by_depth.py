"""How fast deep networks learn: loss by step, Gaussian against orthogonal weights.

Huang, Du and Xu (2004.05867) find that deep orthogonal networks learn faster, though their tangent kernel at infinite
width is that of Gaussian ones; Day (Pheno 2023) shows their picture under the question "Are the predictors right?".
Ensembles of both kinds learn handwritten digits by full-batch gradient descent. Each network has the same fraction of
its own largest stable learning rate; as a control, both kinds have the same absolute one. At infinite width
the loss at every step is known exactly: the lines. The gap between the two kinds closes towards it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.fields.learning import Descent, InfiniteWidth, descent, infinite_width, trained
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, gather, grid, option
from netphysics.nets import LearningRates, Net
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally, stack

from .ensembles import accuracies, loss_curves, moments, steps_of, trainer
from .figures import initialization_curves, loss_figure
from .options import HUANG, INITIALIZATIONS, DescentConfig, critical, examples
from .symbols import DESCENT

PILOT = "our pilot at width 32, depth 40"


@dataclass(frozen=True)
class Config(DescentConfig):
    """Options of training by depth."""

    activation: Literal["tanh", "erf", "sin", "relu"] = "tanh"
    """Activation, at its critical point."""
    depths: tuple[int, ...] = option((4, 8, 16, 40, 64), least=1, distinct=True, rising=True)
    """Depths L at the narrowest width."""
    widths: tuple[int, ...] = option((32, 64, 128), least=2, distinct=True, rising=True)
    """Widths n: the first one for all depths, all of them for one depth."""
    fixed_depth: int = option(16, least=1)
    """The depth at which the width grows."""
    threshold: float = option(0.1, above=0)
    """The loss that counts as learned."""
    draws: int = 16

    presets: ClassVar = {
        "quick": {"depths": (4, 40), "widths": (32, 64), "fixed_depth": 4, "draws": 8, "block_size": 1, "test": 200},
        "paper": {"depths": (4, 8, 16, 32, 40, 64, 128), "widths": (32, 128, 512), "draws": 64},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.fixed_depth not in self.depths:
            raise ValueError(f"fixed_depth is {self.fixed_depth}; it must be one of the depths {self.depths}")


def cells(config: Config) -> list[Cell]:
    name = "{initialization}-L={depth}-n={width}-{rate}"
    narrow, deepest = config.widths[:1], config.depths[-1:]
    axes = {"initialization": INITIALIZATIONS}
    return [
        *grid(name, **axes, depth=config.depths, width=narrow, rate=("own",)),
        *grid(name, **axes, depth=(config.fixed_depth,), width=config.widths[1:], rate=("own",)),
        *grid(name, **axes, depth=deepest, width=narrow, rate=("common",)),
    ]


def network(config: Config, cell: Cell) -> tuple[Net, LearningRates]:
    net = critical(config, config.activation, cell["initialization"], cell["depth"], cell["width"])
    # Biases that start at zero have no rate.
    return net, LearningRates.matching(net)


@functools.lru_cache(maxsize=16)
def theory(config: Config, depth: int) -> tuple[InfiniteWidth, float]:
    """The kernels of the training examples at infinite width, and the largest stable learning rate there."""
    net = critical(config, config.activation, "gaussian", depth, config.widths[0])
    inputs = examples(config)[0].inputs.astype(np.float64)
    kernels = infinite_width(net, inputs)
    return kernels, 2 / float(np.linalg.eigvalsh(kernels.tangent_kernel / len(inputs))[-1])


def expected_loss(config: Config, depth: int, steps: int) -> float:
    """The mean loss over examples and over the ensemble at infinite width, after so many steps."""
    kernels, stable = theory(config, depth)
    targets = examples(config)[0].targets.astype(np.float64)
    process = trained(kernels, targets, descent(config.fraction * stable, steps))
    bias = np.sum((process.mean - targets) ** 2) / len(targets)
    return float(bias + targets.shape[1] * np.mean(np.diag(process.covariance))) / 2


def predict(config: Config) -> Results:
    depths = {cell["depth"] for cell in cells(config)}
    loss = {
        depth: Estimate.exact([expected_loss(config, depth, int(step)) for step in steps_of(config)])
        for depth in depths
    }
    return {cell.name: {"loss": loss[cell["depth"]]} for cell in cells(config)}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {"loss": {"step": steps_of(config)}}


def measure(config: Config, cell: Cell) -> Experiment:
    net, rates = network(config, cell)
    if cell["rate"] == "own":
        plan = Descent(config.steps, config.fraction)
    else:
        plan = Descent(config.steps, config.fraction * theory(config, cell["depth"])[1] / 2, "absolute")
    train, test = trainer(config, net, plan, rates), examples(config)[1]

    def experiment(keys: Array) -> dict[str, Numbers]:
        found = train(keys)
        reached = np.minimum(found.steps_to(config.threshold), config.steps)
        return moments(loss=loss_curves(found), reached=reached, accuracy=accuracies(found.networks, test))

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    loss = tally.mean("loss")
    return {
        "loss": loss,
        "final": loss[-1],
        "reached": tally.mean("reached"),
        "accuracy": tally.mean("accuracy"),
    }


def ratio(config: Config, measured: Results, depth: int, width: int, quantity: str, rate: str = "own") -> Estimate:
    """Gaussian over orthogonal."""
    above, below = (
        measured[f"{initialization}-L={depth}-n={width}-{rate}"][quantity] for initialization in INITIALIZATIONS
    )
    return above / below


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    depth, width = config.depths[-1], config.widths[0]
    # Losses differ by factors: their logarithms have errors that intervals can rely on.
    final = ratio(config, measured, depth, width, "final").log()
    place = f"width {width}, depth {depth}"
    words = f"At {place}, orthogonal weights reach a lower loss in {config.steps} steps: the logarithm of the ratio is"
    yield Claim.at_least("faster", f"{words} positive", 0.0, final, "literature", HUANG)
    if (width, depth, config.activation) == (32, 40, "tanh") and config.steps >= 300:
        yield Claim.at_least("ratio", f"{words} at least that of 20", np.log(20), final, "conjecture", PILOT)
    common = ratio(config, measured, depth, width, "final", "common").log()
    words = f"At {place}, orthogonal weights reach a lower loss also if all networks have one absolute learning rate"
    yield Claim.at_least("control", words, 0.0, common, "literature", HUANG)
    fixed, wide = config.fixed_depth, config.widths[-1]
    gains = [ratio(config, measured, fixed, n, "final").log() for n in (width, wide)]
    words = f"At depth {fixed}, the logarithm of the ratio is smaller at width {wide} than at {width}, on its way to 0"
    yield Claim.at_most("width", words, 1.0, gains[1] / gains[0], "literature", HUANG)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    shown = [cell for cell in cells(config) if cell["width"] == config.widths[0] and cell["rate"] == "own"]
    yield loss_figure(
        "Mean loss of ensembles that learn, each network at the same fraction of its own largest stable learning rate. "
        "Lines are infinite width, where both kinds are one; points are ensembles of width "
        f"{config.widths[0]}.",
        config,
        shown,
        predicted,
        measured,
        labels={"initialization": "initialization", "depth L": "depth"},
        panel=lambda cell: f"$L = {cell['depth']}$",
    )
    reached = {
        kind: gather(measured, "reached", [cell for cell in shown if cell["initialization"] == kind])
        for kind in INITIALIZATIONS
    }
    text = (
        f"Steps until the loss is below {config.threshold:g}; {config.steps} counts for those that did not get there."
    )
    lines = initialization_curves(config.depths, reached)
    yield curves("steps", text, lines, x="depth $L$", y="steps to the threshold", log="x")
    gain = Curve(
        labels={"ratio": "gaussian / orthogonal"},
        x=np.array(config.widths),
        measured=stack([ratio(config, measured, config.fixed_depth, n, "final") for n in config.widths]),
        role="ink",
    )
    text = f"The ratio of final losses, Gaussian over orthogonal, at depth {config.fixed_depth}, as the width grows."
    yield curves("gain", text, [gain], x="width $n$", y="ratio of losses", log="xy")


study = Study.from_module(
    __name__,
    question="Do deep networks with orthogonal weights learn faster than Gaussian ones?",
    headline="final",
    equations=(
        Equation(
            r"r_{s+1} = (1 - \eta\,\Theta/N)\, r_s, \qquad \eta = c \cdot 2/\lambda_{\max}(\Theta/N)",
            "residuals of all examples at infinite width, where Gaussian and orthogonal weights have one $\\Theta$",
            (
                *DESCENT,
                ("c", "fraction of the largest stable rate"),
                (r"\lambda_{\max}", "largest eigenvalue"),
            ),
        ),
        Equation(
            r"E[L_s] = \tfrac12\,|E f_s - y|^2/N + \tfrac12\, \mathrm{tr}\,\mathrm{Cov} f_s / N",
            "the loss of the ensemble; lines in the figure",
            (
                ("E[L_s]", "mean loss of the ensemble after $s$ steps"),
                ("f_s", "outputs"),
                ("y", "targets"),
            ),
        ),
    ),
    cites=("Huang2021", "Day2023", "Lee2019", "Pedregosa2011"),
)
