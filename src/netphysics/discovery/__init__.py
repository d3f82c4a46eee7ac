"""Wing, discovery: networks that reveal the concepts they use."""

from .objective import beta_from_error, divergence, objective
from .options import SweepConfig, total
from .scinet import SciNet, Shape, answers
from .search import Found, Schedule, make_search
from .sweep import Sweep, make_sweep
from .table import Columns, Dataset, dataset, read_table

__all__ = [
    "Columns",
    "Dataset",
    "Found",
    "Schedule",
    "SciNet",
    "Shape",
    "Sweep",
    "SweepConfig",
    "answers",
    "beta_from_error",
    "dataset",
    "divergence",
    "make_search",
    "make_sweep",
    "objective",
    "read_table",
    "total",
]
