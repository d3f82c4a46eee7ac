"""Can flow matching start from flat phase space, and in which coordinates?

Bogorad, Elsharkawy, Kahn, Larkoski and Levi (arXiv:2604.02415) generate events in the momenta that RAMBO has before it
conserves them, and leave open how to train flow matching from the uniform prior. Here the prior is exactly flat phase
space in all coordinates, and every point is an event that conserves momentum: the sphere that phase space is, RAMBO's
momenta, as many real numbers as phase space has dimensions, and the spinors whose random frames are flat events.

What hinders training is noise. Flow matching learns the mean velocity of all paths through a point; flat events and
those of a process are so alike that between independent events this mean is a small part of each velocity. Two
things take the noise away, and neither changes what is learned in the end: flat events are paired with their nearest
events of the process, and the velocity turns with the event, as it must where no direction is preferred. Where a
process is cut, an edge hinders as well: phase space without collinear events is no sphere, and a flow blurs the edge of
such a hole. For three particles the part that a cut leaves is phase space again, and flows begin there.

A classifier tries to tell generated events from true ones, beside two controls: other true events, and flat ones. Real
numbers, as many as phase space has dimensions, tear it at a point, and generated events are counted around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np

from netphysics.blocks import Cell
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, grid, option
from netphysics.report import Curve, Figure, categories, curves, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers
from netphysics.topology.generators import (
    METHODS,
    MUON_DECAY,
    NEAREST,
    QUARKS_AND_GLUON,
    TWO_PAIRS,
    Process,
    TrainingSettings,
    classifier_test,
    flat_events,
    make_generator,
    profile_of_tear,
    seed_of,
)

from .options import TrainingConfig

PAPER = "arXiv:2604.02415"
PROCESSES = {"muon-decay": MUON_DECAY, "quarks-and-gluon": QUARKS_AND_GLUON, "two-pairs": TWO_PAIRS}
INDISTINGUISHABLE = 0.52
# Single precision, times the largest boost that RAMBO's map takes in a sample.
CONSERVED = 1e-4
CONTROLS = ("truth", "flat")
# Flows that a classifier is expected not to tell from the truth.
MATCHED = ("sphere", "rambo")
# Flows in as many real numbers as phase space has dimensions; on its sphere by the same network, and by one that turns
# with the event, which only coordinates that turn allow.
TORN = {"plane": ("sphere-plain", "sphere"), "plane-unpaired": ("sphere-plain-unpaired", "sphere-unpaired")}


@dataclass(frozen=True)
class Config(TrainingConfig):
    """Options of generators of events."""

    processes: tuple[str, ...] = option(tuple(PROCESSES), distinct=True)
    """Processes, of muon-decay, quarks-and-gluon (three particles) and two-pairs (four)."""
    methods: tuple[str, ...] = option(
        (*CONTROLS, "sphere", "rambo", "sphere-edge", "sphere-plain", "plane"), distinct=True
    )
    """What is held against the truth: other events of it (truth), flat events (flat), and flows in coordinates sphere,
    rambo, plane, spinors; sphere-edge learns the edge of a cut, and is left out where there is none; -plain is a plain
    network, as it is in plane and spinors, and -unpaired joins events at random."""
    events: int = option(32_768, least=1000)
    """Events to learn from."""
    tests: int = option(20_000, least=1000)
    """Generated and true events that a classifier is to tell apart."""
    steps: int = 2000
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
        "paper": {
            "methods": (*CONTROLS, *METHODS),
            "events": 262_144,
            "tests": 50_000,
            "steps": 20_000,
            "width": 128,
            "draws": 10,
        },
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, known in (("processes", PROCESSES), ("methods", (*CONTROLS, *METHODS))):
            for each in getattr(self, name):
                if each not in known:
                    raise ValueError(f"{name} holds {each!r}; it must be one of {', '.join(known)}")


def cells(config: Config) -> list[Cell]:
    return [cell for cell in grid(process=config.processes, method=config.methods) if _differs(cell)]


def _differs(cell: Cell) -> bool:
    """Whether the method is another one than in other cells: an edge is learned where there is one."""
    return cell["method"] in CONTROLS or METHODS[cell["method"]].opened or PROCESSES[cell["process"]].cut > 0


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {"near": {"share": NEAREST}}


def predict(config: Config) -> Results:
    """Events of the process itself have an area of one half."""
    return {cell.name: {"area": Estimate.exact(0.5)} for cell in cells(config)}


def measure(config: Config, cell: Cell) -> Experiment:
    process = PROCESSES[cell["process"]]
    generated = _generator(config, process, cell["method"])

    def experiment(keys: jax.Array) -> dict[str, Numbers]:
        area, unconserved, near = 0.0, 0, np.zeros(len(NEAREST))
        for key, events in zip(keys, generated(keys, config.tests), strict=True):
            truth = process.events(config.tests, seed_of(key, 0))
            area += float(classifier_test(events, truth).value)
            unconserved += int(np.count_nonzero(np.abs(events.sum(axis=1)[:, 1:]).max(axis=1) > CONSERVED))
            near += profile_of_tear(events, truth)
        return {"area": area, "unconserved": float(unconserved), "near": near}

    return experiment


def _generator(config: Config, process: Process, name: str) -> Callable[[jax.Array, int], np.ndarray]:
    """A function of keys and a count that gives events of each key, shape (keys, count, n, 4)."""
    if name == "truth":
        return lambda keys, count: np.stack([process.events(count, seed_of(key, 2)) for key in keys])
    if name == "flat":
        return lambda keys, count: np.stack([flat_events(process, count, key=key) for key in keys])
    return make_generator(process, METHODS[name], TrainingSettings(config.steps, width=config.width), config.events)


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    by_method = {(cell["process"], cell["method"]): measured[cell.name] for cell in cells(config)}
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
        if method in MATCHED:
            yield Claim.at_most(
                f"area-{cell.name}",
                f"Flow matching from flat phase space in {method} coordinates: a classifier cannot tell {name} from "
                "the truth; area",
                INDISTINGUISHABLE,
                found["area"],
                "conjecture",
                f"open problem of {PAPER}",
            )
        for whole in TORN.get(method, ()):
            if whole not in config.methods:
                continue
            yield Claim.at_least(
                f"worse-{cell.name}-{whole}",
                f"In as many real numbers as phase space has dimensions, {name} is generated worse than on its sphere "
                f"({method} against {whole}); difference of areas",
                0.0,
                found["area"] - by_method[name, whole]["area"],
                "conjecture",
                "netphysics",
            )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    areas = {
        process: {cell["method"]: measured[cell.name]["area"] for cell in cells(config) if cell["process"] == process}
        for process in config.processes
    }
    yield categories(
        "areas",
        "How well a classifier tells generated events from true ones. At one half nobody can. The prior is flat phase "
        "space everywhere; truth is another sample of true events, flat one of the prior.",
        areas,
        y="area under the curve",
        places="generator",
        expected=0.5,
    )
    flows = [method for method in config.methods if method not in CONTROLS]
    roles = dict(zip(flows, ordered_roles(len(flows)), strict=True)) if flows else {}
    lines = [
        Curve(
            labels={"process": cell["process"], "generator": cell["method"]},
            x=np.array(NEAREST),
            measured=measured[cell.name]["near"],
            role=roles[cell["method"]],
            panel=cell["process"],
            legend=cell["method"],
        )
        for cell in cells(config)
        if cell["method"] in flows
    ]
    if lines:
        yield curves(
            "tear",
            "Where the tear is: generated events over true ones, among the events nearest to the point of the sphere "
            "that as many real numbers as phase space has dimensions (plane) tear, by the share of true events that "
            "are as near. One is right.",
            lines,
            x="share of true events",
            y="generated over true",
            log="x",
            key="outside",
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
    cites=("Bogorad2026", "Lipman2023", "Chen2024", "Tong2024", "Klein2023"),
)
