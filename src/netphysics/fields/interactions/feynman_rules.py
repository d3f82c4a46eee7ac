r"""Feynman rules: from a diagram to the formula it stands for.

Every internal point is integrated over, every line is a propagator K, every vertex brings -g, and the weight
of the diagram stands in front. Example: -12 \lambda \int dy K(x_1, y) K(x_2, y) K(y, y).
"""

from netphysics.fields.interactions.diagrams import Diagram


def expression(diagram: Diagram) -> str:
    """The first channel of a diagram as LaTeX, and the number of channels that follow by permutation."""
    points = point_names(len(diagram.attached))
    channel = diagram.channels[0]
    outside = [_propagator(_external(a), _external(b)) for a, b in channel.direct]
    measure = [rf"\int \mathrm{{d}}{point}" for point in points]
    inside = [
        _propagator(_external(label), point)
        for point, labels in zip(points, channel.attached, strict=True)
        for label in labels
    ]
    for i, row in enumerate(diagram.lines):
        inside += [_propagator(points[i], points[j], row[j]) for j in range(i, len(row)) if row[j]]
    text = r"\, ".join([*_prefactor(diagram), *outside, *measure, *inside])
    others = len(diagram.channels) - 1
    return text + (rf" + ({others}\ \text{{permutation{'s' if others > 1 else ''}}})" if others else "")


def point_names(count: int) -> list[str]:
    """Names of the internal points."""
    return ["y"] if count == 1 else [f"y_{{{index}}}" for index in range(1, count + 1)]


def _prefactor(diagram: Diagram) -> list[str]:
    weight = diagram.weight
    number = str(weight.numerator)
    if weight.denominator > 1:
        number = rf"\frac{{{weight.numerator}}}{{{weight.denominator}}}"
    couplings = [vertex.coupling for vertex in diagram.vertices]
    powers = {coupling: couplings.count(coupling) for coupling in couplings}
    named = [coupling if power == 1 else rf"{{{coupling}}}^{{{power}}}" for coupling, power in powers.items()]
    sign = "-" if diagram.order % 2 else ""
    if weight == 1:
        return [sign + named[0], *named[1:]] if named else []
    return [sign + number, *named]


def _external(label: int) -> str:
    return f"x_{{{label + 1}}}"


def _propagator(start: str, end: str, power: int = 1) -> str:
    return f"K({start}, {end})" + (f"^{{{power}}}" if power > 1 else "")
