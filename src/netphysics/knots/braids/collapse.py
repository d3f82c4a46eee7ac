"""SmartCollapse: destabilize and remove inverses until nothing changes."""

from __future__ import annotations

from .braid import Braid
from .certificate import Move
from .moves import apply, cancellations, destabilizations


def free_reduction(braid: Braid) -> tuple[Braid, list[Move]]:
    """The word without neighbors that are inverse to each other, and the moves that remove them."""
    moves = []
    while found := cancellations(braid):
        moves.append(Move("cancel", found[0]))
        braid = apply(braid, moves[-1])
    return braid, moves


def cyclic_reduction(braid: Braid) -> tuple[Braid, list[Move]]:
    """Free reduction of the closed word: the last letter is a neighbor of the first."""
    braid, moves = free_reduction(braid)
    while len(braid) > 1 and braid.letters[0] == -braid.letters[-1]:
        for move in (Move("rotate", 1), Move("cancel", len(braid) - 2)):
            moves.append(move)
            braid = apply(braid, move)
    return braid, moves


def smart_collapse(braid: Braid) -> tuple[Braid, list[Move]]:
    """Cyclic reduction and destabilization, at the top and at the bottom, until neither applies.

    "Destabilize and remove inverses until unchanged" (Gukov, Halverson, Ruehle and Sulkowski, 2010.16263).
    """
    braid, moves = cyclic_reduction(braid)
    while found := destabilizations(braid):
        moves.append(Move("destabilize", found[-1]))
        braid, more = cyclic_reduction(apply(braid, moves[-1]))
        moves += more
    return braid, moves
