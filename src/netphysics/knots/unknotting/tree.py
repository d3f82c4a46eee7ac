"""Tree search: PUCT, as AlphaZero has it, for one player (Silver et al., Nature 550 (2017) 354)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..braids import Braid
from .actions import Actions
from .agents import Agent
from .experience import UNIT
from .search import UNLIKELY, Budget, Solution, look, padded, solution

EXPLORATION = 1.5
# Values that differ by less are the same.
SMALLEST = 1e-6
DEFAULT = Budget()


@dataclass(eq=False)
class Node:
    """A word in a tree, and what is known of its moves; the same as itself only.

    Attributes:
        parent, action: the word it comes from, and by what.
        depth: moves from the first word.
        prior: how likely the policy makes that action.
        children: the new words that its own moves lead to.
        looked: whether these moves were looked at.
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


def tree_search(
    agent: Agent, actions: Actions, braid: Braid, budget: Budget = DEFAULT, discount: float = 0.99
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
        for action in np.flatnonzero(chances > UNLIKELY):
            word = after[action]
            if word.tobytes() not in seen:
                seen.add(word.tobytes())
                child = Node(word, node, int(action), node.depth + 1, float(np.exp(chances[action])))
                node.children.append(child)
                best = min(best, child, key=lambda node: node.length)
        worth = float(value)
        passed: Node | None = node
        while passed is not None:
            passed.visits, passed.total = passed.visits + 1, passed.total + worth
            low, high = min(low, worth), max(high, worth)
            worth = discount * worth - passed.length / float(UNIT)
            passed = passed.parent
    return solution(best.path(), braid, actions, looks, started)


def scores(node: Node, low: float, high: float) -> Callable[[Node], float]:
    """How promising each child of a node is; one that was never tried is as good as its parent."""
    scale, bonus = max(high - low, SMALLEST), EXPLORATION * np.sqrt(node.visits)

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
