"""Phase space: flat events obey their laws, volumes are right, and the sphere is a sphere in both directions."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from netphysics.stats import pull
from netphysics.topology.phase_space import (
    PhaseSpace,
    Resonance,
    boost,
    conformal,
    conserve,
    dot,
    free_momenta,
    from_sphere,
    marginals,
    mean_square_chord,
    measured_volume,
    pair_mass_squared,
    parity_twin,
    parity_twin_bound,
    polygon,
    release,
    resonance_event,
    sample,
    sample_blocks,
    simplex_and_sphere,
    to_sphere,
    unweighted,
    volume,
)

EVENTS = 20_000
REST = np.array([1.0, 0, 0, 0])


@pytest.fixture(scope="module")
def drawn():
    """Massless events by number of bodies and algorithm."""
    return {
        (bodies, algorithm): sample(PhaseSpace.massless(bodies), EVENTS, algorithm, key=jax.random.key(1)).momenta
        for bodies in (2, 3, 4)
        for algorithm in ("frames", "rambo")
    }


def test_flat_events_obey_every_law(drawn):
    found = {(*case, law.name): law.p_value(p) for case, p in drawn.items() for law in marginals(case[0])}
    assert min(found.values()) > 1e-3, found


def test_two_unrelated_algorithms_agree(drawn):
    for bodies in (3, 4):
        one, other = (pair_mass_squared(drawn[bodies, name], 1, 2) for name in ("frames", "rambo"))
        assert stats.ks_2samp(one, other).pvalue > 1e-3


def test_momentum_is_conserved_and_particles_are_massless(drawn):
    for momenta in drawn.values():
        assert np.abs(momenta.sum(axis=1) - REST).max() < 1e-9
        assert np.abs(momenta[..., 0] - np.linalg.norm(momenta[..., 1:], axis=2)).max() < 1e-9


@pytest.mark.parametrize("masses", [(0.3, 0.2), (0.1, 0.3, 0.0), (0.1, 0.1, 0.2, 0.05)])
def test_massive_volumes(masses):
    space = PhaseSpace(masses)
    found = sample(space, EVENTS, key=jax.random.key(2))
    assert np.abs(found.momenta.sum(axis=1) - REST).max() < 1e-9
    squares = found.momenta[..., 0] ** 2 - np.sum(found.momenta[..., 1:] ** 2, axis=2)
    assert np.abs(squares - np.square(masses)).max() < 1e-12
    if len(masses) == 2:
        assert found.weights == pytest.approx(np.full(EVENTS, found.weights[0]), rel=1e-12)
        assert measured_volume(space, found).value == pytest.approx(volume(space), rel=1e-12)
    else:
        assert abs(pull(measured_volume(space, found), volume(space))) < 4


def test_volume_of_equal_masses_is_that_of_dalitz_quadrature():
    assert volume(PhaseSpace((0.2, 0.2, 0.2))) == pytest.approx(3.84986e-5, rel=1e-5)


def test_events_do_not_depend_on_blocks(key):
    space = PhaseSpace.massless(3)
    whole = sample(space, 100, key=key).momenta
    parts = np.concatenate([part.momenta for part in sample_blocks(space, 70, block=32, key=key)])
    np.testing.assert_allclose(parts, whole[:70], rtol=0, atol=1e-14)


@pytest.mark.parametrize("masses", [(0.0, 0.0, 0.0), (0.1, 0.3, 0.0)])
def test_the_sphere_and_back(masses, key):
    space = PhaseSpace(masses, 2.0)
    momenta = sample(space, 64, key=key).momenta
    with jax.enable_x64(True):
        points = jax.vmap(to_sphere)(jnp.asarray(momenta))
        back = jax.vmap(lambda point: from_sphere(3 * point, space))(points)
        twins = jax.vmap(to_sphere)(parity_twin(jnp.asarray(momenta)))
    assert points.shape == (64, space.dimension + 1)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1, atol=1e-14)
    np.testing.assert_allclose(back, momenta, atol=1e-12)
    np.testing.assert_allclose(twins, -np.asarray(points), atol=1e-14)


def test_twins_are_as_far_as_the_bound(drawn):
    lengths = np.linalg.norm(drawn[3, "frames"][..., 1:], axis=(1, 2))
    assert parity_twin_bound(3) <= lengths.min() < 1.01 * parity_twin_bound(3)


def test_gradients_exist_at_a_particle_at_rest():
    point = jnp.array([1.0, 0, 0, 1, 0, 0], jnp.float32) / 2**0.5
    at_rest = jnp.asarray(to_sphere(jnp.array([[1, 1, 0, 0], [1, -1, 0, 0], [0, 0, 0, 0]], jnp.float32)))
    for where in (point, at_rest):
        gradient = jax.jacobian(lambda x: from_sphere(x, PhaseSpace.massless(3)))(where)
        assert np.isfinite(gradient).all()


def test_coordinates_of_larkoski_and_melia_are_flat(drawn):
    momenta = jnp.asarray(drawn[4, "frames"], jnp.float32)
    fractions, b = jax.vmap(simplex_and_sphere)(momenta)
    assert stats.kstest(np.asarray(fractions)[:, 1], stats.beta(1, 3).cdf).pvalue > 1e-3
    overlap = np.sum(np.sqrt(np.asarray(fractions))[..., None] * np.asarray(b), axis=1)
    assert np.quantile(np.abs(overlap), 0.99) < 1e-4


def test_rambo_is_undone(key):
    free = free_momenta(4, key=key)
    np.testing.assert_allclose(release(conserve(free), *conformal(free)), free, rtol=2e-4, atol=2e-5)


def test_boosts_keep_products_and_move_what_rests(key):
    p, q, v = jnp.split(jax.random.normal(key, (11,), jnp.float32), (4, 8))
    v = 0.6 * v / jnp.linalg.norm(v)
    np.testing.assert_allclose(dot(boost(p, v), boost(q, v)), dot(p, q), atol=2e-5)
    np.testing.assert_allclose(
        boost(jnp.array([1, 0, 0, 0], jnp.float32), v)[1:] / boost(jnp.array([1, 0, 0, 0], jnp.float32), v)[0],
        v,
        rtol=1e-5,
    )


def test_a_resonance_has_its_mass_and_its_decay_is_isotropic():
    keys = jax.random.split(jax.random.key(5), 5000)
    momenta, weights = jax.vmap(lambda key: resonance_event(Resonance(), key=key))(keys)
    momenta = np.asarray(momenta, np.float64)
    assert np.abs(momenta.sum(axis=1) - REST).max() < 1e-5
    squares = pair_mass_squared(momenta)
    assert stats.kstest(squares, stats.norm(0.3, 0.01).cdf).pvalue > 1e-3
    # At a fixed mass of the pair the other mass squared is uniform, as everywhere in a Dalitz plot.
    assert stats.kstest(pair_mass_squared(momenta, 1, 2) / (1 - squares), stats.uniform().cdf).pvalue > 1e-3
    assert np.asarray(weights).min() > 0


def test_events_tip_to_tail_are_polygons_of_the_known_size(drawn):
    momenta = drawn[4, "frames"]
    corners = np.asarray(jax.vmap(polygon)(jnp.asarray(momenta, jnp.float32)), np.float64)
    squares = np.sum((corners[:, 2] - corners[:, 0]) ** 2, axis=1)
    error = squares.std() / EVENTS**0.5
    assert abs(squares.mean() - mean_square_chord(4, 2)) < 5 * error


def test_unweighting_draws_from_the_product():
    drawn = sample(PhaseSpace.massless(3), 50_000, key=jax.random.key(7))
    kept = unweighted(drawn, 2 * drawn.momenta[:, 0, 0])
    assert stats.kstest(2 * kept[:, 0, 0], stats.beta(3, 1).cdf).pvalue > 1e-3


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: PhaseSpace.massless(1), "bodies is 1; a phase space has at least 2 particles"),
        (lambda: PhaseSpace((0.6, 0.5)), "energy is 1; it must be finite and above the sum of the masses, 1.1"),
        (lambda: PhaseSpace((0.6, -0.5)), "masses holds -0.5; a mass must be finite and not negative"),
        (lambda: marginals(1), "bodies is 1"),
        (lambda: Resonance(2), "bodies is 2"),
        (lambda: Resonance(mass_squared=0.99), "mass_squared is 0.99"),
        (lambda: next(sample_blocks(PhaseSpace.massless(3), 0, key=jax.random.key(0))), "count is 0"),
        (lambda: volume(PhaseSpace((0.1,) * 6)), "masses has 6 entries"),
        (lambda: mean_square_chord(4, 5), "steps is 5"),
    ],
)
def test_bad_input_is_named(make, words):
    with pytest.raises(ValueError, match=words):
        make()
