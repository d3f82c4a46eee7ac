"""Ensembles of a network: what theory and a quick measurement say of signals, tangent kernel and learning rate."""

from .described import check_described, describe, diagnose_net, normal_inputs
from .model import checked_batch, diagnose_ensemble, diagnose_model, diagnose_preactivations
from .preactivation_statistics import PreactivationStatistics, preactivation_statistics
from .recommendation import Recommendation, recommend

__all__ = [
    "PreactivationStatistics",
    "Recommendation",
    "check_described",
    "checked_batch",
    "describe",
    "diagnose_ensemble",
    "diagnose_model",
    "diagnose_net",
    "diagnose_preactivations",
    "normal_inputs",
    "preactivation_statistics",
    "recommend",
]
