"""The translation of a certificate in moves of grid diagrams into one in Reidemeister moves, from a PD code on."""

from __future__ import annotations

from ..arcs import ArcCertificate
from ..arcs.contraction import contract
from ..braids import Diagram
from .certificate import ReidemeisterCertificate
from .contraction import draw_grid
from .grid_moves import destabilize, exchange, go_around
from .lines import COLUMN, ROW, Line, Lines
from .planar_map import NothingLeft


def reidemeister_moves(diagram: Diagram, certificate: ArcCertificate) -> ReidemeisterCertificate:
    """Reidemeister moves from a diagram to the one without crossings.

    Args:
        diagram: of the unknot.
        certificate: moves from its arc presentation, `arcs.arc_presentation(diagram)`, to the trivial one.

    Raises:
        ValueError: for a certificate that starts elsewhere, does not end at the trivial arc presentation, or has other
            moves than exchanges and destabilizations.
    """
    if certificate.end != ((0, 1), (0, 1)):
        raise ValueError(
            f"the certificate ends at {list(certificate.end)}; it must end at the trivial arc presentation"
        )
    if not diagram.crossings:
        return ReidemeisterCertificate((), ())
    axis = contract(diagram)
    if axis.presentation().arcs != certificate.start:
        raise ValueError("the certificate starts at another arc presentation; it must start at that of the diagram")
    lines = Lines(diagram)
    try:
        lines.collapse()
        draw_grid(lines, diagram, axis)
        _follow(lines, certificate, [divmod(page, 4) for page in axis.pages()])
    except NothingLeft:
        pass
    return ReidemeisterCertificate(diagram.crossings, tuple(lines.drawing.moves))


def _follow(lines: Lines, certificate: ArcCertificate, pages: list[Line]) -> None:
    """Make the moves of a certificate."""
    # Lines in the order of the certificate, which is cyclic: on the map it may begin elsewhere.
    named: tuple[list[Line], list[Line]] = list(lines.order[ROW]), pages
    for move in certificate.moves:
        kind = COLUMN if move.kind == "column" else ROW
        if move.name == "exchange":
            step = 1 if move.number > 0 else -1
            for passed in range(abs(move.number)):
                _exchange(lines, named[kind], move.place + step * passed, step, kind)
        elif move.name == "destabilize":
            _destabilize(lines, named, move.place, kind)
        else:
            raise ValueError(f"the certificate has the move {move}; it may have exchanges and destabilizations")


def _exchange(lines: Lines, named: list[Line], place: int, step: int, kind: int) -> None:
    at, beyond = place % len(named), (place + step) % len(named)
    line, other = named[at], named[beyond]
    if abs(lines.place[line] - lines.place[other]) > 1:
        go_around(lines, kind, rises=lines.place[line] == 0)
    exchange(lines, min(lines.place[line], lines.place[other]), kind)
    named[at], named[beyond] = other, line


def _destabilize(lines: Lines, named: tuple[list[Line], list[Line]], place: int, kind: int) -> None:
    line, others = named[kind].pop(place), named[1 - kind]
    low, high = sorted(map(others.index, lines.meets[line]))
    lower, higher = (low, high) if high - low == 1 else (high, low)
    pair = others[lower], others[higher]
    if abs(lines.place[pair[0]] - lines.place[pair[1]]) > 1:
        go_around(lines, 1 - kind, rises=True)
    kept = min(pair, key=lines.place.__getitem__)
    destabilize(lines, line)
    others[lower] = kept
    del others[higher]
