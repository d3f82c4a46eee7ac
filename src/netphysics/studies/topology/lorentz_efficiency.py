"""How many examples is Lorentz symmetry worth?

Four networks learn to tell toy top quarks from flat decays of the same masses: one sees raw momenta, one raw momenta
that are boosted at random while it learns, one ratios of invariant masses, and one is equivariant by construction
(message passing with scalars and vectors). They learn from slow decays and are tested on slow and on fast ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from netphysics.blocks import Cell
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, option
from netphysics.report import Curve, Figure, curves, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers, Tally
from netphysics.topology.lorentz import (
    FAST,
    KINDS,
    SLOW,
    Arm,
    EquivariantNetwork,
    TrainingSettings,
    areas,
    best_area,
    decays,
    equivariance_errors,
    trainer,
)
from netphysics.topology.phase_space import boost_matrix

from .options import TrainingConfig

CELL = Cell("decays")
ARMS: dict[Arm, str] = {
    "plain": "raw momenta",
    "augmented": "raw momenta, boosted at random",
    "invariants": "ratios of masses",
    "equivariant": "equivariant messages",
}
# Boosts in the test of equivariance: gamma is 2.3.
SPEED, BOOSTS = 0.9, 64


@dataclass(frozen=True)
class Config(TrainingConfig):
    """Options of the worth of Lorentz symmetry."""

    examples: tuple[int, ...] = option((200, 1000, 5000, 20_000), least=10, rising=True, entries=2)
    """Decays to learn from."""
    tests: int = option(20_000, least=100)
    """Decays to be tested on, at either speed."""
    steps: int = 1500
    """Training steps, of 128 decays each."""

    presets: ClassVar = {
        "quick": {"examples": (200, 2000, 20_000), "steps": 400, "draws": 4, "tests": 4000},
        "paper": {"examples": (100, 200, 500, 1000, 2000, 5000, 20_000), "steps": 10_000, "draws": 16},
    }


def cells(config: Config) -> list[Cell]:
    return [CELL]


def predict(config: Config) -> Results:
    """The area of the optimal classifier, by simulation: no network can do better."""
    momenta, labels = decays(SLOW, 100_000, key=jax.random.key(config.seed))
    best = best_area(np.asarray(momenta, np.float64), np.asarray(labels))
    # The binomial error of an area bounds the error of this one from above.
    return {CELL.name: {"best": Estimate(best, (best * (1 - best) / 50_000) ** 0.5, 100_000)}}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    networks = {"network": tuple(ARMS)}
    grown = {**networks, "examples": config.examples}
    return {"slow": grown, "fast": grown, "loss": networks}


def measure(config: Config, cell: Cell) -> Experiment:
    trainers = {arm: trainer(arm, TrainingSettings(config.steps)) for arm in ARMS}
    examples = jnp.array(config.examples, jnp.int32)

    def experiment(keys: jax.Array) -> dict[str, Numbers]:
        sums: dict[str, Numbers] = {"slow": 0.0, "fast": 0.0, "error": 0.0}
        for key in keys:
            for_train, for_slow, for_fast, for_nets = jax.random.split(key, 4)
            slow, fast = decays(SLOW, config.tests, key=for_slow), decays(FAST, config.tests, key=for_fast)
            data = decays(SLOW, config.examples[-1], key=for_train)
            # The same first weights for all numbers of examples.
            starts = jnp.broadcast_to(for_nets, examples.shape)
            trained = [train(starts, examples, data) for train in trainers.values()]
            sums["slow"] = sums["slow"] + np.array([areas(each, *slow) for each in trained])
            sums["fast"] = sums["fast"] + np.array([areas(each, *fast) for each in trained])
            sums["error"] = sums["error"] + np.max(equivariance(for_nets))
        return sums

    return experiment


def equivariance(key: jax.Array) -> tuple[float, float]:
    """Errors of equivariance of a random network in float64: of its output, and of its vectors."""
    events = np.asarray(decays(SLOW, BOOSTS, key=key)[0], np.float64)
    with jax.enable_x64(True):
        network = EquivariantNetwork(KINDS, dtype=jnp.float64, key=key)
        directions = np.asarray(jax.random.normal(key, (BOOSTS, 3), jnp.float64))
        velocities = SPEED * directions / np.linalg.norm(directions, axis=1, keepdims=True)
        return equivariance_errors(network, events, np.asarray(jax.vmap(boost_matrix)(jnp.asarray(velocities))))


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    slow, fast = tally.mean("slow"), tally.mean("fast")
    plain, invariants = list(ARMS).index("plain"), list(ARMS).index("invariants")
    return {
        "slow": slow,
        "fast": fast,
        "gain": slow[invariants, 0] - slow[plain, -1],
        "loss": slow[:, -1] - fast[:, -1],
        "error": tally.mean("error"),
    }


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    found, few, many = measured[CELL.name], config.examples[0], config.examples[-1]
    place = {arm: number for number, arm in enumerate(ARMS)}
    yield Claim.at_least(
        "worth",
        f"{few} decays as ratios of masses teach more than {many} as raw momenta; gain in area",
        0.0,
        found["gain"],
        "conjecture",
        "netphysics",
    )
    for arm in ("invariants", "equivariant"):
        yield Claim.at_most(
            f"fast-{arm}",
            f"Fast decays are no harder for {ARMS[arm]}; loss in area",
            0.02,
            found["loss"][place[arm]],
            "conjecture",
            "netphysics",
        )
    yield Claim.at_least(
        "fast-plain",
        "Raw momenta do not carry over to fast decays; loss in area",
        0.02,
        found["loss"][place["plain"]],
        "conjecture",
        "netphysics",
    )
    yield Claim.at_most(
        "equivariance",
        "Boosts change the output of the equivariant network, and turn its vectors otherwise, by rounding alone",
        1e-9,
        found["error"],
        "theory",
        "Lorentz equivariance by construction",
    )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    found, x = measured[CELL.name], np.array(config.examples)
    lines = [
        Curve(
            labels={"tested on": words, "network": name},
            x=x,
            measured=found[speed][place],
            role=role,
            panel=words,
            legend=name,
        )
        for speed, words in (("slow", "slow decays"), ("fast", "fast decays"))
        for place, (role, name) in enumerate(zip(ordered_roles(len(ARMS)), ARMS.values(), strict=True))
    ]
    best = float(predicted[CELL.name]["best"].value)
    yield curves(
        "efficiency",
        "How well networks tell toy top quarks from flat decays, by the number of examples they learned from. What "
        "knows the symmetry learns from few, and does not care how fast decays move. The best classifier has "
        f"{best:.3f}.",
        lines,
        x="examples",
        y="area under the curve",
        log="x",
        share_y=True,
        key="center right",
    )


study = Study.from_module(
    __name__,
    question="How many examples is Lorentz symmetry worth to a network?",
    headline="slow",
    equations=(
        Equation(
            r"s_{ij}/s = 2 p_i \cdot p_j / P^2",
            "ratios of invariant masses, which no boost changes",
            (
                ("p_i, p_j", "momenta of two particles"),
                ("P, s", "total momentum, and its square"),
                ("s_{ij}", "squared mass of the pair"),
            ),
        ),
        Equation(
            r"v_i' = v_i + \sum_j \phi(m_{ij}) v_j, \quad m_{ij} = \phi(h_i, h_j, |v_i - v_j|^2, v_i \cdot v_j)",
            "equivariant messages: scalars h, vectors v",
            (
                ("v_i", "vector of particle $i$; a prime: one layer on"),
                ("h_i", "its scalars"),
                ("m_{ij}", "message from $j$ to $i$"),
                (r"\phi", "learned functions"),
            ),
        ),
    ),
    cites=("Gong2022",),
)
