"""Can flow matching start from flat phase space, and in which coordinates?

Bogorad, Elsharkawy, Kahn, Larkoski and Levi (arXiv:2604.02415) generate events in the momenta that RAMBO has before it
conserves them, and leave open how to train flow matching from the uniform prior. Here the prior is exactly flat phase
space in all coordinates, and every point is an event that conserves momentum: the sphere that phase space is, RAMBO's
momenta, as many real numbers as phase space has dimensions, and the spinors whose random frames are flat events.

What hinders training is noise. Flow matching learns the mean velocity of all paths through a point; flat events and
those of a process are so alike that between independent events this mean is a small part of each velocity. Two
things take the noise away, and neither changes what is learned in the end: flat events are paired with their nearest
events of the process, and the velocity turns with the event, as it must where no direction is preferred. A classifier
tries to tell generated events from true ones, beside two controls: other true events, and flat ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np

from netphysics.blocks import Cell
from netphysics.lab import Equation, Experiment, Results, Study, grid, option
from netphysics.report import Figure, categories
from netphysics.stats import Claim, Estimate, Numbers
from netphysics.topology.generators import (
    COORDINATES,
    MUON_DECAY,
    QUARKS_AND_GLUON,
    TWO_PAIRS,
    Process,
    TrainingSettings,
    classifier_test,
    generate,
    make_training,
    shortest_pairs,
)
from netphysics.topology.phase_space import PhaseSpace, relative_basis, sample

from .options import TrainingConfig

PAPER = "arXiv:2604.02415"
PROCESSES = {"muon-decay": MUON_DECAY, "quarks-and-gluon": QUARKS_AND_GLUON, "two-pairs": TWO_PAIRS}
INDISTINGUISHABLE = 0.52
# Single precision, times the largest boost that RAMBO's map takes in a sample.
CONSERVED = 1e-4
CONTROLS = ("truth", "flat")
# The part of the sphere around the point that the plane tears, as a share of true events.
CAP = 0.05


@dataclass(frozen=True)
class Method:
    """How events are generated: coordinates, whether the velocity turns with the event, whether events are paired."""

    coordinates: str
    symmetric: bool = True
    paired: bool = True


METHODS = {
    "sphere": Method("sphere"),
    "rambo": Method("rambo"),
    "sphere-unpaired": Method("sphere", paired=False),
    "sphere-plain": Method("sphere", symmetric=False),
    "plane": Method("plane", symmetric=False),
    "spinors": Method("spinors", symmetric=False),
}


@dataclass(frozen=True)
class Config(TrainingConfig):
    """Options of generators of events."""

    processes: tuple[str, ...] = option(tuple(PROCESSES), distinct=True)
    """Processes, of muon-decay, quarks-and-gluon (three particles) and two-pairs (four)."""
    methods: tuple[str, ...] = option((*CONTROLS, *METHODS), distinct=True)
    """What is held against the truth: other events of it (truth), flat events (flat), and flows in coordinates sphere,
    rambo, plane, spinors; sphere-unpaired and sphere-plain are without pairs, and with a plain network."""
    events: int = option(32_768, least=1000)
    """Events to learn from."""
    tests: int = option(20_000, least=1000)
    """Generated and true events that a classifier is to tell apart."""
    steps: int = 4000
    """Training steps, of 512 events each."""
    width: int = option(96, least=4)
    """Width of the hidden layers of flows."""
    draws: int = 5

    presets: ClassVar = {
        "quick": {
            "processes": ("muon-decay",),
            "methods": ("truth", "flat", "sphere"),
            "events": 4096,
            "tests": 4000,
            "steps": 400,
            "width": 32,
        },
        "paper": {"events": 262_144, "tests": 50_000, "steps": 20_000, "width": 128, "draws": 10},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, known in (("processes", PROCESSES), ("methods", (*CONTROLS, *METHODS))):
            for each in getattr(self, name):
                if each not in known:
                    raise ValueError(f"{name} holds {each!r}; it must be one of {', '.join(known)}")


def cells(config: Config) -> list[Cell]:
    return grid(process=config.processes, method=config.methods)


def predict(config: Config) -> Results:
    """Events of the process itself have an area of one half."""
    return {cell.name: {"area": Estimate.exact(0.5)} for cell in cells(config)}


def measure(config: Config, cell: Cell) -> Experiment:
    process = PROCESSES[cell["process"]]
    generated = _generator(config, process, cell["method"])

    def experiment(keys: jax.Array) -> dict[str, Numbers]:
        sums = dict.fromkeys(("area", "unconserved", "torn"), 0.0)
        for key, events in zip(keys, generated(keys), strict=True):
            truth = process.events(config.tests, _seed(key, 0))
            sums["area"] += float(classifier_test(events, truth).value)
            sums["unconserved"] += np.count_nonzero(np.abs(events.sum(axis=1)[:, 1:]).max(axis=1) > CONSERVED)
            sums["torn"] += share_at_the_tear(events, truth)
        return {**sums}

    return experiment


def _generator(config: Config, process: Process, name: str) -> Callable[[jax.Array], np.ndarray]:
    """A function of keys that gives events of each, shape (keys, tests, n, 4)."""
    space = PhaseSpace.massless(process.bodies)

    def flat(key: jax.Array, count: int) -> np.ndarray:
        return sample(space, count, key=jax.random.fold_in(key, 1)).momenta

    if name == "truth":
        return lambda keys: np.stack([process.events(config.tests, _seed(key, 2)) for key in keys])
    if name == "flat":
        return lambda keys: np.stack([flat(key, config.tests) for key in keys])
    method = METHODS[name]
    coordinates = COORDINATES[method.coordinates](process.bodies)
    train_flows = make_training(
        coordinates, TrainingSettings(config.steps, width=config.width, symmetric=method.symmetric)
    )

    def flows(keys: jax.Array) -> np.ndarray:
        starts = np.stack([flat(key, config.events) for key in keys])
        ends = np.stack([process.events(config.events, _seed(key, 2)) for key in keys])
        if method.paired:
            ends = np.stack([shortest_pairs(*pair) for pair in zip(starts, ends, strict=True)])
        training = train_flows(keys, (starts.astype(np.float32), ends.astype(np.float32)))
        return generate(training, config.tests, keys=jax.vmap(lambda key: jax.random.fold_in(key, 3))(keys))

    return flows


def _seed(key: jax.Array, number: int) -> int:
    return int(jax.random.bits(jax.random.fold_in(key, number)))


def share_at_the_tear(events: np.ndarray, truth: np.ndarray) -> float:
    """How many times as many events as true ones lie nearest to the point of the sphere that the plane tears."""
    found, true = (height_on_sphere(each) for each in (events, truth))
    return float(np.mean(found < np.quantile(true, CAP)) / CAP)


def height_on_sphere(events: np.ndarray) -> np.ndarray:
    """The coordinate of the sphere that is 1 at the plane's origin and -1 at the tear, shape (events,)."""
    relative = relative_basis(events.shape[1]) @ events[..., 1:]
    return relative[:, -1, 2] / np.linalg.norm(relative, axis=(1, 2))


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for cell in cells(config):
        name, method, found = cell["process"], cell["method"], measured[cell.name]
        if method == "truth":
            statement = f"Of two samples of {name} a classifier cannot tell which is which; area"
            yield Claim(f"area-{cell.name}", statement, 0.5, found["area"], "theory", "control")
        if method in CONTROLS:
            continue
        yield Claim.count(
            f"conserved-{cell.name}",
            f"No generated event of {name} by {method} has a total momentum above {CONSERVED} of its energy",
            0,
            round(float(found["unconserved"].value) * found["unconserved"].draws),
            "theory",
            "by construction, in float32",
        )
        if METHODS[method] in (METHODS["sphere"], METHODS["rambo"]):
            yield Claim.at_most(
                f"area-{cell.name}",
                f"Flow matching from flat phase space in {method} coordinates: a classifier cannot tell {name} from "
                "the truth; area",
                INDISTINGUISHABLE,
                found["area"],
                "conjecture",
                f"open problem of {PAPER}",
            )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    yield categories(
        "areas",
        "How well a classifier tells generated events from true ones. At one half nobody can. The prior is flat phase "
        "space everywhere; truth is another sample of true events, flat one of the prior.",
        by_process(config, measured, "area"),
        y="area under the curve",
        places="generator",
        expected=0.5,
    )
    yield categories(
        "tear",
        f"Generated events over true ones in the part of phase space that is nearest to the point which the plane "
        f"tears, and holds {CAP:.0%} of true events.",
        by_process(config, measured, "torn"),
        y="generated over true",
        places="generator",
        expected=1,
    )


def by_process(config: Config, measured: Results, quantity: str) -> dict[str, dict[str, Estimate]]:
    """A measured quantity by process and method."""
    return {
        process: {cell["method"]: measured[cell.name][quantity] for cell in cells(config) if cell["process"] == process}
        for process in config.processes
    }


study = Study.from_module(
    __name__,
    question="Can flow matching start from flat phase space?",
    headline="area",
    equations=(
        Equation(
            r"\langle |u_\theta(x_t, t) - \dot x_t|^2 \rangle",
            "flow matching, along lines or arcs x_t from flat events to those of the process",
            (
                (r"u_\theta", r"learned velocity with parameters $\theta$"),
                ("x_t", "place at time $t$ of the flow"),
            ),
        ),
    ),
    cites=("Bogorad2026", "Lipman2023", "Chen2024", "Tong2024", "Klein2023"),
)
