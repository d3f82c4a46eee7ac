"""Wing, discovery: networks that reveal the concepts they use."""

from .data.columns import Columns
from .data.dataset import Dataset, dataset
from .data.scales import Scales
from .data.windows import Windows
from .formula import Formula, find_formula
from .objective import beta_from_error, divergence, objective, squared_error
from .scinet import SciNet, SciNetSizes, answers
from .trained import TrainedNetworks
from .training.baselines import make_baselines, simple_errors
from .training.search import Found, Schedule, make_search
from .training.sweep import Sweep, TableSweep, error_together, latent_number_of, make_sweep, make_table_sweep

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
