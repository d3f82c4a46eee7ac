"""Floor 0, statistics: estimates with error bars, and what turns sums over draws into them."""

from .claim import Claim
from .cumulants import connected, wick
from .estimate import Estimate, Numbers, chi_squared, concatenate, format_error, p_value, pull, stack
from .fits import Line, PowerLaw, fit_line, fit_power_law
from .jackknife import FEWEST_BLOCKS, jackknife
from .symmetric import multi_indices, pairings, positions, set_partitions, unpack
from .tally import Tally, histogram_sums, merge

__all__ = [
    "FEWEST_BLOCKS",
    "Claim",
    "Estimate",
    "Line",
    "Numbers",
    "PowerLaw",
    "Tally",
    "chi_squared",
    "concatenate",
    "connected",
    "fit_line",
    "fit_power_law",
    "format_error",
    "histogram_sums",
    "jackknife",
    "merge",
    "multi_indices",
    "p_value",
    "pairings",
    "positions",
    "pull",
    "set_partitions",
    "stack",
    "unpack",
    "wick",
]
