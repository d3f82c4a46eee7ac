"""Random knots and unknots as words, with labels that are sound, reproducible word by word."""

from .equivalent_words import ALEXANDER_TRIVIAL, UNTIED, equivalent_words_of
from .labels import is_knotted
from .matched import matched_knots
from .prior import Prior, random_closures, random_knots, random_unknots, unknot_certificate
from .streams import seeds_of
from .uniform import check_parity, uniform_knot
from .words import Words

__all__ = [
    "ALEXANDER_TRIVIAL",
    "UNTIED",
    "Prior",
    "Words",
    "check_parity",
    "equivalent_words_of",
    "is_knotted",
    "matched_knots",
    "random_closures",
    "random_knots",
    "random_unknots",
    "seeds_of",
    "uniform_knot",
    "unknot_certificate",
]
