"""Invariants of knots, exact; the table of knots that they recognize; and the unknot."""

from .alexander import alexander, alexander_value
from .alexander_values import alexander_values
from .bracket import jones, jones_of_link
from .laurent import Laurent
from .links import alexander_of_link, in_halves, linking_matrix
from .signature import determinant, signature
from .table import Knot, identify, prime_knots, table
from .unknot import Verdict, is_unknot

__all__ = [
    "Knot",
    "Laurent",
    "Verdict",
    "alexander",
    "alexander_of_link",
    "alexander_value",
    "alexander_values",
    "determinant",
    "identify",
    "in_halves",
    "is_unknot",
    "jones",
    "jones_of_link",
    "linking_matrix",
    "prime_knots",
    "signature",
    "table",
]
