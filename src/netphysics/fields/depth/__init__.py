"""Networks with many layers: where signals and gradients go, and how much they fluctuate on their way."""

from ..kernels import is_scale_invariant
from .asymptotics import Asymptote, asymptotes
from .averages import Averages, averages
from .correlation_map import CorrelationMap, FixedCorrelation
from .critical_points import CriticalPoint, critical_point, edge_of_chaos
from .criticality import Susceptibility, fixed_point, susceptibility
from .finite_width import FiniteWidthFlow, finite_width_flow, singular_value_spread
from .multi_input import MultiInputFlow, kernel_flow, multi_input_flow
from .scale_invariant import exact_four_point, has_exact_law, slope_ratio
from .signals import SignalFlow, signal_flow

__all__ = [
    "Asymptote",
    "Averages",
    "CorrelationMap",
    "CriticalPoint",
    "FiniteWidthFlow",
    "FixedCorrelation",
    "MultiInputFlow",
    "SignalFlow",
    "Susceptibility",
    "asymptotes",
    "averages",
    "critical_point",
    "edge_of_chaos",
    "exact_four_point",
    "finite_width_flow",
    "fixed_point",
    "has_exact_law",
    "is_scale_invariant",
    "kernel_flow",
    "multi_input_flow",
    "signal_flow",
    "singular_value_spread",
    "slope_ratio",
    "susceptibility",
]
