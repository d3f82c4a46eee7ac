"""Words: what a prior draws, with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..braids import Braid


@dataclass(frozen=True)
class Words:
    """Random words with what is known of them.

    Attributes:
        letters: int8, shape (count, N).
        strands: int64, shape (count,).
        knotted: bool, shape (count,): False for the unknot, by construction; True where the Alexander or the
            Jones polynomial shows a knot.
        seeds: uint64, shape (count,): the stream of each word.
        discarded: how many draws were thrown away because neither polynomial shows a knot.
    """

    letters: np.ndarray
    strands: np.ndarray
    knotted: np.ndarray
    seeds: np.ndarray
    discarded: int = 0

    def __len__(self) -> int:
        return len(self.letters)

    def braid(self, number: int) -> Braid:
        return Braid(self.letters[number].tolist(), int(self.strands[number]))
