"""Homology of clouds of points: landmarks, bars, Betti numbers with their noise floor, intrinsic dimension."""

from .betti import Reading, read_bars, readings
from .circular_coordinates import circular_coordinates
from .components import Components, components
from .dimension import Dimension, dimension, two_neighbors
from .landmarks import Landmarks, farthest_points
from .persistence import MOST_LANDMARKS, Bars, Cost, check_cost, cost, persistent_homology
from .pieces import Pieces, pieces

__all__ = [
    "MOST_LANDMARKS",
    "Bars",
    "Components",
    "Cost",
    "Dimension",
    "Landmarks",
    "Pieces",
    "Reading",
    "check_cost",
    "circular_coordinates",
    "components",
    "cost",
    "dimension",
    "farthest_points",
    "persistent_homology",
    "pieces",
    "read_bars",
    "readings",
    "two_neighbors",
]
