"""Systematic uncertainties of a network's output: propagated to first and second order, and simulated."""

from .covariance import Nuisances, energy_scale, resolution
from .propagation import Propagated, derivatives, in_double, propagate, propagate_jacobian
from .simulation import Breakdown, breakdown, ensemble_spread, median, simulate

__all__ = [
    "Breakdown",
    "Nuisances",
    "Propagated",
    "breakdown",
    "derivatives",
    "energy_scale",
    "ensemble_spread",
    "in_double",
    "median",
    "propagate",
    "propagate_jacobian",
    "resolution",
    "simulate",
]
