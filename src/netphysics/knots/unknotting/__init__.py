"""Agents that unknot: the environment, those who walk in it and those who learn, and search."""

from .actions import Actions
from .agents import Agent
from .environment import Environment, Parameters, State
from .games import Games, play
from .learning import Learned, make_learning
from .policy_gradients import ActorCritic, Proximal
from .trust_region import TrustRegion
from .walkers import best_of, greedy_sweep, uniform_walker, weighted_walker

__all__ = [
    "Actions",
    "ActorCritic",
    "Agent",
    "Environment",
    "Games",
    "Learned",
    "Parameters",
    "Proximal",
    "State",
    "TrustRegion",
    "best_of",
    "greedy_sweep",
    "make_learning",
    "play",
    "uniform_walker",
    "weighted_walker",
]
