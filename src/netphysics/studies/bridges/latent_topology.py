r"""Does a network's code have the shape of what it is about?

SciNet (Iten et al., arXiv:1807.10300) sees the statistics of measurements on a qubit and answers questions about it.
Pure states are a sphere, mixed ones a ball, and what real projectors see of pure states is a disc. A code that
keeps all of this is a copy of it, and persistent homology of the means of the latent neurons must find the same holes.

Two latent neurons are as many as a pure state has parameters, and they are too few: by the theorem of Borsuk and Ulam
two opposite states share a code. Asked for the probability of one of them, the network owes 1 to one and 0 to the
other, and is wrong by 1/2 at least, however it was trained.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from netphysics.blocks import Cell
from netphysics.discovery import SciNetSizes, Sweep, answers, make_sweep
from netphysics.discovery.scinet import silenced
from netphysics.discovery.worlds.tomography import Tomography, overlaps, random_states
from netphysics.lab import Equation, Experiment, Results, Study, grid, option
from netphysics.report import Figure, categories
from netphysics.stats import Claim, Estimate, Numbers
from netphysics.topology.homology import farthest_points, readings

from ..discovery.options import SciNetConfig


@dataclass(frozen=True)
class Case:
    """States of a qubit as they are seen: measurements, neurons offered, the space that they are, its voids."""

    tomography: Tomography
    latents: tuple[int, ...]
    space: str
    voids: int


CASES = {
    "pure": Case(Tomography(2), (2, 3), "a sphere", 1),
    "mixed": Case(Tomography(2, mixed=True), (3,), "a ball", 0),
    "real": Case(Tomography(2, span=2), (2,), "a disc", 0),
}
# Homology of voids takes so many landmarks in seconds.
LANDMARKS = 120
# States, each with its opposite, among which the worst answer is sought.
STATES = 2000
WORST = 0.5
# A statement holds if it is true for more than this share of seeds; four of four say so.
SHARE = 0.25
TRUE_TO_STATES = 0.2


@dataclass(frozen=True)
class Config(SciNetConfig):
    """Options of the topology of latents."""

    states: tuple[str, ...] = option(tuple(CASES), distinct=True)
    """What is measured: pure states, mixed ones, or pure ones by real projectors only."""
    steps: int = 4000
    """Steps of each of the two stages."""
    polish_beta: float = 1e-5
    """Strength of the bottleneck while answers are made precise."""
    terms: int = option(32, least=0)
    """Products that an answer is a sum of; 0 for the published decoder."""
    draws: int = 8
    """Seeds: independent trainings."""
    presets: ClassVar = {
        "quick": {"states": ("pure",), "steps": 800, "width": 32, "draws": 4},
        "paper": {"steps": 50_000, "width": 128},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in self.states:
            if name not in CASES:
                raise ValueError(f"states holds {name!r}; it must be one of {', '.join(CASES)}")


def cells(config: Config) -> list[Cell]:
    return grid(states=config.states)


def predict(config: Config) -> Results:
    """The holes of the space of states."""
    return {cell.name: {"betti": Estimate.exact(np.array([0, CASES[cell["states"]].voids]))} for cell in cells(config)}


def measure(config: Config, cell: Cell) -> Experiment:
    case = CASES[cell["states"]]
    most, seen = max(case.latents), case.tomography.measurements
    shape = SciNetSizes(seen, seen, 1, most, config.layers, config.layers, terms=config.terms)
    sweep_of = make_sweep(case.tomography.world, shape, case.latents, config.schedule)

    def experiment(keys: jax.Array) -> dict[str, Numbers]:
        sums: dict[str, np.ndarray] = {}
        for key in keys:
            found = sweep_of(key)
            quantities: dict[str, Any] = {"error": found.errors, **holes(found, len(case.latents) - 1)}
            quantities["right"] = np.array_equal(quantities["betti"], [0, case.voids])
            if cell["states"] == "pure":
                quantities["worst"] = np.array([worst_answer(case.tomography, found, k) for k in range(2)])
                quantities["beaten"] = quantities["worst"][0] < WORST
            for name, value in quantities.items():
                sums[name] = sums.get(name, np.zeros(())) + np.asarray(value, np.float64)
        return {**sums}

    return experiment


def holes(found: Sweep, member: int) -> dict[str, Numbers]:
    """Betti numbers of the codes, and the longest bar of voids with the noise floor, as ratios of death and birth."""
    codes = found.means(member)
    chosen = farthest_points(codes, LANDMARKS)
    loops, voids = readings(chosen.averaged(codes), 2, np.bincount(chosen.owner, minlength=LANDMARKS))
    longest = voids.bars.ratios.max() if len(voids.bars) else 1.0
    return {"betti": np.array([loops.betti, voids.betti]), "longest": longest, "floor": voids.floor}


def worst_answer(tomography: Tomography, found: Sweep, member: int) -> float:
    """The largest error, where states are asked whether they are themselves, and whether they are their opposites."""
    observing, naming = (jnp.asarray(projectors, jnp.complex64) for projectors in tomography.apparatus)
    states = random_states(STATES, 2, 1, seed=0)[..., 0]
    opposite = np.stack([-states[:, 1].conj(), states[:, 0].conj()], axis=1)
    both = jnp.asarray(np.concatenate([states, opposite]), jnp.complex64)
    named = overlaps(naming, both)
    questions = jnp.stack([named, jnp.roll(named, STATES, axis=0)], axis=1)
    model = silenced(found.model(member), found.found.mask[member])
    means, _ = jax.vmap(model.encode)(overlaps(observing, both))
    said = np.asarray(answers(model, means, questions))[..., 0]
    return float(np.abs(said - np.array([1.0, 0.0])).max())


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for cell in cells(config):
        case, found = CASES[cell["states"]], measured[cell.name]
        seeds = found["right"].draws
        yield Claim.fraction(
            f"shape-{cell.name}",
            f"The code of {cell['states']} states has the loops and voids of {case.space}: 0 and {case.voids}",
            SHARE,
            round(float(found["right"].value) * seeds),
            seeds,
            "conjecture",
            "the code is a copy of what it tells",
        )
        if cell["states"] == "pure":
            yield Claim.count(
                "worst-2",
                "No two neurons tell all about pure states to better than 1/2; trainings in which they do",
                0,
                round(float(found["beaten"].value) * seeds),
                "theory",
                "the theorem of Borsuk and Ulam",
            )
            yield Claim.at_most(
                "worst-3",
                f"With three neurons no answer about a pure state need be wrong: by {TRUE_TO_STATES} at most",
                TRUE_TO_STATES,
                found["worst"][1],
                "conjecture",
                "the sphere lies in space",
            )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    names = [cell["states"] for cell in cells(config)]
    yield categories(
        "voids",
        "The longest bar of voids in the codes, as death over birth, and the noise floor that it has to pass. Pure "
        "states are a sphere, mixed ones a ball.",
        {
            "longest bar": {name: measured[name]["longest"] for name in names},
            "noise floor": {name: measured[name]["floor"] for name in names},
        },
        y="death over birth",
        places="states",
    )
    if "pure" in names:
        yield categories(
            "worst",
            "The worst answer about a pure state, of two neurons and of three; the line is what no two neurons beat.",
            {"answers": {f"{k} neurons": measured["pure"]["worst"][k - 2] for k in (2, 3)}},
            y="largest error of a probability",
            places="latent",
            expected={"2 neurons": WORST, "3 neurons": 0.0},
        )


study = Study.from_module(
    __name__,
    question="Does a network's code have the shape of what it is about?",
    headline="betti",
    equations=(
        Equation(
            r"\max_{\psi, \omega} |a(\psi, \omega) - |\langle \omega | \psi \rangle|^2| \ge \tfrac12",
            "two latent neurons, pure states of a qubit",
            (
                (r"a(\psi, \omega)", r"answer about the state $\psi$ and the projector on $\omega$"),
                (r"\psi, \omega", "pure states of a qubit"),
            ),
        ),
    ),
    cites=("Iten2020", "Batson2021"),
)
