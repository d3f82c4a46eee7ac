"""Streams of random numbers that thousands of words draw from side by side: SplitMix64.

Number k of a stream is a function of its seed and of k alone (Steele, Lea and Flood, OOPSLA 2014), so a word does not
know who else is drawn with it.
"""

from __future__ import annotations

import numpy as np

GAMMA = 0x9E3779B97F4A7C15


def uniforms(seeds: np.ndarray | np.uint64, numbers: np.ndarray) -> np.ndarray:
    """Numbers of streams, uniform in [0, 1): entries `numbers` of the streams of `seeds`, both uint64."""
    return (_mixed(seeds + (numbers + np.uint64(1)) * np.uint64(GAMMA)) >> np.uint64(11)) * 2.0**-53


def respawned(seeds: np.ndarray, attempt: int) -> np.ndarray:
    """Seeds of fresh streams for another attempt at the same words."""
    return _mixed(_mixed(seeds) ^ np.uint64(attempt))


def _mixed(z: np.ndarray) -> np.ndarray:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def seeds_of(keys: np.ndarray) -> np.ndarray:
    """One seed (uint64) from each random key, given as its data: two 32-bit words, shape (count, 2)."""
    high, low = (np.asarray(keys)[:, k].astype(np.uint64) for k in (0, 1))
    return (high << np.uint64(32)) | low
