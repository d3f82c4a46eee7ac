"""Generators: flows from flat phase space to the events of a process, in several coordinates, and their test."""

from .coordinates import COORDINATES, Coordinates, Plane, Rambo, Sphere, Spinors
from .flow_matching import Flow, TrainingSettings, generate, make_training
from .pairs import shortest_pairs
from .processes import MUON_DECAY, PROCESSES, QUARKS_AND_GLUON, RESOLVED, TWO_PAIRS, Process
from .two_sample import classifier_test, observables

__all__ = [
    "COORDINATES",
    "MUON_DECAY",
    "PROCESSES",
    "QUARKS_AND_GLUON",
    "RESOLVED",
    "TWO_PAIRS",
    "Coordinates",
    "Flow",
    "Plane",
    "Process",
    "Rambo",
    "Sphere",
    "Spinors",
    "TrainingSettings",
    "classifier_test",
    "generate",
    "make_training",
    "observables",
    "shortest_pairs",
]
