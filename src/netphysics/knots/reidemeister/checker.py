"""The checker of Reidemeister moves, which believes no one.

It knows rows of labels and the three moves, nothing of grid diagrams, and shares no code with what found the moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .certificate import ReidemeisterCertificate, ReidemeisterMove

Corner = tuple[int, int]


def check(certificate: ReidemeisterCertificate) -> None:
    """Replay a certificate.

    Raises:
        ValueError: for a start that is no diagram of a knot in the plane, the first move that is not what it says, or
            crossings that are left at the end.
    """
    *_, left = (len(rows) for rows in replay(certificate))
    if left:
        raise ValueError(f"the certificate ends at a diagram with crossings, of which there are {left}")


def replay(certificate: ReidemeisterCertificate) -> Iterator[dict[int, list[int]]]:
    """The rows of each diagram by the numbers of crossings: the start and what each move makes, in lists that change.

    Raises:
        ValueError: as `check`, but for the end.
    """
    diagram = _Diagram(certificate.start)
    yield diagram.rows
    for number, move in enumerate(certificate.moves):
        try:
            diagram.make(move)
        except _NotAllowed:
            raise ValueError(f"move {number} of the certificate, {tuple(move)}, is not what it says") from None
        yield diagram.rows


class _NotAllowed(Exception):
    pass


def _demand(condition: bool) -> None:
    if not condition:
        raise _NotAllowed


class _Diagram:
    """Rows of labels by the number of the crossing, and the two places where each label stands."""

    def __init__(self, start: Sequence[Sequence[int]]):
        self.rows = {number: list(row) for number, row in enumerate(start)}
        self.places: dict[int, list[Corner]] = {}
        for number, row in self.rows.items():
            for slot, label in enumerate(row):
                self.places.setdefault(label, []).append((number, slot))
        self.next_number = len(start)
        self.next_label = max(self.places, default=0) + 1
        if any(len(row) != 4 for row in start) or any(len(places) != 2 for places in self.places.values()):
            raise ValueError("the certificate starts at rows that are no PD code: four labels each, every one twice")
        if start and (self.passages() != 2 * len(start) or self.faces() != len(start) + 2):
            raise ValueError("the certificate starts at a PD code that is no knot in the plane")

    def across(self, number: int, slot: int) -> Corner:
        """Where the edge ends that leaves a crossing through a slot."""
        one, other = self.places[self.rows[number][slot]]
        return other if one == (number, slot) else one

    def following(self, corner: Corner) -> Corner:
        """The next corner of the same face, with the face on the left."""
        number, slot = self.across(*corner)
        return number, (slot - 1) % 4

    def passages(self) -> int:
        """How often one comes through crossings in a walk along the strand of the first one."""
        first = end = (next(iter(self.rows)), 0)
        count = 0
        while not count or end != first:
            number, slot = self.across(*end)
            end = number, (slot + 2) % 4
            count += 1
        return count

    def faces(self) -> int:
        """The number of faces; it is two more than that of crossings if a connected diagram lies in the plane."""
        unseen = {(number, slot) for number in self.rows for slot in range(4)}
        count = 0
        while unseen:
            count += 1
            first = corner = unseen.pop()
            while (corner := self.following(corner)) != first:
                unseen.remove(corner)
        return count

    def write(self, number: int, slot: int, label: int) -> None:
        self.rows[number][slot] = label
        self.places.setdefault(label, []).append((number, slot))

    def erase(self, number: int, slot: int) -> int:
        """Take a label away from a place."""
        label = self.rows[number][slot]
        self.places[label].remove((number, slot))
        return label

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove crossings; strands go on straight, and a circle that nothing is left on disappears."""
        for number in numbers:
            for slot in (0, 1):
                before, after = self.erase(number, slot), self.erase(number, slot + 2)
                if before != after:
                    for place in self.places.pop(after):
                        self.rows[place[0]][place[1]] = before
                        self.places[before].append(place)
        for number in numbers:
            del self.rows[number]

    def split(self, number: int, slot: int, count: int) -> list[int]:
        """The labels of so many parts of the edge that leaves through a slot, the nearest first."""
        far = self.across(number, slot)
        parts = [self.rows[number][slot], *range(self.next_label, self.next_label + count - 1)]
        self.next_label += count - 1
        self.erase(*far)
        self.write(*far, parts[-1])
        return parts

    def add(self, row: Sequence[int]) -> None:
        self.rows[self.next_number] = [0] * 4
        for slot, label in enumerate(row):
            self.write(self.next_number, slot, label)
        self.next_number += 1

    def make(self, move: ReidemeisterMove) -> None:
        """Make a move, if it is what it says."""
        corner = move.crossing, move.slot
        _demand(move.crossing in self.rows and move.slot in range(4))
        if move.name == "R1-":
            _demand(self.following(corner) == corner)
            self.remove([move.crossing])
        elif move.name == "R1+":
            _demand(move.other in (0, 1) and move.other_slot in (0, 1))
            self.first(corner, move.other, left=move.other_slot == 1)
        elif move.name == "R2-":
            other = self.following(corner)
            _demand(other[0] != corner[0] and self.following(other) == corner)
            # The side that leaves through the slot arrives one slot after the other corner.
            _demand(corner[1] % 2 == (other[1] + 1) % 2)
            self.remove([corner[0], other[0]])
        elif move.name == "R2+":
            _demand(move.other in self.rows and move.other_slot in range(4))
            self.second(corner, (move.other, move.other_slot))
        else:
            _demand(move.name == "R3")
            self.third(corner)

    def first(self, end: Corner, slot: int, left: bool) -> None:
        before, loop, after = self.split(*end, 3)
        row = [0] * 4
        back = (slot + 3) % 4 if left else (slot + 1) % 4
        row[slot], row[(slot + 2) % 4], row[back], row[(back + 2) % 4] = before, loop, loop, after
        self.add(row)

    def second(self, over: Corner, under: Corner) -> None:
        corner = over
        while (corner := self.following(corner)) != under:
            _demand(corner != over)
        # An edge is laid across another one.
        _demand(self.rows[over[0]][over[1]] != self.rows[under[0]][under[1]])
        (a, b, c), (d, e, f) = self.split(*over, 3), self.split(*under, 3)
        # Seen with the edge above going from left to right and the other one back: the left crossing, the right one.
        self.add([e, b, f, a])
        self.add([d, b, e, c])

    def third(self, corner: Corner) -> None:
        corners = [corner, self.following(corner)]
        corners.append(self.following(corners[1]))
        _demand(self.following(corners[2]) == corner and len({number for number, _ in corners}) == 3)
        sides = list(zip(corners, corners[1:] + corners[:1], strict=True))
        _demand(any(s % 2 == 1 and (t + 1) % 2 == 1 for (_, s), (_, t) in sides))
        old = {number: list(self.rows[number]) for number, _ in corners}
        for number, _ in corners:
            for slot in range(4):
                self.erase(number, slot)
        # Along each side: an edge, a crossing, the side, a crossing, an edge; the crossings change places.
        for (one, s), (two, t) in sides:
            before, side, after = old[one][(s + 2) % 4], old[one][s], old[two][(t + 3) % 4]
            self.write(two, (t + 1) % 4, before)
            self.write(two, (t + 3) % 4, side)
            self.write(one, (s + 2) % 4, side)
            self.write(one, s, after)
