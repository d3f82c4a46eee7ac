"""Convolutional networks: does what holds for fully connected ones hold for them?

The second of the open questions in Day's talk (Pheno 2023). A convolution whose kernel has its middle tap alone, a
"delta" kernel, is a fully connected network at every pixel, so that theory carries over word by word; Xiao et al.
(1806.05393) train thousands of layers with delta-orthogonal kernels. Ensembles with Gaussian, orthogonal, and the two
delta kernels are measured at initialization, against the theory of the fully connected network, and trained on images.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.fields.depth import critical_point, finite_width_flow
from netphysics.fields.learning import Descent
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, agreement, gather, grid, option
from netphysics.nets import ConvolutionalNet, Net, activation
from netphysics.nets.convolutional import Kernels
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally

from .ensembles import accuracies, loss_curves, moments, steps_of, trainer
from .figures import loss_figure
from .options import DescentConfig, examples

KERNELS = get_args(Kernels)
ROLES = {"gaussian": "sweep-1", "orthogonal": "sweep-5", "delta-gaussian": "gaussian", "delta-orthogonal": "orthogonal"}
XIAO = "arXiv:1806.05393"
# Networks per network that is trained, for statistics at initialization.
DRAWN = 128


@dataclass(frozen=True)
class Config(DescentConfig):
    """Options of convolutional networks."""

    activation: Literal["tanh", "erf", "sin"] = "tanh"
    """Activation, at its critical point."""
    channels: int = option(16, least=2)
    """Channels of every convolution."""
    depths: tuple[int, ...] = option((4, 16, 32), least=2, distinct=True, rising=True)
    """Numbers of convolutions L."""
    train: int = 200
    test: int = 300
    steps: int = 100
    draws: int = 16
    block_size: int = 2

    presets: ClassVar = {
        "quick": {
            "channels": 4,
            "depths": (6,),
            "train": 40,
            "test": 60,
            "steps": 30,
            "draws": 8,
            "block_size": 1,
        },
        "paper": {"channels": 32, "depths": (8, 16, 32, 64), "draws": 64, "steps": 300},
    }


def cells(config: Config) -> list[Cell]:
    return grid("{kernels}-L={depth}", kernels=KERNELS, depth=config.depths)


def network(config: Config, cell: Cell) -> ConvolutionalNet:
    data = examples(config)[0]
    weight_variance, _ = critical_point(activation(config.activation)).variances
    return ConvolutionalNet(
        data.image,
        config.channels,
        cell["depth"],
        data.classes,
        config.activation,
        cell["kernels"],
        colors=data.colors,
        weight_variance=weight_variance,
    )


def predict(config: Config) -> Results:
    """Of delta kernels, the norm at a pixel with an input of norm 1: the fully connected net's, to first order."""
    found = {}
    for cell in cells(config):
        if not cell["kernels"].startswith("delta"):
            continue
        net, depth = network(config, cell), cell["depth"]
        law = cell["kernels"].removeprefix("delta-")
        dense = Net((net.colors, *[net.channels] * depth, 1), net.activation, law, net.weight_variance)
        flow = finite_width_flow(dense, 1.0)
        kernel, first = flow.kernel[:depth], flow.kernel_correction[:depth] / net.channels
        rest = first**2 / kernel + kernel * (np.arange(depth) / net.channels) ** 2
        found[cell.name] = {"norm": Estimate(kernel + first, rest, 0)}
    return found


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {"loss": {"step": steps_of(config)}, "norm": {"layer": range(1, config.depths[-1] + 1)}}


def measure(config: Config, cell: Cell) -> Experiment:
    net, test = network(config, cell), examples(config)[1]
    train = trainer(config, net, Descent(config.steps, config.fraction))
    # All pixels alike: what comes out of a delta kernel is then the same at each.
    probe = jnp.ones(net.pixels * net.colors, jnp.float32)

    @jax.jit
    def norms(key: Array) -> Array:
        def one(key: Array) -> Array:
            return jnp.mean(net.preactivations(net.draw(key=key), probe)[:, 0] ** 2, axis=1)

        return jnp.mean(jax.lax.map(one, jax.random.split(key, DRAWN), batch_size=32), axis=0)

    def experiment(keys: Array) -> dict[str, Numbers]:
        found = train(keys)
        norm = np.stack([np.asarray(norms(jax.random.fold_in(key, 1)), np.float64) for key in keys])
        return {**moments(loss=loss_curves(found), accuracy=accuracies(found.networks, test)), "norm": norm.sum(axis=0)}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    loss = tally.mean("loss")
    return {"loss": loss, "final": loss[-1], "accuracy": tally.mean("accuracy"), "norm": tally.mean("norm")}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for law in ("gaussian", "orthogonal"):
        chosen = [f"delta-{law}-L={depth}" for depth in config.depths]
        words = f"Networks with delta-{law} kernels have the norms of fully connected ones, at every layer"
        source = "arXiv:2106.10165, chapter 4, at each pixel"
        yield agreement(f"norm-{law}", words, predicted, measured, chosen, "theory", source, quantity="norm")
    depth = config.depths[-1]
    for above, below in (("gaussian", "orthogonal"), ("delta-gaussian", "delta-orthogonal")):
        gain = (measured[f"{above}-L={depth}"]["final"] / measured[f"{below}-L={depth}"]["final"]).log()
        words = f"With {depth} convolutions, {below} kernels reach a lower loss than {above} ones"
        yield Claim.at_least(
            f"faster-{below}", words, 0.0, gain, "conjecture" if above == "gaussian" else "literature", XIAO
        )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    yield loss_figure(
        f"Training loss of convolutional networks with {config.channels} channels, each at the same fraction of "
        "its own largest stable learning rate.",
        config,
        cells(config),
        predicted,
        measured,
        labels={"kernels": "kernels", "depth L": "depth"},
        panel=lambda cell: f"$L = {cell['depth']}$",
        series="kernels",
        roles=ROLES,
    )
    yield curves(
        "norm",
        "The squared norm at a pixel at initialization; lines are the fully connected network, to first order in 1/n.",
        [
            Curve(
                labels={"kernels": cell["kernels"], "depth L": cell["depth"]},
                x=np.arange(1, cell["depth"] + 1),
                theory=predicted[cell.name]["norm"].value if cell.name in predicted else None,
                measured=measured[cell.name]["norm"],
                role=ROLES[cell["kernels"]],
                legend=cell["kernels"],
            )
            for cell in cells(config)
            if cell["depth"] == config.depths[-1]
        ],
        x="layer $l$",
        y="squared norm $|z|^2/n$",
        log="y",
    )
    if len(config.depths) > 1:
        lines = [
            Curve(
                labels={"kernels": kernels},
                x=np.array(config.depths),
                measured=gather(measured, "accuracy", [f"{kernels}-L={depth}" for depth in config.depths]),
                role=ROLES[kernels],
                legend=kernels,
            )
            for kernels in KERNELS
        ]
        yield curves("accuracy", "Accuracy after training.", lines, x="convolutions $L$", y="accuracy", log="x")


study = Study.from_module(
    __name__,
    question="Do convolutional networks gain from orthogonal kernels as fully connected ones do?",
    headline="final",
    equations=(
        Equation(
            r"z^{(l+1)}_p = b + \sum_t W_t\, \sigma(z^{(l)}_{p+t})",
            "a convolution; a delta kernel has $W_0$ alone",
            (
                ("z^{(l)}_p", "signals of layer $l$ at pixel $p$"),
                ("b", "biases"),
                ("W_t", "weights of tap $t$ of the kernel"),
                (r"\sigma", "activation"),
            ),
        ),
    ),
    cites=("Day2023", "Xiao2018", "Roberts2022", "Pedregosa2011"),
)
