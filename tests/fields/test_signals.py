"""Signals by depth: the recursion against numbers derived elsewhere, and the exact law of scale-invariant nets."""

import numpy as np
import pytest

from netphysics.fields.depth import critical_point, is_scale_invariant, signal_flow
from netphysics.nets import Net, activation, leaky_relu

WIDE = 10**9  # where corrections in 1/n to the leading coefficients are below rounding


def flow(name, initialization, depth, width=WIDE, kernel=1.0):
    sigma = activation(name)
    variance = critical_point(sigma).weight_variance
    net = Net((1, *(width,) * depth, 1), sigma, initialization, variance, 0.0)
    return signal_flow(net, np.array([[np.sqrt(kernel / variance)]]))


# V / K^2 by layer, from a recursion written independently of this package (equal widths, K = 1 in layer 1).
FOUR_POINT = [
    ("tanh", "gaussian", 4, 1.81),
    ("tanh", "gaussian", 8, 4.26),
    ("tanh", "gaussian", 12, 6.80),
    ("tanh", "orthogonal", 10, -1.850),
    ("tanh", "orthogonal", 20, -1.906),
    ("tanh", "orthogonal", 100, -1.976),
    ("relu", "gaussian", 4, 15.0),
    ("relu", "orthogonal", 8, 19.0),
    ("linear", "gaussian", 12, 22.0),
    ("linear", "orthogonal", 12, -2.0),
]


@pytest.mark.parametrize(("name", "initialization", "layer", "expected"), FOUR_POINT)
def test_four_point_function_by_layer(name, initialization, layer, expected):
    found = flow(name, initialization, layer).four_point[-1, 0]
    assert found == pytest.approx(expected, abs=0.6 * 10.0 ** -(len(f"{expected}".split(".")[1])))


@pytest.mark.parametrize(("initialization", "expected"), [("gaussian", -2.43), ("orthogonal", 1.288)])
def test_mean_norm_of_tanh_at_order_one_over_width(initialization, expected):
    assert flow("tanh", initialization, 12).norm_correction[-1, 0] == pytest.approx(expected, abs=6e-3)


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("initialization", ["gaussian", "orthogonal"])
def test_exact_law_reduces_to_the_recursion_in_wide_nets(slope, initialization):
    sigma = leaky_relu(slope)
    assert is_scale_invariant(sigma)
    exact = flow(sigma, initialization, 10, width=10**7)
    assert exact.exact
    rho = (1 + slope**4) * 2 / (1 + slope**2) ** 2
    layers = np.arange(10)
    gaussian = initialization == "gaussian"
    leading = (3 * rho - 1) * layers if gaussian else 3 * (rho - 1) * layers - 2
    assert exact.four_point[:, 0] == pytest.approx(leading, abs=1e-4)
    assert exact.norm_correction == pytest.approx(np.zeros((10, 1)), abs=1e-9)


def test_relu_at_finite_width():
    # n [(1 + 5/n)^(l-1) - 1] at n = 64, l = 8; and the orthogonal law at n = 512, l = 12.
    assert flow("relu", "gaussian", 8, width=64).four_point[-1, 0] == pytest.approx(44.4, abs=0.05)
    assert flow("relu", "orthogonal", 12, width=512).four_point[-1, 0] == pytest.approx(31.72, abs=0.005)


def test_other_nets_are_refused():
    with pytest.raises(ValueError, match="one and the same width"):
        signal_flow(Net((1, 4, 5, 1), "tanh"), np.ones((1, 1)))
    with pytest.raises(ValueError, match="knows gaussian, orthogonal and Spectrum"):
        signal_flow(Net((1, 4, 4, 1), "tanh", "rademacher"), np.ones((1, 1)))
