"""From a diagram to an arc presentation with two more arcs than crossings.

The diagram is seen from the end of the axis, which stands on one of its crossings. One crossing after another is
pulled along an edge into the axis. The strand that comes along this edge keeps its height on the axis. The other
one passes above or below it, and is put above or below everything. An edge whose ends have both arrived is an arc,
if one of them is at such an extreme height: it can be swung over everything else into the page of its other end.
(The idea of Bae and Park, Math. Proc. Camb. Phil. Soc. 129 (2000) 491: an arc index is at most c + 2.)

An edge that goes on straight from a pulled one has no extreme end. It is still on its way when it is pulled, but for
the last crossing, if crossings come in an order in which those that are left always hang together: then the edges
from the axis to a crossing are neighbors, and of three the middle one is pulled. There is such an order unless a
crossing is nugatory: a crossing without which the others fall apart has on either side of it some that the axis
meets, so the smallest part that any one cuts off holds one that cuts off nothing. The edge of the last crossing, and
of others that nugatory ones force, is split in two at a new extreme height.
"""

from __future__ import annotations

from collections import deque
from typing import Literal

from ..braids import Braid, Diagram
from .presentation import ArcPresentation

TRIVIAL = ArcPresentation([(0, 1), (0, 1)])


def arc_presentation(knot: Braid | Diagram) -> ArcPresentation:
    """An arc presentation of a knot, with c + 2 arcs for c crossings, none of them nugatory.

    Each nugatory crossing costs one arc more, at most.

    Raises:
        ValueError: for a link of several components, saying how many.
    """
    knot.require_knot()
    diagram = Diagram.of_braid(knot) if isinstance(knot, Braid) else knot
    return contract(diagram).presentation() if diagram.crossings else TRIVIAL


def contract(diagram: Diagram) -> Axis:
    """Pull all crossings of a diagram of a knot, which has some, into the axis."""
    axis = Axis(diagram)
    waiting = deque(axis.neighbors(0))
    cutting: deque[int] = deque()
    while waiting or cutting:
        # Those that cut come again when a neighbor has arrived.
        crossing = waiting.popleft() if waiting else cutting.popleft()
        if axis.arrived[crossing]:
            continue
        if waiting and axis.cuts(crossing):
            cutting.append(crossing)
            continue
        axis.pull(4 * crossing + PULLED[axis.near[crossing]])
        waiting.extend(axis.neighbors(crossing))
    return axis


def _pulled(near: int) -> int:
    """Of the slots at which edges come from the axis, one that has no other opposite, if there is one."""
    slots = [slot for slot in range(4) if near >> slot & 1]
    return next((slot for slot in slots if slot ^ 2 not in slots), slots[0] if slots else 0)


# By the slots at which edges come from the axis, as the bits of a number.
PULLED = [_pulled(near) for near in range(16)]


class Axis:
    """The axis, seen from its end.

    Ends of edges are numbers here (see `braids.flat`), as are corners: corner s of a crossing lies between its slots s
    and s + 1.

    Attributes:
        across: the end across the edge from each end.
        face: of each corner.
        arrived: whether each crossing is on the axis.
        near: of each crossing the slots at which edges come from the axis, as the bits of a number.
        touched: whether each face has such a crossing.
        height: of each end of an edge on the axis.
        after, before: the order of ends around the axis, counterclockwise; a cyclic list.
        arcs: for ends that stand for the page of a finished arc, its heights.
        steps: what was done: `pull` a crossing along its edge at a slot; `swing` the edge of an end into the page of
            its other end; `split` the edge of an end.
    """

    def __init__(self, diagram: Diagram):
        self.across = diagram.across
        count = len(self.across)
        self.face = [0] * count
        for number, corners in enumerate(diagram.corners):
            for corner in corners:
                self.face[corner] = number
        self.arrived = bytearray(len(diagram))
        self.near = [0] * len(diagram)
        self.touched = bytearray(len(diagram.corners))
        # Slots 0 and 2 belong to the strand below.
        self.height = [0, 1, 0, 1] + [0] * (count - 4)
        self.after = {0: 1, 1: 2, 2: 3, 3: 0}
        self.before = {1: 0, 2: 1, 3: 2, 0: 3}
        self.arcs: dict[int, tuple[int, int]] = {}
        self.steps: list[tuple[Literal["pull", "swing", "split"], int]] = []
        self.lowest, self.highest = 0, 1
        self.arrive(0)
        self.finish(1)
        self.finish(3)

    def arrive(self, crossing: int) -> None:
        self.arrived[crossing] = 1
        for corner in range(4 * crossing, 4 * crossing + 4):
            self.touched[self.face[corner]] = 1
            far = self.across[corner]
            self.near[far >> 2] |= 1 << (far & 3)

    def neighbors(self, crossing: int) -> list[int]:
        """Crossings beside one, from which it may be that nothing has arrived."""
        return [end >> 2 for end in self.across[4 * crossing : 4 * crossing + 4]]

    def cuts(self, crossing: int) -> bool:
        """Whether the crossings that have not arrived fall apart without this one.

        Around it, two edges lead to one part if no touched face lies between them.
        """
        near, parts, first = self.near[crossing], 0, 4 * crossing
        for slot in range(4):
            if not near >> slot & 1 and self.across[first + slot] >> 2 != crossing:
                before = slot - 1 & 3
                loop = self.across[first + before] >> 2 == crossing
                parts += bool(self.touched[self.face[first + before]] or near >> before & 1 or loop)
        return parts > 1

    def pull(self, end: int) -> None:
        """Pull a crossing into the axis along its edge at an end."""
        self.steps.append(("pull", end))
        pulled, first = self.across[end], end & ~3
        right, straight, left = first | (end + 1 & 3), end ^ 2, first | (end - 1 & 3)
        # Seen from the axis: the edge that leaves to the right comes first.
        before, after = self.before.pop(pulled), self.after.pop(pulled)
        if before == pulled:
            before, after = left, right
        for one, two in ((before, right), (right, straight), (straight, left), (left, after)):
            self.after[one], self.before[two] = two, one
        self.height[straight] = self.height[pulled]
        self.height[right] = self.height[left] = self.extreme(above=not end & 1)
        self.arrive(end >> 2)
        self.finish(right)
        self.finish(left)
        far = self.across[straight]
        if straight not in self.arcs and straight in self.after and self.arrived[far >> 2]:
            self.steps.append(("split", straight))
            between = self.extreme(above=True)
            for end in (straight, far):
                self.arcs[end] = (self.height[end], between)

    def extreme(self, above: bool) -> int:
        """A new height above or below all others."""
        if above:
            self.highest += 1
            return self.highest
        self.lowest -= 1
        return self.lowest

    def finish(self, end: int) -> None:
        """Swing an edge into the page of its other end, once that has arrived; `end` is at an extreme height."""
        far = self.across[end]
        if self.arrived[far >> 2]:
            self.steps.append(("swing", end))
            self.arcs[far] = (self.height[far], self.height[end])
            before, after = self.before.pop(end), self.after.pop(end)
            self.after[before], self.before[after] = after, before

    def pages(self) -> list[int]:
        """The ends that stand for pages, counterclockwise."""
        pages = [next(iter(self.after))]
        while (page := self.after[pages[-1]]) != pages[0]:
            pages.append(page)
        return pages

    def presentation(self) -> ArcPresentation:
        """The arcs in the order of their pages, with heights counted from 0."""
        lowest = self.lowest
        return ArcPresentation(
            [(low - lowest, high - lowest) for low, high in map(self.arcs.__getitem__, self.pages())]
        )
