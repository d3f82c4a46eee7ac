"""Bounds: their values on known spaces, and where nothing stands in the way."""

import jax
import numpy as np
import pytest

from netphysics.topology.homology import Bars, farthest_points, readings
from netphysics.topology.manifolds import (
    complete_bipartite_graph,
    complete_graph,
    double_cone,
    hopf_link,
    sphere,
    torus,
)
from netphysics.topology.obstructions import (
    antipodal_bound,
    degree_bound,
    mean_square_of_tear,
    persistence_bound,
    plain_bound,
    reach_bound,
    tear_bound,
)


def test_plain_latents_are_stopped_up_to_the_dimension():
    for manifold, reach in ((sphere(2), 1.0), (torus(2), 1.0), (hopf_link(), 0.5)):
        assert plain_bound(manifold, manifold.dimension).value == reach
        assert plain_bound(manifold, manifold.dimension + 1).value == 0
    assert plain_bound(double_cone(), 2).value == 0
    assert antipodal_bound(0.5, 5, 5).value == 0.5
    assert antipodal_bound(0.5, 5, 6).value == 0
    assert degree_bound(2, 2).value == 2
    assert degree_bound(2, 3).value == 0
    assert reach_bound(0.0, 1, 1).value == 0


def test_every_bound_has_its_argument():
    for bound in (
        antipodal_bound(1.0, 1, 1),
        degree_bound(1, 1),
        reach_bound(1.0, 1, 1),
        tear_bound(complete_graph(5), 2),
    ):
        assert bound.argument.endswith(".")


@pytest.mark.parametrize("dimension", [1, 2])
def test_the_bound_from_bars_stays_below_the_radius_of_a_sphere(dimension):
    cloud = np.asarray(sphere(dimension).draw(2000, key=jax.random.key(0)), np.float64)
    chosen = farthest_points(cloud, 120)
    bars = readings(chosen.points, dimension)[-1].signal
    bound = persistence_bound(bars, chosen.covering_radius, dimension).value
    # In the limit of many landmarks it is half the death: the side of the regular simplex in the sphere over two.
    assert 0.4 < bound < np.sqrt((dimension + 2) / (dimension + 1) / 2)
    assert persistence_bound(bars, chosen.covering_radius, dimension + 1).value == 0


def test_bars_shorter_than_the_covering_radius_bound_nothing():
    bars = Bars(1, np.array([0.5]), np.array([1.0]))
    assert persistence_bound(bars, 0.1, 1).value == pytest.approx(0.25)
    assert persistence_bound(bars, 0.6, 1).value == 0


@pytest.mark.parametrize(
    ("graph", "tears"), [(complete_graph(4), 0), (complete_graph(5), 1), (complete_graph(6), 3)], ids=str
)
def test_graphs_tear_at_least_as_often_as_their_skewness(graph, tears):
    assert tear_bound(graph, 2).value == tears
    assert tear_bound(graph, 3).value == 0
    assert tear_bound(graph, 1).value == 1
    assert tear_bound(complete_bipartite_graph(1, 3), 2).value == 0


def test_mean_square_of_a_tear():
    assert mean_square_of_tear(0.01) == 0.02
