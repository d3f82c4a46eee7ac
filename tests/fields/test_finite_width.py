"""Finite-width recursions: against numbers of an independent recursion and of ensembles, and exact laws."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import ndtr

from netphysics.fields.depth import exact_four_point, finite_width_flow, slope_ratio
from netphysics.nets import LearningRates, Net, Spectrum, activation, leaky_relu

TENSORS = ("four_point", *"DFABPQRSTU")


def critical(name, layers, initialization="gaussian", bias_rate=0.0, n=64, kernel=1.0):
    """Normalized tensors of a net of C_b = 0 and λ_W = C_W at its critical C_W; index [l - 1] is layer l."""
    variance = {"relu": 2.0}.get(name, 1.0)
    net = Net((n,) * (layers + 1), name, initialization, variance)
    flow = finite_width_flow(net, kernel / variance, LearningRates(bias_rate, variance))
    K, theta = flow.kernel, flow.tangent_kernel
    unit = dict(four_point=K**2, D=K * theta, F=K * theta, A=theta**2, B=theta**2, P=theta**2, Q=theta**2)
    unit |= dict.fromkeys("RSTU", theta**3 / K)
    found = {name: getattr(flow, name) / unit[name] for name in TENSORS}
    found["K1"], found["Theta1"] = flow.kernel_correction / K, flow.tangent_kernel_correction / theta
    return found


# Leading-order values by (activation, initialization, layer), to the digits printed by an independent recursion;
# every one was confirmed by ensembles of networks within two standard errors or its next order in 1/n.
SIGNALS_AND_TANGENT_KERNELS = {
    ("linear", "gaussian", 4): dict(four_point="6", F="1.5", B="0.875", D="3", A="1.75"),
    ("relu", "gaussian", 2): dict(four_point="5", F="1", B="0.5", D="3", A="2"),
    ("relu", "gaussian", 4): dict(four_point="15", F="3", B="1.75", D="9", A="6.5"),
    ("relu", "orthogonal", 4): dict(four_point="7", F="1.5", B="0.875", D="6", A="4.75"),
    ("relu", "orthogonal", 8): dict(four_point="19", F="3.5", B="2.19", D="14", A="11.4"),
    ("tanh", "gaussian", 8): dict(four_point="4.26", F="1.569", B="2.511", D="-0.145", A="0.011"),
    ("tanh", "gaussian", 12): dict(
        four_point="6.80", F="2.525", B="3.852", D="-0.206", A="0.013", K1="-2.43", Theta1="-1.50"
    ),
    ("tanh", "orthogonal", 4): dict(four_point="-1.780", F="-0.458", B="0.194", D="-0.039", A="0.009"),
    ("tanh", "orthogonal", 12): dict(
        four_point="-1.866", F="-0.582", B="0.120", D="-0.019", A="0.004", K1="1.288", Theta1="0.562"
    ),
}
DESCENDANTS = {
    ("tanh", "gaussian", 4): dict(P="-0.2078", Q="-0.0191", R="-1.400", S="1.262", T="0.0161", U="0.1700"),
    ("tanh", "orthogonal", 4): dict(P="-0.1349", Q="-0.0156", R="-1.0532", S="0.9255", T="0.0157", U="0.1700"),
    ("tanh", "gaussian", 6): dict(P="-0.2764", Q="-0.0194", R="-2.317", S="2.139", T="0.0143", U="0.1725"),
    ("tanh", "orthogonal", 6): dict(P="-0.1341", Q="-0.0114", R="-1.3351", S="1.2001", T="0.0128", U="0.1725"),
}


@pytest.mark.parametrize(("case", "expected"), SIGNALS_AND_TANGENT_KERNELS.items(), ids=str)
def test_signals_and_tangent_kernels(case, expected):
    name, initialization, layer = case
    check_digits({each: values[-1] for each, values in critical(name, layer, initialization).items()}, expected)


@pytest.mark.parametrize(("case", "expected"), DESCENDANTS.items(), ids=str)
def test_descendants(case, expected):
    # These are printed without the powers of K and Theta.
    name, initialization, layer = case
    flow = finite_width_flow(Net((64,) * (layer + 1), name, initialization), 1.0, LearningRates(0.0, 1.0))
    check_digits({letter: getattr(flow, letter)[-1] for letter in "PQRSTU"}, expected)


def check_digits(found, expected):
    for name, digits in expected.items():
        last = 10.0 ** -len(digits.partition(".")[2])
        assert found[name] == pytest.approx(float(digits), abs=0.5001 * last), name


def test_a_bias_that_learns():
    net = Net((64,) * 5, "tanh", "orthogonal")
    flow = finite_width_flow(net, 1.0, LearningRates(0.3, 1.0))
    expected = dict(P="-0.345", Q="-0.114", R="-4.05", S="2.655", T="0.237", U="0.704")
    check_digits({letter: getattr(flow, letter)[-1] for letter in "PQRSTU"}, expected)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (2, dict(four_point="-1.192", F="-0.184", B="0.244")),
        (4, dict(four_point="-0.884", F="-0.181", B="0.438")),
        (12, dict(four_point="0.300", F="0.195", B="1.053")),
    ],
)
def test_weights_between_gaussian_and_orthogonal(layer, expected):
    found = critical("tanh", layer, Spectrum(0.25))
    check_digits({name: values[-1] for name, values in found.items()}, expected)


@pytest.mark.parametrize("kappa", [0.0, 1.0])
def test_the_ends_of_the_family_are_orthogonal_and_gaussian(kappa):
    between = critical("tanh", 6, Spectrum(kappa))
    end = critical("tanh", 6, "gaussian" if kappa else "orthogonal")
    for name in between:
        np.testing.assert_array_equal(between[name], end[name])


def test_linear_orthogonal_nets_have_a_tangent_kernel_without_noise():
    found = critical("linear", 30, "orthogonal", bias_rate=0.4)
    for name in ("D", "F", "A", "B", "P", "R", "U", "K1", "Theta1"):
        assert np.abs(found[name]).max() < 1e-11, name
    assert found["four_point"] == pytest.approx(-2, abs=1e-11)


@pytest.mark.parametrize("initialization", ["gaussian", "orthogonal"])
def test_sine_keeps_its_tangent_kernel(initialization):
    # λ_W s² + C_W Θ s'² = sin² + cos² = 1 for every preactivation.
    net = Net((64,) * 41, "sin", initialization)
    flow = finite_width_flow(net, 1.0, LearningRates(0.0, 1.0))
    assert flow.tangent_kernel == pytest.approx(1, abs=1e-12)
    for letter in "ADQT":
        assert np.abs(getattr(flow, letter)).max() < 1e-12, letter


@pytest.mark.parametrize("slope", [0.0, 0.3])
@pytest.mark.parametrize("initialization", ["gaussian", "orthogonal"])
def test_scale_invariant_nets(slope, initialization):
    sigma = leaky_relu(slope)
    variance, rho = 2 / (1 + slope**2), slope_ratio(sigma)
    assert rho == pytest.approx(2 * (1 + slope**4) / (1 + slope**2) ** 2)
    wide = 10**8
    net = Net((wide,) * 13, sigma, initialization, variance)
    flow = finite_width_flow(net, 1 / variance)
    assert wide * exact_four_point(net) == pytest.approx(flow.four_point, abs=1e-4)
    assert np.abs(flow.tangent_kernel_correction).max() < 1e-10
    assert np.abs(flow.kernel_correction).max() < 1e-10


def test_orthogonality_takes_two_squared_kernels_from_the_source_of_the_four_point_function():
    gaussian, orthogonal = (finite_width_flow(Net((8, 8, 8), "tanh", law), 1.0) for law in ("gaussian", "orthogonal"))
    rate = (finite_width_flow(Net((8, 8, 8), "tanh"), 1.0 + 1e-5).kernel[1] - gaussian.kernel[1]) / 1e-5
    source = orthogonal.four_point[1] - rate**2 * orthogonal.four_point[0] - gaussian.four_point[1]
    assert source == pytest.approx(-2 * gaussian.kernel[1] ** 2, rel=1e-4)


def test_a_function_of_the_users_is_the_named_activation():
    # The kinks of relu and of the shifted relu are not told; they must be found.
    folded = Net((9,) * 8, lambda z: jnp.abs(z) / 2 + z / 2, "orthogonal", 2.0)
    mine, named = (finite_width_flow(net, 1.0) for net in (folded, replace(folded, activation="relu")))
    for field in ("kernel", "tangent_kernel", *TENSORS):
        assert getattr(mine, field) == pytest.approx(getattr(named, field), rel=1e-11, abs=1e-11), field
    # E[max(z - 1/2, 0)²] for z ~ N(0, 1) = (1 + 1/4) Φ(-1/2) - φ(1/2)/2.
    shifted = Net((9, 9, 9), lambda z: jnp.maximum(z - 0.5, 0))
    assert finite_width_flow(shifted, 1.0).kernel[1] == pytest.approx(
        1.25 * ndtr(-0.5) - np.exp(-0.125) / np.sqrt(8 * np.pi), abs=1e-12
    )


def test_unequal_widths_at_two_layers():
    # Layer 1 is Gaussian, or part of a sphere: V of layer 2 in closed form, E[z_1² z_2²] = c_2 E[G²].
    n, m = 60, 90
    net = Net((30, n, m), "relu", "orthogonal", 2.0)
    flow = finite_width_flow(net, 0.5)
    assert flow.width == n
    # Leading order in 1/n of c_1 c_2 (1 + 5/n) - 1 with c_1 = n/(n+2) and c_2 = m/(m+2).
    assert flow.four_point == pytest.approx([-2, -2 - 2 * n / m + 5])
    assert exact_four_point(net)[1] == pytest.approx(n / (n + 2) * m / (m + 2) * (1 + 5 / n) - 1)


@pytest.mark.parametrize(("n_in", "n_out"), [(24, 48), (48, 24)])
def test_tangent_kernels_between_unequal_widths(n_in, n_out):
    # The second layer of relu nets with explicit Haar weights: F and B from all pairs of neurons.
    rng, draws = np.random.default_rng(5), 1500
    z = rng.normal(size=(draws, n_in))
    z *= np.sqrt(n_in) / np.linalg.norm(z, axis=1, keepdims=True)
    side = max(n_in, n_out)
    corner = np.linalg.qr(rng.normal(size=(draws, side, side)))[0][:, :n_out, :n_in] * np.sqrt(2 * side / n_in)
    signal, slope = np.maximum(z, 0), (z > 0).astype(float)
    out = np.einsum("dij,dj->di", corner, signal)
    tangent = np.einsum("dij,dj,dkj->dik", corner, slope, corner)  # Θ = 1 in layer 1, and λ_W = 0
    rows, columns = np.triu_indices(n_out, 1)
    pairs = tangent[:, rows, columns]
    flow = finite_width_flow(Net((n_in, n_in, n_out), "relu", "orthogonal", 2.0), 0.5, LearningRates(1.0, 0.0))
    for draw, expected in (
        ((out[:, rows] * out[:, columns] * pairs).mean(axis=1), flow.F[1]),
        ((pairs**2).mean(axis=1), flow.B[1]),
    ):
        observed = n_in * draw
        # Layers of these widths are a few parts in 24 away from leading order; the other factor would be 50 % off.
        assert observed.mean() == pytest.approx(expected, rel=4 / n_in)


def refusal(net, mean_square=1.0):
    with pytest.raises(ValueError) as error:
        finite_width_flow(net, mean_square)
    return str(error.value)


def test_refusals():
    assert "discontinuous at z = 0" in refusal(Net((4, 4, 4), jnp.sign))
    assert "discontinuous at z = 0.7" in refusal(Net((4, 4, 4), lambda z: jnp.where(z > 0.7, z + 1, z)))
    assert "varies too fast near z = 0." in refusal(Net((4, 4, 4), lambda z: 1 / (z - 0.1)))
    assert "not finite" in refusal(Net((4, 4, 4), lambda z: jnp.log(z)))
    assert "infinitely steep at z = 0" in refusal(Net((4, 4, 4), lambda z: jnp.sign(z) * jnp.sqrt(jnp.abs(z))))
    assert "1e-60 to 1e+60" in refusal(Net((4, 4, 4), "relu", weight_variance=1e300))
    assert "gaussian, orthogonal" in refusal(Net((4, 4, 4), "relu", "rademacher"))
    assert "hidden layer" in refusal(Net((4, 4), "relu"))
    assert "weight_variance" in refusal(Net((4, 4, 4), "relu", weight_variance=0.0))
    assert "mean_square is 0.0" in refusal(Net((4, 4, 4), "relu"), 0.0)
    assert "divides by a function" in refusal(Net((4, 4, 4), activation("gauss")))
