"""Connected functions: golden numbers, laws in the width, and the estimators against them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netphysics.fields.interactions.correlators import connected_four, connected_functions, full_from_connected
from netphysics.fields.interactions.estimators import (
    pooled_connected,
    pooled_sums,
    published_connected,
    published_sums,
    rao_blackwell_connected,
    rao_blackwell_sums,
)
from netphysics.fields.kernels import output_kernel, preactivation_covariance
from netphysics.nets import Net
from netphysics.stats import multi_indices, packed_positions

INPUTS = np.array([-0.8, 0.3, 1.0, 0.5, -0.2, 0.9])[:, None]


def net(name, width, weight_variance=1.3**2, bias_variance=0.7**2):
    return Net((1, width, 1), name, "gaussian", weight_variance, bias_variance)


def at(packed, *index):
    points = {21: 6, 126: 6, 462: 6}[len(packed)]
    return packed[packed_positions(np.array([index]), points)[0]]


@pytest.mark.parametrize(
    ("activation", "four", "six"),
    [("erf", -0.0252493007733, 0.0672918428408), ("relu", 0.25313679719426026, 1.0189931802031640)],
)
def test_golden_connected_functions(activation, four, six):
    """Erf from Plackett's identity, relu from the angular integral between kinks at 25 digits."""
    connected = connected_functions(net(activation, 5), INPUTS)
    assert at(connected.four, 0, 1, 2, 3) == pytest.approx(four, abs=1e-12)
    assert at(connected.six, 0, 1, 2, 3, 4, 5) == pytest.approx(six, abs=1e-12)
    np.testing.assert_allclose(connected_four(net(activation, 5), INPUTS), connected.four, rtol=1e-13)
    assert max(connected.four_error.max(), connected.six_error.max()) < 1e-10


def test_golden_gauss_at_zero():
    connected = connected_functions(net("gauss", 7, 1.0, 1.0), np.zeros((1, 1)))
    assert connected.four[0] == pytest.approx(3 * (np.exp(4) - 1) / 7, rel=1e-14)
    assert connected.six[0] == pytest.approx((15 * np.exp(12) - 45 * np.exp(4) + 30) / 49, rel=1e-14)


def test_relu_on_a_ray_is_closed():
    x = np.array([0.2, 0.4, 0.6])[:, None]
    connected = connected_functions(net("relu", 20, 1.0, 0.0), x)
    product = np.prod(x[multi_indices(3, 4), 0], axis=1)
    np.testing.assert_allclose(connected.four, 15 / 4 * product / 20, rtol=1e-12)


@settings(deadline=None, max_examples=10)
@given(st.integers(1, 1000), st.sampled_from(["erf", "relu", "gauss", "linear"]))
def test_connected_functions_are_pure_powers_of_the_width(width, activation):
    narrow, wide = (connected_functions(net(activation, units), INPUTS[:2]) for units in (1, width))
    np.testing.assert_allclose(wide.two, narrow.two, rtol=1e-14)
    np.testing.assert_allclose(wide.four * width, narrow.four, rtol=1e-12)
    np.testing.assert_allclose(wide.six * width**2, narrow.six, rtol=1e-12)


def test_two_points_is_the_kernel():
    connected = connected_functions(net("erf", 5), INPUTS)
    kernel = output_kernel(net("erf", 5), INPUTS)
    np.testing.assert_allclose(connected.two, kernel[np.triu_indices(6)], rtol=1e-14)


def test_full_moments_of_a_linear_network():
    """With one input f = w.v u is a product of Gaussians, whose moments are known."""
    full = full_from_connected({2: np.array([1.0]), 4: np.array([2.0]), 6: np.array([16.0])}, 1)
    linear = connected_functions(net("linear", 1, 1.0, 0.0), np.ones((1, 1)))
    exact = full_from_connected({2: linear.two, 4: linear.four, 6: linear.six}, 1)
    assert [exact[order][0] for order in (2, 4, 6)] == pytest.approx([1.0, 9.0, 225.0])
    assert full[4][0] == 5.0


@pytest.fixture(scope="module")
def measured():
    """Block sums of all three estimators on one ensemble of Erf networks, k = 3, N = 4."""
    points, width, networks, blocks = 3, 4, 4096, 24
    erf, inputs = net("erf", width), INPUTS[:points]
    q = preactivation_covariance(erf, inputs)
    root = np.linalg.cholesky(q + 1e-12 * np.eye(points)).astype(np.float32)
    kernel = output_kernel(erf, inputs, output_bias=False)

    @jax.jit
    def block(key):
        units, weights, bias = jax.random.split(key, 3)
        normal = jax.random.normal(units, (networks, points, width), dtype=jnp.float32)
        hidden = jax.scipy.special.erf(jnp.einsum("ab,nbi->nai", root, normal))
        scale = jnp.float32(np.sqrt(erf.weight_variance / width))
        outputs = scale * jnp.einsum(
            "nai,ni->na", hidden, jax.random.normal(weights, (networks, width), dtype=jnp.float32)
        )
        shift = jax.random.normal(bias, (networks, 1), dtype=jnp.float32) * jnp.float32(0.7)
        return {
            "published": published_sums(outputs + shift),
            "rao-blackwell": rao_blackwell_sums(hidden, weight_variance=erf.weight_variance, reference=kernel),
            "pooled": pooled_sums(hidden),
        }

    keys = jax.random.split(jax.random.key(3), blocks)
    sums = [jax.tree.map(lambda x: np.asarray(x, dtype=np.float64), block(key)) for key in keys]

    def connected(name, sums, count):
        if name == "published":
            return published_connected(sums, count, kernel + erf.bias_variance)
        if name == "rao-blackwell":
            return rao_blackwell_connected(sums, count, kernel)
        return pooled_connected(sums, count, points=points, width=width, weight_variance=erf.weight_variance)

    def jackknife(name):
        parts = [part[name] for part in sums]
        total = jax.tree.map(lambda *x: np.sum(x, axis=0), *parts)
        whole = connected(name, total, blocks * networks)
        leave_out = [
            connected(name, {key: total[key] - part[key] for key in total}, (blocks - 1) * networks) for part in parts
        ]
        errors = {key: np.sqrt((blocks - 1) * np.var([one[key] for one in leave_out], axis=0)) for key in whole}
        return whole, errors

    exact = connected_functions(erf, inputs)
    return {name: jackknife(name) for name in ("published", "rao-blackwell", "pooled")}, exact


@pytest.mark.parametrize("name", ["published", "rao-blackwell", "pooled"])
def test_estimators_agree_with_the_exact_functions(measured, name):
    value, error = measured[0][name]
    exact = measured[1]
    bias = 0.0 if name == "published" else 0.7**2
    for key, truth in (("two", exact.two - bias), ("four", exact.four), ("six", exact.six)):
        # 24 blocks leave an error uncertain by 15 %, hence six of them and not five.
        assert np.all(np.abs(value[key] - truth) < 6 * error[key]), key


def test_each_estimator_is_quieter_than_the_one_before(measured):
    errors = [np.median(measured[0][name][1]["four"]) for name in ("published", "rao-blackwell", "pooled")]
    assert errors[0] > 10 * errors[1] > 15 * errors[2]


def test_centering_keeps_the_digits_of_a_wide_network():
    """At N = 1000 the third cumulant is 1e-5 of the cube of C; float32 must still see it."""
    rng = np.random.default_rng(5)
    points, width, networks = 2, 1000, 512
    hidden = np.maximum(rng.normal(size=(networks, points, width)), 0).astype(np.float32)
    reference = np.array([[0.5, 0.5 / np.pi], [0.5 / np.pi, 0.5]])
    sums = rao_blackwell_sums(jnp.asarray(hidden), weight_variance=1.0, reference=reference)
    summed = {name: np.asarray(value, dtype=np.float64) for name, value in sums.items()}
    single = rao_blackwell_connected(summed, networks, reference)

    wide = np.einsum("nai,nbi->nab", *[hidden.astype(np.float64)] * 2)[:, [0, 0, 1], [0, 1, 1]] / width
    c = wide - wide.mean(axis=0)
    unbias = networks**2 / ((networks - 1) * (networks - 2))
    third = np.mean(c[:, 0] ** 3) * unbias
    np.testing.assert_allclose(single["six"][0], 15 * third, rtol=1e-3)
    np.testing.assert_allclose(single["four"][0], 3 * np.var(c[:, 0], ddof=1), rtol=1e-5)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="orthogonal weights"):
        connected_functions(Net((1, 5, 1), "erf", "orthogonal"), INPUTS)
    with pytest.raises(ValueError, match="the net has 2 outputs"):
        connected_functions(Net((1, 5, 2), "erf"), INPUTS)
    with pytest.raises(ValueError, match="count is 2"):
        rao_blackwell_connected({"first": np.ones(1), "second": np.ones(1), "third": np.ones(1)}, 2, np.eye(1))
