"""Homology of clouds of known spaces, and of clouds without any holes."""

import jax
import numpy as np
import pytest

from netphysics.topology.homology import (
    Bars,
    check_cost,
    circular_coordinates,
    components,
    cost,
    dimension,
    farthest_points,
    persistent_homology,
    pieces,
    read_bars,
    readings,
    two_neighbors,
)
from netphysics.topology.manifolds import figure_eight, klein_bottle, sphere, torus


def draw(manifold, count, seed=0):
    return np.asarray(manifold.draw(count, key=jax.random.key(seed)), np.float64)


def test_a_square_has_one_loop_from_its_side_to_its_diagonal():
    bars = persistent_homology(np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]), 1)
    assert bars[1].births.tolist() == pytest.approx([1])
    assert bars[1].deaths.tolist() == pytest.approx([2**0.5])
    assert np.isinf(bars[0].deaths[0])
    assert bars[0].deaths[1:].tolist() == pytest.approx([1, 1, 1])


def test_an_octahedron_has_one_void():
    points = np.concatenate([np.eye(3), -np.eye(3)])
    (void,) = persistent_homology(points, 2)[2].lengths
    assert void == pytest.approx(2 - 2**0.5, rel=1e-6)


@pytest.mark.parametrize(
    ("manifold", "field", "expected"),
    [(torus(2), 2, (2, 1)), (klein_bottle(), 2, (2, 1)), (klein_bottle(), 3, (1, 0)), (sphere(2), 2, (0, 1))],
    ids=lambda value: getattr(value, "name", value),
)
def test_betti_numbers_of_surfaces(manifold, field, expected):
    cloud = draw(manifold, 2000)
    chosen = farthest_points(cloud, 130)
    found = readings(chosen.averaged(cloud), 2, np.bincount(chosen.owner), field)
    # Loops of a Klein bottle need more landmarks than voids.
    finer = farthest_points(cloud, 300)
    loops = readings(finer.averaged(cloud), 1, np.bincount(finer.owner), field)[0]
    assert (loops.betti, found[1].betti) == expected


@pytest.mark.parametrize("columns", [2, 3, 5])
def test_clouds_without_holes_stay_below_the_noise_floor(columns):
    rng = np.random.default_rng(columns)
    for cloud in (rng.random((400, columns)), rng.standard_normal((400, columns))):
        (loops,) = readings(farthest_points(cloud, 200).averaged(cloud), 1)
        assert loops.betti == 0
        assert loops.bars.ratios.max() < loops.floor


def test_late_bars_do_not_count():
    bars = Bars(1, np.array([1.0, 5.0, 1.0]), np.array([6.0, 30.0, 1.1]))
    reading = read_bars(bars, connected_at=1.0)
    assert reading.shape.tolist() == [True, False, False]
    assert reading.signal.lengths.tolist() == [5.0]


def test_landmarks_cover_the_cloud():
    cloud = draw(torus(2), 500)
    chosen = farthest_points(cloud, 40, start=7)
    distance = np.linalg.norm(cloud[:, None] - chosen.points[None], axis=2)
    assert chosen.rows[0] == 7
    assert chosen.covering_radius == pytest.approx(distance.min(axis=1).max())
    assert (distance.argmin(axis=1) == chosen.owner).all()
    apart = np.linalg.norm(chosen.points[:, None] - chosen.points[None], axis=2)[np.triu_indices(40, 1)]
    assert apart.min() >= chosen.covering_radius


def test_components_and_outliers():
    rng = np.random.default_rng(1)
    blobs = rng.standard_normal((300, 2)) + 9 * np.repeat(np.eye(3)[:, :2], 100, axis=0)
    found = components(np.concatenate([blobs, [[60.0, 60.0]]]))
    assert found.count == 3
    assert found.labels[-1] == -1
    assert sorted(np.bincount(found.labels[:300] + 1)[1:]) == pytest.approx([100, 100, 100], abs=3)


def test_clusters_whose_tails_touch_are_told_apart():
    rng = np.random.default_rng(0)
    clusters = rng.standard_normal((1000, 3)) + 8 * rng.integers(0, 2, (1000, 1)) * np.eye(3)[:1]
    bridge = np.linspace(1, 7, 12)[:, None] * np.eye(3)[:1]
    assert components(np.concatenate([clusters, bridge])).count == 1
    found = pieces(np.concatenate([clusters, bridge]))
    assert (found.count, found.doubtful) == (2, False)
    assert np.mean(found.labels < 0) == pytest.approx(0.05, abs=0.01)


def test_a_gap_that_is_not_much_larger_than_others_is_doubtful():
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    gap = 2 * np.sin(np.pi / 40)
    doubtful = []
    for distance in (1.5, 2, 3):
        found = pieces(np.concatenate([circle, circle + (2 + distance * gap) * np.eye(3)[0]]))
        doubtful.append((found.count, found.doubtful))
    assert doubtful == [(1, False), (1, True), (2, False)]


@pytest.mark.parametrize("seed", range(6))
def test_one_random_curve_is_one_piece(seed):
    rng = np.random.default_rng(seed)
    t = rng.random(300) * 2
    assert components(np.stack([np.cos(t), np.sin(t), t], axis=1)).count == 1


@pytest.mark.parametrize(
    ("manifold", "expected"), [(sphere(1), 1), (torus(2), 2), (sphere(3), 3)], ids=["circle", "torus", "3-sphere"]
)
def test_dimension(manifold, expected):
    cloud = draw(manifold, 1000)
    close = two_neighbors(cloud)
    assert abs(close.value - expected) < 5 * close.error
    assert dimension(cloud).value == expected


def test_dimension_of_a_lattice():
    lattice = np.stack(np.meshgrid(np.arange(12.0), np.arange(12.0)), axis=-1).reshape(-1, 2)
    assert dimension(lattice).value == 2
    assert dimension(np.arange(30.0)[:, None] * [1, 2, 3]).value == 1


def test_a_cloud_that_extends_alike_fills_its_columns():
    found = dimension(np.random.default_rng(0).random((200, 5)))
    assert (found.value, found.fills, found.guessed) == (5, True, False)
    assert dimension(np.random.default_rng(0).standard_normal((30, 12))).guessed


def test_dimension_sees_through_noise():
    noise = 0.05 * np.random.default_rng(3).standard_normal((1000, 10))
    noise[:, :2] += draw(sphere(1), 1000)
    found = dimension(noise)
    assert found.value == 1
    assert found.two_neighbors.value > 5


def test_circular_coordinates_are_the_angles_of_a_torus():
    cloud = draw(torus(2), 1500)
    points = farthest_points(cloud, 150).points
    angles = np.arctan2(points[:, 1::2], points[:, ::2])
    found = circular_coordinates(points, 2)
    # Each coordinate follows a combination of the two angles with whole coefficients; together they have degree one.
    matrix = []
    for coordinate in found.T:
        candidates = [(i, j) for i in range(-2, 3) for j in range(-2, 3)]
        fit = [abs(np.exp(1j * (coordinate - angles @ np.array(pair))).mean()) for pair in candidates]
        assert max(fit) > 0.95
        matrix.append(candidates[int(np.argmax(fit))])
    assert abs(round(np.linalg.det(np.array(matrix)))) == 1


def test_too_much_is_refused_with_its_cost():
    assert cost(4, 1).simplices == 4 + 6 + 4
    with pytest.raises(ValueError, match=r"landmarks is 400, .* simplices, .* GB .*; it must be at most 150"):
        check_cost(400, 2)
    with pytest.raises(ValueError, match="degree is 7; it must be one of 0, 1, 2, 3"):
        check_cost(10, 7)
    with pytest.raises(ValueError, match="count is 9; it must lie between 1 and the 5 points"):
        farthest_points(np.zeros((5, 2)), 9)
    with pytest.raises(ValueError, match="circles is 3; the points have"):
        circular_coordinates(draw(figure_eight(), 40)[:6], 3)
