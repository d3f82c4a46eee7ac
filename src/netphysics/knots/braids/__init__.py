"""Braids and diagrams; moves and the certificates that they leave."""

from .braid import Braid
from .certificate import Certificate, Move, check, proves_unknot
from .collapse import cyclic_reduction, free_reduction, smart_collapse
from .diagram import Diagram
from .diagram_drawing import LARGEST_DRAWN, draw_diagram
from .drawing import draw_braid, draw_closure
from .moves import apply, apply_all, certify, moves_at
from .reidemeister import inflate
from .untangle import untangle
from .vogel import braid_of

__all__ = [
    "LARGEST_DRAWN",
    "Braid",
    "Certificate",
    "Diagram",
    "Move",
    "apply",
    "apply_all",
    "braid_of",
    "certify",
    "check",
    "cyclic_reduction",
    "draw_braid",
    "draw_closure",
    "draw_diagram",
    "free_reduction",
    "inflate",
    "moves_at",
    "proves_unknot",
    "smart_collapse",
    "untangle",
]
