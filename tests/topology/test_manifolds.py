"""Manifolds lie where they should, and graphs are as far from planar as is known."""

import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.topology.manifolds import (
    complete_bipartite_graph,
    complete_graph,
    double_cone,
    figure_eight,
    hopf_link,
    klein_bottle,
    planar,
    projective_plane,
    rotations,
    skewness,
    sphere,
    torus,
    trefoil,
    wedge_of_circles,
)

MANIFOLDS = [
    sphere(1),
    sphere(3),
    torus(2),
    torus(3),
    projective_plane(),
    rotations(),
    klein_bottle(),
    double_cone(),
    figure_eight(),
    wedge_of_circles(3),
    hopf_link(),
    trefoil(),
    complete_graph(5).space(),
]


@pytest.mark.parametrize("manifold", MANIFOLDS, ids=lambda manifold: manifold.name)
def test_points_have_the_columns_and_euler_characteristics_agree(manifold, key):
    points = manifold.draw(50, key=key)
    assert points.shape == (50, manifold.columns)
    assert points.dtype == jnp.float32
    signs = (-1) ** np.arange(manifold.dimension + 1)
    # The Euler characteristic does not depend on the field.
    assert signs @ manifold.betti == signs @ manifold.odd_betti


def test_rotations_are_rotations(key):
    matrices = np.asarray(rotations().draw(100, key=key), np.float64).reshape(-1, 3, 3)
    assert np.allclose(matrices @ matrices.transpose(0, 2, 1), np.eye(3), atol=1e-5)
    assert np.allclose(np.linalg.det(matrices), 1, atol=1e-5)


def test_linked_circles_stay_apart(key):
    points = np.asarray(hopf_link().draw(400, key=key))
    first = np.abs(points[:, 2]) + np.abs(np.hypot(points[:, 0], points[:, 1]) - 1) < 1e-5
    gaps = np.linalg.norm(points[first][:, None] - points[~first][None], axis=2)
    # Each passes through the center of the other, a reach of one half.
    assert gaps.min() > 2 * hopf_link().reach - 0.01


@pytest.mark.parametrize(
    ("graph", "expected"),
    [(complete_graph(n), n * (n - 1) // 2 - 3 * n + 6) for n in (4, 5, 6)]
    + [(complete_graph(3), 0), (complete_graph(2), 0), (complete_bipartite_graph(3, 3), 1)]
    + [(complete_bipartite_graph(3, 4), 2), (complete_bipartite_graph(2, 5), 0)],
    ids=lambda value: getattr(value, "name", value),
)
def test_skewness_of_complete_graphs(graph, expected):
    assert skewness(graph) == expected
    assert planar(graph) == (expected == 0)


def test_edges_of_a_graph_are_at_the_distance_that_the_bound_uses():
    graph = complete_graph(4)
    places = jnp.linspace(0, 1, 101, dtype=jnp.float32)
    one = graph.points(jnp.full(101, graph.edges.index((0, 1)), jnp.int32), places)
    other = graph.points(jnp.full(101, graph.edges.index((2, 3)), jnp.int32), places)
    assert np.linalg.norm(np.asarray(one)[:, None] - np.asarray(other)[None], axis=2).min() == pytest.approx(1)


@pytest.mark.parametrize("make", [lambda: sphere(0), lambda: wedge_of_circles(0), lambda: complete_graph(1)])
def test_impossible_sizes_are_refused(make):
    with pytest.raises(ValueError, match="it must be at least"):
        make()
