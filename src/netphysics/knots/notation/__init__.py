"""Notation: knots as people write them, read into braids and diagrams. Nothing is guessed silently."""

from .dowker import of_dt
from .families import pretzel_knot, torus_knot
from .gauss import of_extended_gauss, of_gauss, of_signed_gauss
from .link_names import links, named_link
from .names import named_knot
from .planar import write_pd
from .reading import read

__all__ = [
    "links",
    "named_knot",
    "named_link",
    "of_dt",
    "of_extended_gauss",
    "of_gauss",
    "of_signed_gauss",
    "pretzel_knot",
    "read",
    "torus_knot",
    "write_pd",
]
