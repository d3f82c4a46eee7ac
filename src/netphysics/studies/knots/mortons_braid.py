"""Which unknots need moves that the agents of the paper do not have?

The actions of 2010.16263 are braid relations, conjugation and destabilization. They never leave the conjugacy class of
a braid but to fewer strands, so that an unknot which is irreducible in its class is out of their reach, however clever
the agent: Morton's braid of 4 strands and 11 letters is one. With exchange moves and stabilizations it can be untied.

Disguises of Morton's braid are conjugated by random letters, stirred by braid relations, mirrored and turned over. A
weighted walker in the extended set unties a few in a hundred. Two agents learn from the same words: those on the ways
out that this walker found, as whoever is never near a way out learns nothing about it, and unknots of the prior. One
agent has the actions of the paper, the other the extended set. They are tested on disguises and on words of the prior
that nobody has learned from, and on Morton's braid itself.
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
from netphysics.knots.unknotting import Actions, Environment, Games, play, weighted_walker
from netphysics.knots.unknotting.games import Player
from netphysics.knots.unknotting.words import act
from netphysics.lab import Coordinates, Experiment, Results, Study, option
from netphysics.report import Figure, curves, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers, Tally
from netphysics.train import compiled

from .agents import AgentConfig, Algorithm, rotated, stirred, trained_one_by_one, with_a_failure
from .figures import share_curves

# An unknot that no conjugation and destabilization shortens (Morton, Math. Proc. Camb. Phil. Soc. 93 (1983) 247).
MORTON = Braid([-3, -3, 2, -3, 2, 1, 1, 1, -2, 1, -2])
PLAYERS = ("extended set", "paper's set", "weighted walker")
# Sweeps of braid relations over a disguised word.
SWEEPS = 10
# Walks for each word of the prior that is learned from.
WALKS = 3


@dataclass(frozen=True)
class Config(AgentConfig):
    """Options of Morton's braid."""

    algorithm: Algorithm = "PPO"
    """Algorithm to learn with."""
    letters: int = option(12, least=12)
    """Letters N of the prior's words; there is room for twice as many."""
    improvements: int = option(120, least=1)
    """Improvements, of 128 moves in each game."""
    horizon: int = option(100, least=1)
    """Moves after which a game is truncated while agents learn; in tests it is after 300."""
    conjugations: tuple[int, ...] = option((0, 2, 6), least=0, rising=True)
    """Letters by which Morton's braid is conjugated in the words of a test; the walker starts from all numbers up to
    the last one."""

    presets: ClassVar = {
        "quick": {
            "conjugations": (0, 4),
            "words": 256,
            "improvements": 12,
            "games": 16,
            "tests": 64,
        },
        "paper": {"words": 4096, "improvements": 240, "tests": 512, "draws": 8},
    }


def cells(config: Config) -> list[Cell]:
    return [Cell(f"N={config.letters}")]


def predict(config: Config) -> Results:
    """Whoever has the paper's actions only unties none of them."""
    return {cell.name: {"without": Estimate.exact(np.zeros(len(config.conjugations)))} for cell in cells(config)}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {"disguised": {"conjugations": config.conjugations, "player": PLAYERS}}


def measure(config: Config, cell: Cell) -> Experiment:
    return trained_one_by_one(lambda key: one_training(config, key))


def one_training(config: Config, key: PRNGKeyArray) -> dict[str, np.ndarray]:
    """Two agents that learned from the same words, and what they make of others."""
    drawing, learning, testing, playing = jax.random.split(key, 4)
    environments = [Environment(Actions(config.letters, extended)) for extended in (True, False)]
    words = words_to_learn_from(config, environments[0], key=drawing)
    players: list[Player] = [
        config.learn(config.algorithm, environment, words, horizon=config.horizon, key=learning).agent(0)
        for environment in environments
    ]
    tables = list(zip([*environments, environments[0]], [*players, weighted_walker], strict=True))
    known = {word.tobytes() for word in words}

    def untied(words: np.ndarray) -> list[float]:
        """The share that each of `PLAYERS` unties."""
        games = [play(player, environment, words, key=playing) for environment, player in tables]
        return [game.verify() / len(words) for game in games]

    def new(words: np.ndarray) -> np.ndarray:
        """The first words that nobody has learned from."""
        padded = np.pad(words, ((0, 0), (0, 2 * config.letters - words.shape[1])))
        return padded[[word.tobytes() not in known for word in padded]][: config.tests]

    twice = np.ones(2 * config.tests, int)
    tests = [
        new(disguised(number * twice, config.letters, key=jax.random.fold_in(testing, number)))
        for number in config.conjugations
    ]
    drawn = new(rotated(config.unknots(config.letters, 2 * config.tests, key=testing), key=testing))
    itself = np.tile(np.array(MORTON.letters, np.int8), (config.tests, 1))
    return {
        "disguised": np.array([untied(words) for words in tests]),
        "itself": np.array(untied(itself)),
        "drawn": np.array(untied(drawn)),
    }


def words_to_learn_from(config: Config, environment: Environment, *, key: PRNGKeyArray) -> np.ndarray:
    """Unknots of the prior, and twice as many words on the ways out."""
    drawing, disguising, walking, choosing = jax.random.split(key, 4)
    third = config.words // 3
    easy = rotated(config.unknots(config.letters, third, key=drawing), key=drawing)
    numbers = np.arange(WALKS * third) % (config.conjugations[-1] + 1)
    games = play(weighted_walker, environment, disguised(numbers, config.letters, key=disguising), key=walking)
    ways = on_ways_out(games)
    chosen = np.asarray(jax.random.randint(choosing, (2 * third,), 0, max(len(ways), 1), np.int32))
    return np.concatenate([np.pad(easy, ((0, 0), (0, config.letters))), ways[chosen[: len(ways)]]])


def on_ways_out(games: Games) -> np.ndarray:
    """All words that were met in games that were won, shape (words, room)."""
    solved = np.flatnonzero(games.solved)
    words, met = games.words[solved], [games.words[:0]]
    for time in range(int(games.moves[solved].max(initial=0))):
        going = np.asarray(words.any(axis=1))
        met.append(words[going])
        words = np.where(going[:, None], acted_on(words, games.taken[solved, time], games.actions), 0)
    return np.concatenate(met)


@compiled(once=True)
def acted_on(words: Array, taken: Array, actions: Actions) -> Array:
    """The words after one action each."""
    return jax.vmap(lambda word, action: act(word, action, actions))(words, taken)


def disguised(conjugations: np.ndarray, letters: int, *, key: PRNGKeyArray) -> np.ndarray:
    """Words of the class of Morton's braid, each conjugated by so many random letters and stirred.

    Returns:
        Shape (words, 2 letters), zero-padded.
    """
    generator = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    words = np.zeros((len(conjugations), 2 * letters), np.int8)
    for number in np.unique(conjugations):
        rows = np.flatnonzero(conjugations == number)
        by = generator.choice([-3, -2, -1, 1, 2, 3], (len(rows), number))
        longer = np.concatenate([by, np.tile(MORTON.letters, (len(rows), 1)), -by[:, ::-1]], axis=1)
        words[rows, : longer.shape[1]] = longer
    return stirred(words, SWEEPS, key=key)


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    found = {name: tally.mean(name) for name in ("disguised", "itself", "drawn")}
    return {**found, "without": found["disguised"][:, 1]}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    (wanted,), (found,) = predicted.values(), measured.values()
    said = "With the paper's actions no word of the class of Morton's braid is ever untied"
    yield Claim("without", said, wanted["without"], found["without"], "theory", "Morton 1983")
    last = with_a_failure(config, found["disguised"][-1])
    said = "An agent that learned in the extended set unties half of the disguises of Morton's braid"
    yield Claim.at_least("half", said, 0.5, last[0], "conjecture", "netphysics")
    said = "It unties more of them than a weighted walker in the same set"
    yield Claim.at_least("walker", said, 0.0, last[0] - last[2], "conjecture", "netphysics")
    said = "It unties Morton's braid itself more often than not"
    itself = with_a_failure(config, found["itself"])
    yield Claim.at_least("itself", said, 0.5, itself[0], "conjecture", "netphysics")
    said = "The larger set costs it less than 10 % of the prior's words"
    yield Claim.at_most("cost", said, 0.1, found["drawn"][1] - found["drawn"][0], "conjecture", "netphysics")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    (found,) = measured.values()
    lines = share_curves(
        config.conjugations, found["disguised"], dict(zip(PLAYERS, ordered_roles(len(PLAYERS)), strict=True))
    )
    text = (
        "The share of disguises of Morton's braid that is untied within 300 moves, against the letters that it was "
        "conjugated by. Every win was replayed move by move."
    )
    yield curves("disguised", text, lines, x="letters of the conjugation", y="share untied", key="outside")


study = Study.from_module(
    __name__,
    question="Which unknots need moves that the agents of the paper do not have, and can an agent learn to use them?",
    headline="disguised",
    cites=("Gukov2021",),
)
