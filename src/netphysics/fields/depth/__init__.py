"""Networks with many layers: how signals change on their way."""

from ..kernels import is_scale_invariant
from .averages import Averages, averages
from .descendants import contractions, extrapolate
from .empirical_tangent_kernel import (
    LargestEigenvalue,
    empirical_tangent_kernel,
    largest_eigenvalue,
    largest_eigenvalue_spread,
)
from .finite_width import FiniteWidthFlow, finite_width_flow, singular_value_spread
from .scale_invariant import exact_four_point, has_exact_law, slope_ratio
from .signals import SignalFlow, critical_weight_variance, kernel_flow, signal_flow
from .spread import Spread, spread

__all__ = [
    "Averages",
    "FiniteWidthFlow",
    "LargestEigenvalue",
    "SignalFlow",
    "Spread",
    "averages",
    "contractions",
    "critical_weight_variance",
    "empirical_tangent_kernel",
    "exact_four_point",
    "extrapolate",
    "finite_width_flow",
    "has_exact_law",
    "is_scale_invariant",
    "kernel_flow",
    "largest_eigenvalue",
    "largest_eigenvalue_spread",
    "signal_flow",
    "singular_value_spread",
    "slope_ratio",
    "spread",
]
