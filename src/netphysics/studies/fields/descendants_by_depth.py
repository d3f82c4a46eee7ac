"""Do the descendants of the tangent kernel settle with depth, or grow without end?

The tangent kernel of a finite network moves during training. What moves it are its descendants dNTK and ddNTK,
contractions of second and third derivatives of the outputs with gradients, of order 1/width. Day, Kahn and
Roberts (2310.07765) found numerically that with orthogonal weights they stop changing after about 20 layers of
tanh, while with Gaussian weights they grow with depth. Here the recursion of all six contractions goes to 60
layers, and explicit networks of several widths, extrapolated to infinite width, test it at a few depths.

Extrapolation is a straight line in 1/n. What it leaves out is estimated as its correction at the smallest width
times depth over the next one, and added to the error.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from netphysics.blocks import Cell
from netphysics.fields.depth import FiniteWidthFlow, contractions, extrapolate, finite_width_flow
from netphysics.fields.depth.descendants import CONTRACTIONS
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, StudyConfig, budget, grid, option
from netphysics.nets import LearningRates, Net, in_batches
from netphysics.report import Curve, Figure, curves, guide
from netphysics.stats import Claim, Estimate, Numbers, Tally, stack

from .critical_nets import INITIALIZATIONS, PAPER, Initialization, critical_variances, recursion
from .symbols import symbols

SETTLING = ("P", "R", "S")
SATURATED = 20
# The recursion is followed so far to see its limits.
DEEP = 2000


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of descendants by depth."""

    activation: Literal["tanh", "sin", "erf"] = "tanh"
    """Activation; weights have its critical variance."""
    widths: tuple[int, ...] = option((32, 64, 128), least=3, distinct=True, entries=2)
    """Widths n of the networks that are extrapolated to infinite width."""
    depths: tuple[int, ...] = option((4, 8, 12), least=2)
    """Layers l at which networks are measured."""
    deepest: int = option(60, least=SATURATED)
    """Layers that the recursion is shown for."""
    draws: int = budget(32_768)
    """Networks for each initialization, depth and width; rounded up to whole blocks."""
    block_size: int = 512
    """Networks per block."""

    presets: ClassVar = {
        "quick": {"widths": (24, 48), "depths": (4,), "draws": 2_048, "block_size": 128},
        "paper": {"widths": (48, 96, 192), "depths": (4, 8, 12, 20), "draws": 65_536},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if max(self.depths) > self.deepest:
            raise ValueError(f"depths is {self.depths}; each must lie between 2 and deepest, {self.deepest}")


def network(config: Config, initialization: Initialization, width: int, depth: int) -> Net:
    """`depth` affine layers, the last with two outputs, fed by an input that starts at K = 1."""
    variance = critical_variances(config.activation)[0]
    return Net((width,) * depth + (2,), config.activation, initialization, variance)


def rates(config: Config) -> LearningRates:
    """λ_b = 0, λ_W = 1: a rate of the biases would make the kernel grow with depth."""
    return LearningRates(0.0, 1.0)


@functools.lru_cache(maxsize=8)
def flow_of(config: Config, initialization: Initialization, depth: int = DEEP) -> FiniteWidthFlow:
    net = network(config, initialization, 64, depth)
    return finite_width_flow(net, 1 / net.weight_variance, rates(config))


def unit(flow: FiniteWidthFlow, name: str) -> Float[np.ndarray, " layers"]:
    """What a contraction is measured in, by layer: Θ² for P and Q, Θ³ / K for the others."""
    theta = flow.tangent_kernel
    return theta**2 if name in "PQ" else theta**3 / flow.kernel


def cells(config: Config) -> list[Cell]:
    return grid(initialization=INITIALIZATIONS, depth=config.depths, width=config.widths)


def predict(config: Config) -> Results:
    found = {}
    for initialization in INITIALIZATIONS:
        flow = flow_of(config, initialization)
        values = {name: getattr(flow, name) / unit(flow, name) for name in CONTRACTIONS}
        found[initialization] = {name: Estimate.exact(each[: config.deepest]) for name, each in values.items()}
        # Twice as deep, corrections in 1/l are half as large.
        half = DEEP // 2
        found[initialization] |= {
            f"{name} limit": Estimate.exact(2 * values[name][-1] - values[name][half - 1]) for name in SETTLING
        }
        found[initialization] |= {
            f"{name} slope": Estimate.exact((values[name][-1] - values[name][half - 1]) / half) for name in SETTLING
        }
    return found


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    layers = {name: {"layer": range(1, config.deepest + 1)} for name in CONTRACTIONS}
    return {**layers, "contractions": {"contraction": CONTRACTIONS}}


def measure(config: Config, cell: Cell) -> Experiment:
    net = network(config, cell["initialization"], cell["width"], cell["depth"])
    point = np.full(cell["width"], net.weight_variance**-0.5)
    flow = flow_of(config, cell["initialization"])
    scale = jnp.asarray([1 / unit(flow, name)[cell["depth"] - 1] for name in CONTRACTIONS], jnp.float32)

    def sums(keys: Array) -> dict[str, Array]:
        values = jax.vmap(lambda key: contractions(net, point, rates(config), key=key))(keys)
        return {"contractions": jnp.sum(values * scale[None], axis=0)}

    return jax.jit(in_batches(sums, max(1, 2**17 // (cell["width"] ** 2 * cell["depth"]))))


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    return {"contractions": tally.mean("contractions")}


def extrapolated(config: Config, measured: Results, initialization: str, depth: int) -> Estimate:
    """All six at infinite width, with what a straight line leaves out in the error."""
    widths = sorted(config.widths)
    results = [measured[f"{initialization}-{depth}-{width}"]["contractions"] for width in widths]
    limits = []
    for i in range(len(CONTRACTIONS)):
        line = extrapolate(widths, [each[i] for each in results])
        rest = abs(line.slope.value) / widths[0] * depth / widths[1]
        limit = line.intercept
        limits.append(Estimate(limit.value, np.hypot(limit.error, rest), limit.draws, limit.dof, limit.trusted))
    return stack(limits)


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for initialization in INITIALIZATIONS:
        at = [depth - 1 for depth in config.depths]
        expected = np.stack([predicted[initialization][name].value[at] for name in CONTRACTIONS], axis=1)
        observed = stack([extrapolated(config, measured, initialization, depth) for depth in config.depths])
        statement = f"{initialization}: P, Q, R, S, T and U of explicit networks follow the recursion at every depth"
        yield Claim(f"recursion-{initialization}", statement, expected, observed, "theory", recursion(11))
    if config.activation == "tanh":
        for name in SETTLING:
            yield from tanh_claims(config, predicted, name)


def tanh_claims(config: Config, predicted: Results, name: str) -> Iterator[Claim]:
    """What the recursion of tanh nets says of one contraction: where it settles, and how fast it grows."""
    there = predicted["orthogonal"][name].value / predicted["orthogonal"][f"{name} limit"].value
    yield Claim.within(
        f"saturation-{name}",
        f"orthogonal tanh: {name} is within 10 % of its limit at layer {SATURATED}",
        1.0,
        0.1,
        Estimate.exact(there[SATURATED - 1]),
        "literature",
        PAPER,
        f"It nears its limit like 1/l and comes within 10 % {settled(there, config.deepest)}; to the eye it settles "
        "sooner.",
    )
    yield Claim.within(
        f"growth-{name}",
        f"gaussian tanh: {name} grows by {'+' if name == 'S' else '−'}1/12 a layer, to 2 %",
        (1 if name == "S" else -1) / 12,
        0.02 / 12,
        predicted["gaussian"][f"{name} slope"],
        "theory",
        recursion(11),
    )


def settled(share: Float[np.ndarray, " layers"], deepest: int) -> str:
    """From which layer on a share stays within 10 % of 1."""
    outside = np.flatnonzero(np.abs(share - 1) > 0.1)
    layer = int(outside[-1]) + 2 if len(outside) else 1
    return f"at layer {layer}" if layer <= deepest else f"beyond layer {deepest}"


GROUPS = {
    "second": (
        "RS",
        "With Gaussian weights the second differentials of the tangent kernel grow with depth; with orthogonal "
        "weights they settle. Lines are the recursion, points explicit networks extrapolated to infinite width; a "
        "dotted line marks where orthogonal weights have come within 10 % of their limit.",
    ),
    "first": ("PQ", "The first differential does the same: P settles early, Q fades with orthogonal weights."),
    "fading": (
        "TU",
        "The rest of the second differential fades with either kind of weights. U does not know of the difference: "
        "no fluctuation of the tangent kernel enters it.",
    ),
}


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    for name, (letters, caption) in GROUPS.items():
        yield depth_figure(config, predicted, measured, name, letters, caption)


def depth_figure(
    config: Config, predicted: Results, measured: Results, name: str, letters: str, caption: str
) -> Figure:
    """Contractions by layer, one panel each."""
    points = {
        initialization: stack([extrapolated(config, measured, initialization, depth) for depth in config.depths])
        for initialization in INITIALIZATIONS
    }
    lines = [
        Curve(
            labels={"contraction": letter, "initialization": initialization},
            x=np.arange(1, config.deepest + 1),
            theory=predicted[initialization][letter].value,
            measured=points[initialization][:, CONTRACTIONS.index(letter)],
            at=config.depths,
            role=initialization,
            panel=letter,
            legend=initialization,
        )
        for letter in letters
        for initialization in INITIALIZATIONS
    ]
    units = {letter: r"\Theta^2" if letter in "PQ" else r"(\Theta^3/K)" for letter in letters}
    labels = {letter: rf"${letter}\,/\,{unit}$" for letter, unit in units.items()}
    shown = curves(name, caption, lines, x="layer $l$", y=labels)
    for axes, letter in zip(shown.axes, letters, strict=True):
        limit = predicted["orthogonal"].get(f"{letter} limit")
        if limit is not None and abs(limit.value) > 0.01:
            outside = np.flatnonzero(np.abs(predicted["orthogonal"][letter].value / limit.value - 1) > 0.1)
            if len(outside) and outside[-1] + 2 <= config.deepest:
                guide(axes, x=int(outside[-1]) + 2)
    return shown


study = Study.from_module(
    __name__,
    question="What moves the tangent kernel during training: does it grow with depth, or settle?",
    headline="contractions",
    equations=(
        Equation(
            r"n \, E[\mathrm{d}H_{abc} z_d] = \delta_{ad}\delta_{bc} P "
            r"+ (\delta_{ab}\delta_{cd} + \delta_{ac}\delta_{bd}) Q",
            "the differential of the tangent kernel, second derivatives of an output along two gradients",
            (
                *symbols("E", "n"),
                (r"\mathrm{d}H_{abc}", "differential of the tangent kernel (dNTK) of three neurons"),
                ("z_d", "signal of neuron $d$"),
                (r"\delta_{ab}", "1 for the same neuron, 0 otherwise"),
                ("P, Q", "its contractions of order one"),
            ),
        ),
        Equation(
            r"n \, E[\mathrm{dd}_I H_{abcd}] = "
            r"(\delta_{ab}\delta_{cd} + \delta_{ac}\delta_{bd} + \delta_{ad}\delta_{bc}) R",
            "its second differential, with third derivatives",
            (
                (r"\mathrm{dd}_I H_{abcd}", "second differential of the tangent kernel (ddNTK), of the first kind"),
                ("R", "its contraction"),
            ),
        ),
        Equation(
            r"n \, E[\mathrm{dd}_{II} H_{abcd}] = \delta_{ab}\delta_{cd} S + \delta_{ac}\delta_{bd} T "
            r"+ \delta_{ad}\delta_{bc} U",
            "and with twice two derivatives",
            (
                (r"\mathrm{dd}_{II} H_{abcd}", "second differential of the second kind"),
                ("S, T, U", "its contractions"),
            ),
        ),
    ),
    cites=("Day2023", "Roberts2022"),
)
