"""Options of the study of agents that unknot, and those who play in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from netphysics.knots.unknotting import greedy_sweep, uniform_walker, weighted_walker
from netphysics.lab import option

from ..agents import AgentConfig, Algorithm

WALKERS = {"uniform walker": uniform_walker, "weighted walker": weighted_walker, "greedy sweep": greedy_sweep}


@dataclass(frozen=True)
class Config(AgentConfig):
    """Options of unknotting."""

    algorithms: tuple[Algorithm, ...] = option(("TRPO", "A2C", "PPO"), distinct=True)
    """Algorithms to learn with."""
    learned: int = option(24, least=6)
    """Letters of the words to learn from."""
    letters: tuple[int, ...] = option((24, 48, 72, 96), entries=2, least=6, rising=True)
    """Letters N of the words to be tested on."""
    stabilizations: tuple[float, ...] = option((0.1, 0.2, 0.5), distinct=True, above=0, below=1)
    """Probabilities of a stabilization in other priors, from which words of the second N are drawn."""
    searched: int = option(8, least=1)
    """Test words of each N that the tree search is given."""

    presets: ClassVar = {
        "quick": {
            "algorithms": ("TRPO",),
            "learned": 12,
            "letters": (12, 24),
            "words": 256,
            "improvements": 20,
            "tests": 64,
            "stabilizations": (0.1, 0.5),
            "searched": 2,
        },
        "paper": {"words": 4096, "improvements": 240, "tests": 512, "searched": 32, "draws": 8},
    }

    @property
    def players(self) -> tuple[str, ...]:
        """All that play: agents that draw their actions, agents that take the likeliest, walkers."""
        return (*self.algorithms, *(f"{name}, greedy" for name in self.algorithms), *WALKERS)
