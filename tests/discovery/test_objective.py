"""The objective: information in nats, sums and means as documented, masks that silence, a bottleneck that acts."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from netphysics.discovery import Schedule, SciNet, SciNetSizes, answers, beta_from_error, divergence, objective
from netphysics.discovery.worlds import Sample

SHAPE = SciNetSizes(5, 2, 3, 2, (8,), (8,))


def batch(key):
    parts = jax.random.normal(key, (4 * (1 + 5 + 3 * 2 + 3 * 3),), jnp.float32).reshape(4, -1)
    return Sample(parts[:, :1], parts[:, 1:6], parts[:, 6:12].reshape(4, 3, 2), parts[:, 12:].reshape(4, 3, 3))


@pytest.mark.parametrize(("mean", "sigma"), [(0.0, 1.0), (1.3, 0.4), (-0.2, 2.0)])
def test_divergence_is_the_integral(mean, sigma):
    law = norm(mean, sigma)
    integral = quad(lambda z: law.pdf(z) * (law.logpdf(z) - norm.logpdf(z)), mean - 12 * sigma, mean + 12 * sigma)[0]
    found = divergence(jnp.float32(mean), jnp.log(jnp.float32(sigma)))
    assert float(found) == pytest.approx(integral, abs=2e-6)


def test_sums_over_components_and_means_over_the_rest(key):
    model, data = SciNet(SHAPE, key=key), batch(key)
    silent = {"mask": jnp.zeros(2, jnp.float32), "beta": jnp.float32(1.0)}
    found = answers(model, jnp.zeros((4, 2), jnp.float32), data.questions)
    expected = np.mean(np.sum(np.asarray(found - data.answers) ** 2, axis=-1))
    assert float(objective(model, silent, data, key=key)) == pytest.approx(expected, rel=1e-5)


def test_beta_and_masks_act(key):
    model, data = SciNet(SHAPE, key=key), batch(key)

    def at(mask, beta):
        return float(objective(model, {"mask": jnp.array(mask, jnp.float32), "beta": jnp.float32(beta)}, data, key=key))

    mean, log_sigma = jax.vmap(model.encode)(data.observation)
    told = np.asarray(divergence(mean, log_sigma)).mean(axis=0)
    assert at([1, 1], 2.0) - at([1, 1], 1.0) == pytest.approx(told.sum(), rel=1e-4)
    assert at([1, 0], 2.0) - at([1, 0], 1.0) == pytest.approx(told[0], rel=1e-4)


def test_a_silent_neuron_learns_nothing(key):
    model, data = SciNet(SHAPE, key=key), batch(key)
    setting = {"mask": jnp.array([1, 0], jnp.float32), "beta": jnp.float32(0.1)}
    gradient = eqx.filter_grad(objective)(model, setting, data, key=key)
    # The decoder's weights from the second neuron, the encoder's to its mean and log sigma.
    assert not np.asarray(gradient.decoder.weights[0][:, 1]).any()
    assert not np.asarray(gradient.encoder.weights[-1])[[1, 3]].any()


def test_evolution(key):
    still = SciNet(SHAPE, key=key)
    assert still.motion is None
    drift = SciNet(SciNetSizes(5, 1, 3, 2, (8,), (8,), "drift"), key=key)
    drift = eqx.tree_at(lambda m: m.motion, drift, jnp.array([1.0, -2.0], jnp.float32))
    z, t = jnp.array([0.5, 0.5], jnp.float32), jnp.array([2.0], jnp.float32)
    np.testing.assert_allclose(drift.decode(z, t), drift.decoder(z + jnp.array([2.0, -4.0], jnp.float32)), rtol=1e-6)
    linear = SciNet(SciNetSizes(5, 1, 3, 2, (8,), (8,), "linear"), key=key)
    turn = jnp.array([[0.0, -1.0], [1.0, 0.0]], jnp.float32)
    linear = eqx.tree_at(lambda m: m.motion, linear, turn)
    quarter = jnp.array([np.pi / 2], jnp.float32)
    np.testing.assert_allclose(
        linear.decode(jnp.array([1, 0], jnp.float32), quarter),
        linear.decoder(jnp.array([0, 1], jnp.float32)),
        atol=1e-5,
    )


def test_a_silent_neuron_is_no_clock(key):
    model = SciNet(SciNetSizes(5, 1, 3, 2, (8,), (8,), "drift"), key=key)
    model = eqx.tree_at(lambda m: m.motion, model, jnp.array([1.0, -2.0], jnp.float32))
    data = batch(key)._replace(questions=jnp.ones((4, 3, 1), jnp.float32))
    setting = {"mask": jnp.zeros(2, jnp.float32), "beta": jnp.float32(1.0)}
    expected = np.sum(
        (np.asarray(model.decoder(jnp.zeros(2, jnp.float32))) - np.asarray(data.answers)) ** 2, axis=-1
    ).mean()
    assert float(objective(model, setting, data, key=key)) == pytest.approx(expected, rel=1e-5)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="latents is 0"):
        SciNetSizes(5, 2, 3, 0)
    with pytest.raises(ValueError, match="have no time"):
        SciNetSizes(5, 0, 3, 2, evolution="drift")
    with pytest.raises(ValueError, match="must be positive"):
        beta_from_error(0.0)
    with pytest.raises(ValueError, match="find_beta is -1"):
        Schedule(find_beta=-1.0)
    assert beta_from_error(0.1) == pytest.approx(0.02)
