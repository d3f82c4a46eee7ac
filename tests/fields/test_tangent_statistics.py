"""Statistics of tangent kernels: the average over the last layer by hand is exact at any width."""

import jax
import numpy as np
import pytest

from netphysics.fields.depth import (
    finite_width_flow,
    signal_statistics,
    signal_sums,
    tangent_statistics,
    tangent_sums,
)
from netphysics.nets import LearningRates, Net
from netphysics.stats import Tally, jackknife

RATES = (LearningRates(bias=0.4, weight=0.0), LearningRates(bias=0.3, weight=1.2))


def estimates(experiment, statistics, blocks, size, key):
    draw = [experiment(keys) for keys in jax.random.split(key, (blocks, size))]
    return jackknife([Tally(size, {name: np.asarray(x) for name, x in sums.items()}) for sums in draw], statistics)


def host_tensors(net, mean_square, rates, blocks, size):
    """All tensors of the output layer from products over all pairs of neurons, with explicit weights in numpy."""
    rng, tallies = np.random.default_rng(1), []
    for _ in range(blocks):
        z = kernel = 0
        for (n_out, n_in), last in zip(net.shapes, [net.widths[0], *net.widths], strict=False):
            weights = rng.normal(size=(size, n_out, n_in)) / np.sqrt(n_in)
            if net.initialization == "orthogonal":
                frame, triangle = np.linalg.qr(weights)
                weights = frame * np.sign(np.einsum("cii->ci", triangle))[:, None, :]
            weights = weights * np.sqrt(net.weight_variance)
            first = np.isscalar(z)
            signal = np.sqrt(mean_square * n_in) * np.eye(1, n_in) if first else np.tanh(z)
            jacobian = weights if first else weights * (1 - np.tanh(z) ** 2)[:, None, :]
            direct = rates.bias + rates.weight * np.sum(signal**2, axis=1)[:, None, None] / last
            passed = 0 if first else jacobian @ kernel @ jacobian.transpose(0, 2, 1)
            kernel = direct * np.eye(n_out) + passed
            bias = rng.normal(size=(size, n_out)) * np.sqrt(net.bias_variance)
            z = np.einsum("coi,ci->co", weights, np.broadcast_to(signal, (size, n_in))) + bias
        tallies.append(Tally(size, pair_sums(z, kernel)))
    return jackknife(tallies, pair_tensors)


def pair_sums(z, kernel):
    n = z.shape[1]
    diagonal, pairs = np.einsum("cii->ci", kernel), n * (n - 1)

    def two(first, second):
        return np.sum(first.sum(axis=1) * second.sum(axis=1) - (first * second).sum(axis=1)) / pairs

    inside = np.einsum("ci,cij,cj->ci", z, kernel, z).sum() - np.sum(z**2 * diagonal)
    across = np.sum(kernel**2) - np.sum(diagonal**2)
    return {
        "zz": np.sum(z**2) / n,
        "h": np.sum(diagonal) / n,
        "zzzz": two(z**2, z**2),
        "zzh": two(z**2, diagonal),
        "hh": two(diagonal, diagonal),
        "F": inside / pairs,
        "B": across / pairs,
    }


def pair_tensors(tally):
    zz, h, zzzz, zzh, hh, F, B = (tally.mean(name) for name in ("zz", "h", "zzzz", "zzh", "hh", "F", "B"))
    return {"K": zz, "H": h, "V": zzzz - zz**2, "D": zzh - zz * h, "A": hh - h**2, "F": F, "B": B}


@pytest.mark.parametrize("initialization", ["gaussian", "orthogonal"])
def test_tensors_of_narrow_networks(initialization, key):
    """Far from infinite width, where every term of the average by hand counts; with biases."""
    n, mean_square = 6, 1.3
    net = Net((n, n, n, n, n), "tanh", initialization, 1.6, 0.2)
    experiment = tangent_sums(net, mean_square, RATES, (4,))
    statistics = estimates(
        experiment, lambda tally: tangent_statistics(net, mean_square, RATES, (4,), tally), 16, 1024, key
    )
    for place, rates in enumerate(RATES):
        host = host_tensors(net, mean_square, rates, 16, 4096)
        flow = finite_width_flow(net, mean_square, rates)
        kernel, tangent = flow.kernel[-1], flow.tangent_kernel[-1]
        ours = {
            "K": kernel * (1 + statistics["kernel_correction"][0] / n),
            "H": tangent * (1 + statistics["tangent_kernel_correction"][0, place] / n),
            "V": kernel**2 / n * statistics["four_point"][0],
            "D": kernel * tangent / n * statistics["D"][0, place],
            "F": kernel * tangent / n * statistics["F"][0, place],
            "A": tangent**2 / n * statistics["A"][0, place],
            "B": tangent**2 / n * statistics["B"][0, place],
        }
        for name, estimate in ours.items():
            difference = estimate - host[name]
            assert abs(difference.value) < 5 * difference.error, name


def test_linear_orthogonal_networks_have_no_noise(key):
    """V = -2n/(n+2) K² and D = F = A = B = 0 in every network, to rounding."""
    n, depths = 32, (2, 6)
    net = Net((n,) * 7, "linear", "orthogonal", 1.0)
    experiment = tangent_sums(net, 1.0, RATES, depths)
    found = estimates(experiment, lambda tally: tangent_statistics(net, 1.0, RATES, depths, tally), 4, 16, key)
    np.testing.assert_allclose(found["four_point"].value, -2 * n / (n + 2), rtol=1e-5)
    for name in ("D", "F", "A", "B"):
        np.testing.assert_allclose(found[name].value, 0, atol=1e-5)


def test_signals_of_relu_networks(key):
    """The exact law of scale-invariant activations, for every layer at once."""
    n, rho = 16, 2.0
    net = Net((n,) * 6, "relu", "gaussian", 2.0)
    found = estimates(signal_sums(net, 0.5), lambda tally: signal_statistics(net, 0.5, tally), 32, 1024, key)
    exact = n * np.expm1(np.arange(1, 5) * np.log1p((3 * rho - 1) / n))
    assert np.max(np.abs((found["four_point"] - exact).value / found["four_point"].error)) < 5
    assert np.max(np.abs(found["kernel_correction"].value / found["kernel_correction"].error)) < 5


@pytest.mark.parametrize(
    ("widths", "depths", "directions", "message"),
    [
        ((4, 8, 6, 8), (2,), 5, "one and the same width"),
        ((4, 8, 8, 8), (1,), 4, "between 2 and the 3 layers"),
        ((4, 8, 8, 8), (2,), 9, "at most the width 8"),
    ],
)
def test_bad_requests_are_refused(widths, depths, directions, message):
    with pytest.raises(ValueError, match=message):
        tangent_sums(Net(widths, "tanh"), 1.0, RATES, depths, directions)
