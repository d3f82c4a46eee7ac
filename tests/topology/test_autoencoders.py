"""Autoencoders: latents, errors, degrees; and that theorems hold for networks that were trained."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import kstest

from netphysics.topology.autoencoders import (
    Options,
    best_of,
    errors,
    images,
    latent,
    make_wound_training,
    rayleigh,
    sphere_degree,
    sphere_triangles,
    torus_loops,
    train_autoencoders,
    winding_matrix,
    winding_numbers,
)
from netphysics.topology.manifolds import sphere, torus
from netphysics.topology.obstructions import antipodal_bound, mean_square_of_tear, plain_bound

SHORT = Options(width=32, steps=1500, batch=128)
SHORTER = Options(width=32, steps=800, batch=128)


@pytest.fixture(scope="module")
def circle():
    angle = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


@pytest.mark.parametrize(
    ("name", "dimension", "raw", "coordinates"),
    [("R3", 3, 3, 3), ("S2", 2, 3, 3), ("T2", 2, 4, 4), ("S2xR1", 3, 4, 4), ("RP2", 2, 3, 9), ("SO3", 3, 6, 9)],
)
def test_latents(name, dimension, raw, coordinates, key):
    space = latent(name)
    assert (space.dimension, space.raw, space.coordinates) == (dimension, raw, coordinates)
    assert space.plain == (name == "R3")
    numbers = jax.random.normal(key, (raw,), jnp.float32)
    code = np.asarray(space.code(numbers))
    assert code.shape == (coordinates,)
    if name == "RP2":
        assert code == pytest.approx(np.asarray(space.code(-numbers)))
    if name == "SO3":
        assert code.reshape(3, 3) @ code.reshape(3, 3).T == pytest.approx(np.eye(3), abs=1e-5)
    if name == "T2":
        assert np.sum(code.reshape(2, 2) ** 2, axis=1) == pytest.approx(np.ones(2), abs=1e-5)


@pytest.mark.parametrize("name", ["Q2", "R0", "S", "", "S1x", "SO4"])
def test_unknown_latents_are_refused(name):
    with pytest.raises(ValueError, match="it must be"):
        latent(name)


@pytest.mark.parametrize("turns", [-2, 0, 1, 3])
def test_winding_numbers(turns, circle):
    angle = turns * np.arctan2(circle[:, 1], circle[:, 0]) + 0.3
    assert winding_numbers(np.stack([np.cos(angle), np.sin(angle)], axis=1)) == turns


def test_degrees_of_known_maps():
    points, triangles = sphere_triangles(3)
    assert len(points) - 3 * len(triangles) // 2 + len(triangles) == 2
    assert sphere_degree(points, triangles) == 1
    assert sphere_degree(-points, triangles) == -1
    assert sphere_degree(points * [1, 1, -1], triangles) == -1
    folded = points * [1, 1, 0] + [0, 0, 1] * np.abs(points)
    assert sphere_degree(folded, triangles) == 0
    loops = torus_loops(2)
    assert winding_matrix(loops).tolist() == [[1, 0], [0, 1]]
    assert winding_matrix(loops[:, :, [2, 3, 0, 1]]).tolist() == [[0, 1], [1, 0]]


def test_a_plain_latent_tears_the_circle_and_matched_ones_do_not(circle):
    keys = jax.random.split(jax.random.key(1), 4)
    torn = errors(circle, images(train_autoencoders(circle, "R1", keys, SHORT).models, circle)[1])
    assert torn.sup.min() > 1.7
    assert torn.sup.max() < 2.1
    assert torn.sup.min() > antipodal_bound(1.0, 1, 1).value == plain_bound(sphere(1), 1).value
    assert (torn.tear() < 0.15).all()
    for rms, fraction in zip(torn.rms, torn.tear(0.05), strict=True):
        assert rms**2 < mean_square_of_tear(float(fraction))
    for name in ("S1", "R2"):
        training = train_autoencoders(circle, name, keys, SHORTER)
        codes, back = images(training.models, circle)
        found = errors(circle, back)
        assert found.sup.max() < 0.02
        assert found.successes() == 4
        if name == "S1":
            assert (np.abs(winding_numbers(codes)) == 1).all()


@pytest.mark.slow
def test_winding_numbers_from_the_start_never_fail_on_a_torus():
    cloud = np.asarray(torus(2).draw(4096, key=jax.random.key(1)))
    training = make_wound_training(cloud, "T2", SHORT)(jax.random.split(jax.random.key(2), 12))
    found = errors(cloud, images(training.models, cloud)[1])
    loops = torus_loops(2)
    codes = images(training.models, loops.reshape(-1, 4))[0].reshape(12, 2, -1, 4)
    assert [abs(round(np.linalg.det(winding_matrix(code)))) for code in codes] == [1] * 12
    assert found.successes() == 12
    assert len(best_of(training, cloud, 4)) == 3


def test_rayleigh_is_a_p_value():
    angles = np.random.default_rng(0).random((2000, 40)) * 2 * np.pi
    lengths = np.abs(np.exp(1j * angles).mean(axis=1))
    assert kstest([rayleigh(float(length), 40) for length in lengths], "uniform").pvalue > 1e-3
    assert rayleigh(1.0, 40) < 1e-10


def test_bad_options_are_refused(circle):
    with pytest.raises(ValueError, match="width is 0; it must be at least 1"):
        Options(width=0)
    with pytest.raises(ValueError, match=r"rate is 0\.0; it must be positive"):
        Options(rate=0.0)
    with pytest.raises(ValueError, match="latent is R2; winding numbers are those"):
        make_wound_training(circle, "R2", SHORT)
