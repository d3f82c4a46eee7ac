"""The shape of clouds, from arrays and files; bad input in one sentence."""

import json
from dataclasses import replace

import jax
import numpy as np
import pytest

from netphysics.topology.cloud import Cloud, read_cloud
from netphysics.topology.homology import components
from netphysics.topology.manifolds import figure_eight, hopf_link, sphere, torus
from netphysics.topology.scales import column_scales, shared_information
from netphysics.topology.shape import shape_of
from netphysics.topology.shape_words import headline
from netphysics.topology.suggestion import contradiction, suggest


def cloud_of(points):
    points = np.asarray(points, np.float64)
    return Cloud(points, tuple(f"x{place}" for place in range(points.shape[1])))


def draw(manifold, count):
    return np.asarray(manifold.draw(count, key=jax.random.key(5)), np.float64)


def swiss_roll(count):
    u, v = np.random.default_rng(2).random((2, count))
    t = 1.5 * np.pi * (1 + 2 * u)
    return np.stack([t * np.cos(t), 21 * v, t * np.sin(t)], axis=1)


@pytest.mark.parametrize(
    ("points", "betti", "matched"),
    [
        (draw(sphere(2), 150), (1, 0, 1), "S2"),
        (draw(torus(2), 250) * [1000, 1, 0.01, 3], (1, 2, 1), "T2"),
        (draw(figure_eight(), 200), (1, 2), ""),
        (draw(hopf_link(), 200), (2, 2), "S1"),
        (swiss_roll(1000), (1, 0, 0), "R2"),
        (np.random.default_rng(0).random((15, 1)) * 7, (1, 0), "R1"),
    ],
    ids=["sphere", "scaled torus", "figure eight", "linked rings", "swiss roll", "a few numbers"],
)
def test_shapes(points, betti, matched):
    found = shape_of(cloud_of(points))
    assert found.betti == betti
    assert found.suggestion.matched == matched
    json.dumps(found.to_json(), allow_nan=False)
    closed = betti[-1] > 0
    assert (found.bound.value > 0.1 * found.size) == closed


def test_a_noisy_circle_in_ten_dimensions_and_clusters():
    rng = np.random.default_rng(0)
    points = 0.05 * rng.standard_normal((150, 10))
    points[:, :2] += draw(sphere(1), 150)
    found = shape_of(cloud_of(points))
    assert (found.betti, found.dimension.value, found.suggestion.matched) == ((1, 1), 1, "S1")
    assert any("that is noise" in remark for remark in found.remarks)
    blobs = rng.standard_normal((300, 2)) + 9 * np.repeat([[0, 0], [0, 1], [1, 0]], 100, axis=0)
    assert shape_of(cloud_of(blobs)).betti == (3, 0, 0)


def torus_of_revolution(seed):
    around, across = np.random.default_rng(seed).uniform(0, 2 * np.pi, (2, 300))
    distance = 2 + np.cos(across)
    return np.stack([distance * np.cos(around), distance * np.sin(around), np.sin(across)], axis=1)


def test_too_few_points_do_not_decide():
    shapes = [shape_of(cloud_of(torus_of_revolution(seed))) for seed in range(3)]
    assert sum(not found.undecided and found.betti != (1, 2, 1) for found in shapes) <= 1
    rolled = shape_of(cloud_of(swiss_roll(500)))
    assert rolled.undecided or rolled.betti == (1, 0, 0)
    for found in (*shapes, rolled):
        assert found.undecided == headline(found).startswith("These points do not decide the shape")


def test_small_clusters_are_told_apart_and_tails_are_none():
    rng = np.random.default_rng(0)
    centers = 8 * np.array([[0, 0], [1, 0], [0.5, 0.75**0.5]])
    clusters = [
        components((rng.standard_normal((3, 50, 2)) + centers[:, None]).reshape(-1, 2)).count for _ in range(40)
    ]
    assert np.mean(np.array(clusters) == 3) > 0.8
    alone = [components(rng.standard_normal((100, 2))).count for _ in range(40)]
    alone += [components(rng.random((100, 1))).count for _ in range(40)]
    assert np.mean(np.array(alone) == 1) > 0.9


def test_columns_of_other_units_are_made_comparable_but_not_noise():
    rng = np.random.default_rng(4)
    circle = draw(sphere(1), 500)
    noise = 0.01 * rng.standard_normal((500, 1))
    assert not column_scales(np.concatenate([circle, noise], axis=1)).changed
    scaled = column_scales(np.concatenate([circle * [100, 1], noise], axis=1))
    assert scaled.divisors[0] / scaled.divisors[1] == pytest.approx(100, rel=0.1)
    assert scaled.divisors[2] == scaled.divisors[0]


def test_shared_information_of_gaussian_columns():
    first, second = np.random.default_rng(0).standard_normal((2, 1000))
    correlated = np.stack([first, 0.8 * first + 0.6 * second], axis=1)
    assert shared_information(correlated) == pytest.approx([-0.5 * np.log(1 - 0.64)] * 2, abs=0.1)
    assert shared_information(np.stack([first, second], axis=1)) == pytest.approx([0, 0], abs=0.1)


def test_torsion_tells_surfaces_apart():
    assert suggest(2, (1, 2, 1), (1, 2, 1)).matched == "T2"
    assert suggest(2, (1, 2, 1), (1, 1, 0)).space == "a Klein bottle"
    assert suggest(2, (2, 0, 2), (2, 0, 2)).space == "2 pieces, each a sphere"
    assert suggest(1, (1, 4), (1, 4)).plain == 3
    assert suggest(5, (1, 0, 0), (1, 0, 0)).matched == "R5"


def test_numbers_of_no_space_are_doubted():
    # A sphere, a torus, a Klein bottle, a projective plane, a cylinder, rotations.
    for betti, odd in (
        ((1, 0, 1), (1, 0, 1)),
        ((1, 2, 1), (1, 2, 1)),
        ((1, 2, 1), (1, 1, 0)),
        ((1, 1, 1), (1, 0, 0)),
        ((1, 1, 0), (1, 1, 0)),
        ((1, 1, 1, 1), (1, 0, 0, 1)),
    ):
        assert not contradiction(len(betti) - 1, betti, odd)
    assert "No closed manifold" in contradiction(2, (1, 1, 1), (1, 1, 1))
    assert "No closed manifold" in contradiction(3, (1, 1, 7, 1), (1, 1, 7, 1))
    assert "Euler characteristics" in contradiction(2, (1, 2, 1), (1, 2, 0))
    assert not contradiction(5, (1, 3, 1), (1, 0, 0))


def test_degrees_above_the_dimension_do_not_matter():
    found = shape_of(cloud_of(draw(sphere(1), 60)), degree=2)
    assert (found.betti, found.suggestion.matched) == ((1, 1, 0), "S1")


def test_a_missing_void_says_nothing_where_loops_are_missed():
    coarse = shape_of(cloud_of(torus_of_revolution(0)), landmarks=40)
    loops, voids = (replace(degree, betti=betti) for degree, betti in zip(coarse.degrees, (2, 0), strict=True))
    assert replace(voids, lower=(1,)).coarse((loops, voids))
    assert not replace(voids, lower=(2,)).coarse((loops, voids))
    assert not replace(voids, betti=1, lower=(1,)).coarse((loops, voids))


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (np.arange(6.0)[:, None], "has 6 points; it must have at least 10"),
        (np.array([[0.0, 1.0]] * 2 + [[k, k] for k in range(20)]), "1 duplicate points, the first in rows 1 and 2"),
        (1e200 * np.arange(20.0)[:, None], r"has numbers up to 1.9e\+201; it must extend over lengths between 1e-150"),
        (1e-200 * np.arange(20.0)[:, None], "take another unit"),
        (np.where(np.eye(20) > 0, np.nan, 1.0), "20 entries that are NaN or infinite, the first in row 1, column x0"),
    ],
    ids=["few", "duplicates", "large", "small", "nan"],
)
def test_flawed_clouds_are_refused(points, message):
    with pytest.raises(ValueError, match=message):
        cloud_of(points)


def test_landmarks_that_do_not_fit_are_refused():
    cloud = cloud_of(draw(sphere(2), 500))
    with pytest.raises(ValueError, match="landmarks is 501; it must lie between 4 and the 500 points"):
        shape_of(cloud, landmarks=501)
    with pytest.raises(ValueError, match=r"landmarks is 400, and homology up to degree 2 .* it must be at most 150"):
        shape_of(cloud, landmarks=400)
    with pytest.raises(ValueError, match="degree is 4; it must be one of"):
        shape_of(cloud, degree=4)
    with pytest.raises(ValueError, match="degree is 0; it must be at least 1"):
        shape_of(cloud, degree=0)


def test_files(tmp_path):
    points = draw(sphere(1), 30)
    np.savez(tmp_path / "table.npz", points=points, label="text")
    np.savez(tmp_path / "columns.npz", x=points[:, 0], y=points[:, 1])
    np.savetxt(tmp_path / "plain.csv", points, delimiter=",")
    np.savetxt(tmp_path / "header.csv", points, delimiter=",", header="x,y", comments="")
    for name in ("table.npz", "columns.npz", "plain.csv", "header.csv"):
        assert read_cloud(tmp_path / name).points == pytest.approx(points)
    assert read_cloud(tmp_path / "header.csv").names == ("x", "y")
    (tmp_path / "words.csv").write_text("x,y\n1,2\n3,apple\n")
    (tmp_path / "ragged.csv").write_text("1,2\n3\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "broken.npz").write_text("no archive")
    for name, message in {
        "words.csv": "column y has text where numbers belong: row 2 has 'apple'",
        "ragged.csv": "row 2 has 1 fields",
        "empty.csv": "it is empty",
        "broken.npz": "it cannot be read",
        "missing.csv": "there is no such file",
    }.items():
        with pytest.raises(ValueError, match=message):
            read_cloud(tmp_path / name)
