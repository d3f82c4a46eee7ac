"""A strand that passes above everything, or below everything, is swept across the sphere to another path.

Between the strand and the path lies a disk with a part of the diagram in it. The strand is moved across that, one
Reidemeister move after the other: out of faces with two sides (second move), past crossings at faces with three
(third move), and where there is none, across an edge beside a crossing, which makes such a face. Loops at the ends of
the strand are taken out or made by the first move. In the end only edges are left that cross the disk from the strand
to the path, so that the strand may as well run along the path.
"""

from __future__ import annotations

from collections.abc import Sequence

from .planar_map import PlanarMap, turned


def sweep(drawing: PlanarMap, start: int, away: int, path: Sequence[int], arrival: int, above: bool) -> None:
    """Move the strand from one mark to another onto a path.

    Args:
        drawing: the diagram, which is changed.
        start: the end of the first mark through which the strand leaves. There are no marks on the way.
        away: the end of the first mark, 1 or 3, through which the path leaves.
        path: ends of edges that it crosses, close to these.
        arrival: the end of the second mark, 1 or 3, through which the path arrives.
        above: whether the strand passes above everything.
    """
    _Sweep(drawing, start, away, path, arrival, above).run()


class _Sweep:
    """A strand on its way.

    Attributes:
        side: 1 if the disk is on the left of the strand, -1 if it is on the right.
        leaving: of the crossings along the strand, the end through which it leaves.
        inside: crossings that are left in the disk.
        sketched: vertices of the path.
        loose: ends of the marks at which the diagram goes on into the disk.
    """

    def __init__(self, drawing: PlanarMap, start: int, away: int, path: Sequence[int], arrival: int, above: bool):
        self.drawing, self.start, self.away, self.arrival, self.above = drawing, start, away, arrival, above
        self.leaving: dict[int, int] = {}
        end = start
        while (entered := drawing.across[end]) // 4 != arrival // 4:
            end = entered ^ 2
            self.leaving[end // 4] = end
        self.finish = entered
        self.sketched: dict[int, int] = {}
        self.sketch(path)
        self.side, self.inside = self.smaller_disk()
        self.loose = [end for end, side in self.loose_ends() if side == self.side]

    def sketch(self, path: Sequence[int]) -> None:
        """Draw the path as an edge from mark to mark, with a vertex wherever it crosses an edge of the diagram."""
        drawing, tip = self.drawing, self.away
        for end in path:
            corner = self.clockwise(tip)
            while corner != end and drawing.across[corner] != end:
                corner = self.clockwise(drawing.across[corner])
            vertex = drawing.vertex()
            drawing.insert(4 * vertex, end)
            entered = 4 * vertex + (3 if corner == end else 1)
            drawing.join(tip, entered)
            tip = entered ^ 2
            self.sketched[vertex] = tip
        drawing.join(tip, self.arrival)

    def clockwise(self, end: int) -> int:
        """The next end clockwise that has an edge."""
        end = turned(end, -1)
        while self.drawing.across[end] < 0:
            end = turned(end, -1)
        return end

    def loose_ends(self) -> list[tuple[int, int]]:
        """The ends of both marks that are neither the strand's nor the path's, and on which side of the strand."""
        first, last = self.start ^ 2, self.finish ^ 2
        return [
            (first, 1 if self.away == turned(self.start, 3) else -1),
            (last, 1 if self.arrival == turned(self.finish, 1) else -1),
        ]

    def smaller_disk(self) -> tuple[int, set[int]]:
        """The side of the strand on which there are fewer crossings between it and the path, and these crossings."""
        drawing, bound = self.drawing, self.leaving.keys() | self.sketched.keys()
        bound |= {self.start // 4, self.finish // 4}
        found: dict[int, set[int]] = {1: set(), -1: set()}
        waiting: dict[int, list[int]] = {}
        for side in found:
            waiting[side] = [turned(end, side) for end in self.leaving.values()]
            waiting[side] += [turned(end, -side) for end in self.sketched.values()]
            waiting[side] += [end for end, where in self.loose_ends() if where == side]
        while True:
            for side, inside in found.items():
                if not waiting[side]:
                    return side, inside
                vertex = drawing.reach(waiting[side].pop()) // 4
                if vertex not in bound and vertex not in inside:
                    inside.add(vertex)
                    waiting[side] += range(4 * vertex, 4 * vertex + 4)

    def into(self, vertex: int) -> int:
        """The end through which an edge leaves the strand into the disk."""
        return turned(self.leaving[vertex], self.side)

    def run(self) -> None:
        waiting = list(self.leaving)
        while True:
            while waiting:
                vertex = waiting.pop()
                if vertex in self.leaving:
                    waiting += self.shrink(vertex)
            waiting = self.grow()
            if not waiting:
                break
        for vertex in self.leaving:
            # To the path, past marks on the way.
            met = self.drawing.reach(self.into(vertex))
            self.drawing.excise(self.into(vertex))
            self.drawing.insert(self.into(vertex), met)
        for vertex in self.sketched:
            self.drawing.excise(4 * vertex)
            self.drawing.across[4 * vertex : 4 * vertex + 4] = [-1] * 4
        self.drawing.across[self.away] = self.drawing.across[self.arrival] = -1

    def shrink(self, vertex: int) -> list[int]:
        """Make a move at a crossing of the strand or between it and the next one, if that makes the disk smaller.

        Returns:
            Crossings of the strand where there may be another one.
        """
        drawing, out, into = self.drawing, self.leaving[vertex], self.into(vertex)
        met = drawing.reach(into)
        before, after = drawing.across[out ^ 2], drawing.across[out]
        if met in self.loose and (after if met ^ 2 == self.finish else before) == met ^ 2:
            # The two ends of the loop are neighbors; the corner is that of the first, counterclockwise.
            ends = (out, into) if met ^ 2 == self.finish else (out ^ 2, into)
            drawing.remove_kink(ends[0] if turned(ends[0], 1) == ends[1] else ends[1])
            self.straighten(met)
            del self.leaving[vertex]
            return [before // 4, after // 4]
        follower = after // 4
        if follower not in self.leaving:
            return []
        corner = out if self.side == 1 else after
        beyond = drawing.reach(self.into(follower))
        if met == self.into(follower):
            last = drawing.across[self.leaving[follower]]
            drawing.remove_bigon(corner, follower if self.side == 1 else vertex)
            del self.leaving[vertex], self.leaving[follower]
            return [before // 4, last // 4]
        crossing = met // 4
        if crossing not in self.inside or met != turned(beyond, -self.side):
            return []
        hops = [(into ^ 2, met ^ 2), (self.into(follower) ^ 2, beyond ^ 2), (out ^ 2, self.leaving[follower])]
        drawing.remove_triangle(corner, hops)
        self.inside.remove(crossing)
        return [before // 4, vertex, follower]

    def grow(self) -> list[int]:
        """Make a move that prepares the next one.

        Returns:
            Crossings of the strand where there is one; none if the strand is where it ought to be.
        """
        drawing = self.drawing
        for vertex, out in self.leaving.items():
            met = drawing.reach(self.into(vertex))
            if met // 4 in self.inside:
                # At the face ahead, the edge beside it.
                beside = turned(met, self.side)
                return self.cross(out, drawing.across[beside] if self.side == 1 else beside)
        for end in self.loose:
            if drawing.reach(end) // 4 in self.inside or drawing.reach(end) // 4 in self.sketched:
                return self.loop(end)
        end = self.start
        while (edge := self.edge_beside(end)) < 0:
            if drawing.across[end] == self.finish:
                return []
            end = drawing.across[end] ^ 2
        return self.cross(end, edge)

    def edge_beside(self, end: int) -> int:
        """An edge of the disk that has neither end on the strand, at the face beside a part of the strand.

        Returns:
            The end at which it begins, with the face on the left; -1 if there is none.
        """
        drawing = self.drawing
        first = corner = end if self.side == 1 else drawing.across[end]
        while (corner := self.clockwise(drawing.across[corner])) != first:
            vertex, far = corner // 4, drawing.reach(corner) // 4
            begins = vertex in self.inside or (vertex in self.sketched and corner % 2 == 0)
            if begins and (far in self.inside or far in self.sketched):
                return corner
        return -1

    def cross(self, end: int, edge: int) -> list[int]:
        """The second move that lays a part of the strand across an edge, which has their face on its left."""
        mine = end if self.side == 1 else self.drawing.across[end]
        over, under = self.drawing.add_bigon(*((mine, edge) if self.above else (edge, mine)))
        out = over if self.above else under
        for leaving in out:
            self.leaving[leaving // 4] = leaving if self.side == 1 else leaving ^ 2
        return [end // 4, out[0] // 4, out[1] // 4]

    def loop(self, end: int) -> list[int]:
        """The first move that makes a loop around the mark at an end of the strand."""
        last = end == self.finish ^ 2
        toward = self.drawing.across[self.finish if last else self.start]
        entering = self.drawing.add_kink(toward, self.above, left=(self.side == 1) != last, around=end)
        self.leaving[entering // 4] = entering ^ 2 if last else entering
        self.straighten(end)
        return [toward // 4, entering // 4]

    def straighten(self, end: int) -> None:
        """Let the path come to a mark from its other side, where the diagram no longer goes on into the disk."""
        last = end == self.finish ^ 2
        old = self.arrival if last else self.away
        far = self.drawing.across[old]
        self.drawing.across[old] = -1
        self.drawing.join(old ^ 2, far)
        if last:
            self.arrival = old ^ 2
        else:
            self.away = old ^ 2
        self.loose.remove(end)
