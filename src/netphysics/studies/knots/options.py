"""Options that all studies of networks that decide the unknot have in common."""

from __future__ import annotations

from dataclasses import dataclass

from netphysics.knots.classifiers import Hashing, TrainingSettings, padded_length
from netphysics.lab import StudyConfig, budget, option


@dataclass(frozen=True)
class DeciderConfig(StudyConfig):
    """Options of trainings of networks that decide the unknot."""

    words: int = option(8192, least=64, multiple=2)
    """Words to learn from; a network sees them rotated, reversed, mirrored and turned over at random."""
    tests: int = option(1024, least=64, multiple=2)
    """Words to be tested on."""
    width: int = option(32, least=4, multiple=4)
    """Numbers per letter in a transformer; hidden layers have eight times as many units."""
    depth: int = option(1, least=1)
    """Blocks of a transformer, which ends with a hidden layer; a feed-forward network has one layer more."""
    steps: int = option(4000, least=1)
    """Training steps, of 128 words each."""
    draws: int = budget(4)
    """Trainings."""
    block_size: int = 1
    """Trainings in one program."""

    def training_settings(self, architecture: str, letters: int, hashing: Hashing | None = None) -> TrainingSettings:
        """How a network for words of so many letters is built and trained."""
        length = padded_length(letters)
        # Each letter that SmartCollapse leaves occurs at least twice.
        return TrainingSettings(
            architecture, length, length // 2, self.width, self.depth, hashing or Hashing(), self.steps
        )
