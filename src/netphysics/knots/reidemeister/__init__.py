"""Reidemeister moves that untie a diagram, and a checker of them that knows nothing else."""

from .certificate import ReidemeisterCertificate, ReidemeisterMove
from .checker import check, replay
from .translation import reidemeister_moves

__all__ = ["ReidemeisterCertificate", "ReidemeisterMove", "check", "reidemeister_moves", "replay"]
