"""Floor 0, statistics: estimates with error bars, and what turns sums over draws into them."""

from .claim import Claim
from .estimate import (
    Estimate,
    Numbers,
    chi_squared,
    concatenate,
    format_error,
    p_value,
    pooled_dof,
    pull,
    stack,
)
from .fits import Line, PowerLaw, fit_line, fit_power_law
from .intervals import binomial_interval, student_interval
from .jackknife import FEWEST_BLOCKS, jackknife
from .ranks import rank_correlation
from .symmetric import (
    cumulant,
    half_positions,
    multi_indices,
    pack,
    packed_positions,
    partition_sum,
    partitions,
    unpack,
    wick_sum,
)
from .tally import Tally, histogram_sums, merge

__all__ = [
    "FEWEST_BLOCKS",
    "Claim",
    "Estimate",
    "Line",
    "Numbers",
    "PowerLaw",
    "Tally",
    "binomial_interval",
    "chi_squared",
    "concatenate",
    "cumulant",
    "fit_line",
    "fit_power_law",
    "format_error",
    "half_positions",
    "histogram_sums",
    "jackknife",
    "merge",
    "multi_indices",
    "p_value",
    "pack",
    "packed_positions",
    "partition_sum",
    "partitions",
    "pooled_dof",
    "pull",
    "rank_correlation",
    "stack",
    "student_interval",
    "unpack",
    "wick_sum",
]
