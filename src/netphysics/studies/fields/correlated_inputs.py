r"""Do random networks fluctuate more, or less, on data than on noise?

The fluctuations of a network are not those of one input: $V_{(ab)(cd)}$ says how the products of the signals of
inputs a, b and c, d vary together from network to network. Orthogonal weights take $K_{ac}K_{bd} + K_{ad}K_{bc}$
away from it in every layer, which is as large as the inputs are alike. Three pairs of inputs of one norm go through
the same networks: two random directions, images of two digits, and neighbors on a line.

The theory holds to first order in depth over width; the square of that order is taken as its error.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.fields.depth import MultiInputFlow, multi_input_flow
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, StudyConfig, budget, grid, option
from netphysics.lab.inputs import digit_images
from netphysics.nets import Net, batch_size, in_batches, sampler
from netphysics.report import Curve, Figure, curves, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers, Tally, concatenate

from .critical_nets import INITIALIZATIONS, critical_variances
from .symbols import symbols

DATA = ("random", "digits", "line")
DIMENSION = 64
SOURCE = "multi-input recursion of Gaussian nets; fourth moments of the Haar measure for orthogonal ones"
# Two inputs have three products, aa, ab and bb; components of V by their places among them.
FIRST, SECOND = (0, 0, 1), (0, 1, 1)
COMPONENTS = {"(aa)(aa)": (0, 0), "(ab)(ab)": (1, 1), "(aa)(bb)": (0, 2)}
# What float32 rounds off an angle between nearly equal inputs, in units of the signals' norms.
ANGLE_ROUNDING = 1e-6


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of correlated inputs."""

    activation: Literal["tanh", "erf", "sin", "relu", "linear"] = "tanh"
    """Activation, at its critical weight variance."""
    width: int = option(512, least=8)
    """Width n of every hidden layer."""
    depth: int = option(12, least=2)
    """Number of layers L."""
    step: float = option(0.3, between=(0.01, 2))
    """Distance of neighboring points of the line, in units of their norm."""
    draws: int = budget(65_536)
    """Networks for each initialization; rounded up to whole blocks."""
    block_size: int = 512
    """Networks per block."""

    presets: ClassVar = {
        "quick": {"width": 256, "depth": 8, "draws": 8_192, "block_size": 256},
        "paper": {"width": 1024, "depth": 30, "draws": 262_144},
    }


def points(config: Config, kind: str) -> np.ndarray:
    """Two inputs of norm |x|² = d_in, shape (2, 64)."""
    if kind == "digits":
        x = digit_images(2)
    else:
        directions = np.random.default_rng([config.seed, DIMENSION]).normal(size=(2, DIMENSION))
        x = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        if kind == "line":
            x = x[:1] + np.array([[-0.5], [0.5]]) * config.step * x[1:]
    return x / np.sqrt(np.mean(x**2, axis=1, keepdims=True))


def cells(config: Config) -> list[Cell]:
    return grid(initialization=INITIALIZATIONS)


def network(config: Config, cell: Cell) -> tuple[Net, dict[str, np.ndarray]]:
    """The net of a cell, and its pairs of inputs, scaled so that the first layer has K = 1."""
    variance = critical_variances(config.activation)[0]
    net = Net((DIMENSION, *(config.width,) * config.depth, 1), config.activation, cell["initialization"], variance)
    return net, {kind: points(config, kind) / np.sqrt(variance) for kind in DATA}


@functools.lru_cache(maxsize=32)
def flows_of(config: Config, cell: Cell) -> dict[str, MultiInputFlow]:
    net, inputs = network(config, cell)
    return {kind: multi_input_flow(net, pair) for kind, pair in inputs.items()}


def scaled(kind: str, kernel: np.ndarray, tensor: np.ndarray) -> dict[str, np.ndarray]:
    """Components by layer of a tensor of pairs of products, in units of the norms of their inputs."""
    size = np.sqrt(np.einsum("laa->la", kernel))
    norm = size[:, FIRST] * size[:, SECOND]
    return {f"{kind} {name}": tensor[:, p, q] / (norm[:, p] * norm[:, q]) for name, (p, q) in COMPONENTS.items()}


def predict(config: Config) -> Results:
    found: dict[str, dict[str, Estimate]] = {}
    for cell in cells(config):
        found[cell.name] = {}
        for kind, flow in flows_of(config, cell).items():
            kernel = flow.kernel[:-1]
            components = scaled(kind, kernel, flow.four_point[:-1, FIRST, SECOND][:, :, FIRST, SECOND])
            rest = components[f"{kind} (aa)(aa)"] ** 2 / config.width + config.width * ANGLE_ROUNDING
            size = np.sqrt(np.einsum("laa->la", kernel))
            found[cell.name] |= {name: Estimate(values, rest, 0) for name, values in components.items()}
            found[cell.name][f"{kind} cosine"] = Estimate.exact(kernel[:, 0, 1] / (size[:, 0] * size[:, 1]))
    return found


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    names = [f"{kind} {part}" for kind in DATA for part in (*COMPONENTS, "cosine")]
    return {name: {"layer": range(1, config.depth + 1)} for name in names}


def measure(config: Config, cell: Cell) -> Experiment:
    net, inputs = network(config, cell)
    n, x = config.width, np.concatenate(list(inputs.values()))

    def of_pair(z: Array) -> tuple[Array, Array]:
        """Means over neurons of the products z_a z_b, and over pairs of neurons of two such products."""
        product = z[np.array(FIRST)] * z[np.array(SECOND)]
        total = product.sum(axis=1)
        return total / n, (jnp.outer(total, total) - product @ product.T) / (n * (n - 1))

    sample = sampler(net, x, observe=lambda z: jax.vmap(of_pair)(z.reshape(len(DATA), 2, -1)))

    def sums(keys: Array) -> dict[str, Array]:
        def one(key: Array) -> dict[str, Array]:
            metric, products = zip(*sample(key)[:-1], strict=True)
            return {"metric": jnp.stack(metric), "products": jnp.stack(products)}

        return jax.tree.map(lambda each: each.sum(axis=0), jax.vmap(one)(keys))

    return jax.jit(in_batches(sums, batch_size(net, len(x))))


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    metric, products = tally.mean("metric"), tally.mean("products")
    connected = config.width * (products - metric[..., :, None] * metric[..., None, :])
    found: dict[str, Numbers] = {}
    for i, (kind, flow) in enumerate(flows_of(config, cell).items()):
        cosine = metric[:, i, 1] / np.sqrt(metric[:, i, 0] * metric[:, i, 2])
        found |= scaled(kind, flow.kernel[:-1], connected[:, i]) | {f"{kind} cosine": cosine}
    return found


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for initialization in INITIALIZATIONS:
        for kind in DATA:
            expected, observed = (
                concatenate([results[initialization][f"{kind} {name}"] for name in COMPONENTS])
                for results in (predicted, measured)
            )
            statement = (
                f"{initialization.capitalize()} weights, {kind}: two signals vary together as the recursion for "
                "several inputs says"
            )
            yield Claim(f"{initialization}-{kind}", statement, expected, observed, "theory", SOURCE)


CAPTIONS = {
    "orthogonal": "Orthogonal weights hold the norm of every signal; what is left of the products of two signals "
    "depends on how alike they are.",
    "gaussian": "With Gaussian weights fluctuations grow with depth. The norms of two inputs vary together, "
    "$(aa)(bb)$, as far as the inputs are alike; their product, $(ab)(ab)$, varies the less.",
}


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    for initialization in reversed(INITIALIZATIONS):
        expected, observed = predicted[initialization], measured[initialization]
        lines = [
            Curve(
                labels={"component": name, "inputs": kind},
                x=np.arange(1, config.depth + 1),
                more={"cosine of the angle": expected[f"{kind} cosine"].value.tolist()},
                theory=expected[f"{kind} {name}"].value,
                measured=observed[f"{kind} {name}"],
                role=role,
                panel=f"${name}$",
                legend=kind,
            )
            for name in COMPONENTS
            for role, kind in zip(ordered_roles(len(DATA)), DATA, strict=True)
        ]
        caption = (
            f"{CAPTIONS[initialization]} Lines: theory to first order in 1/width. Points: {config.activation} networks "
            f"of width {config.width}."
        )
        yield curves(initialization, caption, lines, x="layer $l$", y="$V$ / norms")


study = Study.from_module(
    __name__,
    question="How do the fluctuations of a random network depend on how alike its inputs are?",
    headline="random (aa)(aa)",
    equations=(
        Equation(
            r"E[z_{ia} z_{ib} z_{jc} z_{jd}]_c = V_{(ab)(cd)} / n, \quad i \ne j",
            "signals of the inputs $a, b, c, d$ in two neurons",
            (
                *symbols("E", "n"),
                ("z_{ia}, z_{jc}", "signals of the inputs $a$ and $c$ in the neurons $i$ and $j$"),
                ("V_{(ab)(cd)}", "covariance of the products of signals of the inputs $a, b$ and $c, d$"),
            ),
        ),
        Equation(
            r"V'_{(ab)(cd)} = C_W^2 [\langle s_a s_b s_c s_d \rangle - \langle s_a s_b \rangle \langle s_c s_d \rangle]"
            r" + C_W^2 \sum_{pq} \partial_p \langle s_a s_b \rangle \, \partial_q \langle s_c s_d \rangle \, V_{pq}"
            r" - \omega (K'_{ac} K'_{bd} + K'_{ad} K'_{bc})",
            "one layer on; $\\omega$ is 0 for Gaussian and 1 for orthogonal weights",
            (
                *symbols("C_W", r"\omega"),
                ("s_a", r"activation $\sigma(z_a)$"),
                ("K_{ac}", "kernel of two inputs; a prime: one layer on"),
                (
                    r"\partial_p, V_{pq}",
                    "derivative by the kernel of a pair of inputs $p$, and covariance of two pairs",
                ),
            ),
        ),
    ),
    cites=("Day2023", "Roberts2022", "Pedregosa2011"),
)
