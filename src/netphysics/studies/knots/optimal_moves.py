"""How near do agents come to the fewest moves?

For short words a breadth-first search over all words that so many moves lead to finds the smallest number of moves to
the empty word. Beside it: an agent that draws its actions, one that takes the likeliest, a tree search that the agent
guides, and the best of several weighted walks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np
from jaxtyping import Array, PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.knots.braids import Braid
from netphysics.knots.unknotting import (
    Actions,
    Budget,
    Environment,
    best_of,
    fewest_moves,
    play,
    tree_search,
    weighted_walker,
)
from netphysics.lab import Coordinates, Experiment, Results, Study, option
from netphysics.report import Curve, Figure, curves, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers, Tally, stack

from .agents import AgentConfig, Algorithm

PLAYERS = ("agent", "agent, greedy", "tree search", "best of 16 walks")
TRIES = 16
# Beyond this many moves a word is left out: too many words would have to be looked at.
WITHIN = 8


@dataclass(frozen=True)
class Config(AgentConfig):
    """Options of optimal moves."""

    algorithm: Algorithm = "TRPO"
    """Algorithm to learn with."""
    letters: tuple[int, ...] = option((7, 8, 9, 10), distinct=True, between=(6, 12))
    """Letters N of the words; an agent learns on each."""
    tests: int = 32
    """Words that each agent is tested on."""

    presets: ClassVar = {
        "quick": {"letters": (8,), "words": 128, "improvements": 15, "games": 16, "tests": 16},
        "paper": {"improvements": 240, "tests": 128, "draws": 8},
    }


def cells(config: Config) -> list[Cell]:
    return [Cell(f"N={letters}", {"letters": letters}) for letters in config.letters]


def predict(config: Config) -> Results:
    """Nobody needs fewer moves than the fewest."""
    return {cell.name: {"ratio": Estimate.exact(1.0)} for cell in cells(config)}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {name: {"player": PLAYERS} for name in ("ratio", "optimal", "solved")}


def measure(config: Config, cell: Cell) -> Experiment:
    actions = Actions(cell["letters"])
    environment = Environment(actions)

    def one(key: PRNGKeyArray) -> dict[str, np.ndarray | np.float64]:
        learning, testing, playing = jax.random.split(key, 3)
        agent = config.train(config.algorithm, actions.letters, key=learning).agent(0)
        words = config.unknots(actions.letters, config.tests, key=testing)
        braids = [Braid(word.tolist()) for word in words]
        fewest = [fewest_moves(actions, braid, WITHIN) for braid in braids]
        known = np.array([moves is not None for moves in fewest])
        games = [
            play(agent, environment, words, key=playing),
            play(agent, environment, words, greedy=True, key=playing),
            best_of(TRIES, weighted_walker, environment, words, key=playing),
        ]
        for game in games:
            game.verify()
        searches = [tree_search(agent, actions, braid, Budget(config.looks)) for braid in braids]
        solved = [game.solved for game in games]
        moves = [game.moves for game in games]
        solved.insert(2, np.array([search.solved for search in searches]))
        moves.insert(2, np.array([len(search.taken) for search in searches]))
        counted = np.array(solved) & known
        best = np.array([number or 0 for number in fewest])
        return {
            "known": known.mean(),
            "fewest": best.mean(),
            "solved": counted.mean(axis=1),
            "moves": np.where(counted, moves, 0).mean(axis=1),
            "least": np.where(counted, best, 0).mean(axis=1),
            "optimal": (counted & (np.array(moves) == best)).mean(axis=1),
            "below": (counted & (np.array(moves) < best)).mean(),
        }

    def experiment(keys: Array) -> dict[str, Numbers]:
        found = [one(key) for key in keys]
        return {name: sum(each[name] for each in found) for name in found[0]}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    known = max(tally.mean("known"), 1e-9)
    return {
        "known": tally.mean("known"),
        "fewest": tally.mean("fewest") / known,
        "ratio": tally.mean("moves") / np.maximum(tally.mean("least"), 1e-9),
        "solved": tally.mean("solved") / known,
        "optimal": tally.mean("optimal") / known,
        "below": tally.mean("below"),
    }


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    found = [measured[cell.name] for cell in cells(config)]
    ratios = stack([each["ratio"] for each in found])
    said = "No player needs fewer moves than the fewest"
    below = stack([each["below"] for each in found])
    yield Claim("fewest", said, np.zeros(len(found)), below, "theory", "breadth-first search is exhaustive")
    said = "The greedy agent needs at most half as many moves again as the fewest, where it comes to the end"
    yield Claim.at_most("greedy", said, 1.5, ratios[:, 1], "conjecture", "netphysics")
    said = "Of the words whose fewest moves are known, the tree search unties 95 % and more"
    solved = stack([each["solved"] for each in found])
    yield Claim.at_least("search", said, 0.95, solved[:, 2], "conjecture", "netphysics")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    found = [measured[cell.name] for cell in cells(config)]
    titles = {"ratio": "moves / fewest moves", "optimal": "share with the fewest moves"}
    lines = [
        Curve(
            labels={"quantity": title, "player": player},
            x=np.array(config.letters),
            measured=stack([each[quantity] for each in found])[:, number],
            role=role,
            panel=title,
            legend=player,
        )
        for quantity, title in titles.items()
        for number, (player, role) in enumerate(zip(PLAYERS, ordered_roles(len(PLAYERS)), strict=True))
    ]
    text = (
        f"Left, moves of the games that were won over the fewest moves for the same words; right, the share of words "
        f"that are untied in the fewest moves. Words that need more than {WITHIN} moves are left out."
    )
    axes = {title: title for title in titles.values()}
    yield curves("ratio", text, lines, x="letters $N$", y=axes, key="outside")


study = Study.from_module(
    __name__,
    question="How near do agents come to the fewest moves that untie an unknot?",
    headline="ratio",
    cites=("Gukov2021",),
)
