r"""The Kauffman bracket and the Jones polynomial: a sum over smoothings, one crossing at a time.

The diagram is swept by a frontier. All smoothings of the crossings behind it that pair up the points of the
frontier alike are one state, a non-crossing matching (an element of the Temperley-Lieb basis), and carry one
polynomial. For a braid on n strands there are at most Catalan(n) states, however long the word.

$\langle \mathrm{crossing} \rangle = A\,\langle \asymp \rangle + A^{-1} \langle )( \rangle$, a circle is
$d = -A^2 - A^{-2}$, and $V(t) = (-A^3)^{-w} \langle D \rangle / d$ at $t = A^{-4}$, w the writhe.

Polynomials are single integers (Kronecker's substitution): with $y = A^{-2} = \sqrt t$, a polynomial is its value
at $y = 2^h$, with h so large that coefficients cannot meet. Sums and shifts of integers are then sums and
multiples of polynomials, exact whatever the size of the coefficients.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from ..braids import Braid, Diagram
from .laurent import Laurent

# Coefficients that are added up; a hundred million take two to eight seconds.
LARGEST_COST = 300_000_000


def jones(knot: Braid | Diagram) -> Laurent:
    """The Jones polynomial V(t) of a knot; 1 for the unknot, t + t^3 - t^4 for the closure of 1 1 1.

    Raises:
        ValueError: for a link of several components, or a diagram beyond what can be computed, stating the
            cost and the limit.
    """
    coefficients, lowest = _jones(knot.require_knot())
    return Laurent(coefficients, lowest // 2)


def jones_of_link(link: Braid | Diagram) -> Laurent:
    """The Jones polynomial of an oriented link in s = t^(1/2), so that exponents count halves.

    Raises:
        ValueError: for a diagram beyond what can be computed, stating the cost and the limit.
    """
    coefficients, lowest = _jones(link)
    return Laurent([c for pair in zip(coefficients, [0] * len(coefficients), strict=True) for c in pair], lowest)


def jones_cost(diagram: Diagram) -> int:
    """Additions that the Jones polynomial of a diagram takes, at most."""
    return sweep_cost(sweep_order(diagram.crossings))


def _jones(link: Braid | Diagram) -> tuple[list[int], int]:
    """Coefficients of s^lowest, s^(lowest + 2), ... with s = t^(1/2)."""
    diagram = link if isinstance(link, Diagram) else Diagram.of_braid(link)
    crossings = sweep_order(diagram.crossings)
    cost = sweep_cost(crossings)
    if cost > LARGEST_COST:
        raise ValueError(
            f"the Jones polynomial of this diagram with {len(crossings)} crossings takes up to {cost:.1e} additions; "
            f"the limit is {LARGEST_COST:.0e}"
        )
    count, components = len(crossings), diagram.components
    # Going from the first smoothing of a crossing (y^0) to the other (y^1) opens or closes one circle, so no
    # exponent is below -(circles of the first smoothings). Coefficients of a connected diagram add up to at
    # most 2 3^count: with sqrt(Q) = 2, all circles are a Potts model on 4 states with weights 1 and 3 at an edge,
    # an edge of a spanning tree multiplies it by 6 / 2 and any other by at most 3.
    offset, half = _circles_of_first_smoothings(crossings), (8 * count // 5 + components + 3) // 2
    total = _sweep(crossings, half, offset)
    square = 1 << 2 * half
    for _ in range(diagram.circles):
        total, offset = -total * (square + 1), offset + 1
    # The unknot is 1, not d.
    total, offset = -(total // (square + 1)), offset - 1
    lowest = (3 * diagram.writhe - count) // 2 - offset
    # Exponents of s are even for a knot and odd for a link of two components.
    odd = (components - 1 - lowest) % 2
    coefficients = _unpack(total >> odd * half, 2 * half)
    return [-c for c in coefficients] if diagram.writhe % 2 else coefficients, lowest + odd


def _unpack(total: int, bits: int) -> list[int]:
    """The integers c_0, c_1, ... of sum_k c_k 2^(k bits), each smaller than 2^(bits-1) in size."""
    coefficients, base = [], 1 << bits
    while total:
        low = total & (base - 1)
        low -= base if low >> (bits - 1) else 0
        coefficients.append(low)
        total = (total - low) >> bits
    return coefficients


def sweep_order(crossings: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """The order in which crossings are swept: as given, or greedily nearest, whichever costs less."""
    left, greedy = list(crossings), []
    frontier: set[int] = set()
    while left:
        best = max(left, key=lambda crossing: sum(label in frontier for label in crossing))
        left.remove(best)
        greedy.append(best)
        frontier.symmetric_difference_update(_open(best))
    return min((list(crossings), greedy), key=sweep_cost)


def sweep_cost(crossings: Sequence[tuple[int, int, int, int]]) -> int:
    """An upper bound on additions: for each crossing the matchings of its frontier, or all smoothings so far if
    these are fewer, times the coefficients of a polynomial.
    """
    frontier: set[int] = set()
    states = 0
    for number, crossing in enumerate(crossings, start=1):
        frontier.symmetric_difference_update(_open(crossing))
        half = len(frontier) // 2
        states += min(2**number, comb(2 * half, half) // (half + 1))
    return states * (len(crossings) + 20)


def _open(crossing: tuple[int, int, int, int]) -> set[int]:
    """Labels that occur once at a crossing: those that go on elsewhere."""
    return {label for label in crossing if crossing.count(label) == 1}


def _sweep(crossings: Sequence[tuple[int, int, int, int]], half: int, offset: int) -> int:
    """The bracket over A^crossings times y^offset, at y = 2^half."""
    place: dict[int, int] = {}
    spare: list[int] = []
    states: dict[bytes, int] = {b"": 1 << (half * offset)}
    tables: dict[tuple, dict[bytes, tuple]] = {}
    for crossing in crossings:
        legs = _legs(crossing, place, spare)
        table = tables.setdefault(legs, {})
        swept: dict[bytes, int] = {}
        for state, value in states.items():
            step = table.get(state)
            if step is None:
                step = table[state] = _smoothings(state, legs)
            (one, circles), (other, more_circles) = step
            turned = value << half
            for _ in range(circles):
                value = -((value << half) + (value >> half))
            for _ in range(more_circles):
                turned = -((turned << half) + (turned >> half))
            swept[one] = swept[one] + value if one in swept else value
            swept[other] = swept[other] + turned if other in swept else turned
        states = swept
    return sum(states.values())


def _circles_of_first_smoothings(crossings: Sequence[tuple[int, int, int, int]]) -> int:
    """Circles when every crossing is smoothed the way that comes with A."""
    joined: dict[int, int] = {}

    def root(label: int) -> int:
        while joined.setdefault(label, label) != label:
            label = joined[label]
        return label

    for a, b, c, d in crossings:
        joined[root(a)] = root(b)
        joined[root(c)] = root(d)
    return len({root(label) for label in list(joined)})


def _legs(crossing: tuple[int, int, int, int], place: dict[int, int], spare: list[int]) -> tuple[tuple[str, int], ...]:
    """What each leg of a crossing is: "in" from a point of the frontier, "out" to one, or "loop" to another leg.

    New points take the place of a neighboring leg's old one, so that the same letter of a braid is the same
    step again and is looked up.
    """
    legs: dict[int, tuple[str, int]] = {}
    for leg, label in enumerate(crossing):
        if label in place:
            legs[leg] = ("in", place.pop(label))
        elif crossing.count(label) == 2:
            legs[leg] = ("loop", next(k for k in range(4) if crossing[k] == label and k != leg))
    spare += [point for what, point in legs.values() if what == "in"]
    for leg, label in enumerate(crossing):
        if leg not in legs:
            near = [legs[k][1] for k in ((leg - 1) % 4, (leg + 1) % 4) if k in legs and legs[k][0] == "in"]
            slot = next((slot for slot in near if slot in spare), None)
            if slot is None:
                slot = min(spare) if spare else len(place)
            if slot in spare:
                spare.remove(slot)
            place[label] = slot
            legs[leg] = ("out", slot)
    return tuple(legs[leg] for leg in range(4))


# How the four legs of a crossing are joined by its two smoothings; the first comes with A, the other with 1/A.
_FIRST, _OTHER = {0: 1, 1: 0, 2: 3, 3: 2}, {1: 2, 2: 1, 3: 0, 0: 3}


def _smoothings(state: bytes, legs: tuple[tuple[str, int], ...]) -> tuple[tuple[bytes, int], tuple[bytes, int]]:
    """Both matchings that a state becomes, each with the number of circles that close.

    A state lists the partner of each point of the frontier; a point that is not in use is its own.
    """
    into = {x: leg for leg, (kind, x) in enumerate(legs) if kind == "in"}
    beyond = []  # where one gets from a leg: a point, or ~k for leg k
    for kind, x in legs:
        point = state[x] if kind == "in" else x
        beyond.append(~x if kind == "loop" else ~into[point] if kind == "in" and point in into else point)
    points = max([len(state), *(x + 1 for kind, x in legs if kind == "out")])
    rest = [k if k in into or k >= len(state) else state[k] for k in range(points)]
    return _joined(rest, beyond, _FIRST), _joined(rest, beyond, _OTHER)


def _joined(rest: list[int], beyond: list[int], arc: dict[int, int]) -> tuple[bytes, int]:
    partner, unseen, circles = list(rest), {0, 1, 2, 3}, 0
    for start in sorted(unseen, key=lambda leg: beyond[leg] < 0):
        if start not in unseen:
            continue
        leg = start
        while True:
            unseen -= {leg, arc[leg]}
            leg = arc[leg]
            if beyond[leg] >= 0 or ~beyond[leg] not in unseen:
                break
            leg = ~beyond[leg]
        if beyond[start] >= 0:
            partner[beyond[start]], partner[beyond[leg]] = beyond[leg], beyond[start]
        else:
            circles += 1
    return bytes(partner), circles
