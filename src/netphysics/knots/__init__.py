"""Wing, knots: braids and their moves, invariants, and random knots for networks to learn from.

Numbers here are exact integers; nothing imports jax.
"""

from .braids import Braid, Diagram
from .examination import Examination, examine
from .invariants import identify, is_unknot
from .notation import read

__all__ = ["Braid", "Diagram", "Examination", "examine", "identify", "is_unknot", "read"]
