"""Does what an agent learned on short words serve it on long ones?

The networks of our agents see the letters around the front of a word and do not know its length. Agents learn on words
of different lengths, with as many moves, and are tested on words that are longer than any of them has seen. Test words
are written from a random letter on, so that nothing tells where to begin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np
from jaxtyping import Array, PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.knots.unknotting import Actions, Environment, play, weighted_walker
from netphysics.knots.unknotting.games import Player
from netphysics.lab import Coordinates, Experiment, Results, Study, option
from netphysics.report import Figure, curves, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers, Tally

from .agents import AgentConfig, Algorithm, rotated
from .figures import share_curves

# Moves for each letter that a game may take: those of the longest words of the paper, 300 for 96 letters.
PACE = 300 / 96


@dataclass(frozen=True)
class Config(AgentConfig):
    """Options of the transfer to longer words."""

    algorithm: Algorithm = "TRPO"
    """Algorithm to learn with."""
    learned: tuple[int, ...] = option((12, 24, 48), least=6, rising=True)
    """Letters of the words to learn from."""
    letters: tuple[int, ...] = option((24, 48, 96, 192), least=6, rising=True)
    """Letters N of the words to be tested on."""
    tests: int = 64
    """Words that each agent is tested on."""

    presets: ClassVar = {
        "quick": {"learned": (8, 16), "letters": (16, 32), "words": 256, "improvements": 15, "games": 16, "tests": 48},
        "paper": {"words": 4096, "improvements": 240, "tests": 256, "draws": 8},
    }


def cells(config: Config) -> list[Cell]:
    return [Cell("all")]


def predict(config: Config) -> Results:
    """Nothing would be lost if a word were nothing but its surroundings."""
    return {"all": {"lost": Estimate.exact(0.0)}}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    players = (*(f"learned on {letters}" for letters in config.learned), "weighted walker")
    return {"solved": {"letters": config.letters, "player": players}}


def measure(config: Config, cell: Cell) -> Experiment:
    def one(key: PRNGKeyArray) -> np.ndarray:
        learning, testing, playing = jax.random.split(key, 3)
        players: list[Player] = [
            config.train(config.algorithm, letters, key=learning).agent(0) for letters in config.learned
        ]
        solved = []
        for letters in config.letters:
            words = config.unknots(letters, config.tests, key=jax.random.fold_in(testing, letters))
            words = rotated(words, key=testing)
            games = [
                play(player, Environment(Actions(letters)), words, horizon=round(PACE * letters), key=playing)
                for player in (*players, weighted_walker)
            ]
            for game in games:
                game.verify()
            solved.append([game.solved.mean() for game in games])
        return np.array(solved)

    def experiment(keys: Array) -> dict[str, Numbers]:
        return {"solved": sum(one(key) for key in keys)}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    solved = tally.mean("solved")
    return {"solved": solved, "gain": solved[-1, :-1] - solved[-1, -1], "last": solved[-1, -2]}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    (found,) = measured.values()
    most, longest = config.learned[-1], config.letters[-1]
    said = f"Agents that learned on {most} letters untie half of all words of {longest} letters and more"
    yield Claim.at_least("transfer", said, 0.5, found["last"], "conjecture", "netphysics")
    said = f"On {longest} letters all agents untie more than a walker with sensible weights"
    yield Claim.at_least("walker", said, 0.0, found["gain"], "conjecture", "netphysics")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    (found,) = measured.values()
    names = [*(f"learned on {letters}" for letters in config.learned), "weighted walker"]
    roles = [*ordered_roles(len(config.learned)), "other"]
    lines = share_curves(config.letters, found["solved"], dict(zip(names, roles, strict=True)))
    text = (
        "The share of unknots that is untied within 300 moves for each 96 letters, by agents that learned on words of "
        "one length only. Words are written from a random letter on."
    )
    yield curves("solved", text, lines, x="letters $N$", y="share untied", log="x", key="outside")


study = Study.from_module(
    __name__,
    question="Does what an agent learned on short words serve it on long ones?",
    headline="solved",
    cites=("Gukov2021",),
)
