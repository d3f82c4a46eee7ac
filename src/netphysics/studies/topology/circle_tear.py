"""A circle through one number: the mean loss goes to zero, and the worst case stays where it is.

In the manner of Batson, Haaf, Kahn and Roberts (2102.08380): an autoencoder of a circle that writes its codes in plain
numbers, one of them, must tear the circle somewhere. Training makes the tear narrower and narrower, so that the mean
loss shows nothing; in the tear the answer runs backwards around the whole circle, and some point comes back as its
opposite. Where the tear lies differs from seed to seed. A latent that is a circle, or two plain numbers, has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from netphysics.blocks import Cell
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, option
from netphysics.report import Curve, Figure, curves, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers, Tally, stack
from netphysics.topology.autoencoders import TEAR, Errors, Options, errors, images, make_training, rayleigh
from netphysics.topology.manifolds import on_circles, sphere
from netphysics.topology.obstructions import antipodal_bound, degree_bound

from .options import AutoencoderConfig, seeds
from .symbols import AUTOENCODER

WHOLE = ("S1", "R2")
# A seed tears as it should when its worst error is this near to 2, and has no tear when it is this small.
NEAR_TWO = (1.7, 2.1)
NO_TEAR = 0.02
# Angles from the worst point at which the tear is looked at.
ASIDE = np.linspace(-1, 1, 41)
BATSON = "in the manner of arXiv:2102.08380"


@dataclass(frozen=True)
class Config(AutoencoderConfig):
    """Options of the circle."""

    steps: tuple[int, ...] = option((500, 1500, 4500), least=1, rising=True)
    """Steps of training; a latent without a tear gets the middle number of them."""

    presets: ClassVar = {
        "quick": {"steps": (700, 1500), "draws": 16, "block_size": 4},
        "paper": {"steps": (500, 1500, 4500, 13_500), "draws": 256},
    }

    @property
    def fewer(self) -> int:
        """Steps that latents without a tear get."""
        return self.steps[(len(self.steps) - 1) // 2]


def torn(config: Config) -> list[Cell]:
    """One plain number, for every length of training."""
    return [Cell(f"R1-{steps}", {"latent": "R1", "steps": steps}) for steps in config.steps]


def cells(config: Config) -> list[Cell]:
    return torn(config) + [Cell(latent, {"latent": latent, "steps": config.fewer}) for latent in WHOLE]


def predict(config: Config) -> Results:
    bounds = {"floor": antipodal_bound(1.0, 1, 1).value, "worst": degree_bound(1, 1).value}
    return {cell.name: {name: Estimate.exact(value) for name, value in bounds.items()} for cell in torn(config)}


def circle(points: int) -> np.ndarray:
    """Points all around the circle, shape (points, 2)."""
    angle = jnp.linspace(0, 2 * np.pi, points, endpoint=False, dtype=jnp.float32)
    return np.asarray(on_circles(angle[:, None]))


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {"profile": {"angle": ASIDE}}


def measure(config: Config, cell: Cell) -> Experiment:
    train = make_training(2, cell["latent"], Options(config.width, cell["steps"], config.batch))
    cloud = sphere(1).draw(config.points, key=jax.random.key(config.seed))
    around = circle(config.points)

    def experiment(keys: Any) -> dict[str, Any]:
        found = errors(around, images(train(keys, None, cloud).models, around)[1])
        return {
            "worst": found.sup.sum(dtype=np.float64),
            "square": np.sum(found.rms**2),
            "tear": found.tear().sum(),
            "above_floor": np.sum(found.sup >= 1),
            "near_two": np.sum((found.sup > NEAR_TWO[0]) & (found.sup < NEAR_TWO[1])),
            "whole": np.sum(found.sup < NO_TEAR),
            "place": around[found.worst].sum(axis=0, dtype=np.float64),
            "profile": profiles(found).sum(axis=0, dtype=np.float64),
        }

    return experiment


def profiles(found: Errors) -> np.ndarray:
    """Errors around the worst point of each member, at the angles `ASIDE`, shape (members, angles)."""
    count = found.distances.shape[1]
    steps = np.rint(ASIDE * count / (2 * np.pi)).astype(np.int64)
    return np.take_along_axis(found.distances, (found.worst[:, None] + steps[None]) % count, axis=1)


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    names = ("worst", "tear", "above_floor", "near_two", "whole", "place", "profile")
    return {"rms": np.sqrt(tally.mean("square")), **{name: tally.mean(name) for name in names}}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    first, last = (measured[cell.name] for cell in (torn(config)[0], torn(config)[-1]))
    floor = [seeds(measured[cell.name]["above_floor"]) for cell in torn(config)]
    yield Claim.count(
        "floor",
        "One plain number: the worst error is 1 or more in every seed, whatever the length of training",
        sum(trials for _, trials in floor),
        sum(hits for hits, _ in floor),
        "theory",
        "the Borsuk-Ulam theorem",
    )
    yield Claim.fraction(
        "worst",
        f"One plain number: after {config.steps[-1]} steps the worst error is {NEAR_TWO[0]} to {NEAR_TWO[1]}",
        0.5,
        *seeds(last["near_two"]),
        "conjecture",
        f"a map of degree 0 sends some point to its opposite; {BATSON}",
    )
    yield Claim.at_most(
        "mean",
        f"From {config.steps[0]} to {config.steps[-1]} steps the mean square error falls to half or less",
        0.5,
        (last["rms"] / first["rms"]) ** 2,
        "conjecture",
        BATSON,
    )
    yield Claim(
        "uniform",
        "The cut is nowhere in particular: its mean direction over seeds vanishes",
        np.zeros(2),
        last["place"],
        "theory",
        "nothing tells one direction from another",
    )
    for latent, words in zip(WHOLE, ("A circle as latent", "Two plain numbers"), strict=True):
        yield Claim.fraction(
            f"whole-{latent.lower()}",
            f"{words}: the worst error is below {NO_TEAR}",
            0.5,
            *seeds(measured[latent]["whole"]),
            "conjecture",
            "both hold a circle",
        )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    found = [measured[cell.name] for cell in torn(config)]
    steps = np.array(config.steps)
    lines = {
        "worst": ("worst error", "sweep-9", predicted[torn(config)[0].name]["worst"].value),
        "rms": ("root mean square error", "sweep-1", None),
        "tear": (f"share of the circle with errors above {TEAR}", "sweep-5", None),
    }
    p, count = last_direction(found[-1])
    caption = (
        "A circle through one plain number: the mean loss goes to zero, the worst case does not. The line is "
        "the bound for answers on the circle, 2. The tear gets narrower, and within it the answer still runs "
        "backwards around the whole circle. Where the cut lies differs from seed to seed: over "
        f"{count} of them Rayleigh's test of uniformity has p = {p:.2g}."
    )
    yield curves(
        "tear",
        caption,
        [
            Curve(
                labels={"what": label},
                x=steps,
                theory=None if bound is None else np.full(len(steps), float(bound)),
                measured=stack([each[name] for each in found]),
                role=role,
                legend=label,
            )
            for name, (label, role, bound) in lines.items()
        ],
        x="steps of training",
        y="error (radius of the circle), or share",
        log="xy",
    )
    yield curves(
        "cut",
        "The tear, mean over seeds: errors around the point where each is largest. It narrows, and does not get lower.",
        [
            Curve(
                labels={"steps": steps},
                x=ASIDE.round(2),
                measured=measured[cell.name]["profile"],
                role=role,
                legend=f"{steps} steps",
            )
            for cell, steps, role in zip(torn(config), config.steps, ordered_roles(len(config.steps)), strict=True)
        ],
        x="angle from the worst point (rad)",
        y="error (radius of the circle)",
        band=True,
        every=4,
    )


def last_direction(found: Mapping[str, Estimate]) -> tuple[float, int]:
    """Rayleigh's p-value of where the cut lies, and the number of seeds."""
    place = found["place"]
    return rayleigh(float(np.hypot(*place.value)), place.draws), place.draws


study = Study.from_module(
    __name__,
    question="Can the mean loss of an autoencoder go to zero while its worst case stays where it is?",
    equations=(
        Equation(
            r"\sup_x |D(E(x)) - x| \ge 1",
            "a circle through one number: two opposite points share a code",
            (
                ("x", "a point of the circle"),
                *AUTOENCODER,
            ),
        ),
        Equation(r"\sup_x |D(E(x)) - x| = 2", "if answers lie on the circle: a map of degree 0 has an antipode"),
        Equation(
            r"\langle |D(E(x)) - x|^2 \rangle = 2 f",
            "a tear over a share f of the circle",
            (("f", "share of the circle that is torn"),),
        ),
    ),
    cites=("Batson2021",),
)
