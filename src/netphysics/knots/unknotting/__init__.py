"""Agents that unknot: the environment, those who walk in it and those who learn, and search."""

from .actions import Actions
from .agents import Agent
from .asynchronous import asynchronous
from .beam import beam_search
from .environment import Environment, Parameters, State
from .games import Games, play
from .learning import Learned, make_learning
from .optimum import fewest_moves
from .policy_gradients import ActorCritic, Proximal
from .search import Budget, Solution
from .tree import tree_search
from .trust_region import TrustRegion
from .walkers import best_of, greedy_sweep, uniform_walker, weighted_walker

__all__ = [
    "Actions",
    "ActorCritic",
    "Agent",
    "Budget",
    "Environment",
    "Games",
    "Learned",
    "Parameters",
    "Proximal",
    "Solution",
    "State",
    "TrustRegion",
    "asynchronous",
    "beam_search",
    "best_of",
    "fewest_moves",
    "greedy_sweep",
    "make_learning",
    "play",
    "tree_search",
    "uniform_walker",
    "weighted_walker",
]
