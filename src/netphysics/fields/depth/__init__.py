"""Networks with many layers: where signals and gradients go, and how much they fluctuate on their way."""

from ..kernels import is_scale_invariant
from .asymptotics import Asymptote, asymptotes
from .averages import Averages, averages
from .correlation_map import CorrelationMap, FixedCorrelation
from .critical_points import CriticalPoint, critical_point, edge_of_chaos
from .criticality import Susceptibility, fixed_point, susceptibility
from .descendants import contractions
from .empirical_tangent_kernel import (
    LargestEigenvalue,
    empirical_tangent_kernel,
    largest_eigenvalue,
    largest_eigenvalue_spread,
)
from .extrapolation import extrapolate, leading_order
from .finite_width import FiniteWidthFlow, finite_width_flow, singular_value_spread
from .multi_input import MultiInputFlow, kernel_flow, multi_input_flow
from .neuron_pairs import pair_statistics, pair_sums
from .scale_invariant import exact_four_point, has_exact_law, slope_ratio
from .signals import SignalFlow, signal_flow
from .spread import Spread, spread
from .tangent_kernel import signal_statistics, signal_sums, tangent_statistics, tangent_sums

__all__ = [
    "Asymptote",
    "Averages",
    "CorrelationMap",
    "CriticalPoint",
    "FiniteWidthFlow",
    "FixedCorrelation",
    "LargestEigenvalue",
    "MultiInputFlow",
    "SignalFlow",
    "Spread",
    "Susceptibility",
    "asymptotes",
    "averages",
    "contractions",
    "critical_point",
    "edge_of_chaos",
    "empirical_tangent_kernel",
    "exact_four_point",
    "extrapolate",
    "finite_width_flow",
    "fixed_point",
    "has_exact_law",
    "is_scale_invariant",
    "kernel_flow",
    "largest_eigenvalue",
    "largest_eigenvalue_spread",
    "leading_order",
    "multi_input_flow",
    "pair_statistics",
    "pair_sums",
    "signal_flow",
    "signal_statistics",
    "signal_sums",
    "singular_value_spread",
    "slope_ratio",
    "spread",
    "susceptibility",
    "tangent_statistics",
    "tangent_sums",
]
