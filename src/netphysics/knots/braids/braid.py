"""Braid: a word in Artin's generators; its closure is a knot or a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Braid:
    """A word in the braid group on `strands` strands.

    Letter i > 0 is the generator sigma_i, in which the strand at place i crosses over to place i + 1, and
    -i is its inverse. A positive letter is a positive crossing: the closure of 1 1 1 is the trefoil with Jones
    polynomial t + t^3 - t^4, as in KnotInfo.

    Attributes:
        letters: the word, integers between 1 and `strands` - 1 in size.
        strands: number of strands; left out, as many as the letters need.

    Raises:
        ValueError: for a letter that is 0 or too large for the strands.
    """

    letters: tuple[int, ...]
    strands: int = 0

    def __init__(self, letters: Sequence[int] = (), strands: int | None = None):
        for place, letter in enumerate(letters, start=1):
            if letter == 0:
                raise ValueError(f"letter {place} of the braid word is 0; letters are ±1, ±2, ...")
        letters = tuple(map(int, letters))
        needed = max(map(abs, letters), default=0) + 1
        strands = needed if strands is None else int(strands)
        if strands < needed:
            raise ValueError(f"strands is {strands}; letters up to {needed - 1} need at least {needed}")
        object.__setattr__(self, "letters", letters)
        object.__setattr__(self, "strands", strands)

    def __len__(self) -> int:
        return len(self.letters)

    def __str__(self) -> str:
        return " ".join(map(str, self.letters))

    def _repr_svg_(self) -> str:
        """In a notebook: its closure."""
        from .drawing import draw_closure

        return draw_closure(self)

    def __mul__(self, other: Braid) -> Braid:
        """First this braid, then the other one."""
        return Braid(self.letters + other.letters, max(self.strands, other.strands))

    @property
    def inverse(self) -> Braid:
        return Braid([-letter for letter in reversed(self.letters)], self.strands)

    @property
    def mirror(self) -> Braid:
        """All crossings changed: the closure is the mirror image."""
        return Braid([-letter for letter in self.letters], self.strands)

    @property
    def flipped(self) -> Braid:
        """Seen from behind, sigma_i -> sigma_(n-i): the closure is the same link."""
        signs = ((letter > 0) - (letter < 0) for letter in self.letters)
        return Braid([s * self.strands - x for s, x in zip(signs, self.letters, strict=True)], self.strands)

    def connected_sum(self, other: Braid) -> Braid:
        """The other braid to the right, sharing one strand: the closure is the connected sum."""
        moved = (x + self.strands - 1 if x > 0 else x - self.strands + 1 for x in other.letters)
        return Braid((*self.letters, *moved), self.strands + other.strands - 1)

    @property
    def writhe(self) -> int:
        """Number of positive minus number of negative crossings."""
        return sum(1 if letter > 0 else -1 for letter in self.letters)

    @cached_property
    def permutation(self) -> tuple[int, ...]:
        """Where the strand that starts at each place ends; places count from 0."""
        at = list(range(self.strands))
        for letter in self.letters:
            i = abs(letter)
            at[i - 1], at[i] = at[i], at[i - 1]
        ends = [0] * self.strands
        for place, start in enumerate(at):
            ends[start] = place
        return tuple(ends)

    @cached_property
    def components(self) -> int:
        """Number of components of the closure: cycles of the permutation."""
        unseen, cycles = set(range(self.strands)), 0
        while unseen:
            cycles += 1
            place = unseen.pop()
            while (place := self.permutation[place]) in unseen:
                unseen.remove(place)
        return cycles

    def require_knot(self) -> Braid:
        """This braid, once its closure is known to be a knot.

        Raises:
            ValueError: when the closure is a link of several components, saying how many.
        """
        if self.components > 1:
            raise ValueError(f"the closure of the braid is a link of {self.components} components; this needs a knot")
        return self
