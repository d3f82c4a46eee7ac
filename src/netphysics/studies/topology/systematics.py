"""Systematic uncertainties of a network's output: when is first order enough, and what does symmetry remove?

Networks learn to tell toy top quarks from flat decays. Their inputs are then uncertain: every component by itself
(resolution) or all together (energy scale). First and second order are compared with simulation. A network that sees
ratios of invariant masses alone does not feel the energy scale at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from netphysics.blocks import Cell
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, option
from netphysics.report import Curve, Figure, curves, ordered_roles
from netphysics.stats import Claim, Estimate
from netphysics.topology.lorentz import SLOW, InvariantNetwork, TrainingSettings, decays, trainer
from netphysics.topology.systematics import breakdown, derivatives, in_double, resolution

from .options import TrainingConfig

CELL = Cell("decays")
# What one standard deviation of a normal law covers.
NORMAL = 0.6826894921370859
ORDERS = {"first": 1, "second": 2}


@dataclass(frozen=True)
class Config(TrainingConfig):
    """Options of systematic uncertainties."""

    sigmas: tuple[float, ...] = option((0.005, 0.01, 0.02, 0.05, 0.1), above=0, below=1, rising=True)
    """Relative uncertainties of the masses of pairs."""
    events: int = option(20_000, least=100)
    """Decays to learn from."""
    steps: int = 1500
    examples: int = option(200, least=10)
    """Decays whose uncertainty is propagated."""
    shifts: int = option(1000, least=10)
    """Simulated shifts of each."""

    presets: ClassVar = {
        "quick": {"draws": 6, "examples": 40, "shifts": 400, "steps": 800, "events": 5000},
        "paper": {"draws": 32, "examples": 1000, "shifts": 10_000, "steps": 5000},
    }


def cells(config: Config) -> list[Cell]:
    return [CELL]


def predict(config: Config) -> Results:
    """Where first order holds, widths agree, and one sigma covers as much as of a normal law."""
    return {CELL.name: {"ratio": Estimate.exact(1.0), "coverage": Estimate.exact(NORMAL)}}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    names = [f"{quantity}, {order}" for quantity in ("ratio", "coverage") for order in ORDERS]
    return {name: {"relative uncertainty": config.sigmas} for name in names}


def measure(config: Config, cell: Cell) -> Experiment:
    train = trainer("invariants", TrainingSettings(config.steps))
    sigmas = np.array(config.sigmas)

    def experiment(keys: jax.Array) -> dict[str, np.ndarray | np.float64]:
        sums: dict[str, np.ndarray | np.float64] = {}
        for key in keys:
            for_train, for_test, for_net = jax.random.split(key, 3)
            examples = jnp.full(1, config.events, jnp.int32)
            training = train(for_net[None], examples, decays(SLOW, config.events, key=for_train))
            network = on_masses(in_double(training.model(0)))
            momenta = np.asarray(decays(SLOW, config.examples, key=for_test)[0], np.float64)
            masses, seed, found = pair_masses(momenta), int(jax.random.bits(for_test)), {}
            for name, order in ORDERS.items():
                compared = breakdown(network, masses, resolution, sigmas, config.shifts, order, seed)
                found[f"ratio, {name}"], found[f"coverage, {name}"] = compared.ratio.value, compared.coverage.value
            _, jacobian, _ = derivatives(network, masses, 1)
            along = np.abs(np.einsum("eoi,ei->eo", jacobian, masses))
            across = np.sqrt(np.einsum("eoi,ei->eo", jacobian**2, masses**2))
            found["scale"] = np.max(along / across)
            for name, value in found.items():
                sums[name] = sums.get(name, 0.0) + np.asarray(value)
        return sums

    return experiment


def pair_masses(momenta: np.ndarray) -> np.ndarray:
    """Masses squared of the pairs of each decay, the inputs that are uncertain; shape (decays, 3)."""
    pairs = [momenta[:, i] + momenta[:, j] for i, j in ((0, 1), (0, 2), (1, 2))]
    return np.stack([p[:, 0] ** 2 - np.sum(p[:, 1:] ** 2, axis=1) for p in pairs], axis=1)


def on_masses(network: InvariantNetwork) -> Callable[[jax.Array], jax.Array]:
    """The network as a function of masses squared of pairs, which add up to the total one."""
    return lambda masses: network.mlp(jnp.log(masses / jnp.sum(masses)))


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    found = measured[CELL.name]
    sigmas = np.array(config.sigmas)
    small = np.flatnonzero(sigmas <= 0.02)
    if len(small):
        place = int(small[-1])
        at = f"at {100 * sigmas[place]:.3g} %"
        yield Claim.within(
            "width",
            f"Simulated widths are those of first order {at}; median ratio",
            1.0,
            0.05,
            found["ratio, first"][place],
            "conjecture",
            "netphysics",
        )
        yield Claim.within(
            "coverage",
            f"One sigma of first order covers what it should {at}",
            NORMAL,
            0.02,
            found["coverage, first"][place],
            "conjecture",
            "netphysics",
        )
    yield Claim.at_most(
        "scale",
        "A network of mass ratios does not feel the energy scale: largest |J·p| over its size without cancellation",
        1e-12,
        found["scale"],
        "theory",
        "Euler's theorem for functions of degree zero",
    )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    found = measured[CELL.name]
    sigmas = np.array(config.sigmas)
    panels = {"ratio": "simulated / propagated width", "coverage": "share within one sigma"}
    lines = [
        Curve(
            labels={"quantity": panel, "order": name},
            x=sigmas,
            theory=np.full(len(sigmas), float(predicted[CELL.name][quantity].value)),
            measured=found[f"{quantity}, {name}"],
            role=role,
            panel=panel,
            legend=f"{name} order",
        )
        for quantity, panel in panels.items()
        for (name, role) in zip(ORDERS, ordered_roles(len(ORDERS)), strict=True)
    ]
    text = (
        "Where propagation through a network breaks down. Left, the simulated width of the output over the propagated "
        "one, median over decays; right, how often the output lies within one sigma, mean over decays. Lines are what "
        "a linear network has."
    )
    names = {panel: panel for panel in panels.values()}
    yield curves("breakdown", text, lines, x=r"relative uncertainty $\sigma$", y=names, log="x")


study = Study.from_module(
    __name__,
    question="How uncertain is a network's output when its inputs are?",
    headline="ratio, first",
    equations=(
        Equation(
            r"\sigma_f^2 = J C J^T",
            "first order, for inputs of covariance C",
            (
                (r"\sigma_f", "uncertainty of the output $f$"),
                ("J", "Jacobian of the output by the inputs"),
                ("C", "covariance of the inputs"),
                ("T", "transposed"),
            ),
        ),
        Equation(
            r"\langle f \rangle - f = \tfrac12 \mathrm{tr}(HC), \quad "
            r"\sigma_f^2 = J C J^T + \tfrac12 \mathrm{tr}(HCHC)",
            "second order, for normal inputs; H is the Hessian",
            (("H", "Hessian of the output by the inputs"),),
        ),
    ),
)
