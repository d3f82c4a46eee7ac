"""Wing, discovery: networks that reveal the concepts they use."""

from .objective import beta_from_error, divergence, objective
from .scinet import SciNet, Shape, answers
from .search import Found, Schedule, make_search

__all__ = [
    "Found",
    "Schedule",
    "SciNet",
    "Shape",
    "answers",
    "beta_from_error",
    "divergence",
    "make_search",
    "objective",
]
