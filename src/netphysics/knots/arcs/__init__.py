"""Arc presentations: a knot as a grid diagram, which unties without ever growing."""

from .certificate import ArcCertificate, Move, check
from .contraction import arc_presentation
from .moves import apply, apply_all, certify, destabilizations, exchanges, stabilizations
from .presentation import ArcPresentation
from .walk import Simplification, simplify

__all__ = [
    "ArcCertificate",
    "ArcPresentation",
    "Move",
    "Simplification",
    "apply",
    "apply_all",
    "arc_presentation",
    "certify",
    "check",
    "destabilizations",
    "exchanges",
    "simplify",
    "stabilizations",
]
