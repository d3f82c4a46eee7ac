"""Are unknots of the prior easy only because their words still show how they were made?

The words of 2010.16263 are made by Markov moves, with one braid relation after each, and a greedy sweep that has
learned nothing unties them all, whatever the share of stabilizations. Here sweeps of braid relations stir the words
before they are handed out. That changes neither the knot nor the number of letters.

Who has learned from the prior's own words, and who from stirred ones? An agent of the second kind then plays against
its failures: in rounds it goes on learning from those of many new and longer words that it cannot untie, or with the
most moves, so that its words become harder as it becomes better. Beside it one goes on with words that nobody has
chosen, as many and for as long. The test words are new to all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np
from jaxtyping import PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.knots.braids import Braid, check
from netphysics.knots.unknotting import (
    Actions,
    Agent,
    Budget,
    Environment,
    greedy_sweep,
    play,
    tree_search,
    weighted_walker,
)
from netphysics.knots.unknotting.games import Player
from netphysics.lab import Experiment, Results, Study, budget, option
from netphysics.report import Curve, Figure, curves, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers, Tally

from .agents import SOURCE, AgentConfig, Algorithm, rotated, stirred, trained_one_by_one, with_a_failure

AGENTS = ("learned from the prior", "learned from stirred words", "and from longer ones", "and from its failures")
PLAYERS = (*AGENTS, "weighted walker", "greedy sweep")
SWEEP = PLAYERS.index("greedy sweep")
# New words among which an agent looks for its failures, for each that it goes on learning from.
POOL = 4


@dataclass(frozen=True)
class Config(AgentConfig):
    """Options of stirred words."""

    algorithm: Algorithm = "TRPO"
    """Algorithm to learn with."""
    learned: int = option(24, least=6)
    """Letters of the words to learn from."""
    letters: int = option(48, least=6)
    """Letters N of the words to be tested on."""
    sweeps: tuple[int, ...] = option((0, 3, 30), entries=2, least=0, rising=True)
    """Sweeps of braid relations that stir the words of a test; agents learn from those of the last number."""
    stabilizations: tuple[float, ...] = option((0.05, 0.2, 0.5), distinct=True, above=0, below=1)
    """Probabilities of a stabilization in priors from which words of a test are drawn."""
    words: int = option(256, least=16)
    """Words to learn from at a time."""
    improvements: int = option(60, least=1)
    """Improvements at a time, of 128 moves in each game."""
    rounds: int = option(2, least=1)
    """Rounds of going on, with new words in each."""
    searched: int = option(4, least=1)
    """Stirred words that the tree search is given."""
    draws: int = budget(8)
    """Trainings."""

    presets: ClassVar = {
        "quick": {
            "learned": 12,
            "letters": 24,
            "sweeps": (0, 10),
            "stabilizations": (0.5,),
            "words": 64,
            "rounds": 1,
            "improvements": 8,
            "games": 16,
            "tests": 24,
            "searched": 1,
            "draws": 4,
        },
        "paper": {"words": 4096, "improvements": 240, "tests": 256, "rounds": 4, "searched": 32, "draws": 8},
    }


def cells(config: Config) -> list[Cell]:
    return [Cell(f"N={config.letters}")]


def predict(config: Config) -> Results:
    """Stirring changes no knot: whatever can be untied before can be untied after."""
    return {cell.name: {"lost": Estimate.exact(0.0)} for cell in cells(config)}


def measure(config: Config, cell: Cell) -> Experiment:
    return trained_one_by_one(lambda key: one_training(config, key))


def one_training(config: Config, key: PRNGKeyArray) -> dict[str, np.ndarray]:
    """The agents, and what they and the walkers make of the same words."""
    learning, testing, playing = jax.random.split(key, 3)
    agents = taught(config, learning)
    environment = Environment(Actions(config.letters))
    drawn = config.unknots(config.letters, config.tests, key=testing)
    by_sweeps = [stirred(drawn, sweeps, key=testing) for sweeps in config.sweeps]
    by_prior = []
    for share in config.stabilizations:
        words = config.unknots(config.letters, config.tests, share, key=testing)
        by_prior.append([rotated(words, key=testing), stirred(words, config.sweeps[-1], key=testing)])
    return {
        "sweeps": np.array([untied(agents, environment, words, playing) for words in by_sweeps]),
        "priors": np.array([[untied(agents, environment, words, playing) for words in pair] for pair in by_prior]),
        "searched": np.array([searched(config, agent, environment.actions, by_sweeps[-1]) for agent in agents[1:]]),
    }


def taught(config: Config, key: PRNGKeyArray) -> list[Agent]:
    """The agents of `AGENTS`."""
    drawing, pooling, learning = jax.random.split(key, 3)
    environment, most = Environment(Actions(config.learned)), config.sweeps[-1]
    words = config.unknots(config.learned, config.words, key=drawing)
    easy = config.learn(config.algorithm, environment, rotated(words, key=drawing), key=learning)
    hard = stirred(words, most, key=drawing)
    first = config.learn(config.algorithm, environment, hard, key=learning)
    plain = chosen = first
    longer = Environment(Actions(config.letters))
    for number in range(config.rounds):
        drawing, playing, learning = jax.random.split(jax.random.fold_in(pooling, number), 3)
        pool = stirred(config.unknots(config.letters, POOL * config.words, key=drawing), most, key=drawing)
        failed = play(chosen.agent(0), longer, pool, key=playing).hardest(config.words)
        chosen = config.learn(config.algorithm, longer, failed, chosen.agents, key=learning)
        plain = config.learn(config.algorithm, longer, pool[: config.words], plain.agents, key=learning)
    return [each.agent(0) for each in (easy, first, plain, chosen)]


def untied(agents: list[Agent], environment: Environment, words: np.ndarray, key: PRNGKeyArray) -> list[float]:
    """The share of words that each of `PLAYERS` unties."""
    players: list[Player] = [*agents, weighted_walker]
    games = [play(player, environment, words, key=key) for player in players]
    games.append(play(greedy_sweep, environment, words, greedy=True, key=key))
    return [game.verify() / len(words) for game in games]


def searched(config: Config, agent: Agent, actions: Actions, words: np.ndarray) -> float:
    """The share of words that a tree search unties."""
    found = [
        tree_search(agent, actions, Braid(word.tolist()), Budget(config.looks)) for word in words[: config.searched]
    ]
    for each in found:
        check(each.certificate)
    return float(np.mean([each.solved for each in found]))


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    found = {name: tally.mean(name) for name in ("sweeps", "priors", "searched")}
    return {**found, "lost": found["sweeps"][0] - found["sweeps"][-1]}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    (found,) = measured.values()
    drawn, last = found["priors"][:, 0], found["sweeps"][-1]
    said = "A greedy sweep unties 95 % of the words as drawn, whatever the share of stabilizations"
    yield Claim.at_least("drawn", said, 0.95, with_a_failure(config, drawn[:, SWEEP]), "conjecture", "netphysics")
    said = "Stirred by relations, most words withstand the greedy sweep at every share of stabilizations"
    yield Claim.at_most("stirred", said, 0.5, found["priors"][:, 1, SWEEP], "conjecture", "netphysics", SHOWN)
    said = "An agent that learned from stirred words unties more of them than the greedy sweep"
    yield Claim.at_least("sweep", said, 0.0, last[1] - last[SWEEP], "conjecture", "netphysics")
    said = "It unties more of them than one that learned from the prior's own words"
    yield Claim.at_least("prior", said, 0.0, last[1] - last[0], "conjecture", "netphysics")
    said = "It unties 80 % of them"
    yield Claim.at_least("share", said, 0.8, last[1], "conjecture", "netphysics")
    said = "An agent that goes on with longer words unties more than before"
    yield Claim.at_least("longer", said, 0.0, last[2] - last[1], "conjecture", "netphysics")
    said = "One that goes on with its failures unties more than one that goes on with words that nobody has chosen"
    yield Claim.at_least("failures", said, 0.0, last[3] - last[2], "conjecture", "netphysics")


SHOWN = f"A word of the prior has had one relation after each move, which a sweep takes back ({SOURCE})."


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    (found,) = measured.values()
    roles = ordered_roles(len(PLAYERS))
    # The last agent's.
    search = found["searched"][-1:]
    yield curves(
        "sweeps",
        f"The share of unknots of {config.letters} letters that is untied within 300 moves, against the sweeps of "
        "braid relations that have stirred the words. Agents learned from words after no sweep or after "
        f"{config.sweeps[-1]}, of {config.learned} letters. Every win was replayed move by move.",
        [
            *(
                Curve(labels={"player": name}, x=config.sweeps, measured=found["sweeps"][:, k], role=role, legend=name)
                for k, (name, role) in enumerate(zip(PLAYERS, roles, strict=True))
            ),
            Curve(
                labels={"player": "tree search"},
                x=config.sweeps[-1:],
                measured=search,
                role="knots",
                legend="tree search",
            ),
        ],
        x="sweeps of braid relations",
        y="share untied",
        key="outside",
    )
    titles = ("as drawn", f"after {config.sweeps[-1]} sweeps")
    yield curves(
        "priors",
        "The same, against the share of stabilizations among the Markov moves that made the words.",
        [
            Curve(
                labels={"words": title, "player": name},
                x=config.stabilizations,
                measured=found["priors"][:, place, k],
                role=role,
                panel=title,
                legend=name,
            )
            for place, title in enumerate(titles)
            for k, (name, role) in enumerate(zip(PLAYERS, roles, strict=True))
        ],
        x="probability of a stabilization",
        y="share untied",
        key="outside",
        share_y=True,
    )


study = Study.from_module(
    __name__,
    question="Are unknots easy only because their words still show how they were made?",
    headline="sweeps",
    cites=("Gukov2021",),
)
