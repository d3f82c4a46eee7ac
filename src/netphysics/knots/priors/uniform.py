"""Uniformly random words, and what parity allows."""

from __future__ import annotations

import numpy as np

from ..braids import Braid


def uniform_knot(strands: int, letters: int, *, generator: np.random.Generator) -> Braid:
    """A uniformly random word among those whose closure is a knot.

    Raises:
        ValueError: for letters and strands that no knot has.
    """
    check_parity(strands, letters)
    while True:
        sizes = generator.integers(1, max(strands, 2), letters)
        braid = Braid((sizes * generator.choice((-1, 1), letters)).tolist(), strands)
        if braid.components == 1:
            return braid


def check_parity(strands: int, letters: int) -> None:
    """Refuse what no closed braid can be.

    Each letter is a transposition, and a knot is one cycle of `strands` places: letters = strands - 1 mod 2,
    and there are at least strands - 1 of them.

    Raises:
        ValueError: saying so.
    """
    if strands < 1 or letters < strands - 1 or (letters - strands) % 2 == 0:
        raise ValueError(
            f"no braid of {letters} letters on {strands} strands closes to a knot; the letters must be at least "
            f"{strands - 1} and of the same parity as that"
        )
