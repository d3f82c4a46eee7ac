"""Experience: what agents did over a stretch of moves, and how much better it was than expected."""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Int8, Key

from .agents import Agent, chosen, see
from .environment import Environment, Parameters, State

# Rewards are minus the number of letters in units of so many, so that values are numbers of order 1 / (1 - discount).
UNIT = np.float32(32)


class Stretch(NamedTuple):
    """A stretch of moves in several games at a time, of one agent or, with a leading axis, of several.

    Attributes:
        words: at each move, before it.
        taken: the actions.
        chances: log probabilities of all actions.
        values: of the words.
        rewards: in units of `UNIT` letters, and where a game was truncated the discounted value of what would have
            come is added.
        done, terminated: whether the game ended with this move, and at the empty word.
        last: values of the words after the stretch.
    """

    words: Int8[Array, "*agents moves games room"]
    taken: Int[Array, "*agents moves games"]
    chances: Float[Array, "*agents moves games actions"]
    values: Float[Array, "*agents moves games"]
    rewards: Float[Array, "*agents moves games"]
    done: Bool[Array, "*agents moves games"]
    terminated: Bool[Array, "*agents moves games"]
    last: Float[Array, "*agents games"]


def collect(
    agents: Agent,
    states: State,
    environment: Environment,
    parameters: Parameters,
    moves: int,
    discount: float,
    keys: Key[Array, " agents"],
) -> tuple[State, Stretch]:
    """Agents side by side, stacked along a first axis, each in its own games, go on for some moves.

    Networks are evaluated for all games at once, moves are made in one game after the other: on CPUs that is a hundred
    times faster than all at once, where every branch of every action is taken.
    """
    members, games = states.moves.shape

    def judge(words: Array) -> tuple[Array, Array]:
        def one(agent: Agent, word: Array) -> tuple[Array, Array]:
            seen = see(word, environment.actions)
            return agent.policy(seen), agent.value(seen.front)[0]

        return eqx.filter_vmap(jax.vmap(one, in_axes=(None, 0)))(agents, words)

    def move(states: State, time: Array) -> tuple[State, tuple[Array, ...]]:
        chances, values = judge(states.word)
        drawing = jax.vmap(lambda key: jax.random.split(jax.random.fold_in(key, time), games + 1))(keys)
        numbers = jax.vmap(lambda key: jax.random.uniform(key, (games,), jnp.float32))(drawing[:, -1])
        taken = jax.vmap(jax.vmap(chosen))(chances, numbers)
        flat = jax.tree.map(
            lambda leaf: leaf.reshape(members * games, *leaf.shape[2:]), (drawing[:, :-1], states, taken)
        )
        after, rewards, done, outcome = jax.lax.map(
            lambda each: environment.step(each[0], each[1], each[2], parameters)[1:], flat
        )
        shaped = jax.tree.map(
            lambda leaf: leaf.reshape(members, games, *leaf.shape[1:]), (after, rewards, done, outcome)
        )
        after, rewards, done, outcome = shaped
        truncated = outcome["truncated"]
        missed = jax.lax.cond(truncated.any(), lambda: judge(outcome["word"])[1], lambda: jnp.zeros_like(values))
        rewards = rewards / UNIT + jnp.where(truncated, np.float32(discount) * missed, np.float32(0))
        return after, (states.word, taken, chances, values, rewards, done, outcome["terminated"])

    states, kept = jax.lax.scan(move, states, jnp.arange(moves, dtype=jnp.int32))
    words, taken, chances, values, rewards, done, terminated = (jnp.moveaxis(array, 0, 1) for array in kept)
    return states, Stretch(words, taken, chances, values, rewards, done, terminated, judge(states.word)[1])


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
