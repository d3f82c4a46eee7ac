"""Worlds: the physics they claim, and the exact errors of networks that know nothing."""

import jax
import numpy as np
import pytest

from netphysics.discovery.worlds import Tomography, collision, pendulum
from netphysics.discovery.worlds.collision import NOISE, error_without_latents
from netphysics.discovery.worlds.pendulum import error_without_latents as pendulum_error
from netphysics.discovery.worlds.pendulum import position


def samples(world, key, count=4000, questions=4):
    found = jax.jit(lambda key: world.samples(count, questions, key=key))(key)
    return jax.tree.map(lambda part: np.asarray(part, np.float64), found)


def test_the_pendulum_obeys_its_equation():
    b, kappa, t, h = 0.7, 6.0, np.linspace(0.1, 9, 200), 1e-4
    before, now, after = (position(b, kappa, t + s * h) for s in (-1, 0, 1))
    residual = (after - 2 * now + before) / h**2 + b * (after - before) / (2 * h) + kappa * now
    assert np.abs(residual).max() < 1e-5
    assert position(b, kappa, 0.0) == 1


def test_a_pendulum_sample_is_one_pendulum(key):
    found = samples(pendulum, key, 16)
    for (b, kappa), seen, asked, answers in zip(*found[:4], strict=True):
        np.testing.assert_allclose(seen, position(b, kappa, np.linspace(0, 5, 50)), atol=2e-5)
        np.testing.assert_allclose(answers, position(b, kappa, asked), atol=2e-5)


def test_the_pendulum_without_latents(key):
    found = samples(pendulum, key, 20_000)
    times = np.floor(found.questions[..., 0].ravel() * 20).astype(int)
    answers = found.answers.ravel()
    mean = np.bincount(times, answers) / np.bincount(times)
    rest = (answers - mean[times]) ** 2
    assert abs(np.sqrt(rest.mean()) - pendulum_error()) < 5 * rest.std() / np.sqrt(len(rest)) / pendulum_error() + 1e-3


def test_collisions_conserve_angular_momentum(key):
    found = samples(collision, key)
    momentum = collision.table(found.variables)["J"]
    # The recoil, from the sightings: slope of x by t without an intercept.
    seen = found.questions[..., :15].reshape(*found.questions.shape[:2], 5, 3)
    recoil = (seen[..., 0] * seen[..., 2]).sum(-1) / (seen[..., 2] ** 2).sum(-1)
    angle = np.pi / 2 + found.questions[..., 15] * (momentum[:, None] + recoil)
    gap = found.answers - np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    assert np.sqrt((gap**2).mean()) < 1.5 * NOISE
    # Without the momentum the best answer has the length |phi_J(t)| of the mean direction.
    t = found.questions[..., 15]
    error = 1 - (np.sinc(t / np.pi) * np.sinc(t / (2 * np.pi))) ** 2 + 2 * NOISE**2
    assert np.sqrt(error.mean()) == pytest.approx(error_without_latents(), abs=5 * error.std() / np.sqrt(error.size))


@pytest.mark.parametrize(
    ("tomography", "dimension"),
    [
        (Tomography(2), 2),
        (Tomography(2, span=2), 2),
        (Tomography(2, mixed=True), 3),
        (Tomography(3), 4),
        (Tomography(3, mixed=True), 8),
        (Tomography(4), 6),
        (Tomography(4, span=3), 5),
        (Tomography(4, span=2), 3),
    ],
)
def test_numbers_that_measurements_see(tomography, dimension):
    assert tomography.dimension() == dimension


@pytest.mark.parametrize("tomography", [Tomography(4), Tomography(2, mixed=True, shots=20)])
def test_probabilities_of_states(tomography, key):
    found = samples(tomography.world, key)
    assert (found.observation >= 0).all()
    assert (found.observation <= 1 + 1e-6).all()
    answers = found.answers.ravel()
    square = (answers - 1 / tomography.levels) ** 2
    expected = tomography.error_without_latents**2
    # Four questions about one state are not independent; at most they count as one.
    assert abs(square.mean() - expected) < 5 * square.std() / np.sqrt(len(found.answers))


def test_what_is_seen_and_the_hidden_density_matrix_agree(key):
    tomography = Tomography(2, mixed=True)
    found = samples(tomography.world, key)
    up, re, im = np.asarray(found.variables, np.float64).T
    density = np.array([[up, re + 1j * im], [re - 1j * im, 1 - up]]).transpose(2, 0, 1)
    a = tomography.apparatus[0]
    expected = np.einsum("mi,nij,mj->nm", a.conj(), density, a).real
    np.testing.assert_allclose(found.observation, expected, atol=1e-5)
    assert np.linalg.eigvalsh(density).min() > 0


def test_shots_fluctuate_as_counts_do(key):
    exact, counted = Tomography(2), Tomography(2, shots=50)
    p, seen = (np.asarray(samples(each.world, key).observation, np.float64) for each in (exact, counted))
    np.testing.assert_allclose(seen * 50, np.round(seen * 50), atol=1e-3)
    pull = (seen - p) / np.sqrt(np.maximum(p * (1 - p), 1e-3) / 50)
    assert abs(pull.mean()) < 5 / np.sqrt(pull.size)
    assert abs((pull**2).mean() - 1) < 5 * (pull**2).std() / np.sqrt(pull.size)


def test_the_error_that_shots_leave():
    """Four times the shots halve it, and a pure state, with fewer numbers to find, has less of it."""
    few, many = (Tomography(2, mixed=True, shots=n).shot_error() for n in (100, 400))
    assert few == pytest.approx(2 * many)
    assert few / 2 < Tomography(2, shots=100).shot_error() < few
    assert Tomography(2).shot_error() == 0


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="levels is 5"):
        Tomography(5)
    with pytest.raises(ValueError, match="between 2 and 2"):
        Tomography(2, span=3)
    with pytest.raises(ValueError, match="shots is 0"):
        Tomography(shots=0)
