"""The optimum: how few moves untie a word, by looking at all words that so many moves lead to."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from ...train import compiled
from ..braids import Braid
from .actions import COLLAPSE, Actions
from .search import padded
from .words import act

# Words whose moves are made in one call.
BATCH = 256


def fewest_moves(actions: Actions, braid: Braid, within: int, words: int = 200_000) -> int | None:
    """The smallest number of moves to the empty word, at most `within`; None where more are needed.

    Breadth first: a word is kept once, when it is first reached. The last move is a collapse, since nothing else
    makes a word empty.

    Args:
        words: to look at, at most.

    Raises:
        ValueError: for a link, a word that is too long, or a search that would look at more words.
    """
    frontier = padded(braid, actions)[None]
    seen = {frontier.tobytes()}
    if not frontier.any():
        return 0
    for moves in range(1, within + 1):
        after = successors(actions, frontier)
        if not after[:, COLLAPSE].any(axis=-1).all():
            return moves
        if moves == within:
            return None
        fresh = {word.tobytes() for word in after.reshape(-1, actions.room)} - seen
        seen |= fresh
        if len(seen) > words:
            raise ValueError(f"words is {words}; there are more within {moves} moves of {braid}")
        frontier = np.array([np.frombuffer(word, np.int8) for word in sorted(fresh)])
    return None


def successors(actions: Actions, words: np.ndarray) -> np.ndarray:
    """The words that all actions lead to, shape (words, actions, 2N)."""
    short = -len(words) % BATCH
    batches = np.pad(words, ((0, short), (0, 0))).reshape(-1, BATCH, actions.room)
    return np.concatenate([np.asarray(all_actions(batch, actions)) for batch in batches])[: len(words)]


@compiled
def all_actions(words: Array, actions: Actions) -> Array:
    """Each word after each action."""
    choices = jnp.arange(len(actions), dtype=jnp.int32)
    return jax.lax.map(lambda word: jax.lax.map(lambda action: act(word, action, actions), choices), words)
