"""Exchanges, cyclic shifts and destabilizations of a grid diagram as Reidemeister moves.

A line is carried past a neighbor that it does not interleave with. If one lies beside the other nothing happens on the
map; if it lies within, the longer line is swept across the shorter one and what goes out from its ends. The first line
becomes the last, or back, by sweeping it around the sphere. Two lines that a short one joins either continue each
other, and nothing happens, or form a cap, which is pulled back to the end of the shorter one.
"""

from __future__ import annotations

from .lines import COLUMN, DIRECTIONS, Corner, Crossing, Line, Lines


def exchange(lines: Lines, place: int, kind: int) -> None:
    """Exchange the lines of a kind at a place and behind it."""
    order = lines.order[kind]
    one, other = order[place : place + 2]
    reach = {line: sorted(lines.place[met] for met in lines.meets[line]) for line in (one, other)}
    if reach[one][0] < reach[other][0] and reach[other][1] < reach[one][1]:
        _pass(lines, one, other, rises=True)
    elif reach[other][0] < reach[one][0] and reach[one][1] < reach[other][1]:
        _pass(lines, other, one, rises=False)
    order[place : place + 2] = other, one
    lines.place[one], lines.place[other] = place + 1, place


def _pass(lines: Lines, longer: Line, shorter: Line, rises: bool) -> None:
    """Sweep a line across a neighbor that lies within it; `rises` to a higher place."""
    drawing, kind = lines.drawing, lines.kind[longer]
    back, forth = DIRECTIONS[kind]
    outward = DIRECTIONS[1 - kind][rises]
    low, high = sorted(lines.place[met] for met in lines.meets[shorter])
    others = lines.order[1 - kind]
    # Just before and just behind the lines at which the shorter one ends, where the longer one may cross these.
    first, last = lines.end(longer, others[low], back), lines.end(longer, others[high], forth)
    start = drawing.mark(first, 2) if first >= 0 else drawing.mark(lines.beside(longer, low, -1), 0)
    stop = drawing.mark(last, 0) if last >= 0 else drawing.mark(lines.beside(longer, high, 1), 2)
    route = []
    for at in range(low, high + 1):
        if (end := lines.end(others[at], shorter, outward)) >= 0:
            route.append(Crossing(*lines.key(longer, others[at]), end, forth))
    slot = 1 if rises == (kind == COLUMN) else 3
    lines.reroute(4 * start + 2, 4 * start + slot, route, 4 * stop + slot, kind == COLUMN)
    drawing.unmark(start)
    drawing.unmark(stop)


def go_around(lines: Lines, kind: int, rises: bool) -> None:
    """Make the first line of a kind the last one, or, if not `rises`, the last the first one."""
    order = lines.order[kind]
    line = order[0 if rises else -1]
    forth, back = DIRECTIONS[1 - kind][rises], DIRECTIONS[1 - kind][not rises]
    low, high = sorted(lines.meets[line], key=lines.place.__getitem__)
    route: list[Crossing | Corner] = []
    far = [next(other for other in lines.meets[met] if other != line) for met in (low, high)]
    passed = [order[lines.place[other] + 1 :] if rises else order[: lines.place[other]][::-1] for other in far]
    for other in passed[0]:
        if lines.spans(other, low):
            end = lines.beside(other, lines.place[low] - 1, -1)
            route.append(Crossing(*lines.key(other, low), end, forth))
    slot = 2 if kind == COLUMN else 0
    route += [Corner(*lines.key(line, low), slot), Corner(*lines.key(line, high), slot ^ 2)]
    for other in passed[1][::-1]:
        if lines.spans(other, high):
            end = lines.beside(other, lines.place[high] + 1, 1)
            route.append(Crossing(*lines.key(other, high), end, back))
    start, stop = (lines.key(other, met) for other, met in zip(far, (low, high), strict=True))
    away, arrival = lines.between(*start, forth), lines.between(*stop, forth)
    lines.reroute(4 * lines.corners[start] + slot, away, route, arrival, kind != COLUMN)
    lines.arrange(kind, order[1:] + order[:1] if rises else order[-1:] + order[:-1])


def destabilize(lines: Lines, line: Line) -> None:
    """Remove a line whose ends are neighbors, of which the first stands for both from now on."""
    drawing, kind = lines.drawing, lines.kind[line]
    pair = sorted(lines.meets[line], key=lines.place.__getitem__)
    far = {met: next(other for other in lines.meets[met] if other != line) for met in pair}
    steps = {met: lines.place[far[met]] - lines.place[line] for met in pair}
    kept, gone = pair
    if steps[kept] * steps[gone] > 0:
        shorter, longer = sorted(pair, key=lambda met: abs(steps[met]))
        _pull_back(lines, longer, shorter, far[shorter], rises=steps[shorter] < 0)
    for met in pair:
        if lines.key(met, line) in lines.corners:
            mark = lines.corners[lines.key(met, line)]
            lines.forget(mark)
            drawing.unmark(mark)
    lines.hand_over(gone, kept)
    lines.meets[kept] = [far[kept], far[gone]]
    lines.meets[far[gone]] = [kept if met == gone else met for met in lines.meets[far[gone]]]
    for removed, which in ((line, kind), (gone, 1 - kind)):
        lines.arrange(which, [other for other in lines.order[which] if other != removed])


def _pull_back(lines: Lines, longer: Line, shorter: Line, end: Line, rises: bool) -> None:
    """Pull the cap of two neighbors back to the end of the shorter one; it lies at a higher place if `rises`."""
    drawing, kind = lines.drawing, lines.kind[longer]
    back = DIRECTIONS[kind][not rises]
    slot = 2 if rises else 0
    if (beyond := lines.end(longer, end, back)) >= 0:
        start = drawing.mark(beyond, slot)
    else:
        start = drawing.mark(lines.beside(longer, lines.place[end], -1 if rises else 1), slot ^ 2)
    toward = lines.place[shorter] > lines.place[longer]
    away = 4 * start + (1 if toward == (kind == COLUMN) else 3)
    arrival = lines.between(*lines.key(shorter, end), back)
    lines.reroute(4 * start + slot, away, [], arrival, kind == COLUMN)
    drawing.unmark(start)
