"""Regina as a verifier of Reidemeister moves. Reads JSON from standard input: [{"diagrams", "moves"}, ...].

Of each certificate, all of its diagrams as {number of the crossing: four labels}, and the moves between them. Regina
makes each move on its own `Link`, and the outcome must have the signature of the next diagram, which determines it on
the sphere up to the sense of the knot. Answers with [[moves that regina made, crossings at the end], ...]; a move that
it refuses, or that leads elsewhere, ends the replay.
"""

import json
import sys

import regina


def oriented(rows):
    """The code that regina reads, with labels in the order of a walk and rows that begin with the edge that comes in
    below; and the ends at which this walk comes into crossings."""
    places = {}
    for number, row in rows.items():
        for slot, label in enumerate(row):
            places.setdefault(label, []).append((number, slot))
    end = (next(iter(rows)), 0)
    labels = {}
    came_in = set()
    while end not in came_in:
        came_in.add(end)
        labels[rows[end[0]][end[1]]] = len(labels) + 1
        out = end[0], (end[1] + 2) % 4
        one, other = places[rows[out[0]][out[1]]]
        end = other if one == out else one
    code = []
    for number, row in rows.items():
        turn = 0 if (number, 0) in came_in else 2
        code.append([labels[label] for label in row[turn:] + row[:turn]])
    return code, came_in


class Diagram:
    """One diagram as a `Link` of regina's."""

    def __init__(self, rows):
        self.rows = rows
        if not rows:
            self.link = regina.Link(1)
            return
        code, self.came_in = oriented(rows)
        self.link = regina.Link.fromPD(code)
        self.index = {number: k for k, number in enumerate(rows)}

    def crossing(self, number):
        return self.link.crossing(self.index[number])

    def arc(self, number, slot):
        """The arc that leaves through a slot, and 1 if it runs the other way."""
        crossing = self.crossing(number)
        strand = crossing.upper() if slot % 2 else crossing.lower()
        return (strand.prev(), 1) if (number, slot) in self.came_in else (strand, 0)

    def make(self, move, following):
        name, number, slot, other, other_slot = move
        if name == "R1-":
            return self.link.r1(self.crossing(number))
        arc, side = self.arc(number, slot)
        if name == "R1+":
            new = max(following.rows)
            sign = following.crossing(new).sign()
            return self.link.r1(arc, side if other_slot else 1 - side, sign)
        if name == "R2-":
            return self.link.r2(arc)
        if name == "R2+":
            lower, lower_side = self.arc(other, other_slot)
            return self.link.r2(arc, side, lower, lower_side)
        return self.link.r3(arc, side)


def replay(certificate):
    diagrams = [{int(number): row for number, row in rows.items()} for rows in certificate["diagrams"]]
    now = Diagram(diagrams[0])
    for done, (move, rows) in enumerate(zip(certificate["moves"], diagrams[1:], strict=True)):
        following = Diagram(rows)
        if not now.make(move, following) or now.link.sig(False, True, False) != following.link.sig(False, True, False):
            return [done, now.link.size()]
        now = following
    return [len(certificate["moves"]), now.link.size()]


if __name__ == "__main__":
    print(json.dumps([replay(certificate) for certificate in json.load(sys.stdin)]))
