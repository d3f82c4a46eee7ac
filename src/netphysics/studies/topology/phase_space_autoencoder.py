"""How badly must an autoencoder of collision events fail?

Phase space of n massless particles is a sphere of dimension 3n - 4, and parity maps every event to its antipode. By the
theorem of Borsuk and Ulam, any continuous code of at most 3n - 4 real numbers gives some event and its mirror image the
same code, so that one of them is reconstructed with an error of sqrt(s/n) at least. One number more, or a sphere of the
right dimension as latent, and nothing stands in the way.
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
from netphysics.stats import Claim, Estimate
from netphysics.topology.anomaly import RATE, momenta_of, reconstruction_errors
from netphysics.topology.autoencoders import Options, make_training
from netphysics.topology.phase_space import PhaseSpace, parity_twin_bound, sample

from .options import TrainingConfig
from .symbols import AUTOENCODER, PHASE_SPACE

THEOREM = "Borsuk and Ulam's theorem; Batson et al., arXiv:2102.08380"
# Errors are those of momenta in thirds of the total energy.
UNIT = 3.0
KINDS = ("real", "sphere", "one more")


@dataclass(frozen=True)
class Config(TrainingConfig):
    """Options of autoencoders of phase space."""

    bodies: tuple[int, ...] = option((2, 3, 4), least=2, distinct=True)
    """Numbers of particles n."""
    events: int = option(20_000, least=1000)
    """Events to learn from, and as many to be tested on."""
    width: int = option(64, least=4)
    """Width of hidden layers."""

    presets: ClassVar = {
        "quick": {"bodies": (2, 3), "draws": 4, "steps": 1800, "width": 48},
        "paper": {"draws": 16, "events": 100_000, "steps": 10_000, "width": 128},
    }


def cells(config: Config) -> list[Cell]:
    return [Cell(f"n={n}", {"bodies": n}) for n in config.bodies]


def latents(bodies: int) -> tuple[str, ...]:
    """As many real numbers as phase space has dimensions, its sphere, and one real number more."""
    dimension = 3 * bodies - 4
    return f"R{dimension}", f"S{dimension}", f"R{dimension + 1}"


def predict(config: Config) -> Results:
    """The bound by parity twins, in units of a third of the energy."""
    return {cell.name: {"bound": Estimate.exact(UNIT * parity_twin_bound(cell["bodies"]))} for cell in cells(config)}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {name: {"latent": KINDS} for name in ("worst", "rms", "torn", "beyond")}


def measure(config: Config, cell: Cell) -> Experiment:
    space = PhaseSpace.massless(cell["bodies"])
    options = Options(config.width, config.steps, rate=RATE)
    trainings = [make_training(3 * space.bodies, latent, options) for latent in latents(space.bodies)]
    bound = UNIT * parity_twin_bound(space.bodies)

    def experiment(keys: jax.Array) -> dict[str, np.ndarray]:
        sums = {"worst": np.zeros(3), "rms": np.zeros(3), "torn": np.zeros(3), "beyond": np.zeros(3)}
        for key in keys:
            for_train, for_test, for_nets = jax.random.split(key, 3)
            train, test = (momenta_of(sample(space, config.events, key=each).momenta) for each in (for_train, for_test))
            for place, learn in enumerate(trainings):
                models = learn(for_nets[None], None, train).models
                # Every event comes with its mirror image, one of which pays.
                errors = reconstruction_errors(models, np.concatenate([test, -test]))[0]
                sums["worst"][place] += errors.max()
                sums["rms"][place] += np.sqrt(np.mean(errors**2))
                sums["torn"][place] += np.mean(errors > bound / 2)
                sums["beyond"][place] += errors.max() >= bound
        return sums

    return experiment


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for cell in cells(config):
        n, found, bound = cell["bodies"], measured[cell.name], predicted[cell.name]["bound"]
        real, sphere, more = latents(n)
        trials = found["beyond"].draws
        yield Claim.count(
            f"torn-{n}",
            f"The worst error of {n} particles through {real} is {float(bound.value):.3g} thirds of the energy or "
            "more, in every training",
            trials,
            round(float(found["beyond"].value[0]) * trials),
            "theory",
            THEOREM,
        )
        for place, name, latent in ((1, "sphere", sphere), (2, "more", more)):
            yield Claim.at_most(
                f"{name}-{n}",
                f"Through {latent} the worst error of {n} particles is small",
                0.3,
                found["worst"][place],
                "conjecture",
                "netphysics",
            )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    series = {
        f"{kind} latent": {cell.name: measured[cell.name]["worst"][place] for cell in cells(config)}
        for place, kind in enumerate(KINDS)
    }
    yield categories(
        "worst",
        "The worst reconstruction of an event and its mirror image. With as many real latents as phase space has "
        "dimensions it cannot be below the lines, the bound by parity twins; on a sphere, or with one more, it can.",
        series,
        y="worst error (thirds of the energy)",
        places="particles",
        log="y",
        expected={cell.name: float(predicted[cell.name]["bound"].value) for cell in cells(config)},
    )
    torn = {"real latent": {cell.name: measured[cell.name]["torn"][0] for cell in cells(config)}}
    text = (
        "The share of events with an error above half of the bound: the tear, which is narrow in few dimensions and "
        "broad in many. Only real latents have one."
    )
    yield categories("torn", text, torn, y="share of events", places="particles")


study = Study.from_module(
    __name__,
    question="How badly must an autoencoder of collision events fail?",
    headline="worst",
    equations=(
        Equation(
            r"P_n \cong S^{3n-4}",
            "phase space of n particles is a sphere, and parity its antipodal map",
            PHASE_SPACE,
        ),
        Equation(
            r"\sup_p |p - D(E(p))| \ge \min_p |p| = \sqrt{s/n} \quad (k \le 3n-4)",
            "the bound for continuous codes of k real numbers",
            (
                ("p", "momenta of an event"),
                *AUTOENCODER,
                ("s", "squared total energy"),
                ("k", "real numbers of the code"),
            ),
        ),
    ),
    cites=("Batson2021",),
)
