"""A bump hunt: which anomalies an autoencoder of collision events can find, and which it cannot.

In the manner of Batson, Haaf, Kahn and Roberts (arXiv:2102.08380). Background is flat phase space of three massless
particles, a sphere of dimension 5. One signal lies on this sphere: two particles come from a resonance, whose masses
are cut out of the training sample. The other lies off it: a fourth particle was lost. Autoencoders interpolate over
the gap, so that the resonance is reconstructed as well as background; and a plain latent of the right dimension must
tear the sphere somewhere, where background stands out. A classifier of data against a reference finds what they cannot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np

from netphysics.blocks import Cell
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, option
from netphysics.report import Figure, categories
from netphysics.stats import Claim, Estimate, Numbers, Tally
from netphysics.topology.anomaly import (
    RATE,
    area_under_curve,
    invariants_of,
    momenta_of,
    reconstruction_errors,
    weak_labels,
)
from netphysics.topology.autoencoders import Options, make_training
from netphysics.topology.phase_space import (
    PhaseSpace,
    Resonance,
    lossy_event,
    pair_mass_squared,
    resonance_event,
    sample,
)

from .options import TrainingConfig
from .symbols import AUTOENCODER, PHASE_SPACE

PAPER = "in the manner of Batson et al., arXiv:2102.08380"
CELL = Cell("three-bodies")
SPACE = PhaseSpace.massless(3)
LATENTS = ("R5", "S5", "R6")
NAMES = {"R5": "five plain numbers", "S5": "a sphere of dimension five", "R6": "six plain numbers"}
RESONANCE = Resonance()
# Masses squared that are cut out of the training sample, three widths to either side.
GAP = 3 * RESONANCE.width
# What is kept of a sample, a bit less than is left: sets of one size share one program.
KEPT = 0.85
HIDDEN, FOUND = 0.6, 0.95


@dataclass(frozen=True)
class Config(TrainingConfig):
    """Options of the bump hunt."""

    events: int = option(25_000, least=1000)
    """Events to learn from, before the resonance's masses are cut out; 85 % of them are kept."""
    tests: int = option(10_000, least=1000)
    """Events of background, and of each signal, to be told apart."""
    data: int = option(50_000, least=1000)
    """Events of the data in which a classifier seeks the resonance."""
    share: float = option(0.01, above=0, below=1)
    """Share of the resonance in these data."""
    width: int = option(64, least=4)
    """Width of the hidden layers of the autoencoders."""

    presets: ClassVar = {
        "quick": {"draws": 4, "steps": 1200, "width": 48, "tests": 5000},
        "paper": {"draws": 16, "events": 100_000, "steps": 10_000, "width": 128},
    }


def cells(config: Config) -> list[Cell]:
    return [CELL]


def predict(config: Config) -> Results:
    """A score that does not see the resonance has an area of one half."""
    return {CELL.name: {"blind": Estimate.exact(0.5)}}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {name: {"latent": LATENTS} for name in ("bump", "lost")}


def measure(config: Config, cell: Cell) -> Experiment:
    options = Options(config.width, config.steps, rate=RATE)
    trainings = [make_training(3 * SPACE.bodies, latent, options) for latent in LATENTS]

    def one(key: jax.Array) -> dict[str, Numbers]:
        for_train, for_test, for_bump, for_lost, for_nets, for_data, for_reference = jax.random.split(key, 7)
        train = momenta_of(without_resonance(config.events, for_train))
        test = sample(SPACE, config.tests, key=for_test).momenta
        expected = round(config.share * config.data)
        bumps, lost = bump_events(config.tests + expected, for_bump), lost_events(config.tests, for_lost)
        bump, hidden = bumps[: config.tests], bumps[config.tests :]
        sets = [momenta_of(each) for each in (test, bump, lost)]
        areas: dict[str, list[float]] = {"bump": [], "lost": []}
        for learn in trainings:
            models = learn(for_nets[None], None, train).models
            errors, of_bump, of_lost = (reconstruction_errors(models, each)[0] for each in sets)
            areas["bump"].append(float(area_under_curve(errors, of_bump).value))
            areas["lost"].append(float(area_under_curve(errors, of_lost).value))
        pure = sample(SPACE, config.data - expected, key=for_data).momenta
        reference = sample(SPACE, config.data, key=for_reference).momenta
        found = weak_labels(invariants_of(np.concatenate([pure, hidden])), invariants_of(reference))
        window = [-np.abs(pair_mass_squared(each) - RESONANCE.mass_squared) for each in (test, bump)]
        return {
            **areas,
            "window": area_under_curve(*window).value,
            "weak": area_under_curve(*(found.scores(invariants_of(each)) for each in (test, bump))).value,
        }

    def experiment(keys: jax.Array) -> dict[str, Numbers]:
        each = [one(key) for key in keys]
        return {name: np.sum([np.asarray(found[name]) for found in each], axis=0) for name in each[0]}

    return experiment


def without_resonance(events: int, key: jax.Array) -> np.ndarray:
    """Background outside of the gap, float64 of shape (KEPT * events, 3, 4)."""
    drawn = sample(SPACE, events, key=key).momenta
    outside = np.abs(pair_mass_squared(drawn) - RESONANCE.mass_squared) > GAP
    return drawn[outside][: int(KEPT * events)]


def bump_events(count: int, key: jax.Array) -> np.ndarray:
    """Events with the resonance, float64 of shape (count, 3, 4)."""
    return np.asarray(_bump(jax.random.split(key, count)), np.float64)


def lost_events(count: int, key: jax.Array) -> np.ndarray:
    """Events whose fourth particle was lost, float64 of shape (count, 3, 4)."""
    return np.asarray(_lost(jax.random.split(key, count)), np.float64)


_bump = jax.jit(jax.vmap(lambda key: resonance_event(RESONANCE, key=key)[0]))
_lost = jax.jit(jax.vmap(lambda key: lossy_event(SPACE.bodies, key=key)))


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    return {name: tally.mean(name) for name in tally.sums} | {"gain": tally.mean("lost")[1] - tally.mean("lost")[0]}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    found = measured[CELL.name]
    for place, latent in enumerate(LATENTS):
        name = latent.lower()
        yield Claim.at_most(
            f"hidden-{name}",
            f"Through {NAMES[latent]}, reconstruction does not find a resonance that no training event had: area",
            HIDDEN,
            found["bump"][place],
            "literature",
            PAPER,
        )
        yield Claim.at_least(
            f"lost-{name}",
            f"Through {NAMES[latent]}, reconstruction finds events off phase space: area",
            FOUND,
            found["lost"][place],
            "literature",
            PAPER,
        )
    yield Claim.at_least(
        "gain", "The latent of matching topology finds more of them than the plain one", 0.0, found["gain"],
        "conjecture", "netphysics",
    )  # fmt: skip
    yield Claim.at_least(
        "weak",
        f"A classifier of data with {config.share:.2g} of the resonance against a pure reference finds it: area",
        0.9,
        found["weak"],
        "conjecture",
        "classification without labels, arXiv:1708.02949",
    )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    found = measured[CELL.name]
    names = [f"reconstruction, {latent}" for latent in LATENTS]
    yield categories(
        "areas",
        "Two signals and four scores. Off phase space everything stands out; a resonance on it is invisible to "
        "reconstruction, whatever the latent, while a classifier against a reference comes close to a cut on the "
        "true mass. The line is a score that sees nothing.",
        {
            "resonance, on phase space": {
                **{name: found["bump"][place] for place, name in enumerate(names)},
                "weak labels": found["weak"],
                "true mass": found["window"],
            },
            "lost particle, off it": {name: found["lost"][place] for place, name in enumerate(names)},
        },
        y="area under the curve",
        places="score",
        expected=0.5,
        limits=(0.3, 1.02),
    )


study = Study.from_module(
    __name__,
    question="Which anomalies can an autoencoder of collision events find?",
    headline="bump",
    equations=(
        Equation(
            r"P_n \cong S^{3n-4}",
            "phase space of n particles is a sphere",
            PHASE_SPACE,
        ),
        Equation(
            r"\mathrm{score}(x) = |x - D(E(x))|",
            "reconstruction error as a score of anomaly",
            (
                ("x", "an event"),
                *AUTOENCODER,
            ),
        ),
    ),
    cites=("Batson2021", "Metodiev2017"),
)
