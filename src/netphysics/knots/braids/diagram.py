"""Diagram: a knot or link as a planar diagram (PD) code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from .braid import Braid
from .flat import ends_across, faces_around, strands_along

Crossing = tuple[int, int, int, int]
# An end of an edge: the number of its crossing, and its slot there.
End = tuple[int, int]


@dataclass(frozen=True)
class Diagram:
    """An oriented planar diagram.

    Edges between crossings have labels. A crossing lists its four edges counterclockwise from the incoming
    edge of the strand below, as in KnotInfo. At a positive crossing the strand above runs from the fourth
    edge to the second.

    Attributes:
        crossings: the code.
        signs: +1 or -1 for each crossing.
        circles: number of components without a crossing.
    """

    crossings: tuple[Crossing, ...]
    signs: tuple[int, ...]
    circles: int = 0

    def _repr_svg_(self) -> str:
        """In a notebook: its drawing."""
        from .diagram_drawing import draw_diagram

        return draw_diagram(self)

    @classmethod
    def of_pd(cls, rows: Sequence[Sequence[int]]) -> Diagram:
        """The knot or link of a PD code; its signs follow from a walk along it.

        Labels are any integers, in any order. A row of a knot may begin with either edge of the strand below; it comes
        out with the one that comes in first, walking from the first label of the first row into its crossing. Rows of
        a link give each component its orientation; one that is never below has none there, and it links with nothing.

        Raises:
            ValueError: for a code that is malformed, naming the crossing, or a link with rows that run along one
                component in both senses.
        """
        for number, row in enumerate(rows, start=1):
            if len(row) != 4:
                raise ValueError(f"crossing {number} of the PD code has {len(row)} labels; it must have 4")
        across = ends_across(rows)
        if -1 in across:
            _refuse_labels(rows)
        crossings = tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in rows)
        if not crossings:
            return cls((), (), 1)
        components = strands_along(across)
        came_in = bytearray(len(across))
        for component in components:
            for end in component:
                came_in[end] = 1
        against = [number for number, below in enumerate(came_in[::4]) if not below]
        if against and len(components) > 1:
            raise ValueError(
                f"crossing {against[0] + 1} of the PD code runs along its component against another one; in a link "
                "each crossing begins with the edge that comes in below"
            )
        # A row may begin at either end of the strand below.
        turned = list(crossings)
        for number in against:
            a, b, c, d = crossings[number]
            turned[number] = (c, d, a, b)
        signs = tuple(1 if below == above else -1 for below, above in zip(came_in[::4], came_in[3::4], strict=True))
        diagram = cls(tuple(turned), signs)
        if not against:
            # What is known already need not be found out again.
            vars(diagram).update(across=across, passages=components)
        if not diagram.is_planar:
            # Where labels follow each other along the knot, they tell which crossing is written wrong.
            wrong = [number for number, row in enumerate(crossings) if not _is_straight(row, 2 * len(crossings))]
            if 0 < 2 * len(wrong) < len(crossings):
                raise ValueError(
                    f"crossing {wrong[0] + 1} of the PD code is malformed: its first label must be an edge of the "
                    "strand below, and the others follow counterclockwise"
                )
            number = diagram.first_crossing_off_the_plane()
            raise ValueError(f"crossing {number} of the PD code does not fit into the plane with those before it")
        return diagram

    @classmethod
    def of_braid(cls, braid: Braid) -> Diagram:
        """The closure of a braid; strands without a letter are circles."""
        first = list(range(1, braid.strands + 1))
        now, label = list(first), braid.strands
        rows = []
        for letter in braid.letters:
            i = abs(letter) - 1
            lower_left, lower_right, upper_left, upper_right = now[i], now[i + 1], label + 1, label + 2
            label += 2
            now[i], now[i + 1] = upper_left, upper_right
            if letter > 0:
                rows.append((lower_right, upper_right, upper_left, lower_left))
            else:
                rows.append((lower_left, lower_right, upper_right, upper_left))
        last_use = dict(zip(now, first, strict=True))
        joined = {edge: last_use.get(edge, edge) for row in rows for edge in row}
        rank = {edge: k for k, edge in enumerate(sorted(set(joined.values())), 1)}
        number = {edge: rank[kept] for edge, kept in joined.items()}
        crossings = tuple((number[a], number[b], number[c], number[d]) for a, b, c, d in rows)
        circles = sum(top == bottom for top, bottom in last_use.items())
        return cls(crossings, tuple(1 if letter > 0 else -1 for letter in braid.letters), circles)

    def __len__(self) -> int:
        return len(self.crossings)

    @property
    def mirror(self) -> Diagram:
        """All crossings changed: the mirror image."""
        pairs = zip(self.crossings, self.signs, strict=True)
        rows = tuple((d, a, b, c) if sign > 0 else (b, c, d, a) for (a, b, c, d), sign in pairs)
        return Diagram(rows, tuple(-sign for sign in self.signs), self.circles)

    @property
    def writhe(self) -> int:
        """Number of positive minus number of negative crossings."""
        return sum(self.signs)

    @property
    def components(self) -> int:
        return len(self.passages) + self.circles

    @cached_property
    def walks(self) -> list[list[End]]:
        """The components that have crossings, each as the ends through which it comes into them."""
        walks = [[divmod(end, 4) for end in passage] for passage in self.passages]
        return sorted(walks, key=lambda walk: min(self.crossings[k][slot] for k, slot in walk))

    @property
    def strands(self) -> list[list[int]]:
        """Labels of each component that has crossings, along it, the component with the smallest label first."""
        return [[self.crossings[k][slot] for k, slot in walk] for walk in self.walks]

    @property
    def pieces(self) -> list[Diagram]:
        """The connected parts of the diagram that have crossings; with more than one it is a split link."""
        labels: list[set[int]] = []
        for row in self.crossings:
            apart = [piece for piece in labels if piece.isdisjoint(row)]
            labels = [*apart, set(row).union(*(piece for piece in labels if piece not in apart))]
        numbers = [[k for k, row in enumerate(self.crossings) if row[0] in piece] for piece in labels]
        return [Diagram(tuple(self.crossings[k] for k in ks), tuple(self.signs[k] for k in ks)) for ks in numbers]

    @property
    def is_connected(self) -> bool:
        return len(self.pieces) + self.circles == 1

    def require_knot(self) -> Diagram:
        """This diagram, once it is known to be a knot.

        Raises:
            ValueError: for a link of several components, saying how many.
        """
        if self.components > 1:
            raise ValueError(f"the diagram is a link of {self.components} components; this needs a knot")
        return self

    @cached_property
    def across(self) -> list[int]:
        """Of each end, as a number (see `flat`), the one across its edge."""
        return ends_across(self.crossings)

    @cached_property
    def passages(self) -> list[list[int]]:
        """Of each component that has crossings the ends, as numbers, through which it comes into them."""
        return strands_along(self.across)

    @cached_property
    def other_end(self) -> dict[End, End]:
        """The end of each edge that lies across from an end."""
        ends = (
            (one, other) for one, far in enumerate(self.across) if one < far for one, other in ((one, far), (far, one))
        )
        return {divmod(one, 4): divmod(other, 4) for one, other in ends}

    @cached_property
    def faces(self) -> list[list[End]]:
        """The regions of a connected diagram: the ends at which one leaves a crossing, face on the left."""
        return [[divmod(end, 4) for end in face] for face in self.corners]

    @cached_property
    def corners(self) -> list[list[int]]:
        """The same with ends as numbers."""
        return faces_around(self.across)

    @property
    def is_planar(self) -> bool:
        """Whether the code is that of a diagram in the plane."""
        return not genus(self.other_end) if self.components > 1 else len(self.corners) == len(self.crossings) + 2

    def is_forward(self, end: End) -> bool:
        """Whether the strand leaves the crossing through this end."""
        crossing, slot = end
        return slot == 2 or slot == (1 if self.signs[crossing] > 0 else 3)

    @cached_property
    def seifert_circles(self) -> list[list[int]]:
        """Labels of each Seifert circle in the order of its orientation."""
        follow: dict[int, int] = {}
        for (a, b, c, d), sign in zip(self.crossings, self.signs, strict=True):
            follow |= {a: b, d: c} if sign > 0 else {a: d, b: c}
        circles = []
        while follow:
            start, edge = next(iter(follow.items()))
            circle = [start]
            while edge != start:
                circle.append(edge)
                edge = follow[edge]
            for edge in circle:
                del follow[edge]
            circles.append(circle)
        return circles

    def first_crossing_off_the_plane(self) -> int:
        """Number of the first crossing (from 1) that makes the code non-planar."""
        for count in range(1, len(self.crossings) + 1):
            kept = self.crossings[:count]
            ends = _ends(kept)
            whole = {e: f for pair in ends.values() if len(pair) == 2 for e, f in (pair, pair[::-1])}
            if genus(whole):
                return count
        raise AssertionError("the code is planar")


def _refuse_labels(rows: Sequence[Sequence[int]]) -> None:
    """Say which label does not occur twice."""
    for label, found in _ends(rows).items():
        if len(found) != 2:
            where = " and ".join(str(crossing + 1) for crossing, _ in found)
            times = "once" if len(found) == 1 else f"{len(found)} times"
            raise ValueError(f"label {label} of the PD code occurs {times}, at crossing {where}; it must occur twice")


def _ends(rows: Sequence[Sequence[int]]) -> dict[int, list[End]]:
    ends = defaultdict(list)
    for number, row in enumerate(rows):
        for slot, label in enumerate(row):
            ends[label].append((number, slot))
    return ends


def _is_straight(row: Crossing, labels: int) -> bool:
    """Whether both strands of a crossing run from one of so many labels to the next one."""
    return all((row[slot] - row[slot + 2]) % labels in (1, labels - 1) for slot in (0, 1))


def _faces(across: dict[End, End]) -> list[list[End]]:
    """Orbits of: along the edge to its other end, then to the next edge clockwise there that is drawn."""
    unseen, faces = dict.fromkeys(across), []
    while unseen:
        start = next(iter(unseen))
        face: list[End] = []
        end = start
        while not face or end != start:
            face.append(end)
            del unseen[end]
            crossing, slot = across[end]
            slot = (slot - 1) % 4
            while (crossing, slot) not in across:
                slot = (slot - 1) % 4
            end = (crossing, slot)
        faces.append(face)
    return faces


def genus(across: dict[End, End]) -> int:
    """Twice the genus of the closed surface on which the given edges lie, all pieces together."""
    parent = {crossing: crossing for crossing, _ in across}

    def root(crossing: int) -> int:
        while parent[crossing] != crossing:
            crossing = parent[crossing]
        return crossing

    for (one, _), (other, _) in across.items():
        parent[root(one)] = root(other)
    pieces = len({root(crossing) for crossing in parent})
    return 2 * pieces - len(parent) + len(across) // 2 - len(_faces(across))
