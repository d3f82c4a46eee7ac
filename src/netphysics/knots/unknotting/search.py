"""What searches have in common: a budget, what they find, and a look at all moves of a word.

Every word enters a search once: of several ways to it the first one is kept.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from ...train import compiled
from ..braids import Braid, Certificate
from .actions import Actions
from .agents import Agent
from .words import act

# Moves that the policy finds less likely than e to this power are not looked at.
UNLIKELY = -14.0


@dataclass(frozen=True)
class Budget:
    """What a search may cost.

    Attributes:
        looks: words whose moves are looked at.
        seconds: of wall-clock time; without a limit, the same search gives the same answer anywhere.
        moves: of a solution.

    Raises:
        ValueError: for a budget that is not positive.
    """

    looks: int = 2000
    seconds: float = np.inf
    moves: int = 300

    def __post_init__(self) -> None:
        for name in ("looks", "seconds", "moves"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be above 0")


@dataclass(frozen=True)
class Solution:
    """What a search found.

    Attributes:
        solved: whether it came to the empty word.
        taken: the actions on the way to the shortest word that was found.
        certificate: of these actions.
        looks, seconds: what it cost.
    """

    solved: bool
    taken: tuple[int, ...]
    certificate: Certificate
    looks: int
    seconds: float


@compiled
def look(agent: Agent, words: Array, actions: Actions) -> tuple[Array, Array, Array]:
    """Of each word: log probabilities of its actions, its value, and the words that they lead to."""
    choices = jnp.arange(len(actions), dtype=jnp.int32)

    def one(word: Array) -> tuple[Array, Array, Array]:
        after = jax.lax.map(lambda action: act(word, action, actions), choices)
        return agent(word, actions), agent.worth(word), after

    return jax.lax.map(one, words)


def padded(braid: Braid, actions: Actions) -> np.ndarray:
    """The word of a knot, flush left and zero-padded.

    Raises:
        ValueError: for a link, or a word with more than 2N letters.
    """
    if len(braid.require_knot()) > actions.room:
        raise ValueError(f"braid has {len(braid)} letters; there is room for {actions.room}")
    return np.pad(np.array(braid.letters, np.int8), (0, actions.room - len(braid)))


def solution(taken: Sequence[int], braid: Braid, actions: Actions, looks: int, started: float) -> Solution:
    """What was found, with its certificate."""
    certificate = actions.certificate(braid, taken)
    return Solution(certificate.end == (), tuple(taken), certificate, looks, time.monotonic() - started)
