"""Options that studies of trained networks have in common."""

from __future__ import annotations

from dataclasses import dataclass

from netphysics.lab import StudyConfig, budget, option
from netphysics.stats import Estimate


@dataclass(frozen=True)
class AutoencoderConfig(StudyConfig):
    """Options of autoencoders that are trained by the dozen.

    Raises:
        ValueError: for a value that its option does not accept.
    """

    width: int = option(32, least=1)
    """Width of the two hidden layers of encoder and decoder."""
    batch: int = option(128, least=1)
    """Points in each step."""
    points: int = option(4096, least=64)
    """Points of the space that networks are trained on; errors are measured on as many others."""
    draws: int = budget(64)
    """Seeds: independent trainings."""
    block_size: int = option(16, least=1)
    """Seeds per block, which are trained in one program."""


@dataclass(frozen=True)
class TrainingConfig(StudyConfig):
    """Options of networks that are trained on events, new ones for each training.

    Raises:
        ValueError: for a value that its option does not accept.
    """

    steps: int = option(2500, least=1)
    """Training steps."""
    draws: int = budget(8)
    """Trainings, each with a sample of its own."""
    block_size: int = 1
    """Trainings in one program."""


def seeds(found: Estimate) -> tuple[int, int]:
    """Of how many seeds something is true, and how many there are."""
    return round(float(found.value) * found.draws), found.draws
