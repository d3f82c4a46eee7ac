"""Labels: whether an invariant shows that a word closes to a knot and not to the unknot."""

from __future__ import annotations

import functools

import numpy as np

from ..braids import Braid
from ..invariants import alexander_value, alexander_values, jones
from ..invariants.laurent import ONE
from ..invariants.unknot import POINT


def is_knotted(braid: Braid) -> bool:
    """Whether the Alexander polynomial at one point, or else the Jones polynomial, shows that it is no unknot."""
    return alexander_value(braid, POINT) != 1 or jones(braid) != ONE


def are_knotted(letters: np.ndarray, strands: np.ndarray) -> np.ndarray:
    """`is_knotted` for many words, shape (count, N), on the given numbers of strands."""
    shown = alexander_values(letters, strands) != 1
    for number in np.flatnonzero(~shown):
        shown[number] = _has_jones_polynomial(tuple(letters[number].tolist()), int(strands[number]))
    return shown


# Short words are few, and come again and again.
@functools.lru_cache(maxsize=10_000)
def _has_jones_polynomial(letters: tuple[int, ...], strands: int) -> bool:
    """Whether it is not 1."""
    return jones(Braid(letters, strands)) != ONE
