"""Values of Feynman diagrams: integrals of products of kernels over a box or over all space.

Internal points run over a grid: on each axis y = s sinh(u) with panels of Gauss-Legendre nodes in u, which
resolves the scale s near the origin and still reaches far. A diagram then is a contraction of the matrices
K(x, y) and K(y, y'), and what is not joined by a line is integrated apart. Two grids of different fineness
give the error.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from string import ascii_lowercase

import numpy as np
from jaxtyping import Float64, Int64

from netphysics.fields.interactions.diagrams import Channel, Diagram, line_components
from netphysics.fields.interactions.feynman_rules import expression
from netphysics.fields.quadrature import panel_rule

Array = np.ndarray
Kernel = Callable[[np.ndarray, np.ndarray], np.ndarray]
Coupling = float | Callable[[np.ndarray], np.ndarray]

_PANEL_WIDTH, _MOST_NODES = 1.5, 18
# Points of a grid: with a line between two internal points the kernel on it is a dense square matrix.
_MOST_POINTS, _MOST_POINTS_SQUARED = 200_000, 4096
# Numbers in an array that stays in the cache of a processor.
_CHUNK = 1 << 17
# All space is the limit of boxes this many scales wide, and twice and four times as wide.
_FAR = 1000.0


@dataclass(frozen=True)
class Integral:
    """Values of a diagram, one per row of externals, and their numerical errors."""

    values: Float64[Array, " m"]
    error: Float64[Array, " m"]


def evaluate(
    diagram: Diagram,
    inputs: Float64[Array, "k d"],
    indices: Int64[Array, "m n"],
    *,
    kernel: Kernel,
    couplings: Mapping[str, Coupling],
    box: float | None,
    direct_kernel: Kernel | None = None,
    scale: float = 1.0,
) -> Integral:
    """The sum of all channels of a diagram, with sign, weight and couplings.

    Row r of `indices` names the inputs x_{r1} ... x_{rn} in the place of the externals. `kernel(x, y)` is the
    propagator between two points, broadcasting over all axes but the last; `direct_kernel` is that of lines
    between two externals, by default the same. For networks the first is K~, without the output bias, and
    the second K (see `propagator`).
    A coupling is a number, or a function of the points y for a local vertex. The box is |y_i| <= `box` on
    every axis, and None is all space. `scale` is the length over which the kernel varies.

    Raises ValueError when a box is not positive, a coupling is missing, or an integral over all space
    diverges; the sentence says which diagram diverges and how.
    """
    if indices.shape[1] != diagram.externals:
        raise ValueError(f"indices have {indices.shape[1]} columns; the diagram has {diagram.externals} externals.")
    if box is not None and not box > 0:
        raise ValueError(f"box is {box}; the cutoff must be positive, or None for all space.")
    for vertex in diagram.vertices:
        if vertex.coupling not in couplings:
            raise ValueError(f"couplings lack {vertex.coupling!r}; given are {sorted(couplings)}.")

    def integrate(half_width: float) -> Integral:
        coarse, fine = (
            _total(diagram, indices, _Field(inputs, kernel, direct_kernel or kernel, *grid), couplings)
            for grid in _grids(inputs.shape[1], half_width, scale, _is_squared(diagram))
        )
        return Integral(fine, np.abs(fine - coarse) + 1e-15 * np.abs(fine))

    if box is not None or not diagram.vertices:
        return integrate(box or 1.0)
    return _limit(diagram, [integrate(factor * _FAR * scale) for factor in (1.0, 2.0, 4.0)])


@dataclass(frozen=True)
class _Field:
    """Propagators between the inputs, and between them and the points of a grid."""

    inputs: Float64[Array, "k d"]
    kernel: Kernel
    direct_kernel: Kernel
    points: Float64[Array, "q d"]
    weights: Float64[Array, " q"]

    @cached_property
    def direct(self) -> Float64[Array, "k k"]:
        return self.direct_kernel(self.inputs[:, None], self.inputs[None])

    @cached_property
    def outward(self) -> Float64[Array, "k q"]:
        return self.kernel(self.inputs[:, None], self.points[None])

    @cached_property
    def inward(self) -> Float64[Array, "q q"]:
        return self.kernel(self.points[:, None], self.points[None])

    @cached_property
    def closed(self) -> Float64[Array, " q"]:
        return self.kernel(self.points, self.points)


def _total(
    diagram: Diagram, indices: Int64[Array, "m n"], field: _Field, couplings: Mapping[str, Coupling]
) -> Float64[Array, " m"]:
    measures = _measures(diagram, field, couplings)
    channels = (_channel(diagram, channel, indices, field, measures) for channel in diagram.channels)
    total = sum(channels, start=np.zeros(len(indices)))
    return (-1.0) ** diagram.order * float(diagram.weight) * total


def _measures(diagram: Diagram, field: _Field, couplings: Mapping[str, Coupling]) -> list[Float64[Array, " q"]]:
    """Weights of the grid for each internal point; the first of a vertex carries its coupling."""
    measures = []
    for vertex in diagram.vertices:
        coupling = couplings[vertex.coupling]
        strength = coupling(field.points) if callable(coupling) else coupling
        measures += [field.weights * strength, *[field.weights] * (len(vertex.legs) - 1)]
    return measures


def _channel(
    diagram: Diagram,
    channel: Channel,
    indices: Int64[Array, "m n"],
    field: _Field,
    measures: list[Float64[Array, " q"]],
) -> Float64[Array, " m"]:
    value = np.ones(len(indices))
    for a, b in channel.direct:
        value = value * field.direct[indices[:, a], indices[:, b]]
    for component in line_components(diagram.lines):
        legs = [indices[:, channel.attached[i]] for i in component]
        closed = [measures[i] * field.closed ** diagram.lines[i][i] for i in component]
        if len(component) == 1:
            value = value * _contact(legs[0], field, closed[0])
        else:
            lines = {(a, b): diagram.lines[i][j] for (a, i), (b, j) in combinations(enumerate(component), 2)}
            value = value * _joined(legs, field, closed, lines)
    return value


def _contact(legs: Int64[Array, "m l"], field: _Field, measure: Float64[Array, " q"]) -> Float64[Array, " m"]:
    """Integrals over one point of the lines from it to externals.

    The Gram matrix of the products of half of the lines holds those of all lines, many times over.
    """
    half = legs.shape[1] // 2
    legs = np.sort(legs, axis=1)
    halves = [np.unique(part, axis=0, return_inverse=True) for part in (legs[:, :half], legs[:, half:])]
    gram = np.zeros([len(rows) for rows, _ in halves])
    step = max(1, _CHUNK // max(gram.shape))
    for start in range(0, measure.size, step):
        part = slice(start, start + step)
        left, right = (np.prod(field.outward[:, part][rows], axis=1) for rows, _ in halves)
        gram += (left * measure[part]) @ right.T
    return gram[tuple(positions.ravel() for _, positions in halves)]


def _joined(
    legs: list[Int64[Array, "m _"]],
    field: _Field,
    measures: list[Float64[Array, " q"]],
    lines: Mapping[tuple[int, int], int],
) -> Float64[Array, " m"]:
    """Integrals over several points with `lines` between them, and lines from them to externals."""
    names = ascii_lowercase[: len(legs)]
    step = max(1, _CHUNK // measures[0].size)
    values = []
    for start in range(0, len(legs[0]), step):
        parts = zip([own[start : start + step] for own in legs], measures, strict=True)
        ends = [np.prod(field.outward[own], axis=1) * measure for own, measure in parts]
        joins = {names[a] + names[b]: field.inward**count for (a, b), count in lines.items() if count}
        labels = ",".join(["Z" + name for name in names] + list(joins))
        values.append(np.einsum(labels + "->Z", *ends, *joins.values(), optimize="greedy"))
    return np.concatenate(values)


def _is_squared(diagram: Diagram) -> bool:
    return any(row[j] for i, row in enumerate(diagram.lines) for j in range(i))


def _grids(
    dimension: int, half_width: float, scale: float, squared: bool
) -> Iterable[tuple[Float64[Array, "q d"], Float64[Array, " q"]]]:
    """A coarse and a fine grid on the box, as large as memory allows."""
    reach = np.arcsinh(half_width / scale)
    panels = max(1, int(np.ceil(reach / _PANEL_WIDTH)))
    edges = reach * np.linspace(-1.0, 1.0, 2 * panels + 1)
    budget = _MOST_POINTS_SQUARED if squared else _MOST_POINTS
    finest = max(2, min(_MOST_NODES, int(budget ** (1 / dimension) / (2 * panels))))
    for nodes in (max(1, 2 * finest // 3), finest):
        u, weights = panel_rule(edges, nodes)
        axis, weights = scale * np.sinh(u), scale * np.cosh(u) * weights
        points = np.stack(np.meshgrid(*[axis] * dimension, indexing="ij"), axis=-1).reshape(-1, dimension)
        product = np.stack(np.meshgrid(*[weights] * dimension, indexing="ij"), axis=-1)
        yield points, np.prod(product.reshape(-1, dimension), axis=1)


def _limit(diagram: Diagram, boxes: list[Integral]) -> Integral:
    """All space from three boxes, each twice as wide as the one before.

    If the values go as a power of the width, their changes form a geometric series, and what is missing is
    its remainder.
    """
    first, second, third = (integral.values for integral in boxes)
    before, last = np.max(np.abs(second - first)), np.max(np.abs(third - second))
    noise = 10 * max(np.max(integral.error) for integral in boxes)
    if last <= noise + 1e-12 * np.max(np.abs(third)):
        return boxes[-1]
    ratio = last / before
    if ratio > 0.97:
        power = np.log2(ratio)
        growth = f"like the power {power:.2f}" if power > 0.05 else "like the logarithm"
        raise ValueError(
            f"The diagram {expression(diagram)} diverges over all space, {growth} of the cutoff; give a box."
        )
    rest = (third - second) * ratio / (1 - ratio)
    return Integral(third + rest, boxes[-1].error + np.abs(rest))
