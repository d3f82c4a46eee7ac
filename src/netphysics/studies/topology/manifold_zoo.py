"""Which latent does a space need, and does training find it?

Each space goes through three latents: plain numbers, as many as its dimension, where topology forbids an answer without
a tear; plain numbers, as many as it embeds in; and a latent of its own topology. A latent that is possible need not
be learned: on a torus many seeds begin with wrong winding numbers, which gradient descent cannot change. Encoders
that begin with the angles of the torus, found by persistent cohomology, are measured beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import jax
import numpy as np

from netphysics.blocks import Cell
from netphysics.lab import Equation, Experiment, Results, Study, option
from netphysics.report import Figure, categories
from netphysics.stats import Claim, Estimate, Numbers, Tally
from netphysics.topology.autoencoders import (
    SUCCESS,
    Options,
    errors,
    images,
    make_training,
    make_wound_training,
)
from netphysics.topology.manifolds import (
    Manifold,
    double_cone,
    figure_eight,
    hopf_link,
    klein_bottle,
    projective_plane,
    rotations,
    sphere,
    torus,
    trefoil,
)
from netphysics.topology.obstructions import plain_bound

from .options import AutoencoderConfig, seeds
from .symbols import AUTOENCODER

Name = Literal[
    "sphere-1",
    "sphere-2",
    "sphere-3",
    "torus-2",
    "figure-eight",
    "hopf-link",
    "trefoil",
    "klein-bottle",
    "projective-plane",
    "rotations",
    "double-cone",
]
SPACES: dict[str, Manifold] = {
    space.name: space
    for space in (
        *map(sphere, (1, 2, 3)),
        torus(2),
        figure_eight(),
        hopf_link(),
        trefoil(),
        klein_bottle(),
        projective_plane(),
        rotations(),
        double_cone(),
    )
}
TORUS = "torus-2"
KINDS = {
    "few": "as many plain numbers as its dimension",
    "plain": "as many plain numbers as it embeds in",
    "matched": "a latent of its own topology",
}


@dataclass(frozen=True)
class Config(AutoencoderConfig):
    """Options of the zoo of spaces."""

    spaces: tuple[Name, ...] = option(tuple(SPACES), distinct=True)
    """Spaces with known topology."""
    steps: int = option(2500, least=1)
    """Steps of training."""
    draws: int = 32
    block_size: int = 8

    presets: ClassVar = {
        "quick": {"spaces": ("figure-eight", TORUS), "steps": 800, "draws": 8, "block_size": 2},
        "paper": {"steps": 10_000, "draws": 128, "width": 64, "batch": 256},
    }


def cells(config: Config) -> list[Cell]:
    found = []
    for name in config.spaces:
        space = SPACES[name]
        latents = {"few": f"R{space.dimension}", "plain": f"R{space.plain_latent}", "matched": space.matched_latent}
        found += [Cell(f"{name}-{kind}", {"space": name, "latent": each}) for kind, each in latents.items() if each]
    if TORUS in config.spaces:
        found.append(Cell(f"{TORUS}-wound", {"space": TORUS, "latent": "T2"}))
    return found


def predict(config: Config) -> Results:
    return {
        f"{name}-few": {"worst": Estimate.exact(plain_bound(SPACES[name], SPACES[name].dimension).value)}
        for name in config.spaces
    }


def measure(config: Config, cell: Cell) -> Experiment:
    space = SPACES[cell["space"]]
    options = Options(config.width, config.steps, config.batch)
    cloud = space.draw(config.points, key=jax.random.key(config.seed))
    others = np.asarray(space.draw(config.points, key=jax.random.key(config.seed + 1)))
    bound = plain_bound(space, space.dimension).value
    if cell.name.endswith("wound"):
        train = make_wound_training(np.asarray(cloud), cell["latent"], options)
    else:
        start = make_training(space.columns, cell["latent"], options)

        def train(keys: Any) -> Any:
            return start(keys, None, cloud)

    def experiment(keys: Any) -> dict[str, Any]:
        found = errors(others, images(train(keys).models, others)[1])
        return {
            "worst": found.sup.sum(dtype=np.float64),
            "rms": found.rms.sum(),
            "success": found.successes(),
            "above": np.sum(found.sup >= bound),
        }

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    return {name: tally.mean(name) for name in ("worst", "rms", "success", "above")}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for name in config.spaces:
        bound = float(predicted[f"{name}-few"]["worst"].value)
        if bound:
            hits, trials = seeds(measured[f"{name}-few"]["above"])
            statement = (
                f"{title(name)} through as many plain numbers, {SPACES[name].dimension}: a worst error of {bound:g} or "
                "more in every seed"
            )
            yield Claim.count(f"bound-{name}", statement, trials, hits, "theory", "its reach")
    if TORUS in config.spaces:
        yield from torus_claims(measured)


def torus_claims(measured: Results) -> Iterator[Claim]:
    """How often training finds the latent of a torus, and what raises that rate."""
    hits, trials = seeds(measured[f"{TORUS}-matched"]["success"])
    yield Claim.fraction(
        "torus-matched",
        f"A torus as latent of a torus is found by one seed in five or more, worst error below {SUCCESS}",
        0.2,
        hits,
        trials,
        "conjecture",
        "arXiv:2312.07529 reports such local optima",
    )
    wound, wound_trials = seeds(measured[f"{TORUS}-wound"]["success"])
    yield Claim.fraction(
        "torus-wound",
        "Encoders that begin with the angles of the torus find it, half of them or more",
        0.5,
        wound,
        wound_trials,
        "conjecture",
        "netphysics",
    )


def title(name: str) -> str:
    """A space in words, as the beginning of a sentence."""
    words = re.sub(r"-(\d+)$", r" of dimension \1", name).replace("-", " ")
    return words[0].upper() + words[1:]


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    names = config.spaces
    worst = {
        words: {place(name): measured[f"{name}-{kind}"]["worst"] for name in names if f"{name}-{kind}" in measured}
        for kind, words in KINDS.items()
    }
    bounds = {place(name): float(predicted[f"{name}-few"]["worst"].value) for name in names}
    caption = (
        "The worst error of each space through three latents, mean over seeds. Lines are bounds on the first, by the "
        "reach of the space; where there is none, none is known here. A latent that is possible is not always found."
    )
    yield categories(
        "worst-error",
        caption,
        {words: found for words, found in worst.items() if found},
        y="worst error",
        places="space",
        expected={name: bound for name, bound in bounds.items() if bound} or None,
    )
    if TORUS in config.spaces:
        rates = {
            "plain start": measured[f"{TORUS}-matched"]["success"],
            "begun with angles": measured[f"{TORUS}-wound"]["success"],
        }
        text = (
            f"The share of seeds that find the torus, with a worst error below {SUCCESS}: as drawn, and when encoders "
            "begin with the angles of the torus."
        )
        yield categories("torus-success", text, {"torus": rates}, y="share of seeds", limits=(0, 1.05))


def place(name: str) -> str:
    """A space in words, one below the other."""
    return name.replace("-", "\n")


study = Study.from_module(
    __name__,
    question="Which latent does a space need, and does training find it?",
    equations=(
        Equation(
            r"\sup_x |D(E(x)) - x| \ge \tau",
            "a closed manifold of reach τ, no more numbers than dimensions",
            (
                ("x", "a point of the manifold"),
                *AUTOENCODER,
                (r"\tau", "reach: how far its normals go before two of them meet"),
            ),
        ),
        Equation(
            r"w_{ij} = \frac{1}{2 \pi} \oint_i d \theta_j",
            "winding numbers of an encoder of a torus",
            (
                ("w_{ij}", "turns of latent angle $j$ along loop $i$"),
                (r"\theta_j", "latent angle"),
                ("d", "differential"),
            ),
        ),
    ),
    cites=("Batson2021",),
)
