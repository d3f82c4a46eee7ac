"""Games: any policy plays words to the end, and what it did is replayed as a certificate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray

from ...train import compiled
from ..braids import Braid, Certificate, check, proves_unknot
from .actions import Actions
from .agents import chosen
from .environment import HORIZON, Environment
from .words import Word, act

# Log probabilities of all actions at a word.
Player = Callable[[Word, Actions], Float[Array, " actions"]]


@dataclass(frozen=True)
class Games:
    """What came of many words.

    Attributes:
        words: the first word of each game, shape (games, 2N).
        solved: whether it ended at the empty word, shape (games,).
        moves: how many moves were made, shape (games,).
        taken: the actions in order, shape (games, moves); what comes after the end of a game means nothing.
        actions: what could be done.
    """

    words: np.ndarray
    solved: Bool[np.ndarray, " games"]
    moves: Int[np.ndarray, " games"]
    taken: Int[np.ndarray, "games moves"]
    actions: Actions

    def certificate(self, game: int) -> Certificate:
        """The moves of one game.

        Raises:
            ValueError: when they do not lead where the game says.
        """
        word = self.words[game]
        start = Braid(word[word != 0].tolist())
        certificate = self.actions.certificate(start, self.taken[game, : self.moves[game]].tolist())
        if proves_unknot(certificate) != bool(self.solved[game]):
            raise ValueError(f"game {game} ends at {certificate.end}, and says solved: {self.solved[game]}")
        return certificate

    def verify(self) -> int:
        """Replay all that was solved by the independent checker; how many that is.

        Raises:
            ValueError: for a move that is not allowed, or an end that is not the empty word.
        """
        solved = np.flatnonzero(self.solved)
        for game in solved:
            check(self.certificate(int(game)))
        return len(solved)

    def hardest(self, count: int) -> np.ndarray:
        """The words that were not solved, and then those that took the most moves, shape (count, 2N).

        Agents that go on learning from these play against their own failures.

        Raises:
            ValueError: for more words than there were games.
        """
        if count > len(self.words):
            raise ValueError(f"count is {count}; there were {len(self.words)} games")
        effort = np.where(self.solved, self.moves, self.taken.shape[1] + 1)
        return self.words[np.argsort(-effort, kind="stable")[:count]]

    def kinds(self) -> Float[np.ndarray, "games kinds"]:
        """Of the moves of each game, the share of each kind."""
        kind_of = np.array([kind for kind, _ in self.actions.table])
        made = np.arange(self.taken.shape[1]) < self.moves[:, None]
        counts = np.stack([((kind_of[self.taken] == kind) & made).sum(axis=1) for kind in range(kind_of.max() + 1)], 1)
        return counts / np.maximum(self.moves, 1)[:, None]


def play(
    player: Player,
    environment: Environment,
    words: np.ndarray,
    *,
    greedy: bool = False,
    horizon: int = HORIZON,
    key: PRNGKeyArray,
) -> Games:
    """One game for each word, all side by side.

    Args:
        player: a policy, for instance an agent.
        words: shape (games, letters).
        greedy: whether the likeliest action is taken rather than a random one.

    Raises:
        ValueError: as `Environment.parameters`.
    """
    start = environment.parameters(words, horizon).words
    end, moves, taken = playing(player, environment.actions, start, greedy, horizon, key)
    solved = np.logical_not(np.asarray(end).any(axis=1))
    return Games(np.asarray(start), solved, np.asarray(moves), np.asarray(taken), environment.actions)


@compiled
def playing(
    player: Player, actions: Actions, words: Array, greedy: bool, horizon: int, key: PRNGKeyArray
) -> tuple[Array, Array, Array]:
    """The last words, the numbers of moves and the actions."""

    def move(carry: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array, Array]:
        time, words, moves, taken = carry
        going = words[:, 0] != 0
        chances = jax.vmap(lambda word: player(word, actions))(words)
        numbers = jax.random.uniform(jax.random.fold_in(key, time), (len(words),), jnp.float32)
        drawn = chances.argmax(axis=1).astype(jnp.int32) if greedy else jax.vmap(chosen)(chances, numbers)
        after = jax.lax.map(lambda game: act(game[0], game[1], actions), (words, drawn))
        # A game that is over stays over: a stabilization would begin it anew.
        after = jnp.where(going[:, None], after, words)
        taken = taken.at[:, time].set(drawn.astype(jnp.int16))
        return time + 1, after, moves + going.astype(jnp.int32), taken

    empty = jnp.zeros((len(words), horizon), jnp.int16)
    begin = (jnp.zeros((), jnp.int32), words, jnp.zeros(len(words), jnp.int32), empty)
    _, words, moves, taken = jax.lax.while_loop(lambda carry: (carry[0] < horizon) & (carry[1] != 0).any(), move, begin)
    return words, moves, taken
