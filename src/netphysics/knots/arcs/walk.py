"""A random walk among arc presentations that never grow, and shrink wherever they can.

Every arc presentation of the unknot leads to the trivial one, of two arcs, by exchanges, cyclic shifts and
destabilizations alone (Dynnikov, Fund. Math. 190 (2006) 29; math/0208153). The theorem bounds the size on the way,
not the number of steps. A walk that carries random lines past random numbers of neighbors needs few.
"""

from __future__ import annotations

from math import exp
from random import Random
from time import monotonic
from typing import NamedTuple

from .certificate import ArcCertificate, Kind, Move
from .guide import Guide
from .presentation import ArcPresentation

KINDS: tuple[Kind, Kind] = ("row", "column")
# Moves that may lead to the next destabilization; a walk that has made more goes back to the last one.
LONGEST_DETOUR = 1_000_000
# Lines that are carried between two looks at the clock.
CLOCK = 1024


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
        steps: comparisons of a line with a neighbor, at most; a million take about half a second.
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
    return Simplification(ArcCertificate(presentation.arcs, tuple(walk.moves), walk.arcs()), done)


class _Walk:
    """The lines along a knot, with their places.

    Attributes:
        before, after: the neighbors of each line along the knot; rows have even numbers, columns odd ones.
        place: of each line among its kind.
        order: rows and columns by place.
        moves: what led here.
    """

    def __init__(self, presentation: ArcPresentation):
        self.place = list(presentation.cycles[0])
        count = len(self.place)
        self.before = [(line - 1) % count for line in range(count)]
        self.after = [(line + 1) % count for line in range(count)]
        self.order = [sorted(range(kind, count, 2), key=self.place.__getitem__) for kind in (0, 1)]
        self.moves: list[Move] = []
        self.remember()

    def remember(self) -> None:
        """Take this as the place to go back to."""
        rows, columns = self.order
        self.kept = (self.before[:], self.after[:], self.place[:], [rows[:], columns[:]], len(self.moves))

    def go_back(self) -> None:
        before, after, place, (rows, columns), moves = self.kept
        self.before, self.after, self.place, self.order = before[:], after[:], place[:], [rows[:], columns[:]]
        del self.moves[moves:]

    def arcs(self) -> tuple[tuple[int, int], ...]:
        """The rows of each column."""
        ends = ((self.place[self.before[column]], self.place[self.after[column]]) for column in self.order[1])
        return tuple((min(pair), max(pair)) for pair in ends)

    def run(self, random: Random, steps: int, deadline: float | None, guide: Guide | None) -> int:
        """Walk until two arcs are left or the budget is spent, and go back to the last destabilization.

        Returns:
            The steps that were taken.
        """
        draw, size, done, carried = random.random, len(self.order[0]), 0, 0
        energies = guide.energies(size) if guide else []
        while size > 2 and done < steps:
            carried += 1
            if deadline is not None and carried % CLOCK == 0 and monotonic() > deadline:
                break
            kind, start, up = draw() < 0.5, int(draw() * size), draw() < 0.5
            passed, met = self.look(kind, start, up, int(draw() * size) + 1)
            done += passed + 1
            if passed and guide and met is None:
                self.carry_downhill(kind, start, passed if up else -passed, energies, draw())
            elif passed:
                self.carry(kind, start, passed if up else -passed)
            if met is not None:
                self.join(kind, self.order[kind][(start + (passed if up else -passed)) % size], met, up)
                self.remember()
                size -= 1
                energies = guide.energies(size) if guide else []
            elif len(self.moves) - self.kept[-1] > LONGEST_DETOUR:
                self.go_back()
        self.go_back()
        return done

    def look(self, kind: int, start: int, up: bool, most: int) -> tuple[int, int | None]:
        """How many neighbors a line can pass, up to a number, and the line that it meets then if they share an end."""
        before, after, place, order = self.before, self.after, self.place, self.order[kind]
        line, size = order[start], len(order)
        low, high = place[before[line]], place[after[line]]
        if low > high:
            low, high = high, low
        at = start
        for passed in range(most):
            at += 1 if up else -1
            if at == size:
                at = 0
            # An index of -1 is the last place.
            beyond = order[at]
            if at < 0:
                at += size
            one, other = place[before[beyond]], place[after[beyond]]
            if low < one < high:
                if low < other < high:
                    continue
                return passed, beyond if other in (low, high) else None
            if low < other < high:
                return passed, beyond if one in (low, high) else None
            if one in (low, high) or other in (low, high):
                return passed, beyond
        return most, None

    def carry(self, kind: int, start: int, number: int) -> None:
        """An exchange move."""
        order, place, size = self.order[kind], self.place, len(self.order[kind])
        line, end = order[start], start + number
        if 0 <= end < size:
            del order[start]
            order.insert(end, line)
            low, high = (start, end) if number > 0 else (end, start)
            for at in range(low, high + 1):
                place[order[at]] = at
        else:
            step, at = (1 if number > 0 else -1), start
            for _ in range(abs(number)):
                following = (at + step) % size
                order[at] = order[following]
                place[order[at]] = at
                at = following
            order[at] = line
            place[line] = at
        self.moves.append(Move("exchange", KINDS[kind], start, number))

    def carry_downhill(self, kind: int, start: int, number: int, energies: list[float], chance: float) -> None:
        """An exchange move, which is taken back if it makes the energy too much larger for a random number."""
        order, step, size = self.order[kind], 1 if number > 0 else -1, len(self.order[kind])
        moved = [order[(start + step * passed) % size] for passed in range(abs(number) + 1)]
        changed = {line for each in moved for line in (self.before[each], self.after[each])}
        energy = self.energy(changed, energies)
        self.carry(kind, start, number)
        if chance > exp(min(energy - self.energy(changed, energies), 0.0)):
            self.carry(kind, (start + number) % size, -number)
            del self.moves[-2:]

    def energy(self, lines: set[int], energies: list[float]) -> float:
        place, before, after = self.place, self.before, self.after
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
        self.moves.append(Move("destabilize", KINDS[1 - kind], self.place[gone]))
        for removed in (upper, gone):
            order, at = self.order[removed % 2], self.place[removed]
            del order[at]
            for number in range(at, len(order)):
                self.place[order[number]] = number
