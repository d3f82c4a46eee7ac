"""Options that all studies of autoencoders have in common."""

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


def seeds(found: Estimate) -> tuple[int, int]:
    """Of how many seeds something is true, and how many there are."""
    return round(float(found.value) * found.draws), found.draws
