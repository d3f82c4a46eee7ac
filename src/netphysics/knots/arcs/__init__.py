"""Arc presentations: a knot as a grid diagram, which unties without ever growing."""

from .certificate import ArcCertificate, Move, check, replay
from .contraction import arc_presentation
from .drawing import draw_arcs
from .exhaustion import Exhaustion, exhaust
from .growth import grow
from .guide import Guide, learn_guide
from .moves import apply, apply_all, certify, destabilizations, exchanges, stabilizations
from .presentation import ArcPresentation
from .sums import summands, visible_summands
from .walk import Simplification, simplify

__all__ = [
    "ArcCertificate",
    "ArcPresentation",
    "Exhaustion",
    "Guide",
    "Move",
    "Simplification",
    "apply",
    "apply_all",
    "arc_presentation",
    "certify",
    "check",
    "destabilizations",
    "draw_arcs",
    "exchanges",
    "exhaust",
    "grow",
    "learn_guide",
    "replay",
    "simplify",
    "stabilizations",
    "summands",
    "visible_summands",
]
