"""Experience: what agents did over a stretch of moves, and how much better it was than expected."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray

from .agents import Agent, Seen, chosen, see
from .environment import Environment, Parameters, State

# Rewards are minus the number of letters in units of so many, so that values are numbers of order 1 / (1 - discount).
UNIT = np.float32(32)


class Stretch(NamedTuple):
    """A stretch of moves of one agent in several games at a time.

    Attributes:
        seen: what the agent was told of the word at each move, before it.
        taken: the actions.
        chances: log probabilities of all actions.
        values: of the words.
        rewards: in units of `UNIT` letters, and where a game was truncated the discounted value of what would have
            come is added.
        done, terminated: whether the game ended with this move, and at the empty word.
        last: values of the words after the stretch.
    """

    seen: Seen
    taken: Int[Array, "moves games"]
    chances: Float[Array, "moves games actions"]
    values: Float[Array, "moves games"]
    rewards: Float[Array, "moves games"]
    done: Bool[Array, "moves games"]
    terminated: Bool[Array, "moves games"]
    last: Float[Array, " games"]


def collect(
    agent: Agent,
    states: State,
    environment: Environment,
    parameters: Parameters,
    moves: int,
    discount: float,
    *,
    key: PRNGKeyArray,
) -> tuple[State, Stretch]:
    """An agent goes on for some moves in several games, with a new game after each one that ends.

    Networks are evaluated for all games at once, moves are made in one game after the other: on CPUs that is a hundred
    times faster than all at once, where every branch of every action is taken.
    """
    games = len(states.moves)
    worths = jax.vmap(agent.worth)

    def move(
        states: State, drawn: tuple[Array, Array]
    ) -> tuple[State, tuple[Seen, Array, Array, Array, Array, Array, Array]]:
        numbers, dealt = drawn
        seen = jax.vmap(lambda word: see(word, environment.actions))(states.word)
        chances, values = jax.vmap(agent.policy)(seen), jax.vmap(agent.value)(*seen.front)[:, 0]
        taken = jax.vmap(chosen)(chances, numbers)
        after, outcome = jax.lax.map(lambda game: environment.step_env(game[0], game[1], parameters), (states, taken))
        terminated, truncated = outcome["terminated"], outcome["truncated"]
        missed = jax.lax.cond(truncated.any(), worths, lambda words: jnp.zeros_like(values), after.word)
        rewards = outcome["reward"] / UNIT + jnp.where(truncated, np.float32(discount) * missed, np.float32(0))
        # New words are dealt to all games at once: a loop over the games is fast as long as it holds little.
        done = terminated | truncated
        words = jnp.where(done[:, None], parameters.words[dealt], after.word)
        states = State(words, jnp.where(done, 0, after.moves))
        return states, (seen, taken, chances, values, rewards, done, terminated)

    choosing, dealing = jax.random.split(key)
    numbers = jax.random.uniform(choosing, (moves, games), jnp.float32)
    dealt = jax.random.randint(dealing, (moves, games), 0, len(parameters.words), jnp.int32)
    states, kept = jax.lax.scan(move, states, (numbers, dealt))
    return states, Stretch(*kept, worths(states.word))


def advantages(stretch: Stretch, discount: float, decay: float) -> tuple[Array, Array]:
    """Advantages and returns of one agent's stretch, shape (moves, games).

    Generalized advantage estimation, A_t = sum_k (discount decay)^k d_(t+k) with d_t = r_t + discount v_(t+1) - v_t,
    cut where a game ends (Schulman et al., 1506.02438, Eq. 16).
    """

    def back(carry: tuple[Array, Array], now: tuple[Array, ...]) -> tuple[tuple[Array, Array], Array]:
        advantage, following = carry
        value, reward, done = now
        goes_on = np.float32(discount) * (~done).astype(jnp.float32)
        advantage = reward + goes_on * following - value + np.float32(decay) * goes_on * advantage
        return (advantage, value), advantage

    begin = (jnp.zeros_like(stretch.last), stretch.last)
    _, found = jax.lax.scan(back, begin, (stretch.values, stretch.rewards, stretch.done), reverse=True)
    return found, found + stretch.values


def standardized(advantage: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """With mean 0 and standard deviation 1."""
    return (advantage - advantage.mean()) / (advantage.std() + np.float32(1e-8))
