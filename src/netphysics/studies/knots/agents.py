"""What all studies of agents have in common: options of a training, the words of it, and the agent that comes out."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import jax
import numpy as np
from jaxtyping import Array, PRNGKeyArray

from netphysics.knots.classifiers.equivalence import equivalent_word
from netphysics.knots.priors import Prior, random_unknots, seeds_of
from netphysics.knots.unknotting import (
    Actions,
    ActorCritic,
    Agent,
    Environment,
    Learned,
    Proximal,
    TrustRegion,
    make_learning,
)
from netphysics.knots.unknotting.environment import HORIZON
from netphysics.knots.unknotting.learning import Learner
from netphysics.lab import Experiment, StudyConfig, budget, option
from netphysics.stats import Estimate, Numbers
from netphysics.train import compiled

SOURCE = "arXiv:2010.16263; Halverson, talk at IAS 2020"
Algorithm = Literal["TRPO", "A2C", "PPO"]
LEARNERS: dict[Algorithm, Learner] = {"TRPO": TrustRegion(), "A2C": ActorCritic(), "PPO": Proximal()}
make = functools.cache(make_learning)


@dataclass(frozen=True)
class AgentConfig(StudyConfig):
    """Options of trainings of agents that unknot."""

    words: int = option(1024, least=16)
    """Words to learn from, each rotated at random."""
    improvements: int = option(80, least=1)
    """Improvements by TRPO, of 128 moves in each game; other algorithms make as many moves."""
    games: int = option(32, least=1)
    """Games that an agent plays at a time."""
    width: int = option(64, least=1)
    """Units of each of two hidden layers."""
    tests: int = option(128, least=1)
    """Words that each agent is tested on."""
    looks: int = option(500, least=1)
    """Words whose moves a tree search may look at."""
    stabilization: float = option(0.2, above=0, below=1)
    """Probability that a Markov move of the prior is a stabilization; the paper does not say."""
    draws: int = budget(4)
    """Trainings."""
    block_size: int = 1
    """Trainings in one block."""

    def train(self, algorithm: Algorithm, letters: int, *, without: tuple[str, ...] = (), key: PRNGKeyArray) -> Learned:
        """One agent that learned from unknots of the prior."""
        drawing, learning = jax.random.split(key)
        words = rotated(self.unknots(letters, self.words, key=drawing), key=drawing)
        return self.learn(algorithm, Environment(Actions(letters, without=without)), words, key=learning)

    def learn(
        self,
        algorithm: Algorithm,
        environment: Environment,
        words: np.ndarray,
        agents: Agent | None = None,
        *,
        horizon: int = HORIZON,
        key: PRNGKeyArray,
    ) -> Learned:
        """One agent that learned from some words; a new one, or one that goes on."""
        learner = LEARNERS[algorithm]
        improvements = self.improvements * LEARNERS["TRPO"].moves // learner.moves
        learn = make(
            learner,
            environment,
            improvements=improvements,
            games=self.games,
            width=self.width,
            chunk=-(-improvements // CHUNKS),
        )
        return learn(key[None], environment.parameters(words, horizon), agents)

    def unknots(self, letters: int, count: int, stabilization: float | None = None, *, key: PRNGKeyArray) -> np.ndarray:
        """Words of the prior, shape (count, letters)."""
        share = self.stabilization if stabilization is None else stabilization
        seeds = seeds_of(np.asarray(jax.random.key_data(jax.random.split(key, count))))
        return random_unknots(Prior(letters, stabilization=share), seeds).letters


def with_a_failure(config: AgentConfig, share: Estimate) -> Estimate:
    """A share without a single failure has no error bar at all; this is what one failure would have made of it."""
    error = np.maximum(share.error, 1 / (config.tests * config.draws))
    return Estimate(share.value, error, share.draws, share.dof)


# Points of a learning curve.
CHUNKS = 20


def trained_one_by_one(training: Callable[[PRNGKeyArray], dict[str, np.ndarray]]) -> Experiment:
    """An experiment whose realizations are trainings, each with its own numbers."""

    def experiment(keys: Array) -> dict[str, Numbers]:
        found = [training(key) for key in keys]
        return {name: sum(each[name] for each in found) for name in found[0]}

    return experiment


def rotated(words: np.ndarray, *, key: PRNGKeyArray) -> np.ndarray:
    """The same closed braids, each written from a random letter on.

    A word of the prior begins and ends where SmartCollapse was stopped by the last relation, and so tells where to
    begin; a closed braid does not.
    """
    letters = (words != 0).sum(axis=1, dtype=np.int32, keepdims=True)
    by = np.asarray(jax.random.randint(key, letters.shape, 0, letters, np.int32))
    place = np.arange(words.shape[1])
    # What comes behind the letters stays there.
    return np.take_along_axis(words, np.where(place < letters, (place + by) % letters, place), axis=1)


def stirred(words: np.ndarray, sweeps: int, *, key: PRNGKeyArray) -> np.ndarray:
    """Words of the same closed braids up to symmetry after so many sweeps of braid relations, rotated at random."""
    keys = jax.random.split(key, len(words))
    return rotated(np.asarray(equivalent_words(words, keys, sweeps)) if sweeps else words, key=key)


@compiled(once=True)
def equivalent_words(words: Array, keys: Array, sweeps: int) -> Array:
    """One word for each."""
    return jax.vmap(lambda word, key: equivalent_word(word, sweeps, key=key))(words, keys)
