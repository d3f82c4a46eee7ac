"""Feynman diagrams as SVG: external points are open circles, vertices are dots, propagators are lines.

Each component is drawn on its own: its internal points on a line or a ring, its externals fanned out on the
far side of the point they belong to. Lines between the same two points are spread into arcs, a closed line
is a loop on the free side of its point, and the points of a bi-local vertex are joined by a dotted line.
Colors follow the page (`currentColor`), so that a drawing is at home on light and dark pages.
"""

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from netphysics.fields.interactions.diagrams import Channel, Diagram, vertex_points

_LEG, _RING, _LOOP = 44.0, 36.0, 50.0
_BULGE, _FAN, _LABEL, _CIRCLE = 17.0, 50.0, 14.0, 3.0
_MARGIN, _GAP, _ROW = 8.0, 24.0, 28.0
_STROKE = 'fill="none" stroke="currentColor" stroke-width="1.5"'
_FONT = 'font-family="serif" font-style="italic" font-size="14" text-anchor="middle"'


@dataclass
class _Sketch:
    """SVG elements around a local origin, and the corners of what they cover."""

    elements: list[str] = field(default_factory=list)
    corners: list[np.ndarray] = field(default_factory=list)

    def line(self, start: np.ndarray, end: np.ndarray, bulge: float = 0.0, dotted: bool = False) -> None:
        """A line, or an arc that swings out by `bulge`."""
        along = end - start
        out = bulge * np.array([along[1], -along[0]]) / np.linalg.norm(along)
        middle = (start + end) / 2
        dashes = ' stroke-dasharray="1 4" stroke-linecap="round"' if dotted else ""
        path = f"M{_pair(start)} Q{_pair(middle + 2 * out)} {_pair(end)}"
        self.elements.append(f'<path d="{path}"{dashes}/>')
        self.corners += [start, end, middle + out]

    def loop(self, point: np.ndarray, angle: float) -> None:
        """A closed line that leaves `point` and comes back."""
        wings = [point + _LOOP * _direction(angle + turn) for turn in (-40.0, 40.0)]
        path = f"M{_pair(point)} C{_pair(wings[0])} {_pair(wings[1])} {_pair(point)}"
        self.elements.append(f'<path d="{path}"/>')
        # A cubic curve with both ends in one place reaches three quarters of the way to its wings.
        self.corners += [point + 0.75 * (wing - point) for wing in wings]

    def external(self, point: np.ndarray, angle: float, label: int) -> None:
        """An open circle with its name beyond it."""
        name = point + _LABEL * _direction(angle)
        digits = "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(label + 1))
        x, y = point
        self.elements.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_CIRCLE}"/>')
        text = f'<text x="{name[0]:.1f}" y="{name[1] + 4:.1f}" fill="currentColor" stroke="none">'
        self.elements.append(f"{text}x{digits}</text>")
        self.corners += [name - 9.0, name + 9.0]

    def vertex(self, point: np.ndarray) -> None:
        """A dot."""
        x, y = point
        self.elements.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="currentColor"/>')
        self.corners += [point - 4.0, point + 4.0]


def draw(diagram: Diagram) -> str:
    """The first channel of a diagram as one self-contained SVG element.

    Raises ValueError for the empty diagram, which has nothing to draw.
    """
    channel = diagram.channels[0]
    sketches = [_component(diagram, channel, component) for component in diagram.components]
    if channel.direct:
        sketches.append(_propagators(channel.direct))
    if not sketches:
        raise ValueError("The diagram has no externals and no vertices; there is nothing to draw.")

    boxes = [(np.min(sketch.corners, axis=0), np.max(sketch.corners, axis=0)) for sketch in sketches]
    height = max(high[1] - low[1] for low, high in boxes) + 2 * _MARGIN
    groups, right = [], _MARGIN
    for sketch, (low, high) in zip(sketches, boxes, strict=True):
        shift = np.array([right - low[0], height / 2 - (low[1] + high[1]) / 2])
        groups.append(f'<g transform="translate({_pair(shift)})">{"".join(sketch.elements)}</g>')
        right += high[0] - low[0] + _GAP
    width = right - _GAP + _MARGIN
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.1f} {height:.1f}"'
    title = f"{diagram.externals} external points, {diagram.order} vertices, {diagram.contractions} contractions"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><title>{title}</title>'
        f"<g {_STROKE} {_FONT}>{''.join(groups)}</g></svg>"
    )


def _component(diagram: Diagram, channel: Channel, component: tuple[int, ...]) -> _Sketch:
    sketch = _Sketch()
    # Externals fan out around these directions; angles are in degrees, counted from the right, upward.
    outward = [180.0 - 360.0 * slot / len(component) for slot in range(len(component))]
    ring = 0.0 if len(component) == 1 else _RING * max(1.0, len(component) / 3)
    places = {point: ring * _direction(angle) for point, angle in zip(component, outward, strict=True)}

    joined = {pair for points in vertex_points(diagram.vertices) for pair in combinations(points, 2)}
    for i, j in combinations(component, 2):
        dotted = [True] * ((i, j) in joined) + [False] * diagram.lines[i][j]
        for slot, is_dotted in enumerate(dotted):
            bulge = (slot - (len(dotted) - 1) / 2) * _BULGE
            sketch.line(places[i], places[j], bulge, is_dotted)

    for point, angle in zip(component, outward, strict=True):
        labels, loops = channel.attached[point], diagram.lines[point][point]
        alone = len(component) == 1
        for label, leg in zip(labels, _leg_angles(angle, len(labels), loops, alone), strict=True):
            end = places[point] + _LEG * _direction(leg)
            sketch.line(places[point], end - _CIRCLE * _direction(leg))
            sketch.external(end, leg, label)
        for loop in _loop_angles(angle, len(labels), loops, alone):
            sketch.loop(places[point], loop)
    for place in places.values():
        sketch.vertex(place)
    return sketch


def _leg_angles(outward: float, legs: int, loops: int, alone: bool) -> list[float]:
    if not alone:
        turn = _FAN if _direction(outward)[0] >= 0 else -_FAN
        return [outward - (slot - (legs - 1) / 2) * turn for slot in range(legs)]
    if loops == 0:
        return [90.0 + 360.0 * (slot + 0.5) / legs for slot in range(legs)]
    # Loops sit on top: the legs take the lower half.
    return list(np.linspace(180.0, 360.0, legs)) if legs > 1 else [270.0] * legs


def _loop_angles(outward: float, legs: int, loops: int, alone: bool) -> list[float]:
    if alone and (legs == 0 or loops == legs == 2):
        return [90.0 + 360.0 * slot / loops for slot in range(loops)]
    middle = 90.0 if alone or (legs and outward % 180 == 0) else outward + (100.0 if legs else 0.0)
    return [middle + (slot - (loops - 1) / 2) * 75.0 for slot in range(loops)]


def _propagators(pairs: tuple[tuple[int, int], ...]) -> _Sketch:
    """Lines from external to external, one below the other."""
    sketch = _Sketch()
    for row, labels in enumerate(pairs):
        for label, side in zip(labels, (-1.0, 1.0), strict=True):
            end = np.array([side * _LEG / 1.4, row * _ROW])
            sketch.external(end, 90.0 - 90.0 * side, label)
        inner = np.array([_LEG / 1.4 - _CIRCLE, 0.0])
        middle = np.array([0.0, row * _ROW])
        sketch.line(middle - inner, middle + inner)
    return sketch


def _direction(degrees: float) -> np.ndarray:
    """Unit vector; the second axis of SVG points down."""
    return np.array([np.cos(np.deg2rad(degrees)), -np.sin(np.deg2rad(degrees))])


def _pair(point: np.ndarray) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
