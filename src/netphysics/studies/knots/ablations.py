"""Which moves does an agent need to untie unknots?

The abstract of 2010.16263 says that braid relations are more useful than one of the Markov moves. Agents learn without
braid relation 1 (letters of far strands change places), without braid relation 2 (three letters are rewritten),
without conjugation, and with all of them, from the same weights and on the same words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import jax
import numpy as np
from jaxtyping import Array, PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.knots.unknotting import Actions, Environment, play
from netphysics.lab import Coordinates, Experiment, Results, Study, option
from netphysics.report import Figure, categories
from netphysics.stats import Claim, Estimate, Numbers, Tally

from .agents import SOURCE, AgentConfig, Algorithm

Missing = Literal["commute", "braid", "conjugate"]


@dataclass(frozen=True)
class Config(AgentConfig):
    """Options of ablations."""

    algorithm: Algorithm = "TRPO"
    """Algorithm to learn with."""
    letters: int = option(24, least=6)
    """Letters N of all words."""
    missing: tuple[Missing, ...] = option(("commute", "braid", "conjugate"), distinct=True)
    """Kinds of actions to do without, one in each training."""

    presets: ClassVar = {
        "quick": {
            "letters": 12,
            "missing": ("braid",),
            "words": 256,
            "improvements": 15,
            "games": 16,
            "tests": 64,
        },
        "paper": {"letters": 48, "words": 4096, "improvements": 240, "tests": 512, "draws": 8},
    }


def cells(config: Config) -> list[Cell]:
    return [Cell(f"N={config.letters}")]


def predict(config: Config) -> Results:
    """What is not missing costs nothing."""
    return {cell.name: {"lost": Estimate.exact(0.0)} for cell in cells(config)}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    players = {"actions": ("all", *(f"without {kind}" for kind in config.missing))}
    lacking = {"missing": config.missing}
    return {"solved": players, "moves": players, "lost": lacking, "longer": lacking}


def measure(config: Config, cell: Cell) -> Experiment:
    def one(key: PRNGKeyArray) -> dict[str, np.ndarray]:
        learning, testing, playing = jax.random.split(key, 3)
        words = config.unknots(config.letters, config.tests, key=testing)
        games = []
        for without in ((), *((kind,) for kind in config.missing)):
            agent = config.train(config.algorithm, config.letters, without=without, key=learning).agent(0)
            environment = Environment(Actions(config.letters, without=without))
            games.append(play(agent, environment, words, key=playing))
            games[-1].verify()
        return {
            "solved": np.array([game.solved.mean() for game in games]),
            "moves": np.array([np.where(game.solved, game.moves, 0).mean() for game in games]),
        }

    def experiment(keys: Array) -> dict[str, Numbers]:
        found = [one(key) for key in keys]
        return {name: sum(each[name] for each in found) for name in found[0]}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    solved = tally.mean("solved")
    moves = tally.mean("moves") / np.maximum(solved, 1e-9)
    return {"solved": solved, "moves": moves, "lost": solved[0] - solved[1:], "longer": moves[1:] / moves[0]}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    (found,) = measured.values()
    lost = dict(zip(config.missing, found["lost"], strict=True))
    for kind, number in (("commute", 1), ("braid", 2)):
        if {kind, "conjugate"} <= set(lost):
            said = f"Without braid relation {number} an agent unties fewer unknots than without conjugation; by"
            gain = lost[kind] - lost["conjugate"]
            yield Claim.at_least(f"relation-{number}", said, 0.0, gain, "literature", SOURCE)
    if "braid" in lost:
        said = "Without braid relation 2 an agent loses a tenth of the unknots and more"
        yield Claim.at_least("needed", said, 0.1, lost["braid"], "conjecture", "netphysics")
    if "conjugate" in lost:
        said = "Conjugation can be done without: what is lost is less than 5 %"
        yield Claim.within("conjugation", said, 0.0, 0.05, lost["conjugate"], "conjecture", "netphysics")
    said = "An agent that may do everything unties 80 %"
    yield Claim.at_least("complete", said, 0.8, found["solved"][0], "literature", SOURCE)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    (found,) = measured.values()
    names = ["all actions", *(f"without {kind}" for kind in config.missing)]
    text = (
        f"The share of unknots of {config.letters} letters that agents untie within 300 moves, each after a training "
        "in which some kind of action was never possible."
    )
    yield categories("solved", text, {"untied": dict(zip(names, found["solved"], strict=True))}, y="share untied")
    moves = dict(zip(names, found["moves"], strict=True))
    yield categories("moves", "The moves of a game that was won.", {"moves": moves}, y="moves")


study = Study.from_module(
    __name__,
    question="Which moves does an agent need to untie unknots?",
    headline="solved",
    cites=("Gukov2021",),
)
