"""Options that studies of SciNet have in common."""

from __future__ import annotations

from dataclasses import dataclass

from netphysics.discovery import Schedule
from netphysics.lab import StudyConfig, budget, option


@dataclass(frozen=True)
class SciNetConfig(StudyConfig):
    """Options of trainings of SciNet.

    Raises:
        ValueError: for a value that its option does not accept.
    """

    steps: int = option(6000, least=1)
    """Steps of each of the two stages."""
    find_beta: float = option(1e-3, above=0)
    """Strength of the bottleneck while neurons are found; 2 x (error of an answer)^2."""
    polish_beta: float = option(1e-4, above=0)
    """Strength of the bottleneck while answers are made precise."""
    width: int = option(64, least=1)
    """Width of the two hidden layers of encoder and decoder."""
    draws: int = budget(4)
    """Seeds: independent trainings."""
    block_size: int = option(1, least=1)
    """Seeds per block."""

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.steps, self.find_beta, self.polish_beta)

    @property
    def layers(self) -> tuple[int, int]:
        """Widths of the hidden layers."""
        return (self.width, self.width)


@dataclass(frozen=True)
class SweepConfig(SciNetConfig):
    """Options of a sweep over numbers of latent neurons; each seed trains the whole sweep."""

    latents: tuple[int, ...] = option((0, 1, 2, 3), least=0, distinct=True)
    """Numbers of latent neurons to offer."""
