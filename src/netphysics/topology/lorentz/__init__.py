"""Lorentz symmetry: networks that have it built in, learn it from boosted examples, or know nothing of it."""

from .decays import KINDS, boosted, labeled_decay
from .learning import FAST, SLOW, Arm, TrainingSettings, areas, best_area, build, decays, logits, trainer
from .networks import EquivariantNetwork, InvariantNetwork, PlainNetwork, equivariance_errors, mass_ratios

__all__ = [
    "FAST",
    "KINDS",
    "SLOW",
    "Arm",
    "EquivariantNetwork",
    "InvariantNetwork",
    "PlainNetwork",
    "TrainingSettings",
    "areas",
    "best_area",
    "boosted",
    "build",
    "decays",
    "equivariance_errors",
    "labeled_decay",
    "logits",
    "mass_ratios",
    "trainer",
]
