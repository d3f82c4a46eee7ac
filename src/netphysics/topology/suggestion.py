"""Suggestion: the latent whose topology is that of a cloud, and the plain one that is large enough."""

from __future__ import annotations

from dataclasses import dataclass

Betti = tuple[int, ...]


@dataclass(frozen=True)
class Suggestion:
    """What to write codes in.

    Attributes:
        space: the space with this homology, in words.
        matched: the name of the latent with the same topology; empty where there is none to name.
        plain: numbers of a plain latent that is large enough.
        certain: whether that many are known to be enough for the space; else it is the bound that holds for all
            spaces of the dimension, twice as many numbers and one more where there are corners.
    """

    space: str
    matched: str
    plain: int
    certain: bool = True


# By Betti numbers over the integers modulo 2 and modulo 3.
KNOWN: dict[tuple[Betti, Betti], Suggestion] = {
    ((1, 0), (1, 0)): Suggestion("an arc", "R1", 1),
    ((1, 1), (1, 1)): Suggestion("a circle", "S1", 2),
    ((1, 0, 0), (1, 0, 0)): Suggestion("a disc", "R2", 2),
    ((1, 1, 0), (1, 1, 0)): Suggestion("a cylinder, or a Moebius strip", "S1xR1", 3),
    ((1, 0, 1), (1, 0, 1)): Suggestion("a sphere", "S2", 3),
    ((1, 2, 1), (1, 2, 1)): Suggestion("a torus", "T2", 3),
    ((1, 2, 1), (1, 1, 0)): Suggestion("a Klein bottle", "", 4),
    ((1, 1, 1), (1, 0, 0)): Suggestion("a projective plane", "RP2", 4),
    ((1, 0, 0, 0), (1, 0, 0, 0)): Suggestion("a ball", "R3", 3),
    ((1, 1, 0, 0), (1, 1, 0, 0)): Suggestion("a solid torus", "S1xR2", 3),
    ((1, 0, 1, 0), (1, 0, 1, 0)): Suggestion("a spherical shell", "S2xR1", 3),
    ((1, 2, 1, 0), (1, 2, 1, 0)): Suggestion("a thick torus", "T2xR1", 3),
    ((1, 0, 0, 1), (1, 0, 0, 1)): Suggestion("a 3-sphere", "S3", 4),
    ((1, 1, 1, 1), (1, 1, 1, 1)): Suggestion("a sphere times a circle", "S2xS1", 4),
    ((1, 1, 1, 1), (1, 0, 0, 1)): Suggestion("rotations of space, a projective space", "SO3", 5),
    ((1, 3, 3, 1), (1, 3, 3, 1)): Suggestion("a 3-torus", "T3", 4),
}


def suggest(dimension: int, betti: Betti, odd_betti: Betti) -> Suggestion:
    """The latent for a cloud of this dimension and homology.

    Betti numbers do not tell spaces apart for certain: the suggestion is the simplest space that has them.

    Args:
        betti, odd_betti: over the integers modulo 2 and modulo 3, from degree 0 as far as they were computed.
    """
    betti, odd_betti = (_up_to(dimension, numbers) for numbers in (betti, odd_betti))
    pieces = betti[0]
    each = tuple(number // pieces for number in betti), tuple(number // pieces for number in odd_betti)
    whole = all(number % pieces == 0 for number in (*betti, *odd_betti))
    found = KNOWN.get(each) if whole and len(betti) == dimension + 1 else None
    if found is None:
        return _unknown(dimension, betti)
    if pieces == 1:
        return found
    return Suggestion(f"{pieces} pieces, each {found.space}", found.matched, found.plain)


def contradiction(dimension: int, betti: Betti, odd_betti: Betti) -> str:
    """What no space has that these numbers say, in a sentence; empty where there is nothing.

    The Euler characteristic does not depend on the field, Betti numbers of a closed manifold modulo 2 are the same from
    both ends (Poincare), and the first one of a closed surface with two sides is even.
    """
    if len(betti) != dimension + 1:
        return ""
    if _euler(betti) != _euler(odd_betti):
        return "Betti numbers modulo 2 and modulo 3 give different Euler characteristics, as those of no space do."
    closed = betti[0] == betti[-1]
    two_sided = dimension == 2 and odd_betti[0] == odd_betti[-1]
    if closed and (betti != betti[::-1] or (two_sided and odd_betti[1] % 2)):
        return "No closed manifold has these Betti numbers: some may be missing, or made up."
    return ""


def _up_to(dimension: int, betti: Betti) -> Betti:
    """Betti numbers without those above the dimension, which vanish where they are right."""
    return betti if any(betti[dimension + 1 :]) else betti[: dimension + 1]


def _euler(betti: Betti) -> int:
    return sum(betti[::2]) - sum(betti[1::2])


def _unknown(dimension: int, betti: Betti) -> Suggestion:
    """Where no simple space has this homology, or not all of it was computed."""
    if dimension == 1 and betti[0] == 1:
        return Suggestion(f"a graph with {betti[1]} loops", "", 3)
    holes = ", ".join(
        f"{count} {name}{'s' * (count > 1)}"
        for count, name in zip(betti, ("piece", "loop", "void", "hollow"), strict=False)
        if count
    )
    contractible = not any(betti[1:]) and betti[0] == 1
    if contractible:
        return Suggestion(f"{holes} of dimension {dimension} without holes", f"R{dimension}", dimension, certain=False)
    return Suggestion(f"{holes} in a space of dimension {dimension}", "", 2 * dimension + 1, certain=False)
