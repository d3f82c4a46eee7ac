"""Feynman diagrams: what they are, how many Wick contractions they stand for, and how they read.

The field has the propagator K and the action S = S_GP + SUM_v g_v INT f^k; weights are e^{-S}. A diagram of
an n-point function has n external points x_1 ... x_n with one leg each, and internal points y with the legs
of their vertices. Diagrams that differ by a permutation of the externals are one topology; its channels are
the distinct ways to put the labels on.

Counting goes by group theory, never by listing contractions. With e_i externals and l_i closed lines at
point i, m_ij lines from i to j, and p pairs of externals joined to each other, the internal points can be
wired in PROD k_i! / (PROD m_ij! PROD l_i! 2^{l_i}) ways for each of the n! / (PROD e_i! 2^p p!) labelings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from itertools import combinations, groupby, permutations, product
from math import factorial, prod

from netphysics.stats import partitions

Permutation = tuple[int, ...]


@dataclass(frozen=True, order=True)
class Vertex:
    r"""One interaction term of the action.

    `legs` counts the fields at each of its points: (4,) is the local g INT dy f(y)^4, and (2, 2) the
    bi-local g INT dy dy' f(y)^2 f(y')^2. There are no factors 1/4! in the action. `coupling` is the name
    of g in LaTeX, such as r"\lambda".
    """

    coupling: str
    legs: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.legs or min(self.legs) < 1:
            raise ValueError(f"legs are {self.legs}; every point of a vertex needs at least one leg.")


@dataclass(frozen=True)
class Channel:
    """One labeling: the externals at each internal point, and those that are joined to each other."""

    attached: tuple[tuple[int, ...], ...]
    direct: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Diagram:
    """A topology of Wick contractions, up to relabeling of equal vertices and of the externals.

    `attached[i]` externals end at internal point i; `lines[i][j]` propagators join the points i and j, and
    `lines[i][i]` start and end at i. What is left of the externals is joined in pairs.
    """

    externals: int
    vertices: tuple[Vertex, ...]
    attached: tuple[int, ...]
    lines: tuple[tuple[int, ...], ...]

    def _repr_svg_(self) -> str:
        """In a notebook: its drawing."""
        from .drawing import draw

        return draw(self)

    @property
    def order(self) -> int:
        """Number of vertices."""
        return len(self.vertices)

    @cached_property
    def direct(self) -> int:
        """Number of propagators that join two externals."""
        return (self.externals - sum(self.attached)) // 2

    @cached_property
    def symmetry_factor(self) -> int:
        """Number of automorphisms that leave the externals where they are.

        With couplings written as g/k! every channel of a local theory would come with one over it.
        """
        fixing = sum(
            all(point == image or not self.attached[point] for point, image in enumerate(symmetry))
            for symmetry in self._symmetries
        )
        return fixing * self._equal_lines

    @cached_property
    def contractions(self) -> int:
        """Number of all Wick contractions that have this topology."""
        images = len(relabelings(self.vertices)) // len(self._symmetries)
        wirings = prod(factorial(legs) for legs in point_legs(self.vertices)) // self._equal_lines
        return images * wirings * self._labelings

    @cached_property
    def weight(self) -> Fraction:
        """The number in front of each channel, apart from (-1)^order and the couplings.

        It is the number of contractions of the channel, over p! for p equal vertices from the exponential.
        """
        equal = prod(factorial(self.vertices.count(vertex)) for vertex in set(self.vertices))
        return Fraction(self.contractions, len(self.channels) * equal)

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """All distinct labelings of the externals."""
        found: dict[tuple[object, object], Channel] = {}
        for channel in self._labeled():
            images = ([channel.attached[point] for point in symmetry] for symmetry in self._symmetries)
            found.setdefault((min(map(tuple, images)), channel.direct), channel)
        return tuple(found.values())

    @cached_property
    def components(self) -> tuple[tuple[int, ...], ...]:
        """Sets of internal points that hang together, by lines or by sharing a vertex."""
        return line_components(self.lines, vertex_points(self.vertices))

    @property
    def is_connected(self) -> bool:
        """Whether the whole diagram hangs together."""
        return self.direct + len(self.components) == 1

    @property
    def has_vacuum_bubble(self) -> bool:
        """Whether a component has no external point; such diagrams cancel against the normalization."""
        return 0 in self._externals_of_components

    @property
    def corrects_propagator(self) -> bool:
        """Whether a connected part with vertices has just two ends: it sits on a line, inner or external.

        These are dropped when K is taken to be the exact two-point function, tadpoles included.
        """
        blocks = vertex_points(self.vertices)
        parts = (part for count in range(1, len(blocks) + 1) for part in combinations(blocks, count))
        return any(self._ends(sum(part, ())) == 2 and self._hangs_together(part) for part in parts)

    def _ends(self, part: tuple[int, ...]) -> int:
        """Number of lines that leave a set of internal points, to externals or to other points."""
        outside = [point for point in range(len(self.lines)) if point not in part]
        return sum(self.attached[i] + sum(self.lines[i][j] for j in outside) for i in part)

    def _hangs_together(self, vertices: tuple[tuple[int, ...], ...]) -> bool:
        points = sum(vertices, ())
        lines = tuple(tuple(self.lines[i][j] for j in points) for i in points)
        inside = [tuple(points.index(point) for point in vertex) for vertex in vertices]
        return len(line_components(lines, inside)) == 1

    @cached_property
    def _externals_of_components(self) -> list[int]:
        return [sum(self.attached[point] for point in component) for component in self.components]

    @cached_property
    def _symmetries(self) -> list[Permutation]:
        """Relabelings of equal vertices that change nothing, were the externals not labeled."""
        here = (self.attached, self.lines)
        return [move for move in relabelings(self.vertices) if relabeled(*here, move) == here]

    @cached_property
    def _equal_lines(self) -> int:
        """Permutations of lines with the same ends, and flips of closed lines."""
        pairs = prod(factorial(self.lines[i][j]) for i, j in combinations(range(len(self.lines)), 2))
        return pairs * prod(factorial(row[i]) * 2 ** row[i] for i, row in enumerate(self.lines))

    @cached_property
    def _labelings(self) -> int:
        equal = prod(map(factorial, self.attached)) * 2**self.direct * factorial(self.direct)
        return factorial(self.externals) // equal

    def _labeled(self) -> Iterator[Channel]:
        def share(rest: tuple[int, ...], points: tuple[int, ...]) -> Iterator[Channel]:
            if not points:
                for pairs in partitions(len(rest), (2,) * (len(rest) // 2)):
                    yield Channel((), tuple((rest[a], rest[b]) for a, b in pairs))
                return
            for chosen in combinations(rest, points[0]):
                remaining = tuple(label for label in rest if label not in chosen)
                for channel in share(remaining, points[1:]):
                    yield Channel((chosen, *channel.attached), channel.direct)

        return share(tuple(range(self.externals)), self.attached)


def point_legs(vertices: tuple[Vertex, ...]) -> tuple[int, ...]:
    """Number of legs at each internal point."""
    return tuple(legs for vertex in vertices for legs in vertex.legs)


def relabeled(
    attached: tuple[int, ...], lines: tuple[tuple[int, ...], ...], move: Permutation
) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """The same wiring with point move[i] in the place of point i."""
    return tuple(attached[i] for i in move), tuple(tuple(lines[i][j] for j in move) for i in move)


@cache
def relabelings(vertices: tuple[Vertex, ...]) -> tuple[Permutation, ...]:
    """All permutations of the internal points that map equal vertices, and equal points in them, to another.

    Equal vertices must be neighbors.
    """
    blocks = list(zip(vertices, vertex_points(vertices), strict=True))
    choices = []
    for vertex, block in groupby(blocks, key=lambda pair: pair[0]):
        swaps = [swap for swap in permutations(range(len(vertex.legs))) if _keeps(vertex.legs, swap)]
        points = [points for _, points in block]
        choices.append(
            [
                tuple(moved[i] for moved, swap in zip(order, inner, strict=True) for i in swap)
                for order in permutations(points)
                for inner in product(swaps, repeat=len(points))
            ]
        )
    return tuple(sum(parts, ()) for parts in product(*choices))


def _keeps(legs: tuple[int, ...], swap: Permutation) -> bool:
    return tuple(legs[i] for i in swap) == legs


def vertex_points(vertices: tuple[Vertex, ...]) -> list[tuple[int, ...]]:
    """The internal points of each vertex."""
    points, first = [], 0
    for vertex in vertices:
        points.append(tuple(range(first, first + len(vertex.legs))))
        first += len(vertex.legs)
    return points


def line_components(
    lines: tuple[tuple[int, ...], ...], joined: Sequence[tuple[int, ...]] = ()
) -> tuple[tuple[int, ...], ...]:
    """Sets of internal points that hang together by lines, or because they are joined from the start."""
    groups = [set(points) for points in joined] or [{point} for point in range(len(lines))]
    for i, j in combinations(range(len(lines)), 2):
        if lines[i][j]:
            touched = [group for group in groups if i in group or j in group]
            groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    return tuple(sorted(tuple(sorted(group)) for group in groups))
