"""Options that all studies of SciNet sweeps have in common."""

from __future__ import annotations

from dataclasses import dataclass

from netphysics.discovery import Schedule
from netphysics.lab import StudyConfig, budget


@dataclass(frozen=True)
class SweepConfig(StudyConfig):
    """Options of a sweep over numbers of latent neurons.

    Raises:
        ValueError: for numbers of latents that are negative or repeat, a width below 1, or a schedule that
            `Schedule` refuses.
    """

    latents: tuple[int, ...] = (0, 1, 2, 3)
    """Numbers of latent neurons to offer."""
    steps: int = 6000
    """Steps of each of the two stages."""
    find_beta: float = 1e-3
    """Strength of the bottleneck while neurons are found; 2 x (error of an answer)^2."""
    polish_beta: float = 1e-4
    """Strength of the bottleneck while answers are made precise."""
    width: int = 64
    """Width of the two hidden layers of encoder and decoder."""
    draws: int = budget(4)
    """Seeds: independent trainings of the whole sweep."""
    block_size: int = 1
    """Seeds per block."""

    def __post_init__(self):
        super().__post_init__()
        if not self.latents or len(set(self.latents)) < len(self.latents) or min(self.latents) < 0:
            raise ValueError(f"latents is {self.latents}; it needs numbers from 0, none of them twice")
        if self.width < 1:
            raise ValueError(f"width is {self.width}; it must be at least 1")
        _ = self.schedule

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.steps, self.find_beta, self.polish_beta)

    @property
    def layers(self) -> tuple[int, int]:
        """Widths of the hidden layers."""
        return (self.width, self.width)
