"""Invariants of knots, exact; the table of knots that they recognize; and the unknot."""

from .alexander import alexander, alexander_value
from .alexander_values import alexander_values
from .bracket import jones, jones_of_link
from .laurent import Laurent
from .signature import determinant, signature
from .table import Knot, identify, prime_knots, table
from .unknot import Verdict, is_unknot

__all__ = [
    "Knot",
    "Laurent",
    "Verdict",
    "alexander",
    "alexander_value",
    "alexander_values",
    "determinant",
    "identify",
    "is_unknot",
    "jones",
    "jones_of_link",
    "prime_knots",
    "signature",
    "table",
]
