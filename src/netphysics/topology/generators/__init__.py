"""Generators: flows from flat phase space to the events of a process, in several coordinates, and their test."""

from .coordinates import COORDINATES, Coordinates, Plane, Rambo, Sphere, Spinors
from .flow_matching import Flow, TrainingSettings, generate, make_training
from .methods import METHODS, Method, flat_events, make_generator, seed_of
from .pairs import shortest_pairs
from .processes import MUON_DECAY, PROCESSES, QUARKS_AND_GLUON, RESOLVED, TWO_PAIRS, Process
from .resolved import closed, opened
from .tear import NEAREST, distance_from_tear, profile_of_tear
from .two_sample import classifier_test, observables

__all__ = [
    "COORDINATES",
    "METHODS",
    "MUON_DECAY",
    "NEAREST",
    "PROCESSES",
    "QUARKS_AND_GLUON",
    "RESOLVED",
    "TWO_PAIRS",
    "Coordinates",
    "Flow",
    "Method",
    "Plane",
    "Process",
    "Rambo",
    "Sphere",
    "Spinors",
    "TrainingSettings",
    "classifier_test",
    "closed",
    "distance_from_tear",
    "flat_events",
    "generate",
    "make_generator",
    "make_training",
    "observables",
    "opened",
    "profile_of_tear",
    "seed_of",
    "shortest_pairs",
]
