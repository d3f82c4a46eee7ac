"""Diagnosis: will this network train, and if not, why not and what mends it? Everything is seen before training."""

from .reports import diagnose_arrays, diagnose_constructor, diagnose_described, diagnose_jax_model, diagnose_torch_model
from .torch_model import is_torch

__all__ = [
    "diagnose_arrays",
    "diagnose_constructor",
    "diagnose_described",
    "diagnose_jax_model",
    "diagnose_torch_model",
    "is_torch",
]
