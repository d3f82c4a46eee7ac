"""Beam search: many words go on side by side; the policy proposes, the value chooses."""

from __future__ import annotations

import time

import jax
import numpy as np
from jaxtyping import Array

from ...train import compiled
from ..braids import Braid
from .actions import Actions
from .agents import Agent
from .search import UNLIKELY, Budget, Solution, look, padded, solution

WIDTH = 32
# Children of a beam whose value is asked for, for each word that is kept.
CANDIDATES = 4
DEFAULT = Budget()


def beam_search(agent: Agent, actions: Actions, braid: Braid, budget: Budget = DEFAULT, width: int = WIDTH) -> Solution:
    """All words of a beam make all their moves; the likeliest by the policy are looked at, the best by the value kept.

    Raises:
        ValueError: for a width below 1.
    """
    if width < 1:
        raise ValueError(f"width is {width}; it must be at least 1")
    started = time.monotonic()
    words, chances = padded(braid, actions)[None], np.zeros(1)
    paths: list[tuple[int, ...]] = [()]
    best, shortest = paths[0], len(braid)
    seen, looks = {words[0].tobytes()}, 0
    while shortest and looks < budget.looks and len(paths[0]) < budget.moves:
        if time.monotonic() - started >= budget.seconds:
            break
        looks += len(words)
        filled = np.concatenate([words, np.zeros((width - len(words), actions.room), np.int8)])
        found, _, after = (np.asarray(array)[: len(words)] for array in look(agent, filled, actions))
        total = np.where(found > UNLIKELY, chances[:, None] + found, -np.inf)
        new: list[tuple[np.intp, np.intp]] = []
        for place in np.argsort(-total, axis=None):
            parent, action = np.unravel_index(place, total.shape)
            if len(new) == CANDIDATES * width or total[parent, action] == -np.inf:
                break
            word = after[parent, action]
            if word.tobytes() not in seen:
                seen.add(word.tobytes())
                new.append((parent, action))
        if not new:
            break
        candidates = np.zeros((CANDIDATES * width, actions.room), np.int8)
        candidates[: len(new)] = [after[each] for each in new]
        lengths = np.count_nonzero(candidates[: len(new)], axis=1)
        paths = [(*paths[parent], int(action)) for parent, action in new]
        if lengths.min() < shortest:
            best, shortest = paths[int(lengths.argmin())], int(lengths.min())
        kept = np.argsort(-np.asarray(worths(agent, candidates))[: len(new)])[:width]
        words, chances = candidates[kept], np.array([total[new[k]] for k in kept])
        paths = [paths[k] for k in kept]
    return solution(best, braid, actions, looks, started)


@compiled
def worths(agent: Agent, words: Array) -> Array:
    """Values of words."""
    return jax.vmap(agent.worth)(words)
