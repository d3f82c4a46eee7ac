"""Graphs as spaces: vertices joined by straight edges; planar or not, and how far from it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import networkx
import numpy as np
from jaxtyping import Array, Float32, PRNGKeyArray

from .manifold import Manifold

# In the simplex with vertices e_1, e_2, ... edges without a common vertex are at distance 1, at their middles.
DISTANCE_OF_EDGES = 1.0


@dataclass(frozen=True)
class Graph:
    """A graph whose vertices are the unit vectors of R^n, n the number of vertices.

    Attributes:
        name: lower case with hyphens.
        vertices: how many.
        edges: pairs of vertices, each once.
    """

    name: str
    vertices: int
    edges: tuple[tuple[int, int], ...]

    def points(self, edges: Array, places: Float32[Array, " count"]) -> Float32[Array, "count vertices"]:
        """Points on edges: `places` runs from 0 at the first vertex to 1 at the second."""
        ends = jnp.asarray(self.edges, jnp.int32)[edges]
        corner = jnp.eye(self.vertices, dtype=jnp.float32)
        return (1 - places)[:, None] * corner[ends[:, 0]] + places[:, None] * corner[ends[:, 1]]

    def space(self) -> Manifold:
        """The graph as a space of dimension 1."""

        def draw(count: int, *, key: PRNGKeyArray) -> Float32[Array, "count vertices"]:
            for_edge, for_place = jax.random.split(key)
            which = jax.random.randint(for_edge, (count,), 0, len(self.edges), jnp.int32)
            return self.points(which, jax.random.uniform(for_place, (count,), jnp.float32))

        pieces = networkx.number_connected_components(self.network())
        betti = (pieces, len(self.edges) - self.vertices + pieces)
        return Manifold(self.name, 1, self.vertices, betti, betti, 2 if planar(self) else 3, "", 0.0, draw)

    def network(self) -> networkx.Graph:
        network = networkx.Graph(self.edges)
        network.add_nodes_from(range(self.vertices))
        return network


def complete_graph(vertices: int) -> Graph:
    """K_n: every vertex joined to every other.

    Raises:
        ValueError: for less than two vertices.
    """
    if vertices < 2:
        raise ValueError(f"vertices is {vertices}; it must be at least 2")
    return Graph(f"k{vertices}", vertices, tuple(itertools.combinations(range(vertices), 2)))


def complete_bipartite_graph(one: int, other: int) -> Graph:
    """K_{m,n}: m vertices, each joined to each of n others.

    Raises:
        ValueError: for a side without vertices.
    """
    if min(one, other) < 1:
        raise ValueError(f"sides of the graph are {one} and {other}; each must be at least 1")
    edges = tuple(itertools.product(range(one), range(one, one + other)))
    return Graph(f"k{one}-{other}", one + other, edges)


def planar(graph: Graph) -> bool:
    """Whether the graph can be drawn in the plane without crossings."""
    return networkx.check_planarity(graph.network())[0]


def skewness(graph: Graph) -> int:
    """The least number of edges without which the graph is planar.

    The search begins at the bound by Euler's formula: a planar graph with cycles of at least g edges has at most
    g (n - 2) / (g - 2) of them. It goes through all sets of edges of a size, which is for small graphs only.
    """
    network = graph.network()
    girth = networkx.girth(network)
    most = len(graph.edges) if not np.isfinite(girth) else int(girth * (graph.vertices - 2) / (girth - 2))
    for count in range(max(len(graph.edges) - most, 0), len(graph.edges)):
        for removed in itertools.combinations(graph.edges, count):
            rest = network.copy()
            rest.remove_edges_from(removed)
            if networkx.check_planarity(rest)[0]:
                return count
    return 0
