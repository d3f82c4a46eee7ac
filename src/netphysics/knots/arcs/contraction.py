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
from ..braids.diagram import End
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
        if crossing in axis.arrived:
            continue
        if waiting and axis.parts_beside(crossing) > 1:
            cutting.append(crossing)
            continue
        axis.pull(crossing, _middle(axis.slots(crossing)))
        waiting.extend(axis.neighbors(crossing))
    return axis


def _middle(slots: list[int]) -> int:
    """Of the slots at which edges come from the axis, one that has no other opposite, if there is one."""
    return next((slot for slot in slots if (slot + 2) % 4 not in slots), slots[0])


class Axis:
    """The axis, seen from its end.

    Attributes:
        arrived: crossings on the axis.
        touched: faces that have such a crossing.
        height: of each end of an edge on the axis.
        after, before: the order of ends around the axis, counterclockwise; a cyclic list.
        arcs: for ends that stand for the page of a finished arc, its heights.
        steps: what was done: `pull` a crossing along its edge at a slot; `swing` the edge of an end into the page of
            its other end; `split` the edge of an end.
    """

    def __init__(self, diagram: Diagram):
        self.other_end = diagram.other_end
        self.face = {end: number for number, face in enumerate(diagram.faces) for end in face}
        self.arrived = {0}
        self.touched = {self.face[0, slot] for slot in range(4)}
        # Slots 0 and 2 belong to the strand below.
        ends = [(0, slot) for slot in range(4)]
        self.height: dict[End, int] = {end: end[1] % 2 for end in ends}
        self.lowest, self.highest = 0, 1
        self.after: dict[End, End] = dict(zip(ends, ends[1:] + ends[:1], strict=True))
        self.before: dict[End, End] = {end: start for start, end in self.after.items()}
        self.arcs: dict[End, tuple[int, int]] = {}
        self.steps: list[tuple[Literal["pull", "swing", "split"], End]] = []
        for end in ((0, 1), (0, 3)):
            self.finish(end)

    def neighbors(self, crossing: int) -> list[int]:
        """Crossings beside one, from which it may be that nothing has arrived."""
        return [self.other_end[crossing, slot][0] for slot in range(4)]

    def slots(self, crossing: int) -> list[int]:
        """Where edges from the axis meet a crossing."""
        return [slot for slot in range(4) if self.other_end[crossing, slot][0] in self.arrived]

    def parts_beside(self, crossing: int) -> int:
        """Into how many parts the crossings that have not arrived fall without this one.

        Around it, two edges lead to one part if no touched face lies between them.
        """
        parts, kept, joined = 0, [], []
        for slot in range(4):
            beyond = self.other_end[crossing, slot][0]
            kept.append(beyond != crossing and beyond not in self.arrived)
            # Corner s of a crossing lies between its edges s and s + 1.
            joined.append(self.face[crossing, slot] not in self.touched)
        for slot in range(4):
            parts += kept[slot] and not (joined[slot - 1] and kept[slot - 1])
        return parts

    def pull(self, crossing: int, slot: int) -> None:
        """Pull a crossing into the axis along its edge at a slot."""
        self.steps.append(("pull", (crossing, slot)))
        pulled = self.other_end[crossing, slot]
        right, straight, left = ((crossing, (slot + k) % 4) for k in (1, 2, 3))
        # Seen from the axis: the edge that leaves to the right comes first.
        before, after = self.before.pop(pulled), self.after.pop(pulled)
        if before == pulled:
            before, after = left, right
        for one, two in ((before, right), (right, straight), (straight, left), (left, after)):
            self.after[one], self.before[two] = two, one
        self.height[straight] = self.height[pulled]
        self.height[right] = self.height[left] = self.extreme(above=slot % 2 == 0)
        self.arrived.add(crossing)
        self.touched.update(self.face[crossing, corner] for corner in range(4))
        for end in (right, left):
            self.finish(end)
        far = self.other_end[straight]
        if straight not in self.arcs and straight in self.after and far[0] in self.arrived:
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

    def finish(self, end: End) -> None:
        """Swing an edge into the page of its other end, once that has arrived; `end` is at an extreme height."""
        far = self.other_end[end]
        if far[0] in self.arrived:
            self.steps.append(("swing", end))
            self.arcs[far] = (self.height[far], self.height[end])
            before, after = self.before.pop(end), self.after.pop(end)
            self.after[before], self.before[after] = after, before

    def pages(self) -> list[End]:
        """The ends that stand for pages, counterclockwise."""
        pages = [next(iter(self.after))]
        while (page := self.after[pages[-1]]) != pages[0]:
            pages.append(page)
        return pages

    def presentation(self) -> ArcPresentation:
        """The arcs in the order of their pages, with heights counted from 0."""
        pages = [self.arcs[page] for page in self.pages()]
        number = {height: k for k, height in enumerate(sorted({height for arc in pages for height in arc}))}
        return ArcPresentation([(number[low], number[high]) for low, high in pages])
