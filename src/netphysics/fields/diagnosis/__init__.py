"""Diagnosis: will this network train, and if not, why not and what mends it? Everything is seen before training."""

from .layered_report import diagnose_layered
from .reports import (
    diagnose_arrays,
    diagnose_constructor,
    diagnose_described,
    diagnose_jax_model,
    diagnose_torch_model,
)
from .torch_model import is_torch
from .width_transfer import WidthTransfer, width_transfer

__all__ = [
    "WidthTransfer",
    "diagnose_arrays",
    "diagnose_constructor",
    "diagnose_described",
    "diagnose_jax_model",
    "diagnose_layered",
    "diagnose_torch_model",
    "is_torch",
    "width_transfer",
]
