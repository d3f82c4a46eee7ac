"""Options that all studies of networks that decide the unknot have in common."""

from __future__ import annotations

from dataclasses import dataclass

from netphysics.knots.classifiers import Hashing, Schooling, padded_length
from netphysics.lab import StudyConfig, budget


@dataclass(frozen=True)
class DeciderConfig(StudyConfig):
    """Options of trainings of networks that decide the unknot.

    Raises:
        ValueError: for words or tests that are odd or fewer than 64, a width that is no multiple of 4, or anything
            else below 1.
    """

    words: int = 8192
    """Words to learn from; a network sees them rotated, reversed, mirrored and turned over at random."""
    tests: int = 1024
    """Words to be tested on."""
    width: int = 32
    """Numbers per letter in a transformer; hidden layers have eight times as many units."""
    depth: int = 1
    """Blocks of a transformer, which ends with a hidden layer; a feed-forward network has one layer more."""
    steps: int = 4000
    """Training steps, of 128 words each."""
    draws: int = budget(4)
    """Trainings."""
    block_size: int = 1
    """Trainings in one program."""

    def __post_init__(self):
        super().__post_init__()
        for name in ("words", "tests"):
            if getattr(self, name) < 64 or getattr(self, name) % 2:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be even and at least 64")
        for name in ("width", "depth", "steps"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if self.width % 4:
            raise ValueError(f"width is {self.width}; it must be a multiple of 4, the number of heads")

    def schooling(self, architecture: str, letters: int, hashing: Hashing | None = None) -> Schooling:
        """How a network for words of so many letters is built and trained."""
        length = padded_length(letters)
        # Each letter that SmartCollapse leaves occurs at least twice.
        return Schooling(architecture, length, length // 2, self.width, self.depth, hashing or Hashing(), self.steps)
