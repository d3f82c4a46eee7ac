"""Who unties the unknots that people made to be hard?

Six diagrams of the unknot have become famous because no simplifying Reidemeister move begins to untie them, Haken's
Gordian with its 141 crossings among them. Here they are untied as they are published and with crossings added by
random Reidemeister moves: by a walk among arc presentations, by a search among braid moves, by an agent that learned
on easy words (as in 2010.16263), and by a greedy sweep that learned nothing. Whatever is untied is replayed by a
checker that shares no code with it.

All but the first need a closed braid. Vogel's algorithm makes one, with several letters to each crossing; diagrams with
too many crossings for it count as not untied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import ClassVar

import jax
import numpy as np
from jaxtyping import Array, PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.knots.arcs import arc_presentation, check, simplify
from netphysics.knots.braids import Braid, Diagram, braid_of, inflate, proves_unknot, untangle
from netphysics.knots.braids import check as check_braids
from netphysics.knots.invariants import jones
from netphysics.knots.invariants.laurent import ONE
from netphysics.knots.invariants.wirtinger import has_trivial_alexander
from netphysics.knots.priors import seeds_of
from netphysics.knots.published import hard_unknots
from netphysics.knots.unknotting import Actions, Environment, greedy_sweep, play
from netphysics.knots.unknotting.games import Player
from netphysics.lab import Experiment, Results, Study, option
from netphysics.report import Curve, Figure, categories, curves, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers, Tally, stack

from .agents import AgentConfig, Algorithm

METHODS = ("arc walk", "braid search", "agent", "greedy sweep")
NAMES = tuple(unknot.name for unknot in hard_unknots())
# Half of the letters that an agent has room for, and the moves that it may make.
LONGEST, HORIZON = 128, 1000


@dataclass(frozen=True)
class Config(AgentConfig):
    """Options of hard unknots."""

    added: tuple[int, ...] = option((0, 10, 20), least=0, rising=True)
    """Crossings that random Reidemeister moves add to each diagram."""
    steps: int = option(5_000_000, least=1)
    """Steps of a walk among arc presentations, at most."""
    relations: int = option(20_000, least=1)
    """Braid relations of a search among braid moves, at most."""
    largest: int = option(40, least=10)
    """Crossings beyond which no closed braid is made of a diagram."""
    algorithm: Algorithm = "TRPO"
    """Algorithm that the agent learns with."""
    learned: int = option(24, least=6)
    """Letters of the words that it learns from."""

    presets: ClassVar = {
        "quick": {"added": (0,), "learned": 12, "words": 128, "improvements": 10, "games": 16, "relations": 5000},
        "paper": {"added": (0, 10, 20, 40), "words": 4096, "improvements": 240, "draws": 8},
    }


def cells(config: Config) -> list[Cell]:
    return [Cell(f"added={added}", {"added": added}) for added in config.added]


def predict(config: Config) -> Results:
    """No invariant takes an unknot for a knot."""
    return {cell.name: {"mistaken": Estimate.exact(0.0)} for cell in cells(config)}


def measure(config: Config, cell: Cell) -> Experiment:
    def experiment(keys: Array) -> dict[str, Numbers]:
        found = [one_round(config, cell["added"], key) for key in keys]
        return {name: sum(each[name] for each in found) for name in found[0]}

    return experiment


def one_round(config: Config, added: int, key: PRNGKeyArray) -> dict[str, np.ndarray]:
    """All hard unknots, disguised once, and what each method makes of them."""
    learning, playing = jax.random.split(key)
    seed = int(seeds_of(np.asarray(jax.random.key_data(key))[None])[0])
    random = Random(seed)
    diagrams = [inflate(each.diagram, len(each.diagram) + added, random) for each in hard_unknots()]
    walks = [simplify(arc_presentation(diagram), config.steps, seed=seed) for diagram in diagrams]
    for walk in walks:
        check(walk.certificate)
    small = [diagram for diagram in diagrams if len(diagram) <= config.largest]
    braids = [braid_of(diagram) for diagram in small]
    agent = config.train(config.algorithm, config.learned, key=learning).agent(0)
    untied = np.zeros((len(METHODS), len(diagrams)))
    untied[0] = [len(walk.smallest) == 2 for walk in walks]
    places = [place for place, diagram in enumerate(diagrams) if len(diagram) <= config.largest]
    untied[1, places] = [searched(braid, config.relations, seed) for braid in braids]
    untied[2, places] = played(agent, False, braids, playing)
    untied[3, places] = played(greedy_sweep, True, braids, playing)
    return {
        "untied": untied,
        "log steps": np.log([walk.steps for walk in walks]),
        "moves": np.array([len(walk.certificate.moves) for walk in walks]),
        "mistaken": np.array(sum(is_mistaken(diagram) for diagram in small)),
    }


def searched(braid: Braid, relations: int, seed: int) -> bool:
    """Whether braid moves untie a closed braid."""
    certificate = untangle(braid, relations, seed)
    check_braids(certificate)
    return proves_unknot(certificate)


def played(player: Player, greedy: bool, braids: list[Braid], key: PRNGKeyArray) -> np.ndarray:
    """Which closed braids a player unties; one for which there is no room it does not."""
    actions = Actions(LONGEST)
    words = np.zeros((len(NAMES), actions.room), np.int8)
    fits = np.array([len(braid) <= actions.room for braid in braids])
    for number in np.flatnonzero(fits):
        words[number, : len(braids[number])] = braids[number].letters
    games = play(player, Environment(actions), words, greedy=greedy, horizon=HORIZON, key=key)
    games.verify()
    return games.solved[: len(braids)] & fits


def is_mistaken(diagram: Diagram) -> bool:
    """Whether an invariant says that it is a knot."""
    return not has_trivial_alexander(diagram) or jones(diagram) != ONE


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    untied = tally.mean("untied")
    return {
        "untied": untied,
        "share": untied.mean(axis=1),
        "log steps": tally.mean("log steps"),
        "moves": tally.mean("moves"),
        "mistaken": tally.mean("mistaken"),
    }


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    found = [measured[cell.name] for cell in cells(config)]
    share = stack([each["share"] for each in found])
    said = f"The walk among arc presentations unties all of them within {config.steps} steps"
    yield Claim("arcs", said, np.ones(len(found)), share[:, 0], "conjecture", "netphysics")
    said = "An agent that learned on easy words unties at most half of the hard unknots"
    yield Claim.at_most("agent", said, 0.5, share[:, 2], "conjecture", "netphysics", FAMILIAR)
    said = "A search among braid moves, which may stabilize, unties more than the agent"
    gain = share[:, 1] - share[:, 2]
    yield Claim.at_least("search", said, 0.0, gain, "conjecture", "netphysics")
    said = "Neither the Alexander nor the Jones polynomial takes any of them for a knot"
    mistaken = stack([each["mistaken"] for each in found])
    yield Claim("mistaken", said, np.zeros(len(found)), mistaken, "theory", "both are invariants")


FAMILIAR = "It learned from words of the prior, all of which a greedy sweep unties as well."


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    found = [measured[cell.name] for cell in cells(config)]
    share = stack([each["share"] for each in found])
    yield curves(
        "untied",
        f"The share of {len(NAMES)} published hard unknots that is untied, against the crossings that random "
        f"Reidemeister moves have added. A diagram of more than {config.largest} crossings is untied as an arc "
        "presentation or not at all.",
        [
            Curve(labels={"method": method}, x=np.array(config.added), measured=share[:, k], role=role, legend=method)
            for k, (method, role) in enumerate(zip(METHODS, ordered_roles(len(METHODS)), strict=True))
        ],
        x="crossings added",
        y="share untied",
        key="outside",
    )
    steps = found[0]["log steps"].map(np.exp, np.exp)
    yield categories(
        "steps",
        f"Steps of the walk among arc presentations with {config.added[0]} crossings added, the geometric mean over "
        "walks: whether a diagram is hard depends on where one walks.",
        {"arc walk": dict(zip(NAMES, steps, strict=True))},
        y="steps",
        log="y",
    )


study = Study.from_module(
    __name__,
    question="Who unties the unknots that people made to be hard?",
    headline="share",
    cites=("Gukov2021", "Dynnikov2006"),
)
