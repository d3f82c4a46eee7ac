"""Networks with many layers: how signals change on their way."""

from ..kernels import is_scale_invariant
from .signals import SignalFlow, critical_weight_variance, signal_flow

__all__ = ["SignalFlow", "critical_weight_variance", "is_scale_invariant", "signal_flow"]
