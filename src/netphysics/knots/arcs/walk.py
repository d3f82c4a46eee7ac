"""A random walk among arc presentations that never grow, and shrink wherever they can.

Every arc presentation of the unknot leads to the trivial one, of two arcs, by exchanges, cyclic shifts and
destabilizations alone (Dynnikov, Fund. Math. 190 (2006) 29; math/0208153). The theorem bounds the size on the way,
not the number of steps. A walk that carries random lines as far as they can go needs few.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from math import exp
from random import Random
from time import monotonic
from typing import Literal, NamedTuple

from .certificate import ArcCertificate, Kind, Move
from .guide import Guide
from .presentation import ArcPresentation

KINDS: tuple[Kind, Kind] = ("row", "column")
# Moves that may lead to the next destabilization; a walk that has made more goes back to the last one.
LONGEST_DETOUR = 1_000_000
# Lines that are drawn between two looks at the clock.
STRETCH = 1024
# How often a line is carried past a random number of neighbors rather than as far as it can go. Without, the walk may
# not come everywhere; with more, it needs more steps.
SHORTER = 1 / 16


class Simplification(NamedTuple):
    """What a walk has come to.

    Attributes:
        certificate: moves to the smallest arc presentation that was found.
        steps: how often a line was compared with a neighbor.
    """

    certificate: ArcCertificate
    steps: int

    @property
    def smallest(self) -> ArcPresentation:
        return ArcPresentation(self.certificate.end)


def simplify(
    presentation: ArcPresentation,
    steps: int = 1_000_000,
    seconds: float | None = None,
    seed: int = 0,
    guide: Guide | None = None,
) -> Simplification:
    """A walk from an arc presentation of a knot to a smaller one, which ends when there are two arcs.

    Args:
        presentation: where it starts.
        steps: comparisons of a line with a neighbor, at most; a million take less than a second.
        seconds: time, at most; None for no limit. Without one, the same seed gives the same walk.
        seed: of its random numbers.
        guide: which moves it prefers; None for none.

    Raises:
        ValueError: for a link of several components, or a budget that is not positive.
    """
    if presentation.components > 1:
        raise ValueError(f"the arc presentation is a link of {presentation.components} components; this needs a knot")
    for name, budget in (("steps", steps), ("seconds", seconds)):
        if budget is not None and budget <= 0:
            raise ValueError(f"{name} is {budget}; it must be positive")
    walk = _Walk(presentation)
    done = walk.run(Random(seed), steps, None if seconds is None else monotonic() + seconds, guide)
    moves = tuple(map(Move._make, walk.moves))
    return Simplification(ArcCertificate(presentation.arcs, moves, walk.arcs()), done)


class _Walk:
    """The lines along a knot, with their places.

    Keys of a kind rise with places. A line that goes takes its key along, so that the others keep theirs.

    Attributes:
        before, after: the neighbors of each line along the knot; rows have even numbers, columns odd ones.
        key: of each line.
        order: rows and columns by place.
        keys: theirs.
        moves: what led here.
    """

    def __init__(self, presentation: ArcPresentation):
        self.key = list(presentation.cycles[0])
        count = len(self.key)
        self.before = [count - 1, *range(count - 1)]
        self.after = [*range(1, count), 0]
        self.keys = (list(range(count // 2)), list(range(count // 2)))
        self.order = ([0] * (count // 2), [0] * (count // 2))
        for line, place in enumerate(self.key):
            self.order[line & 1][place] = line
        self.moves: list[tuple[Literal["exchange", "destabilize"], Kind, int, int]] = []
        self.remember()

    def remember(self) -> None:
        """Take this as the place to go back to."""
        self.kept = self.order[0][:], self.order[1][:], len(self.moves)

    def go_back(self) -> None:
        """Since then lines have been carried, so that their order is all that has changed."""
        for order, keys, kept in zip(self.order, self.keys, self.kept[:2], strict=True):
            order[:] = kept
            for line, key in zip(order, keys, strict=True):
                self.key[line] = key
        del self.moves[self.kept[2] :]

    def arcs(self) -> tuple[tuple[int, int], ...]:
        """The rows of each column."""
        place = {row: number for number, row in enumerate(self.order[0])}
        ends = ((place[self.before[column]], place[self.after[column]]) for column in self.order[1])
        return tuple((min(pair), max(pair)) for pair in ends)

    def run(self, random: Random, steps: int, deadline: float | None, guide: Guide | None) -> int:
        """Walk until two arcs are left or the budget is spent, and go back to the last destabilization.

        Returns:
            The steps that were taken.
        """
        done = 0
        while len(self.order[0]) > 2 and done < steps and (deadline is None or monotonic() < deadline):
            done += self.stretch(random.random, steps - done, guide)
            if len(self.moves) - self.kept[2] > LONGEST_DETOUR:
                self.go_back()
        self.go_back()
        return done

    def stretch(self, draw: Callable[[], float], steps: int, guide: Guide | None) -> int:
        """Carry some random lines as far as they can go, or now and then less far, and destabilize where two meet.

        This is where all the time goes: looking how far a line can go is written out here.

        Returns:
            The steps that were taken.
        """
        before, after, key, size, done = self.before, self.after, self.key, len(self.order[0]), 0
        energies = guide.energies(size) if guide else []
        for _ in range(STRETCH):
            number = int(draw() * 4 * size)
            kind, up, start = number & 1, number & 2, number >> 2
            most = size - 1 if draw() > SHORTER else int(draw() * size) + 1
            order, at, step, passed, met = self.order[kind], start, 1 if up else -1, 0, -1
            line = order[start]
            low, high = key[before[line]], key[after[line]]
            if low > high:
                low, high = high, low
            ends = low, high
            while passed < most:
                at += step
                # An index of -1 is the last place.
                if at == size:
                    at = 0
                beyond = order[at]
                one, other = key[before[beyond]], key[after[beyond]]
                if one in ends or other in ends:
                    met = beyond
                    break
                if (low < one < high) != (low < other < high):
                    break
                passed += 1
            done += passed + 1
            by = passed if up else -passed
            if passed and guide and met < 0:
                self.carry_downhill(kind, start, by, energies, draw())
            elif passed:
                self.carry(kind, start, by)
            if met >= 0:
                self.join(kind, line, met, bool(up))
                self.remember()
                size -= 1
                energies = guide.energies(size) if guide else []
                if size == 2:
                    break
            if done >= steps:
                break
        return done

    def carry(self, kind: int, start: int, number: int) -> None:
        """An exchange move."""
        order, keys, key, size = self.order[kind], self.keys[kind], self.key, len(self.order[kind])
        line, end = order[start], start + number
        if 0 <= end < size:
            del order[start]
            order.insert(end, line)
            low, high = (start, end) if number > 0 else (end, start)
            for at in range(low, high + 1):
                key[order[at]] = keys[at]
        else:
            step, at = (1 if number > 0 else -1), start
            for _ in range(abs(number)):
                following = (at + step) % size
                order[at] = order[following]
                key[order[at]] = keys[at]
                at = following
            order[at] = line
            key[line] = keys[at]
        self.moves.append(("exchange", KINDS[kind], start, number))

    def carry_downhill(self, kind: int, start: int, number: int, energies: list[float], chance: float) -> None:
        """An exchange move, which is taken back if it makes the energy too much larger for a random number."""
        order, step, size = self.order[kind], 1 if number > 0 else -1, len(self.order[kind])
        moved = [order[(start + step * passed) % size] for passed in range(abs(number) + 1)]
        changed = {line for each in moved for line in (self.before[each], self.after[each])}
        energy = self.energy(kind, changed, energies)
        self.carry(kind, start, number)
        if chance > exp(min(energy - self.energy(kind, changed, energies), 0.0)):
            self.carry(kind, (start + number) % size, -number)
            del self.moves[-2:]

    def energy(self, kind: int, lines: set[int], energies: list[float]) -> float:
        """That of some lines, which end at lines of a kind."""
        place, before, after = {line: at for at, line in enumerate(self.order[kind])}, self.before, self.after
        return sum(energies[abs(place[before[line]] - place[after[line]])] for line in lines)

    def join(self, kind: int, line: int, met: int, up: bool) -> None:
        """The destabilization of the line that joins two neighbors."""
        lower, upper = (line, met) if up else (met, line)
        if self.after[self.after[lower]] == upper:
            gone, beyond = self.after[lower], self.after[upper]
            self.after[lower], self.before[beyond] = beyond, lower
        else:
            gone, beyond = self.before[lower], self.before[upper]
            self.before[lower], self.after[beyond] = beyond, lower
        removed, place = self.place(1 - kind, gone), self.place(kind, upper)
        self.moves.append(("destabilize", KINDS[1 - kind], removed, 0))
        for one, at in ((1 - kind, removed), (kind, place)):
            del self.order[one][at], self.keys[one][at]

    def place(self, kind: int, line: int) -> int:
        return bisect_left(self.keys[kind], self.key[line])
