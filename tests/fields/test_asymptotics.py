"""Large-depth coefficients: every entry of the table from the recursions, and the universality of the slopes."""

import numpy as np
import pytest

from netphysics.fields.depth import asymptotes, averages, critical_point, finite_width_flow
from netphysics.fields.depth.asymptotics import TABLE, large_depth_coefficient, normalized
from netphysics.nets import LearningRates, Net, Spectrum, activation, leaky_relu


def test_every_entry_of_the_table():
    found = asymptotes(1024)
    assert len(found) == 13 * len(TABLE)
    wrong = [each for each in found if each.difference > 2e-3]
    assert not wrong


@pytest.mark.parametrize("kappa", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("slope", [0.0, 0.4, 1.0])
def test_slopes_of_scale_invariant_nets(slope, kappa):
    rho = 2 * (1 + slope**4) / (1 + slope**2) ** 2
    weight = 2 / (1 + slope**2)
    net = Net((8,) * 513, leaky_relu(slope), Spectrum(kappa), weight)
    found = normalized(finite_width_flow(net, 1 / weight, LearningRates(0.0, weight)))
    expected = {"V": 3 * (rho - 1) + 2 * kappa, "F": (rho - 1 + kappa) / 2, "B": (rho - 1 + kappa) / 3}
    for tensor, coefficient in expected.items():
        assert large_depth_coefficient(found[tensor], "l") == pytest.approx(coefficient, abs=5e-6), tensor


def test_the_family_between_gaussian_and_orthogonal_at_vanishing_kernels():
    net = Net((8,) * 2049, "tanh", Spectrum(0.25))
    found = normalized(finite_width_flow(net, 1.0, LearningRates(0.0, 1.0)))
    assert large_depth_coefficient(found["V"], "l") == pytest.approx(0.25 * 2 / 3, rel=2e-3)
    assert large_depth_coefficient(found["B"], "l") == pytest.approx(0.25 / 3, rel=2e-3)


@pytest.mark.parametrize(("name", "gaussian", "orthogonal"), [("gelu", 4.904, 3.094), ("swish", 4.923, 3.075)])
def test_half_stable_points_make_noise_like_relu(name, gaussian, orthogonal):
    point = critical_point(activation(name))
    mean = averages(activation(name), np.array([point.kernel]))
    source = (point.weight_variance / point.kernel) ** 2 * mean.square_variance
    assert source == pytest.approx(gaussian, abs=6e-4)
    linear = 2 * (1 - point.bias_variance / point.kernel) ** 2
    assert source - linear == pytest.approx(orthogonal, abs=6e-4)


def test_shallow_nets_are_refused():
    with pytest.raises(ValueError, match="depth is 100; asymptotic coefficients need at least 256"):
        asymptotes(100)
