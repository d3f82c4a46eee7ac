"""Search: a tree and a beam, in which a policy says where to look and a value what is promising.

Every word enters a search once: of several ways to it the first one is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from ...train import compiled
from ..braids import Braid, Certificate
from .actions import Actions
from .agents import Agent
from .experience import UNIT
from .words import act

# The weight of exploration (Silver et al., Nature 550 (2017) 354).
EXPLORATION = 1.5
WIDTH = 32
# Children of a beam whose value is asked for, for each word that is kept.
CANDIDATES = 4
UNLIKELY = 1e-6


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

    def __post_init__(self):
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


@dataclass
class Node:
    """A word in a tree, and what is known of its moves.

    Attributes:
        parent, action: where it comes from.
        depth: moves from the first word.
        children: the words after each move that leads to a new one, by action.
        priors: how likely the policy makes each.
        visits, total: how often a way through it was tried, and the sum of values that came back.
    """

    word: np.ndarray
    parent: Node | None = None
    action: int = -1
    depth: int = 0
    prior: float = 1.0
    children: list[Node] = field(default_factory=list)
    looked: bool = False
    visits: int = 0
    total: float = 0.0

    def path(self) -> list[int]:
        """The actions from the first word to this one."""
        return [*self.parent.path(), self.action] if self.parent else []

    @property
    def length(self) -> int:
        return int(np.count_nonzero(self.word))


@compiled
def look(agent: Agent, words: Array, actions: Actions) -> tuple[Array, Array, Array]:
    """Of each word: log probabilities of its actions, its value, and the words that they lead to."""
    choices = jnp.arange(len(actions), dtype=jnp.int32)

    def one(word: Array) -> tuple[Array, Array, Array]:
        after = jax.lax.map(lambda action: act(word, action, actions), choices)
        return agent(word, actions), agent.worth(word), after

    return jax.lax.map(one, words)


@compiled
def worths(agent: Agent, words: Array) -> Array:
    """Values of words."""
    return jax.vmap(agent.worth)(words)


def tree_search(
    agent: Agent, actions: Actions, braid: Braid, budget: Budget = Budget(), discount: float = 0.99
) -> Solution:
    """PUCT for one player: from the root always to the child with the highest value and bonus, until a new word comes.

    The bonus is EXPLORATION * prior * sqrt(visits of the parent) / (1 + visits), and values are brought to [0, 1] by
    the lowest and the highest that have been seen, as their scale is that of the game.
    """
    started = time.monotonic()
    root = best = Node(padded(braid, actions))
    seen, looks = {root.word.tobytes()}, 0
    low, high = np.inf, -np.inf
    while best.length and looks < budget.looks and time.monotonic() - started < budget.seconds:
        node = root
        while node.children:
            node = max(node.children, key=scores(node, low, high))
        if node.looked or node.depth >= budget.moves:
            # Nothing new comes from here.
            prune(node)
            if node is root:
                break
            continue
        chances, value, after = (np.asarray(found)[0] for found in look(agent, node.word[None], actions))
        looks += 1
        node.looked = True
        for action in np.flatnonzero(chances > np.log(UNLIKELY)):
            word = after[action]
            if word.tobytes() not in seen:
                seen.add(word.tobytes())
                child = Node(word, node, int(action), node.depth + 1, float(np.exp(chances[action])))
                node.children.append(child)
                best = min(best, child, key=lambda node: node.length)
        worth = float(value)
        while node is not None:
            node.visits, node.total = node.visits + 1, node.total + worth
            low, high = min(low, worth), max(high, worth)
            worth = discount * worth - node.length / float(UNIT)
            node = node.parent
    return solution(best.path(), braid, actions, looks, started)


def scores(node: Node, low: float, high: float) -> Callable[[Node], float]:
    """How promising each child of a node is; one that was never tried is as good as its parent."""
    scale, bonus = max(high - low, UNLIKELY), EXPLORATION * np.sqrt(node.visits)

    def score(child: Node) -> float:
        known = child if child.visits else node
        return (known.total / known.visits - low) / scale + bonus * child.prior / (1 + child.visits)

    return score


def prune(node: Node) -> None:
    """Take a word from which nothing new comes out of the tree, and with it those that only led to it."""
    while node.parent is not None:
        node.parent.children.remove(node)
        node = node.parent
        if node.children:
            return


def beam_search(
    agent: Agent, actions: Actions, braid: Braid, budget: Budget = Budget(), width: int = WIDTH
) -> Solution:
    """All words of a beam make all their moves; the likeliest by the policy are looked at, the best by the value kept.

    Raises:
        ValueError: for a width below 1.
    """
    if width < 1:
        raise ValueError(f"width is {width}; it must be at least 1")
    started = time.monotonic()
    words, chances, paths = padded(braid, actions)[None], np.zeros(1), [()]
    best, shortest = (), len(braid)
    seen, looks = {words[0].tobytes()}, 0
    while shortest and len(words) and looks < budget.looks and len(paths[0]) < budget.moves:
        if time.monotonic() - started >= budget.seconds:
            break
        looks += len(words)
        filled = np.concatenate([words, np.zeros((width - len(words), actions.room), np.int8)])
        found, _, after = (np.asarray(array)[: len(words)] for array in look(agent, filled, actions))
        total = np.where(found > np.log(UNLIKELY), chances[:, None] + found, -np.inf)
        new = []
        for place in np.argsort(-total, axis=None):
            parent, action = np.unravel_index(place, total.shape)
            if len(new) == CANDIDATES * width or total[parent, action] == -np.inf:
                break
            word = after[parent, action]
            if word.tobytes() not in seen:
                seen.add(word.tobytes())
                new.append((parent, action))
        candidates = np.zeros((CANDIDATES * width, actions.room), np.int8)
        candidates[: len(new)] = [after[each] for each in new]
        lengths = np.count_nonzero(candidates[: len(new)], axis=1)
        paths = [(*paths[parent], int(action)) for parent, action in new]
        if len(new) and lengths.min() < shortest:
            best, shortest = paths[int(lengths.argmin())], int(lengths.min())
        kept = np.argsort(-np.asarray(worths(agent, candidates))[: len(new)])[:width]
        words, chances = candidates[kept], np.array([total[new[k]] for k in kept])
        paths = [paths[k] for k in kept]
    return solution(best, braid, actions, looks, started)


def padded(braid: Braid, actions: Actions) -> np.ndarray:
    """The word of a knot, flush left and zero-padded.

    Raises:
        ValueError: for a link, or a word with more than 2N letters.
    """
    if len(braid.require_knot()) > actions.room:
        raise ValueError(f"braid has {len(braid)} letters; there is room for {actions.room}")
    return np.pad(np.array(braid.letters, np.int8), (0, actions.room - len(braid)))


def solution(
    taken: list[int] | tuple[int, ...], braid: Braid, actions: Actions, looks: int, started: float
) -> Solution:
    """What was found, with its certificate."""
    certificate = actions.certificate(braid, taken)
    return Solution(certificate.end == (), tuple(taken), certificate, looks, time.monotonic() - started)
