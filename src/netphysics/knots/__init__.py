"""Wing, knots: braids and their moves, invariants, and random knots for networks to learn from.

Numbers here are exact integers; nothing imports jax.
"""

from .braids import Braid, Diagram
from .invariants import identify, is_unknot
from .link_summary import LinkSummary
from .notation import read
from .summary import KnotSummary, summarize
from .untie import Untied, untie

__all__ = [
    "Braid",
    "Diagram",
    "KnotSummary",
    "LinkSummary",
    "Untied",
    "identify",
    "is_unknot",
    "read",
    "summarize",
    "untie",
]
