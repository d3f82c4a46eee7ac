"""The environment as pure functions with the signature of gymnax: a closed braid, and 300 moves to untie it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Int8, PRNGKeyArray

from ..priors import Words
from .actions import Actions
from .words import Word, act, legal, length_of

HORIZON = 300


class Parameters(NamedTuple):
    """What an environment starts from.

    Attributes:
        words: the words that games begin with, flush left, zero-padded to 2N letters.
        horizon: moves after which a game is truncated.
    """

    words: Int8[Array, "words room"]
    horizon: Int[Array, ""]


class State(NamedTuple):
    """A game: the word, and how many moves were made."""

    word: Word
    moves: Int[Array, ""]


@dataclass(frozen=True)
class Environment:
    """Untying unknots (Halverson, talk at IAS 2020): the state is a word, the reward of a move minus its length.

    A game is terminated at the empty word, and truncated after 300 moves. What ends a game says which, because the
    value of what would have come differs: nothing after the one, as much as before after the other.

    Attributes:
        actions: what may be done.
    """

    actions: Actions

    @property
    def num_actions(self) -> int:
        return len(self.actions)

    def parameters(self, words: Words | np.ndarray, horizon: int = HORIZON) -> Parameters:
        """Games that begin with words of a prior.

        Raises:
            ValueError: for words with more than 2N letters, or a horizon below 1.
        """
        letters = np.asarray(words.letters if isinstance(words, Words) else words, np.int8)
        if letters.shape[1] > self.actions.room:
            raise ValueError(f"words has {letters.shape[1]} letters; there is room for {self.actions.room}")
        if horizon < 1:
            raise ValueError(f"horizon is {horizon}; it must be at least 1")
        padded = np.pad(letters, ((0, 0), (0, self.actions.room - letters.shape[1])))
        return Parameters(jnp.asarray(padded), jnp.asarray(horizon, jnp.int32))

    def reset(self, key: PRNGKeyArray, parameters: Parameters) -> tuple[Word, State]:
        """A word drawn from those of the parameters."""
        drawn = jax.random.randint(key, (), 0, len(parameters.words), jnp.int32)
        state = State(parameters.words[drawn], jnp.zeros((), jnp.int32))
        return state.word, state

    def step_env(self, state: State, action: Int[Array, ""], parameters: Parameters) -> tuple[State, dict[str, Array]]:
        """One move, without a new game after the last one: the state, and `reward`, `terminated`, `truncated`."""
        word = act(state.word, action, self.actions)
        moves = state.moves + np.int32(1)
        length = length_of(word)
        terminated = length == 0
        outcome = {
            "reward": -length.astype(jnp.float32),
            "terminated": terminated,
            "truncated": ~terminated & (moves >= parameters.horizon),
        }
        return State(word, moves), outcome

    def step(
        self, key: PRNGKeyArray, state: State, action: Int[Array, ""], parameters: Parameters
    ) -> tuple[Word, State, Float[Array, ""], Bool[Array, ""], dict[str, Array]]:
        """One move, and a new game after the last one: gymnax's step.

        Returns:
            Observation, state, reward, whether the game is over, and `word` as it was before a new game,
            `terminated`, `truncated`.
        """
        after, outcome = self.step_env(state, action, parameters)
        done = outcome["terminated"] | outcome["truncated"]
        reward = outcome.pop("reward")
        state = jax.lax.cond(done, lambda: self.reset(key, parameters)[1], lambda: after)
        return state.word, state, reward, done, {"word": after.word, **outcome}

    def action_mask(self, word: Word) -> Bool[Array, " actions"]:
        """Which actions do something of their own."""
        return legal(word, self.actions)
