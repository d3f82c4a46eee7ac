"""Networks with many layers: how signals change on their way."""

from ..kernels import is_scale_invariant
from .averages import Averages, averages
from .finite_width import FiniteWidthFlow, finite_width_flow, singular_value_spread
from .scale_invariant import exact_four_point, has_exact_law, slope_ratio
from .signals import SignalFlow, critical_weight_variance, kernel_flow, signal_flow
from .tangent_kernel import signal_statistics, signal_sums, tangent_statistics, tangent_sums

__all__ = [
    "Averages",
    "FiniteWidthFlow",
    "SignalFlow",
    "averages",
    "critical_weight_variance",
    "exact_four_point",
    "finite_width_flow",
    "has_exact_law",
    "is_scale_invariant",
    "kernel_flow",
    "signal_flow",
    "signal_statistics",
    "signal_sums",
    "singular_value_spread",
    "slope_ratio",
    "tangent_statistics",
    "tangent_sums",
]
