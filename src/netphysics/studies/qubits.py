"""How many numbers does a network need to know a quantum state?

Iten et al. (1807.10300): SciNet sees the statistics of some measurements on a pure state and predicts those of
any other. The error falls with the number of latent neurons until it equals the number of real parameters of what is
seen: two for one qubit, six for two; and it stops early, at a larger error, where the measurements do not see the
whole state.

The number of parameters is not the number of neurons that a network with neurons to spare keeps. The pure states of a
qubit are a sphere, and a sphere has no continuous map into the plane that tells all its points apart: such a network
takes three, the Bloch vector. Both numbers are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from netphysics.blocks import Cell
from netphysics.discovery import Shape, SweepConfig, make_sweep
from netphysics.discovery.worlds.qubits import REAL_QUBIT_ERROR, Qubits
from netphysics.lab import Equation, Study
from netphysics.stats import Claim, Estimate

from .sweeps import (
    error_figure,
    floor_claim,
    information_figure,
    numbers_figures,
    over_seeds,
    seed_means,
    turning_figure,
)

PAPER = "Iten et al., arXiv:1807.10300, section II C"
WORLDS = {
    "one": Qubits(1),
    "one-real": Qubits(1, 2),
    "two": Qubits(2),
    "two-span-3": Qubits(2, 3),
    "two-span-2": Qubits(2, 2),
}
SEEN = {
    "one": "one qubit, complete measurements",
    "one-real": "one qubit, real projectors only",
    "two": "two qubits, complete measurements",
    "two-span-3": "two qubits, real combinations of three levels",
    "two-span-2": "two qubits, real combinations of two levels",
}
UNFINISHED = 0.005


@dataclass(frozen=True)
class Config(SweepConfig):
    """Options of the qubits."""

    worlds: tuple[Literal["one", "one-real", "two", "two-span-3", "two-span-2"], ...] = ("one", "one-real")
    """What is measured: one or two qubits, completely, or by real combinations of some levels only."""
    latents: tuple[int, ...] = (0, 1, 2, 3, 4)
    """Numbers of latent neurons to offer; 0 is one of them, and the largest is what error can fall to."""
    steps: int = 4000
    """Steps of each of the two stages."""
    find_beta: float = 1e-3
    """Strength of the bottleneck while neurons are found."""
    polish_beta: float = 1e-4
    """Strength of the bottleneck while answers are made precise."""

    presets: ClassVar = {
        "quick": {"worlds": ("one",), "latents": (0, 2, 4), "steps": 1200, "width": 48},
        "paper": {
            "worlds": ("one", "one-real", "two", "two-span-3", "two-span-2"),
            "latents": (0, 1, 2, 3, 4, 5, 6, 7, 8),
            "steps": 50_000,
            "width": 128,
            "polish_beta": 1e-5,
        },
    }

    def __post_init__(self):
        super().__post_init__()
        if not self.worlds or len(set(self.worlds)) < len(self.worlds):
            raise ValueError(f"worlds is {self.worlds}; it needs at least one entry, and none twice")
        if 0 not in self.latents or len(self.latents) < 3:
            raise ValueError(f"latents is {self.latents}; a knee needs 0 and at least two more")


def cells(config):
    return [Cell(name) for name in config.worlds]


def predict(config):
    found = {}
    for cell in cells(config):
        world = WORLDS[cell.name]
        floor = world.error_without_latents
        found[cell.name] = {
            "floor": Estimate(floor, UNFINISHED * floor, 0),
            "dimension": Estimate.exact(world.dimension()),
        }
    return found


def measure(config, cell):
    world = WORLDS[cell.name]
    shape = Shape(world.measurements, world.measurements, 1, max(config.latents), config.layers, config.layers)
    sweep_of = make_sweep(world.world, shape, config.latents, config.schedule)
    return over_seeds(config, sweep_of, lambda found, key: {})


def compare(config, predicted, measured_results):
    claims = []
    for cell in cells(config):
        expected, found, seen = predicted[cell.name], measured_results[cell.name], SEEN[cell.name]
        dimension = int(expected["dimension"].value)
        claims += floor_claim(
            config,
            expected["floor"],
            found["error"],
            f"{seen}: without latents the error is the spread of the answers over states",
            "the law of |<omega|psi>|^2 over uniform states, Beta(1, d - 1)",
            f"floor-{cell.name}",
        )
        if dimension in config.latents and max(config.latents) > dimension:
            statement = f"{seen}: the error has a knee at {dimension} latents, the number of parameters that are seen"
            claims.append(
                Claim(f"knee-{cell.name}", statement, dimension, found["knee"], "literature", PAPER, resolution=0.3)
            )
        if cell.name == "one" and max(config.latents) > 3:
            statement = "one qubit: with neurons to spare three are used, since a sphere does not embed in the plane"
            claims.append(
                Claim("active-one", statement, 3, found["active"], "conjecture", "the Borsuk-Ulam theorem", 0.3)
            )
        if cell.name == "one-real":
            statement = "real projectors: the sign of one Bloch component stays unknown, and the error at 1/6"
            floor = Estimate(REAL_QUBIT_ERROR, 2 * UNFINISHED * REAL_QUBIT_ERROR, 0)
            observed = found["error"][config.latents.index(max(config.latents))]
            claims.append(Claim("floor-real", statement, floor, observed, "theory", "exact, from the Bloch sphere"))
    return claims


def figures(config, predicted, measured_results):
    caption = (
        "The error with K neurons offered. It stops falling at the number of real parameters that the measurements "
        "see; where they do not see all, it stops above zero."
    )
    errors = {SEEN[cell.name]: measured_results[cell.name]["error"] for cell in cells(config)}
    lines = {
        f"no latents, {WORLDS[cell.name].qubits} qubit{'s' * (WORLDS[cell.name].qubits > 1)}": float(
            predicted[cell.name]["floor"].value
        )
        for cell in cells(config)
    }
    if "one-real" in config.worlds:
        lines["1/6: one sign unknown"] = REAL_QUBIT_ERROR
    yield error_figure(config.latents, errors, lines, caption, unit="probability")
    first = cells(config)[0].name
    yield information_figure(
        measured_results[first]["information"],
        f"What the neurons of {SEEN[first]} tell when {max(config.latents)} are offered.",
    )
    yield turning_figure(measured_results[first]["moved"], "probability")
    for cell in cells(config):
        yield from numbers_figures(config, measured_results[cell.name], f"-{cell.name}", f"{SEEN[cell.name]}. ")


study = Study(
    name="qubits",
    wing="discovery",
    question="How many numbers does a network need to know a quantum state?",
    config=Config,
    cells=cells,
    predict=predict,
    measure=measure,
    reduce=seed_means,
    compare=compare,
    figures=figures,
    equations=(
        Equation(r"o_i = |\langle \alpha_i | \psi \rangle|^2", "what is observed"),
        Equation(r"a = |\langle \omega | \psi \rangle|^2", "what is asked"),
        Equation(r"\mathrm{RMSE}_{K=0}^2 = \frac{d - 1}{d^2 (d + 1)}", "the error without latents, for d levels"),
    ),
    cites=("Iten2020",),
    version=2,
)
