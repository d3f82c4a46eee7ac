"""Spaces with known topology, and points on them."""

from .curves import figure_eight, hopf_link, trefoil, wedge_of_circles
from .graphs import DISTANCE_OF_EDGES, Graph, complete_bipartite_graph, complete_graph, planar, skewness
from .manifold import Manifold
from .spheres import angles, on_circles, projective_plane, rotations, sphere, torus, unit_vectors
from .surfaces import double_cone, klein_bottle

__all__ = [
    "DISTANCE_OF_EDGES",
    "Graph",
    "Manifold",
    "angles",
    "complete_bipartite_graph",
    "complete_graph",
    "double_cone",
    "figure_eight",
    "hopf_link",
    "klein_bottle",
    "on_circles",
    "planar",
    "projective_plane",
    "rotations",
    "skewness",
    "sphere",
    "torus",
    "trefoil",
    "unit_vectors",
    "wedge_of_circles",
]
