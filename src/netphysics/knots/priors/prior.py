"""The priors of 2010.16263: random unknots and random knots of a given number of letters, with sound labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..braids import Braid, Certificate, Move, certify
from .batched_words import BatchedWords, draw_many
from .labels import are_knotted
from .markov_moves import GrowingWord, MoveSchedule, draw_knot, draw_unknot
from .streams import respawned
from .uniform import check_parity
from .words import Words


@dataclass(frozen=True)
class Prior:
    """Algorithms 5 and 6 of 2010.16263, with all that the paper leaves open (docs/conventions.md).

    Attributes:
        letters: N, the number of letters of every word, none of which SmartCollapse takes away.
        strands: n_strands, on which random letters of a knot are drawn; by default 4 or 5, as parity wants, and
            2 or 3 below 7 or 8 letters.
        moves: M, Markov moves and braid relations in a round; by default N / 2.
        stabilization: probability that a Markov move is a stabilization.
        mixed_signs: whether braid relations with mixed signs are used.

    Raises:
        ValueError: for what no word or no round can be.
    """

    letters: int
    strands: int | None = None
    moves: int | None = None
    stabilization: float = 0.2
    mixed_signs: bool = True

    def __post_init__(self) -> None:
        if self.letters < 3:
            raise ValueError(f"letters is {self.letters}; every shorter word collapses, so it must be at least 3")
        if self.strands is None:
            few = 2 + (self.letters % 2 == 0)
            object.__setattr__(self, "strands", few + 2 if self.letters >= few + 5 else few)
        if self.moves is None:
            object.__setattr__(self, "moves", max(self.letters // 2, 4))
        assert self.strands is not None and self.moves is not None  # just filled in
        check_parity(self.strands, self.letters)
        if self.strands < 2 or (self.strands == 2 and self.letters > 15):
            raise ValueError(
                f"strands is {self.strands}; it must be at least 2, and at least 3 beyond 15 letters: on two strands a "
                "word stays as long as it is only when all its signs agree"
            )
        if self.strands > 3 and self.letters < self.strands + 3:
            raise ValueError(
                f"letters is {self.letters}; on {self.strands} strands every word of fewer than {self.strands + 3} "
                "letters collapses"
            )
        if self.moves < 3:
            raise ValueError(f"moves is {self.moves}; with fewer than 3 in a round every word collapses to nothing")
        if not 0 < self.stabilization < 1:
            raise ValueError(
                f"stabilization is {self.stabilization}; it must lie between 0 and 1: both Markov moves are needed"
            )

    @property
    def schedule(self) -> MoveSchedule:
        assert self.moves is not None  # filled in at the beginning
        return MoveSchedule(self.moves, self.stabilization, self.mixed_signs)


def random_unknots(prior: Prior, seeds: np.ndarray) -> Words:
    """RANDOMUNKNOT, one word for each seed; `unknot_certificate` proves each.

    Raises:
        ValueError: for 3 or 5 letters: every unknot of so many collapses.
    """
    if prior.letters in (3, 5):
        raise ValueError(f"letters is {prior.letters}; every unknot of so many letters collapses, 4 or more than 5 do")
    schedule, count = prior.schedule, prior.letters
    letters, strands = draw_many(
        seeds,
        count,
        schedule.moves,
        lambda slots: slots.round(schedule),
        lambda word: draw_unknot(word, count, schedule),
    )
    return Words(letters, strands, np.zeros(len(seeds), bool), seeds)


def unknot_certificate(prior: Prior, seed: int) -> Certificate:
    """Draws the word of a seed again and keeps the moves: a certificate from the empty word to this one."""
    log: list[Move] = []
    draw_unknot(GrowingWord(int(seed), [], 1, 0, log), prior.letters, prior.schedule)
    return certify(Braid((), 1), log)


def random_closures(prior: Prior, seeds: np.ndarray) -> Words:
    """RANDOMKNOT as the paper prints it, one word for each seed: a knot that may by chance be the unknot.

    `knotted` says where an invariant shows that it is not.
    """
    letters, strands = _random_closures(prior, seeds)
    return Words(letters, strands, are_knotted(letters, strands), seeds)


def random_knots(prior: Prior, seeds: np.ndarray) -> Words:
    """RANDOMKNOT without the unknot, one word for each seed; what no invariant shows to be a knot is drawn anew."""
    return _until_knotted(seeds, lambda again: _random_closures(prior, again))


def _random_closures(prior: Prior, seeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    schedule, count, strands = prior.schedule, prior.letters, prior.strands
    assert strands is not None  # `Prior` fills it in.

    def advance(slots: BatchedWords) -> None:
        slots.fill(count, strands)
        filled = np.flatnonzero(slots.lengths)
        if len(filled):
            part = slots.part(filled)
            part.round(schedule)
            slots.put(filled, part)

    return draw_many(seeds, count, schedule.moves, advance, lambda word: draw_knot(word, count, strands, schedule))


def _until_knotted(seeds: np.ndarray, draw: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]) -> Words:
    """Draw for each seed until a knot comes."""
    letters, strands = draw(seeds)
    again = np.flatnonzero(~are_knotted(letters, strands))
    attempt = discarded = 0
    while len(again):
        attempt, discarded = attempt + 1, discarded + len(again)
        letters[again], strands[again] = draw(respawned(seeds[again], attempt))
        again = again[~are_knotted(letters[again], strands[again])]
    return Words(letters, strands, np.ones(len(seeds), bool), seeds, discarded)
