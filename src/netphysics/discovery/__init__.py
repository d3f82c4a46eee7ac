"""Wing, discovery: networks that reveal the concepts they use."""

from .baselines import make_baselines, simple_errors
from .columns import Columns
from .dataset import Dataset, dataset
from .formula import Formula, find_formula
from .objective import beta_from_error, divergence, objective, squared_error
from .scales import Scales
from .scinet import SciNet, SciNetSizes, answers
from .search import Found, Schedule, make_search
from .sweep import Sweep, TableSweep, error_together, latent_number_of, make_sweep, make_table_sweep
from .trained import TrainedNetworks
from .windows import Windows

__all__ = [
    "Columns",
    "Dataset",
    "Formula",
    "Found",
    "Scales",
    "Schedule",
    "SciNet",
    "SciNetSizes",
    "Sweep",
    "TableSweep",
    "TrainedNetworks",
    "Windows",
    "answers",
    "beta_from_error",
    "dataset",
    "divergence",
    "error_together",
    "find_formula",
    "latent_number_of",
    "make_baselines",
    "make_search",
    "make_sweep",
    "make_table_sweep",
    "objective",
    "simple_errors",
    "squared_error",
]
