"""Anomalies in events: scores by reconstruction, by density and by weak labels, and how well they find a signal."""

from .curves import area_under_curve, efficiencies, significance_improvement
from .density import fit_density, rarity
from .features import invariants_of, momenta_of, points_of
from .reconstruction import RATE, reconstruction_errors
from .search import SIGNAL_EFFICIENCIES, Performance, Search, judge, search, search_sets
from .weak_labels import WeakLabels, weak_labels

__all__ = [
    "RATE",
    "SIGNAL_EFFICIENCIES",
    "Performance",
    "Search",
    "WeakLabels",
    "area_under_curve",
    "efficiencies",
    "fit_density",
    "invariants_of",
    "judge",
    "momenta_of",
    "points_of",
    "rarity",
    "reconstruction_errors",
    "search",
    "search_sets",
    "significance_improvement",
    "weak_labels",
]
