r"""Diagrams of knots and links as SVG: an embedding in the plane, relaxed until strands keep their distance.

Crossings, points on edges and points in faces are the vertices of a triangulation. With its rim on a circle and every
other vertex at the mean of its neighbors it lies in the plane without overlap (Tutte, Proc. London Math. Soc. 13 (1963)
743). Then strands repel each other, straighten, and cross at right angles. No point moves further than half of the way
to the next strand (as in Bertault's PrEd, Inf. Process. Lett. 74 (2000) 7), so that none ever passes through another.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Complex128, Int

from .diagram import Diagram, End
from .drawing import MARGIN, path, svg

# Crossings of the largest diagram that still looks like one: beyond, strands are a few pixels apart.
LARGEST_DRAWN = 40
# Points on an edge; with two of them no two vertices would be neighbors twice.
BEADS = 4
# Strengths of what moves the points of a strand, and the power of the distance with which strands repel.
REPULSION, POWER, TENSION, BENDING, SQUARING = 0.1, 2, 0.1, 0.5, 0.3
SWEEPS, STEP, LONGEST_MOVE, STILL = 500, 0.3, 0.3, 5e-3
# Pixels between the nearest strands, around the upper strand of a crossing, and between pieces of a split link.
CLEARANCE, GAP, BETWEEN, RADIUS = 15.0, 6.0, 24.0, 30.0
# Pixels that a diagram is wide, at least and at most; the latter goes before clearance.
NARROWEST, WIDEST = 200.0, 560.0
# Points of the drawn curve between two points of the layout.
SAMPLES = 6
QUARTERS = 1j ** np.arange(4)


@dataclass(frozen=True)
class Layout:
    """Where a connected diagram lies in the plane.

    Attributes:
        places: of the crossings and of the points on edges, as complex numbers.
        beads: numbers of the points along an edge, from each of its ends on.
    """

    places: Complex128[np.ndarray, " points"]
    beads: dict[End, list[int]]


def draw_diagram(diagram: Diagram) -> str:
    """The diagram as one SVG element, pieces of a split link side by side.

    Raises:
        ValueError: for more than 40 crossings.
    """
    if len(diagram) > LARGEST_DRAWN:
        raise ValueError(f"the diagram has {len(diagram)} crossings; diagrams are drawn up to {LARGEST_DRAWN}")
    circle = RADIUS * np.exp(2j * np.pi * np.arange(97) / 96)
    drawn = [*map(_curves, diagram.pieces), *([circle] for _ in range(diagram.circles))]
    boxes = [_box(curves) for curves in drawn]
    height = max(top - bottom for _, bottom, _, top in boxes)
    paths, corner = [], MARGIN
    for curves, (left, bottom, right, top) in zip(drawn, boxes, strict=True):
        shift = complex(corner - left, -(height + bottom + top) / 2 - MARGIN)
        paths += [path([None if np.isnan(p) else (p.real, -p.imag) for p in curve + shift]) for curve in curves]
        corner += right - left + BETWEEN
    count = len(diagram)
    title = f"A diagram with {count} crossing{'s' * (count != 1)}" if count else "Circles"
    return svg(corner - BETWEEN + MARGIN, height + 2 * MARGIN, paths, title)


def layout(diagram: Diagram) -> Layout:
    """Where the crossings and edges of a connected diagram lie, its largest face outside."""
    count, beads = len(diagram), {}
    for end, other in diagram.other_end.items():
        if end not in beads:
            beads[end] = list(range(count, count + BEADS))
            beads[other] = beads[end][::-1]
            count += BEADS
    return Layout(_relaxed(diagram, beads, _embedded(diagram, beads, count)), beads)


def _embedded(diagram: Diagram, beads: dict[End, list[int]], count: int) -> Complex128[np.ndarray, " points"]:
    """Tutte's embedding: each face has a ring of its own points along its boundary, and a point within."""
    points, pairs, rim = count, set(), []
    boundaries = [[point for end in face for point in (end[0], *beads[end])] for face in diagram.faces]
    outer = max(boundaries, key=len)
    for boundary in boundaries:
        ring = [*range(count, count + len(boundary)), count]
        count += len(boundary)
        for (one, other), (near, next_) in zip(pairwise([*boundary, boundary[0]]), pairwise(ring), strict=True):
            pairs |= {(one, other), (one, near), (other, near), (near, next_)}
            pairs |= set() if boundary is outer else {(near, count)}
        if boundary is outer:
            rim = ring[-2::-1]
        else:
            count += 1
    laplacian = np.zeros((count, count))
    for one, other in pairs:
        laplacian[one, other] = laplacian[other, one] = -1
    np.fill_diagonal(laplacian, -laplacian.sum(axis=1))
    free = np.setdiff1d(np.arange(count), rim)
    places = np.zeros(count, np.complex128)
    places[rim] = np.exp(2j * np.pi * np.arange(len(rim)) / len(rim))
    places[free] = np.linalg.solve(laplacian[np.ix_(free, free)], -laplacian[np.ix_(free, rim)] @ places[rim])
    return places[:points]


def _relaxed(
    diagram: Diagram, beads: dict[End, list[int]], z: Complex128[np.ndarray, " points"]
) -> Complex128[np.ndarray, " points"]:
    """The points moved until they are nearly still."""
    chains = [[end[0], *beads[end], other[0]] for end, other in diagram.other_end.items() if end < other]
    a, b = np.array([pair for chain in chains for pair in pairwise(chain)]).T
    arms = np.array([[beads[k, slot][0] for slot in range(4)] for k in range(len(diagram))])
    through = [(arm[s], k, arm[s + 2]) for k, arm in enumerate(arms) for s in (0, 1)]
    triples = [triple for chain in chains for triple in zip(chain, chain[1:], chain[2:], strict=False)]
    bends = np.array(triples + through).T
    own = (np.arange(len(z))[:, None] == a) | (np.arange(len(z))[:, None] == b)
    z = z / np.abs(z[a] - z[b]).mean()
    for _ in range(SWEEPS):
        force, room = _repulsion(z, a, b, own)
        np.add.at(force, a, TENSION * (z[b] - z[a]))
        np.add.at(force, b, TENSION * (z[a] - z[b]))
        left, middle, right = bends
        bend = BENDING * ((z[left] + z[right]) / 2 - z[middle])
        for at, share in ((middle, 1), (left, -0.5), (right, -0.5)):
            np.add.at(force, at, share * bend)
        # Four arms at right angles, turned to lie best on those that are there.
        spokes = z[arms] - z[: len(arms), None]
        turn = (spokes / np.abs(spokes) * QUARTERS.conj()).sum(axis=1, keepdims=True)
        square = SQUARING * (np.abs(spokes) * turn / np.abs(turn) * QUARTERS - spokes)
        np.add.at(force, arms, square)
        force[: len(arms)] -= square.sum(axis=1)
        move = STEP * force
        size = np.abs(move)
        z = z + move * np.minimum(1, np.minimum(0.45 * room, LONGEST_MOVE) / np.maximum(size, 1e-300))
        if size.max() < STILL:
            break
    return z / _repulsion(z, a, b, own)[1].min()


def _repulsion(
    z: Complex128[np.ndarray, " points"],
    a: Int[np.ndarray, " lines"],
    b: Int[np.ndarray, " lines"],
    own: Bool[np.ndarray, "points lines"],
) -> tuple[Complex128[np.ndarray, " points"], np.ndarray]:
    """The forces by which lines from a to b and points that are not theirs repel, and the way from each point to the
    next line, or from a line that ends in it to the next point."""
    line = z[b] - z[a]
    from_start = z[:, None] - z[a]
    share = np.clip((line.conj() * from_start).real / np.abs(line) ** 2, 0, 1)
    apart = from_start - share * line
    distance = np.where(own, np.inf, np.abs(apart))
    push = REPULSION * apart / distance ** (POWER + 1)
    force = push.sum(axis=1)
    np.add.at(force, a, -(push * (1 - share)).sum(axis=0))
    np.add.at(force, b, -(push * share).sum(axis=0))
    room = distance.min(axis=1)
    for at in (a, b):
        np.minimum.at(room, at, distance.min(axis=0))
    return force, room


def _curves(diagram: Diagram) -> list[Complex128[np.ndarray, " _"]]:
    """For each component a closed curve in pixels, not a number where it passes below another strand."""
    found = layout(diagram)
    width = np.ptp(found.places.real)
    z, curves = float(np.clip(CLEARANCE, NARROWEST / width, WIDEST / width)) * found.places, []
    for walk in diagram.walks:
        points = [point for k, slot in walk for point in (k, *found.beads[k, (slot + 2) % 4])]
        p0, p1, p2, p3 = (np.roll(z[points], shift)[:, None] for shift in (1, 0, -1, -2))
        t = np.arange(SAMPLES) / SAMPLES
        # Catmull and Rom's curve: through each point in the direction from the one before to the one after.
        curve = p1 + t / 2 * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)))
        curve = curve.ravel()
        below = [place * (BEADS + 1) * SAMPLES for place, (_, slot) in enumerate(walk) if slot % 2 == 0]
        cut = np.zeros(len(curve), bool)
        for middle in below:
            window = np.arange(middle - BEADS * SAMPLES // 2, middle + BEADS * SAMPLES // 2) % len(curve)
            cut[window] |= np.abs(curve[window] - curve[middle]) < GAP
        curve = np.where(cut, np.nan, curve)
        # Begin in a gap, so that no piece is cut in two; a strand that is above everywhere is closed.
        curves.append(np.roll(curve, -below[0]) if below else np.append(curve, curve[0]))
    return curves


def _box(curves: list[Complex128[np.ndarray, " _"]]) -> tuple[float, float, float, float]:
    """The smallest and largest coordinates of curves: left, bottom, right, top."""
    points = np.concatenate(curves)
    points = points[~np.isnan(points)]
    return points.real.min(), points.imag.min(), points.real.max(), points.imag.max()
