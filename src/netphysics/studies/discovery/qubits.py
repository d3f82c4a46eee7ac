"""How many numbers does a network need to know a quantum state?

Iten et al. (1807.10300): SciNet sees the statistics of some measurements on a pure state and predicts those of
any other. The error falls with the number of latent neurons until it equals the number of real parameters of what is
seen: two for one qubit, six for two; and it stops early, at a larger error, where the measurements do not see the
whole state. Mixed states, a level more, and probabilities that are only known from a finite number of shots are put to
the same question here.

The number of parameters is not the number of neurons that a network with neurons to spare keeps. The pure states of a
qubit are a sphere, and a sphere has no continuous map into the plane that tells all its points apart: such a network
takes three, the Bloch vector. Both numbers are shown.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.discovery import SciNetSizes, Sweep, make_sweep
from netphysics.discovery.probe import spans
from netphysics.discovery.worlds.tomography import REAL_QUBIT_ERROR, Tomography
from netphysics.lab import Equation, Results, Study, option
from netphysics.lab.study import Experiment
from netphysics.report import Figure, Table, draw_measured, draw_theory, figure, legend, name_axes, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers
from netphysics.stats.claim import Origin

from .options import SweepConfig
from .sweep_figures import information_figure, intervention_figure, numbers_figures
from .sweeps import active_claim, floor_claim, knee_claim, largest, over_seeds, seed_means, sweep_coordinates

PAPER = "Iten et al., arXiv:1807.10300, section II C"
SHOTS = 1000
WORLDS = {
    "one": Tomography(2),
    "one-real": Tomography(2, span=2),
    "two": Tomography(4),
    "two-span-3": Tomography(4, span=3),
    "two-span-2": Tomography(4, span=2),
    "one-mixed": Tomography(2, mixed=True),
    "one-shots": Tomography(2, shots=SHOTS),
    "qutrit": Tomography(3),
    "qutrit-mixed": Tomography(3, mixed=True),
}
SEEN = {
    "one": "one qubit, complete measurements",
    "one-real": "one qubit, real projectors only",
    "two": "two qubits, complete measurements",
    "two-span-3": "two qubits, real combinations of three levels",
    "two-span-2": "two qubits, real combinations of two levels",
    "one-mixed": "mixed states of one qubit",
    "one-shots": f"one qubit, {SHOTS} shots of each measurement",
    "qutrit": "one qutrit",
    "qutrit-mixed": "mixed states of one qutrit",
}
PUBLISHED = ("one", "one-real", "two", "two-span-3", "two-span-2")
Name = Literal["one", "one-real", "two", "two-span-3", "two-span-2", "one-mixed", "one-shots", "qutrit", "qutrit-mixed"]
# Shots leave an error that no network beats; one that is this much above it uses them badly.
WASTE = 1.2
# A state is told when so much of the variance of each entry is.
TOLD = 0.95
COMPARED = 2048
UNFINISHED = 0.005


@dataclass(frozen=True)
class Config(SweepConfig):
    """Options of the qubits."""

    worlds: tuple[Name, ...] = option(PUBLISHED, distinct=True)
    """What is measured: one or two qubits, completely, or by real combinations of some levels only, as published;
    mixed states of a qubit, finite shots, and pure or mixed states of a qutrit."""
    latents: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6, 7, 8)
    """Numbers of latent neurons to offer, 0 among them; of the others each world is offered those from one below the
    number of its parameters to two above."""
    steps: int = 4000
    """Steps of each of the two stages."""
    find_beta: float = 1e-3
    """Strength of the bottleneck while neurons are found, for one qubit; a tenth of it for more levels."""
    polish_beta: float = 1e-5
    """Strength of the bottleneck while answers are made precise."""
    terms: int = option(32, least=0)
    """Products that the answer is a sum of, each of a function of the latents and one of the question, as an answer
    is that is linear in the state; 0 for the published decoder, which reads both together and learns it slowly."""

    presets: ClassVar = {
        "quick": {"worlds": ("one",), "latents": (0, 2, 4), "steps": 1200, "width": 48},
        "paper": {
            "worlds": (
                "one",
                "one-real",
                "two",
                "two-span-3",
                "two-span-2",
                "one-mixed",
                "one-shots",
                "qutrit",
                "qutrit-mixed",
            ),
            "steps": 50_000,
            "width": 128,
        },
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if 0 not in self.latents or len(self.latents) < 3:
            raise ValueError(f"latents is {self.latents}; a knee needs 0 and at least two more")
        for name in self.worlds:
            if len(offered(self, name)) < 3:
                raise ValueError(
                    f"latents is {self.latents}; too few of them are near {WORLDS[name].dimension()}, "
                    f"the number of parameters of {SEEN[name]}"
                )


def offered(config: Config, name: str) -> tuple[int, ...]:
    """The numbers of latents that a world is offered: 0, and those that can tell where its knee is."""
    dimension = WORLDS[name].dimension()
    return tuple(k for k in config.latents if k == 0 or -1 <= k - dimension <= 2)


def near(config: Config, name: str) -> Config:
    """The options for one world."""
    # More numbers share the variance of the answers, so each is worth less; the paper has a tenth, too.
    beta = config.find_beta if WORLDS[name].levels == 2 else config.find_beta / 10
    only = tuple(world for world in config.worlds if world == name)
    return dataclasses.replace(config, worlds=only, latents=offered(config, name), find_beta=beta)


def cells(config: Config) -> list[Cell]:
    return [Cell(name) for name in config.worlds]


def predict(config: Config) -> Results:
    found = {}
    for cell in cells(config):
        world = WORLDS[cell.name]
        floor = world.error_without_latents
        found[cell.name] = {
            "floor": Estimate(floor, UNFINISHED * floor, 0),
            "dimension": Estimate.exact(world.dimension()),
        }
        if world.shots:
            found[cell.name]["shot_error"] = Estimate.exact(world.shot_error())
    return found


def measure(config: Config, cell: Cell) -> Experiment:
    tomography, config = WORLDS[cell.name], near(config, cell.name)
    m, layers = tomography.measurements, config.layers
    shape = SciNetSizes(m, m, 1, max(config.latents), layers, layers, terms=config.terms)
    sweep_of = make_sweep(tomography.world, shape, config.latents, config.schedule)

    def look(found: Sweep, key: PRNGKeyArray) -> dict[str, Numbers]:
        top = largest(config)
        if tomography.levels > 2 or tomography.span:
            return {}
        neurons, entries = found.means(top)[:COMPARED, found.active(top)], found.test.variables[:COMPARED]
        return {"state": spans(neurons, np.asarray(entries, np.float64)).columns.min() if neurons.size else 0.0}

    return over_seeds(config, sweep_of, look)


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for cell in cells(config):
        yield from claims_of(near(config, cell.name), cell.name, predicted[cell.name], measured[cell.name])


def title(name: str) -> str:
    """What a world is, as the beginning of a sentence."""
    return SEEN[name][0].upper() + SEEN[name][1:]


def claims_of(
    config: Config, name: str, expected: Mapping[str, Estimate], found: Mapping[str, Estimate]
) -> Iterator[Claim]:
    """What is claimed of one world."""
    seen, dimension, top = title(name), int(expected["dimension"].value), largest(config)
    yield from floor_claim(
        config,
        expected,
        found,
        f"{seen}: without latents the error is the spread of the answers over states",
        "the law of ⟨ω|ρ|ω⟩ over uniform ω, Beta(k, k (d − 1))",
        f"floor-{name}",
    )
    if dimension in config.latents and max(config.latents) > dimension:
        statement = f"{seen}: {dimension} parameters are seen, and the error has its knee"
        origin: Origin = "literature" if name in PUBLISHED else "conjecture"
        source = PAPER if name in PUBLISHED else "the rank of the Jacobian"
        yield from knee_claim(f"knee-{name}", config, found, dimension, statement, origin, source)
    if name == "one" and max(config.latents) > 3:
        statement = "One qubit: with neurons to spare three are used, since a sphere does not embed in the plane"
        yield from active_claim("active-one", found, 3, statement, "conjecture", "the Borsuk-Ulam theorem")
    if "state" in found and max(config.latents) >= 3:
        statement = f"{seen}: active neurons together tell {TOLD:.0%} of each entry of the density matrix or more"
        yield Claim.at_least(f"state-{name}", statement, TOLD, found["state"], "conjecture", "netphysics")
    if name == "one-real":
        statement = "Real projectors: the sign of one Bloch component stays unknown, and the error at 1/6"
        floor = Estimate(REAL_QUBIT_ERROR, 2 * UNFINISHED * REAL_QUBIT_ERROR, 0)
        yield Claim("floor-real", statement, floor, found["error"][top], "theory", "exact, from the Bloch sphere")
    if "shot_error" in expected:
        ratio = found["error"][top] / float(expected["shot_error"].value)
        statement = f"{seen}: at most {WASTE - 1:.0%} more error than shots leave: {ratio} times as much"
        yield Claim.at_most(f"shots-{name}", statement, WASTE, ratio, "conjecture", "Cramer and Rao")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    yield errors_figure(config, predicted, measured)
    for cell in cells(config):
        name, found = f"-{cell.name}", measured[cell.name]
        at, seen = near(config, cell.name), SEEN[cell.name]
        caption = f"What the neurons tell when {max(at.latents)} are offered: {seen}."
        yield dataclasses.replace(information_figure(found["information"], caption), name=f"information{name}")
        yield from numbers_figures(at, found, name, f"{title(cell.name)}. ")
    first = cells(config)[0].name
    yield intervention_figure(measured[first]["moved"], "probability")


def errors_figure(config: Config, predicted: Results, measured: Results) -> Figure:
    """The error of every world by the number of latents, its parameters marked."""
    plot, (axes,) = figure()
    name_axes(axes, "latent neurons offered, $K$", "RMSE (probability)", log="y")
    rows = []
    for cell, role in zip(cells(config), ordered_roles(len(config.worlds)), strict=True):
        latents, error = np.array(offered(config, cell.name)), measured[cell.name]["error"]
        dimension = int(predicted[cell.name]["dimension"].value)
        draw_measured(axes, latents, error, role, f"{SEEN[cell.name]}: {dimension}")
        rows += [(SEEN[cell.name], dimension, int(k), error[i]) for i, k in enumerate(latents)]
    if "one-real" in config.worlds:
        draw_theory(
            axes, np.array([0, max(config.latents)]), np.full(2, REAL_QUBIT_ERROR), "other", "1/6: one sign unknown"
        )
    axes.set_xticks(np.arange(max(config.latents) + 1))
    legend(axes, loc="best")
    caption = (
        "The error with K neurons offered. It falls steeply until K is the number of real parameters that the "
        "measurements see, which the legend says; where they do not see all, it stops above zero. What it still gains "
        "after that comes from shape: states are a sphere or its like, which no space of its own dimension holds."
    )
    table = Table(("what is measured", "parameters", "K", "RMSE (probability)"), rows)
    return Figure("error", caption, plot, table)


reduce = seed_means
coordinates = sweep_coordinates
study = Study.from_module(
    __name__,
    question="How many numbers does a network need to know a quantum state?",
    equations=(
        Equation(
            r"o_i = \langle \alpha_i | \rho | \alpha_i \rangle",
            "what is observed",
            (
                (r"\rho", "the state"),
                ("o_i", "what is observed: the probability of outcome $i$"),
                (r"\alpha_i", "states that are projected on"),
            ),
        ),
        Equation(
            r"a = \langle \omega | \rho | \omega \rangle",
            "what is asked",
            (
                ("a", "the answer"),
                (r"\omega", "state that is asked for"),
            ),
        ),
        Equation(
            r"\mathrm{RMSE}_{K=0}^2 = \frac{d - 1}{d^2 (d + 1)}",
            "the error without latents, pure states of d levels",
            (
                (r"\mathrm{RMSE}_{K=0}", "root mean square error with $K = 0$ latent neurons"),
                ("d", "levels of the system"),
            ),
        ),
    ),
    cites=("Iten2020",),
    version=2,
)
