"""Lorentz symmetry: what is invariant stays so to rounding, and what knows it learns from few examples."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from netphysics.topology.lorentz import (
    FAST,
    KINDS,
    SLOW,
    EquivariantNetwork,
    TrainingSettings,
    areas,
    best_area,
    boosted,
    decays,
    equivariance_errors,
    mass_ratios,
    trainer,
)
from netphysics.topology.phase_space import boost, boost_matrix, pair_mass_squared


@pytest.fixture(scope="module")
def slow():
    return decays(SLOW, 4000, key=jax.random.key(1))


def test_decays_are_what_they_are_said_to_be(slow):
    momenta, labels = np.asarray(slow[0], np.float64), np.asarray(slow[1])
    total = momenta.sum(axis=1)
    s = total[:, 0] ** 2 - np.sum(total[:, 1:] ** 2, axis=1)
    y = pair_mass_squared(momenta) / s
    assert stats.kstest(y[~labels], stats.beta(1, 2).cdf).pvalue > 1e-3
    assert y[labels].mean() == pytest.approx(0.465**2, abs=0.002)
    speeds = np.linalg.norm(total[:, 1:], axis=1) / total[:, 0]
    assert stats.kstest(speeds, stats.uniform(0, 0.5).cdf).pvalue > 1e-3
    assert abs(labels.mean() - 0.5) < 5 * 0.5 / 4000**0.5


def test_equivariance_to_rounding(slow, key):
    with jax.enable_x64(True):
        network = EquivariantNetwork(KINDS, dtype=jnp.float64, key=key)
        velocities = np.asarray(jax.random.normal(key, (50, 3), jnp.float64))
        velocities = 0.95 * velocities / np.linalg.norm(velocities, axis=1, keepdims=True)
        matrices = np.asarray(jax.vmap(boost_matrix)(jnp.asarray(velocities)))
        output, vectors = equivariance_errors(network, np.asarray(slow[0][:50], np.float64), matrices)
    assert 0 < vectors < 1e-9 and output < 1e-9


def test_particles_of_one_kind_may_change_places(slow, key):
    network, events = jax.vmap(EquivariantNetwork(KINDS, key=key)), slow[0][:16]

    def change(order):
        swapped = network(events[:, jnp.array(order, jnp.int32)])
        return float(jnp.max(jnp.abs(swapped - network(events))))

    assert change([1, 0, 2]) < 1e-6
    assert change([2, 1, 0]) > 1e-4


def test_ratios_of_masses_do_not_feel_boosts_or_units(slow, key):
    event = slow[0][0]
    moved = boost(3 * event, jnp.array([0.3, -0.5, 0.4], jnp.float32))
    np.testing.assert_allclose(mass_ratios(moved), mass_ratios(event), atol=1e-4)
    np.testing.assert_allclose(mass_ratios(boosted(event, 0.5, key=key)), mass_ratios(event), atol=1e-4)


@pytest.mark.slow
def test_few_invariants_beat_many_momenta(slow):
    fast = decays(FAST, 4000, key=jax.random.key(2))
    found = {}
    for arm, examples in (("plain", 10_000), ("invariants", 200)):
        data = decays(SLOW, examples, key=jax.random.key(3))
        sizes = jnp.full(2, examples, jnp.int32)
        training = trainer(arm, TrainingSettings(500))(jax.random.split(jax.random.key(4), 2), sizes, data)
        found[arm] = areas(training, *slow), areas(training, *fast)
    assert found["invariants"][0].min() > found["plain"][0].max() + 0.05
    assert np.abs(found["invariants"][0] - found["invariants"][1]).max() < 0.05
    best = best_area(np.asarray(slow[0], np.float64), np.asarray(slow[1]))
    assert max(each.max() for each, _ in found.values()) < best + 0.005
