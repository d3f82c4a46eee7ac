"""Can flow matching start from flat phase space, and in which coordinates?

Bogorad, Elsharkawy, Kahn, Larkoski and Levi (arXiv:2604.02415) generate events in the momenta that RAMBO has before it
conserves them, and report that flow matching from the uniform prior did not train. Here the prior is exactly flat phase
space in all coordinates, and every point is an event that conserves momentum: the sphere that phase space is, as many
real numbers as it has dimensions, RAMBO's momenta, and the spinors whose random frames are flat events. A classifier
tries to tell generated events from true ones.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    Course,
    classifier_test,
    generate,
    make_training,
)

from .options import TrainingConfig

PAPER = "arXiv:2604.02415"
PROCESSES = {"muon-decay": MUON_DECAY, "quarks-and-gluon": QUARKS_AND_GLUON, "two-pairs": TWO_PAIRS}
INDISTINGUISHABLE = 0.52
# Single precision, times the largest boost that RAMBO's map takes in a sample.
CONSERVED = 1e-4


@dataclass(frozen=True)
class Config(TrainingConfig):
    """Options of generators of events."""

    processes: tuple[str, ...] = option(tuple(PROCESSES), distinct=True)
    """Processes, of muon-decay, quarks-and-gluon (three particles) and two-pairs (four)."""
    coordinates: tuple[str, ...] = option(tuple(COORDINATES), distinct=True)
    """Coordinates, of sphere, plane, rambo and spinors."""
    events: int = option(100_000, least=1000)
    """Events to learn from."""
    tests: int = option(20_000, least=1000)
    """Generated and true events that a classifier is to tell apart."""
    steps: int = 6000
    """Training steps, of 512 events each."""
    width: int = option(128, least=4)
    """Width of the hidden layers of flows."""
    draws: int = 5

    presets: ClassVar = {
        "quick": {
            "processes": ("muon-decay",),
            "coordinates": ("sphere", "spinors"),
            "events": 20_000,
            "tests": 4000,
            "steps": 400,
            "width": 48,
            "draws": 4,
        },
        "paper": {"events": 1_000_000, "steps": 30_000, "width": 256, "draws": 8},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, known in (("processes", PROCESSES), ("coordinates", COORDINATES)):
            for each in getattr(self, name):
                if each not in known:
                    raise ValueError(f"{name} holds {each!r}; it must be one of {', '.join(known)}")


def cells(config: Config) -> list[Cell]:
    return grid(process=config.processes, coordinates=config.coordinates)


def predict(config: Config) -> Results:
    """Events of the process itself have an area of one half."""
    return {cell.name: {"area": Estimate.exact(0.5)} for cell in cells(config)}


def measure(config: Config, cell: Cell) -> Experiment:
    process = PROCESSES[cell["process"]]
    coordinates = COORDINATES[cell["coordinates"]](process.bodies)
    train_flow = make_training(coordinates, Course(config.steps, width=config.width))

    def experiment(keys: jax.Array) -> dict[str, Numbers]:
        sums: dict[str, Numbers] = {"area": 0.0, "unconserved": 0.0}
        for key in keys:
            for_train, for_truth, for_net, for_events = jax.random.split(key, 4)
            train, truth = (
                process.events(count, int(jax.random.bits(each)))
                for count, each in ((config.events, for_train), (config.tests, for_truth))
            )
            training = train_flow(for_net[None], data=train.astype(np.float32))
            events = generate(training, config.tests, key=for_events)[0]
            sums["area"] += classifier_test(events, truth).value
            sums["unconserved"] += np.abs(events.sum(axis=1)[:, 1:]).max()
        return sums

    return experiment


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for cell in cells(config):
        name, coordinates = cell["process"], cell["coordinates"]
        yield Claim.at_most(
            f"area-{cell.name}",
            f"Flow matching from flat phase space in {coordinates} coordinates: a classifier cannot tell {name} from "
            "the truth; area",
            INDISTINGUISHABLE,
            measured[cell.name]["area"],
            "conjecture",
            f"open problem of {PAPER}",
        )
        yield Claim.at_most(
            f"conserved-{cell.name}",
            f"Generated events conserve momentum ({name}, {coordinates}); largest total over the energy",
            CONSERVED,
            measured[cell.name]["unconserved"],
            "theory",
            "by construction, in float32",
        )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    yield categories(
        "areas",
        "How well a classifier tells generated events from true ones, by coordinates. At one half nobody can. The "
        "prior is flat phase space everywhere.",
        {
            process: {
                cell["coordinates"]: measured[cell.name]["area"] for cell in cells(config) if cell["process"] == process
            }
            for process in config.processes
        },
        y="area under the curve",
        places="coordinates",
        expected=0.5,
    )


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
    cites=("Bogorad2026", "Lipman2023", "Chen2024"),
)
