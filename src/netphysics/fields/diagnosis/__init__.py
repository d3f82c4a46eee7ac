"""Diagnosis: will this network train, and if not, why not and what mends it? Everything is seen before training."""

from .diagnosis import Comparison, Diagnosis, LearningRate, Phase, Verdict
from .ensembles import (
    PreactivationStatistics,
    Recommendation,
    check_described,
    checked_batch,
    describe,
    diagnose_ensemble,
    diagnose_model,
    diagnose_net,
    diagnose_preactivations,
    normal_inputs,
    preactivation_statistics,
    recommend,
)
from .layered_report import diagnose_layered
from .measuring.torch_model import is_torch
from .reports import (
    diagnose_arrays,
    diagnose_constructor,
    diagnose_described,
    diagnose_jax_model,
    diagnose_torch_model,
)
from .width_transfer import WidthTransfer, width_transfer
from .words import facts

__all__ = [
    "Comparison",
    "Diagnosis",
    "LearningRate",
    "Phase",
    "PreactivationStatistics",
    "Recommendation",
    "Verdict",
    "WidthTransfer",
    "check_described",
    "checked_batch",
    "describe",
    "diagnose_arrays",
    "diagnose_constructor",
    "diagnose_described",
    "diagnose_ensemble",
    "diagnose_jax_model",
    "diagnose_layered",
    "diagnose_model",
    "diagnose_net",
    "diagnose_preactivations",
    "diagnose_torch_model",
    "facts",
    "is_torch",
    "normal_inputs",
    "preactivation_statistics",
    "recommend",
    "width_transfer",
]
