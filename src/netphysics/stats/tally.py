"""Tally: sums over draws that can be merged in any grouping."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from .estimate import Numbers


@dataclass(frozen=True, init=False)
class Tally:
    """How many draws, and named sums over them.

    Everything that is measured becomes sums: moments, products of moments, histogram counts. Two
    tallies of the same experiment merge by addition, in float64, so a result depends on the draws and
    on the order of the blocks, never on who computed which block.
    """

    count: int
    sums: Mapping[str, np.ndarray]

    def __init__(self, count: int, sums: Mapping[str, Numbers]) -> None:
        object.__setattr__(self, "count", count)
        object.__setattr__(self, "sums", {name: np.asarray(total, np.float64) for name, total in sums.items()})

    def __add__(self, other: Tally) -> Tally:
        if self.sums.keys() != other.sums.keys():
            raise ValueError(f"tallies of {sorted(self.sums)} and {sorted(other.sums)} cannot be merged")
        sums = {name: self.sums[name] + other.sums[name] for name in self.sums}
        return Tally(self.count + other.count, sums)

    def __sub__(self, other: Tally) -> Tally:
        """The tally without the draws of `other`, as the jackknife needs it."""
        return Tally(self.count - other.count, {k: self.sums[k] - other.sums[k] for k in self.sums})

    def mean(self, name: str) -> np.ndarray:
        return np.asarray(self.sums[name] / self.count)

    def is_finite(self) -> bool:
        return all(np.isfinite(total).all() for total in self.sums.values())


def merge(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies, added in the order given."""
    tallies = iter(tallies)
    total = next(tallies)
    for tally in tallies:
        total = total + tally
    return total


def histogram_sums(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Counts per bin as sums, one row per leading index of `values` (..., draws).

    The first and the last bin also take everything below and above, so that counts add up to draws.
    """
    inner = np.searchsorted(np.asarray(edges)[1:-1], np.asarray(values), side="right")
    return (inner[..., None] == np.arange(len(edges) - 1)).sum(axis=-2).astype(np.float64)
