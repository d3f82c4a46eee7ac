"""Walkers: what unties words without having learned anything, for agents to be measured against.

A walker that draws from all N + 5 actions makes words longer nearly always, since N of them do: it is the walker of
the paper, and no opponent. Weights that leave conjugation alone, and the best of many tries, are.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from .actions import BRAID, COLLAPSE, CONJUGATE, EXCHANGE, FRONT, KINDS, RELATE, SHIFT_RIGHT, STABILIZE, Actions
from .agents import IMPOSSIBLE, among
from .environment import HORIZON, Environment
from .games import Games, Player, play
from .words import Word, legal

# Shift left, shift right, commute, braid, collapse.
WEIGHTS = (0.1, 0.05, 0.35, 0.35, 0.15)
# Shift right, collapse, conjugate, exchange, stabilize, relate.
EXTENDED_WEIGHTS = (0.03, 0.3, 0.06, 0.3, 0.02, 0.6)


def uniform_walker(word: Word, actions: Actions) -> Float[Array, " actions"]:
    """Any of the actions, whether it can be done or not."""
    return jnp.full(len(actions), -np.log(len(actions)), jnp.float32)


def weighted_walker(word: Word, actions: Actions) -> Float[Array, " actions"]:
    """Relations mostly, now and then a collapse, never a conjugation.

    In the extended set relations are made at any place where they apply, an exchange half of the time when there is
    one, and seldom a stabilization.
    """
    if not actions.extended:
        rest = jnp.full(len(actions) - len(FRONT), IMPOSSIBLE, jnp.float32)
        return jnp.concatenate([jnp.log(jnp.array(WEIGHTS, jnp.float32)), rest])
    weight_of = np.zeros(len(KINDS), np.float32)
    weight_of[[SHIFT_RIGHT, COLLAPSE, CONJUGATE, EXCHANGE, STABILIZE, RELATE]] = EXTENDED_WEIGHTS
    kinds = np.array([kind for kind, _ in actions.table])
    possible = legal(word, actions)
    choices = jnp.zeros(len(KINDS), jnp.int32).at[kinds].add(possible.astype(jnp.int32))
    weights = weight_of[kinds] / jnp.maximum(choices[kinds], 1).astype(jnp.float32)
    return among(jnp.log(weights), possible)


def greedy_sweep(word: Word, actions: Actions) -> Float[Array, " actions"]:
    """Collapse where that shortens, else braid relation 2 where it applies, else go on to the right."""
    possible = legal(word, actions)
    action = jnp.where(possible[COLLAPSE], COLLAPSE, jnp.where(possible[BRAID], BRAID, SHIFT_RIGHT))
    return jnp.where(jnp.arange(len(actions)) == action, np.float32(0), IMPOSSIBLE)


def best_of(
    tries: int,
    player: Player,
    environment: Environment,
    words: np.ndarray,
    *,
    horizon: int = HORIZON,
    key: PRNGKeyArray,
) -> Games:
    """Of several games for each word, the solved one with the fewest moves.

    Raises:
        ValueError: for tries below 1.
    """
    if tries < 1:
        raise ValueError(f"tries is {tries}; it must be at least 1")
    games = play(player, environment, np.repeat(words, tries, axis=0), horizon=horizon, key=key)
    moves = np.where(games.solved, games.moves, horizon + 1).reshape(-1, tries)
    best = np.arange(len(words)) * tries + moves.argmin(axis=1)
    return Games(games.words[best], games.solved[best], games.moves[best], games.taken[best], environment.actions)
