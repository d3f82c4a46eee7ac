"""Braids and their closures as SVG: smooth strands, the lower one broken at each crossing.

Strands take the color of the page (`currentColor`). Letters that commute share a column, so that a drawing is
no longer than it has to be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from .braid import Braid

SPACING, COLUMN, MARGIN = 18.0, 30.0, 6.0
# The lower strand ends where its middle is so far from that of the upper one.
STROKE, GAP = 2.4, 4.4
# The smallest length of a column on the inmost circle of a closure.
INNER_COLUMN, INNER_RADIUS = 26.0, 20.0
# How long a crossing may be on an outer circle.
LONGEST_CROSSING = 48.0
# Points on a strand in one column, and at least on a full turn of a closure.
SAMPLES, SAMPLES_PER_TURN = 16, 120

Point = tuple[float, float]


def draw_braid(braid: Braid) -> str:
    """The braid as one SVG element, from left to right; strand 1 is the lowest."""
    columns = _columns(braid)
    height = (braid.strands - 1) * SPACING + 2 * MARGIN
    width = max(len(columns), 1) * COLUMN + 2 * MARGIN

    def place(along: float, across: float) -> Point:
        return MARGIN + along * COLUMN, height - MARGIN - across * SPACING

    strands = [_strand(columns, start) for start in range(braid.strands)]
    return svg(width, height, [path(points, place) for points in strands], f"The braid {braid or '1'}")


def draw_closure(braid: Braid) -> str:
    """The closure of the braid as one SVG element: strands run around a center, strand 1 inmost."""
    columns = _columns(braid) or [{}]
    samples = max(SAMPLES, -(-SAMPLES_PER_TURN // len(columns)))
    inner = max(INNER_RADIUS, INNER_COLUMN * len(columns) / (2 * math.pi))

    def share(at: int) -> float:
        # Far out columns are long; crossings there would be so flat that they fall apart.
        length = 2 * math.pi * (inner + (at + 0.5) * SPACING) / len(columns)
        return min(1.0, LONGEST_CROSSING / length)

    radius = inner + (braid.strands - 1) * SPACING
    middle = radius + MARGIN

    def place(along: float, across: float) -> Point:
        angle = 2 * math.pi * along / len(columns)
        r = inner + across * SPACING
        return middle - r * math.cos(angle), middle - r * math.sin(angle)

    paths = []
    for component in _components(braid):
        points: list[Point | None] = []
        for start in component:
            points += _strand(columns, start, samples, share)
        if None in points:
            # Start where the strand comes up again, so that no piece is cut in two.
            cut = points.index(None)
            points = [*points[cut:], *points[:cut]]
        else:
            points.append(points[0])
        paths.append(path(points, place))
    title = f"The closure of the braid {braid}" if len(braid) else "A circle"
    return svg(2 * middle, 2 * middle, paths, title)


def _columns(braid: Braid) -> list[dict[int, int]]:
    """Letters by the place (from 0) of their lower strand, as far to the left as others let them."""
    columns: list[dict[int, int]] = []
    filled = [0] * braid.strands
    for letter in braid.letters:
        i = abs(letter) - 1
        column = max(filled[i], filled[i + 1])
        if column == len(columns):
            columns.append({})
        columns[column][i] = letter
        filled[i] = filled[i + 1] = column + 1
    return columns


def _components(braid: Braid) -> Iterator[list[int]]:
    """Starting places of the strands of each component, in the order in which it runs through them."""
    unseen = dict.fromkeys(range(braid.strands))
    while unseen:
        component = [next(iter(unseen))]
        while (following := braid.permutation[component[-1]]) != component[0]:
            component.append(following)
        for start in component:
            del unseen[start]
        yield component


def _strand(
    columns: list[dict[int, int]],
    start: int,
    samples: int = SAMPLES,
    share: Callable[[int], float] = lambda at: 1.0,
) -> list[Point | None]:
    """Points (column, place) along one strand, None where it passes below another.

    Args:
        share: of a column that a crossing of the places `at` and `at + 1` takes.
    """
    points: list[Point | None] = []
    at = start
    for number, column in enumerate(columns):
        up, down = column.get(at), column.get(at - 1)
        step = 1 if up else -1 if down else 0
        # The strand that goes up is above at a positive crossing.
        below = (up is not None and up < 0) or (down is not None and down > 0)
        wide = share(min(at, at + step))
        places = [k / samples for k in range(samples)]
        if below:
            end = 0.5 + wide * (_where((1 - GAP / SPACING) / 2) - 0.5)
            places = [u for u in places if u < end] + [end, math.nan, 1 - end] + [u for u in places if u > 1 - end]
        points += [None if math.isnan(u) else (number + u, at + step * _rise((u - 0.5) / wide + 0.5)) for u in places]
        at += step
    points.append((float(len(columns)), float(at)))
    return points


def _rise(u: float) -> float:
    """How far a strand has gone over to its neighbor's place after the part u of a column; level at both ends."""
    u = min(max(u, 0.0), 1.0)
    return u * u * (3 - 2 * u)


def _where(rise: float) -> float:
    """The part u of a column after which a strand has risen so far: the inverse of `_rise`."""
    return 0.5 - math.sin(math.asin(1 - 2 * rise) / 3)


def path(
    points: Sequence[Point | None], place: Callable[[float, float], Point] = lambda along, across: (along, across)
) -> str:
    """A path through points, with a gap at each None."""
    words, pen_is_up = [], True
    for point in points:
        if point is None:
            pen_is_up = True
            continue
        x, y = place(*point)
        words.append(f"{'M' if pen_is_up else 'L'}{x:.1f} {y:.1f}")
        pen_is_up = False
    return f'<path d="{"".join(words)}"/>'


def svg(width: float, height: float, paths: list[str], title: str) -> str:
    """One SVG element of lines in the color of the page."""
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.1f} {height:.1f}"'
    style = f'fill="none" stroke="currentColor" stroke-width="{STROKE}" stroke-linejoin="round"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><title>{title}</title>'
        f"<g {style}>{''.join(paths)}</g></svg>"
    )
