"""Generators: coordinates carry events there and back, priors are flat, and every point is an event."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import ks_2samp

from netphysics.topology.generators import (
    COORDINATES,
    MUON_DECAY,
    NEAREST,
    QUARKS_AND_GLUON,
    RESOLVED,
    TWO_PAIRS,
    TrainingSettings,
    classifier_test,
    closed,
    flat_events,
    generate,
    make_training,
    opened,
    profile_of_tear,
    shortest_pairs,
)
from netphysics.topology.generators.pairs import overlaps
from netphysics.topology.generators.velocity import SymmetricVelocity
from netphysics.topology.phase_space import PhaseSpace, marginals, sample

KEYS = jax.random.split(jax.random.key(0), 4000)


@pytest.fixture(scope="module")
def flat():
    return sample(PhaseSpace.massless(3), 4000, key=jax.random.key(1)).momenta


@pytest.mark.parametrize("name", COORDINATES)
def test_coordinates_there_and_back(name, flat):
    coordinates = COORDINATES[name](3)
    events = jnp.asarray(flat, jnp.float32)
    points = jax.vmap(lambda event, key: coordinates.encode(event, key=key))(events, KEYS)
    assert points.shape == (4000, coordinates.numbers)
    back = np.asarray(jax.vmap(coordinates.decode)(points))
    # A few spinors have particles along the axis, where single precision loses the direction.
    assert np.quantile(np.abs(back - flat), 0.999) < 2e-3
    prior = np.asarray(jax.vmap(lambda key: coordinates.decode(coordinates.prior(key=key)))(KEYS), np.float64)
    assert min(law.p_value(prior) for law in marginals(3)) > 1e-3
    # What is encoded has the law of the prior, if the events have.
    assert abs(points.mean() - jax.vmap(lambda key: coordinates.prior(key=key))(KEYS).mean()) < 0.05


@pytest.mark.parametrize("name", COORDINATES)
def test_paths_have_the_velocity_that_they_say(name, key):
    coordinates = COORDINATES[name](3)
    start, end = (coordinates.prior(key=each) for each in jax.random.split(key))
    time = jnp.float32(0.3)
    here, velocity = coordinates.path(start, end, time)
    ahead, _ = coordinates.path(start, end, time + 1e-2)
    np.testing.assert_allclose((ahead - here) / 1e-2, velocity, atol=3e-2)
    np.testing.assert_allclose(coordinates.path(start, end, jnp.float32(1))[0], end, atol=1e-5)


def test_processes_have_their_laws():
    x = 2 * MUON_DECAY.events(4000, 1)[:, 1, 0]
    # The antineutrino has the spectrum 12 x^2 (1 - x), with mean 3/5 and variance 1/25.
    assert abs(x.mean() - 0.6) < 5 * 0.2 / 4000**0.5
    jets = QUARKS_AND_GLUON.events(1000, 2)
    assert (1 - 2 * jets[..., 0]).min() > RESOLVED
    assert jets[:, 2, 0].mean() < jets[:, 0, 0].mean()
    assert TWO_PAIRS.events(100, 3).shape == (100, 4, 4)
    with pytest.raises(ValueError, match="count is 0; it must be at least 1"):
        MUON_DECAY.events(0, 1)


def test_flat_events_are_opened_to_flat_resolved_events(flat):
    resolved = opened(flat, RESOLVED)
    np.testing.assert_allclose(closed(resolved, RESOLVED), flat, atol=1e-9)
    assert np.abs(resolved.sum(axis=1) - np.array([1.0, 0, 0, 0])).max() < 1e-12
    assert np.abs(resolved[..., 0] - np.linalg.norm(resolved[..., 1:], axis=2)).max() < 1e-12
    other = sample(PhaseSpace.massless(3), 4000, key=jax.random.key(8)).momenta
    cut = other[(1 - 2 * other[..., 0]).min(axis=1) > RESOLVED]
    for feature in (lambda p: p[:, 0, 0], lambda p: p[:, 2, 0], lambda p: p[:, 1, 3] / p[:, 1, 0]):
        assert ks_2samp(feature(resolved), feature(cut)).pvalue > 1e-3
    # It turns with the event, and does not prefer a particle.
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))[0]
    turned = np.concatenate([flat[..., :1], flat[..., 1:] @ turn], axis=2)
    np.testing.assert_allclose(opened(turned, RESOLVED)[..., 1:], resolved[..., 1:] @ turn, atol=1e-9)
    np.testing.assert_allclose(opened(flat[:, [2, 0, 1]], RESOLVED), resolved[:, [2, 0, 1]], atol=1e-9)
    shares = 1 - 2 * flat_events(QUARKS_AND_GLUON, 500, key=KEYS[0])[..., 0]
    assert shares.min() > RESOLVED - 1e-12


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda p: opened(p[:, :2], 0.1), r"events is an array of shape \(4000, 2, 4\); it must be \(events, 3, 4\)"),
        (lambda p: opened(p, 0.4), "cut is 0.4; it must be at least 0 and below 1/3"),
        (lambda p: closed(p, 0.05), "events hold a pair with .* of the squared energy; it must be at least 0.05"),
    ],
)
def test_what_cannot_be_opened_or_closed(call, words, flat):
    with pytest.raises(ValueError, match=words):
        call(flat)


def test_equals_have_a_flat_profile_around_the_tear(flat):
    other = sample(PhaseSpace.massless(3), 4000, key=jax.random.key(9)).momenta
    profile = profile_of_tear(other, flat)
    # Two binomial counts of 12 events and more.
    assert (np.abs(profile - 1) < 5 * (2 / (np.array(NEAREST) * 4000)) ** 0.5).all()


def test_pairs_are_near_and_keep_their_laws(flat):
    starts, ends = flat[:600], MUON_DECAY.events(600, 5)
    paired = shortest_pairs(starts, ends)
    # The same events in another order, each turned as a whole.
    np.testing.assert_allclose(np.sort(paired[:, 1, 0]), np.sort(ends[:, 1, 0]))
    assert np.abs(paired.sum(axis=1) - np.array([1.0, 0, 0, 0])).max() < 1e-9

    def mean_square(events):
        return np.mean(np.sum((starts - events) ** 2, axis=(1, 2)))

    assert mean_square(paired) < 0.1 * mean_square(ends)
    with pytest.raises(ValueError, match=r"ends has shape \(5, 3, 4\); it must be that of starts"):
        shortest_pairs(starts, ends[:5])


def test_overlaps_are_sums_of_singular_values():
    one, other = np.random.default_rng(0).standard_normal((2, 20, 3, 3))
    matrices = np.einsum("aki,bkj->abij", one, other)
    np.testing.assert_allclose(overlaps(one, other), np.linalg.svd(matrices, compute_uv=False).sum(axis=2), rtol=1e-6)


@pytest.mark.parametrize("name", ["sphere", "rambo"])
def test_symmetric_velocities_turn_with_the_event(name, key):
    coordinates = COORDINATES[name](3)
    velocity = SymmetricVelocity(coordinates, 8, key=key)
    point, time = coordinates.prior(key=key), jnp.float32(0.3)
    turn = jnp.asarray(np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))[0], jnp.float32)

    def turned(point):
        return coordinates.point(coordinates.momenta(point) @ turn)

    np.testing.assert_allclose(velocity(turned(point), time), turned(velocity(point, time)), atol=1e-5)


def test_flows_learn_what_a_classifier_cannot_tell(flat):
    truth = MUON_DECAY.events(8000, 5)
    starts, ends = flat, shortest_pairs(flat, truth[:4000])
    train = make_training(COORDINATES["sphere"](3), TrainingSettings(300, 256, width=24))
    training = train(KEYS[:1], (starts[None].astype(np.float32), ends[None].astype(np.float32)))
    events = generate(training, 4000, steps=4, keys=KEYS[1:2])[0]
    assert np.abs(events.sum(axis=1) - np.array([1.0, 0, 0, 0])).max() < 1e-6
    before, after = (classifier_test(sample, truth[4000:]) for sample in (flat, events))
    # Of what tells flat events from true ones, at least half is gone.
    assert after.value - 0.5 < (before.value - 0.5) / 2 + 5 * after.error


def test_the_test_is_blind_to_equals_and_names_what_is_wrong(flat):
    area = classifier_test(flat[:2000], flat[2000:])
    assert abs(area.value - 0.5) < 5 * area.error
    with pytest.raises(ValueError, match="generated has 50 events; the test takes at least 100"):
        classifier_test(flat[:50], flat)
    with pytest.raises(ValueError, match="generated holds NaN or infinity"):
        classifier_test(np.full((200, 3, 4), np.nan), flat)
