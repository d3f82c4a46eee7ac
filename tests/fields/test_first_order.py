"""Many inputs at first order: one input, two inputs, many inputs by other integrals, and networks."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.fields.depth import finite_width_flow, multi_input_flow
from netphysics.fields.depth.first_order import first_order, hidden_neurons
from netphysics.fields.depth.first_order.neuron_noise import product_covariances
from netphysics.fields.depth.first_order.pair_moments import PairMoments
from netphysics.fields.learning import draw_networks
from netphysics.nets import LearningRates, Net, Spectrum, activation

PAIR = np.sqrt(2) * np.array([[1.0, 0.0], [0.4, np.sqrt(0.84)]])
RATES = LearningRates(0.3, 0.8)


@pytest.mark.parametrize("name", ["tanh", "gelu", "relu"])
@pytest.mark.parametrize("initialization", ["gaussian", "orthogonal", Spectrum(0.3)], ids=str)
def test_each_input_alone(name, initialization):
    net = Net((2, 40, 60, 50, 7), name, initialization, 1.5, 0.1)
    theory = first_order(net, PAIR, RATES)
    for i, x in enumerate(PAIR):
        alone = finite_width_flow(net, float(np.mean(x**2)), RATES)
        assert theory.kernel_correction[i, i] == pytest.approx(alone.kernel_correction[-1], abs=1e-9)
        assert theory.tangent_kernel[i, i] == pytest.approx(alone.tangent_kernel[-1], rel=1e-10)
        expected = alone.tangent_kernel_correction[-1]
        assert theory.tangent_kernel_correction[i, i] == pytest.approx(expected, abs=1e-9)
        tensors = theory.fluctuations._asdict() | (theory.descendants._asdict() if theory.descendants else {})
        for letter, tensor in tensors.items():
            expected = getattr(alone, "four_point" if letter == "V" else letter)[-1]
            assert tensor[i, i, i, i] == pytest.approx(expected, rel=1e-7, abs=1e-9), letter


@pytest.mark.parametrize("name", ["tanh", "relu"])
def test_signals_of_two_inputs(name):
    net = Net((2, 40, 60, 50, 7), name, "orthogonal", 1.5, 0.1)
    theory, flow = first_order(net, PAIR), multi_input_flow(net, PAIR)
    np.testing.assert_allclose(theory.fluctuations.V, flow.four_point[-1], atol=1e-9)
    np.testing.assert_allclose(theory.kernel_correction, flow.kernel_correction[-1], atol=1e-9)


def test_random_points_agree_with_a_lattice():
    """Five inputs of three dimensions are integrated on a lattice; a fourth and fifth dimension make it impossible."""
    features = np.random.default_rng(3).normal(size=(5, 3)) / 2
    kernel = features @ features.T
    wanted = [((0, 0), (0, 0)), ((0, 0), (1, 1)), ((3, 1), (1, 1))]
    exact, error = product_covariances(PairMoments(activation("tanh"), kernel), wanted)
    assert error < 1e-4
    rough, error = product_covariances(PairMoments(activation("tanh"), kernel + 1e-9 * np.eye(5)), wanted)
    assert error < 1e-2
    for one, other in zip(exact, rough, strict=True):
        assert np.sqrt(np.mean((one - other) ** 2)) < 1e-2 * np.max(np.abs(one))


def test_neurons_serve_other_nets():
    net = Net((2, 40, 60, 7), "tanh", "orthogonal")
    neurons = hidden_neurons(Net((2, 9, 9, 1), "tanh", "gaussian"), PAIR)
    shared, own = first_order(net, PAIR, RATES, neurons), first_order(net, PAIR, RATES)
    np.testing.assert_array_equal(shared.descendants.T, own.descendants.T)


@pytest.mark.parametrize("initialization", ["gaussian", "orthogonal"])
def test_networks(initialization, key):
    """All pairs of three inputs; corrections of higher order are allowed a tenth."""
    width, draws = 48, 4096
    inputs = np.concatenate([PAIR, -PAIR[:1] * 0.7 + PAIR[1:] * 0.3])
    net = Net((2, width, width, 2), "tanh", initialization, 1.4, 0.1)
    rates = LearningRates.matching(net)
    theory = first_order(net, inputs)
    networks = draw_networks(net, jax.random.split(key, draws), rates)

    def both(coordinates):
        def outputs(weights):
            # A network is a pytree: its arrays are its coordinates.
            return jax.vmap(weights)(jnp.asarray(inputs, jnp.float32))

        jacobian = jax.tree.leaves(jax.jacrev(outputs)(coordinates))
        rows = jnp.concatenate([each.reshape(6, -1) for each in jacobian], axis=1)
        return outputs(coordinates), (rows @ rows.T).reshape(3, 2, 3, 2)

    z, H = (np.asarray(each, np.float64) for each in jax.jit(lambda n: jax.lax.map(both, n))(networks))
    z, H = np.transpose(z, (0, 2, 1)), np.transpose(H, (0, 2, 4, 1, 3))
    rest = H - np.mean(H, axis=0)
    change = H - np.einsum("ij,ab->ijab", np.eye(2), theory.tangent_kernel)
    V, D, F, A, B = theory.fluctuations
    same, other = np.einsum("ria,rib->riab", z, z), np.einsum("ra,rb->rab", z[:, 0], z[:, 1])
    products = {
        "K1": (same.mean(axis=1) - theory.kernel, theory.kernel_correction),
        "theta1": ((change[:, 0, 0] + change[:, 1, 1]) / 2, theory.tangent_kernel_correction),
        "V": (
            (same - same.mean(axis=0))[:, 0, :, :, None, None] * (same - same.mean(axis=0))[:, 1, None, None],
            V,
        ),
        "D": ((same - same.mean(axis=0))[:, 0, :, :, None, None] * rest[:, 1, 1, None, None], D),
        "F": (other[:, :, :, None, None] * rest[:, 0, 1, None, None], F),
        "A": (rest[:, 0, 0, :, :, None, None] * rest[:, 1, 1, None, None], A),
        "B": (rest[:, 0, 1, :, :, None, None] * rest[:, 0, 1, None, None], B),
    }
    for name, (samples, expected) in products.items():
        found, error = width * samples.mean(axis=0), width * samples.std(axis=0) / np.sqrt(draws)
        allowance = 0.1 * np.max(np.abs(expected))
        assert np.all(np.abs(found - expected) < 5 * error + allowance), name
