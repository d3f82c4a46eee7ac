"""Running couplings: measured slopes against power counting, in one to three dimensions."""

import numpy as np
import pytest

from netphysics.fields.interactions import connected_functions, multiplicities, predicted_slope, running
from netphysics.nets import Net
from netphysics.stats import multi_indices

LINE = np.array([[-1.0], [-0.6], [-0.2], [0.2], [0.6], [1.0]])
CUTOFFS = (7.0, 30.0, 100.0, 1e3, 1e4, 1e5)


def net(name, dimension=1, bias_variance=1.0):
    return Net((dimension, 20, 1), name, "gaussian", 1.0, bias_variance)


def slopes(network, inputs, cutoffs=CUTOFFS, output_bias=False):
    found = running(network, inputs, multi_indices(len(inputs), 4), cutoffs, output_bias=output_bias)
    return found.slopes(connected_functions(network, inputs).four, multiplicities(len(inputs), 4))


@pytest.mark.parametrize("dimension", [1, 2, 3])
@pytest.mark.parametrize(
    ("name", "bias_variance", "output_bias", "power"),
    [
        ("erf", 1.0, False, 0),
        ("erf", 0.0, False, 0),
        ("tanh", 1.0, False, 0),
        ("relu", 0.0, False, 1),
        ("relu", 1.0, True, 1),
        ("leaky-relu", 1.0, False, 1),
        ("gauss", 1.0, True, 0),
        ("gauss", 1.0, False, None),
        ("sin", 1.0, False, None),
    ],
)
def test_power_counting(name, bias_variance, output_bias, power, dimension):
    expected = 0.0 if power is None else -(dimension + 4.0 * power)
    assert predicted_slope(net(name, dimension, bias_variance), output_bias=output_bias) == expected


def test_relu_without_bias_runs_alike_at_all_cutoffs():
    np.testing.assert_allclose(slopes(net("relu", 1, 0.0), 0.5 * LINE + 0.7), -5.0, atol=1e-9)


def test_relu_with_bias_on_the_way():
    found = running(net("relu"), np.array([[0.6]]), multi_indices(1, 4), CUTOFFS).slopes(np.ones(1), np.ones(1))
    assert np.all(np.diff(found) < 0)
    np.testing.assert_allclose(found[2:], -5.0, atol=0.03)


def test_erf_saturates():
    found = slopes(net("erf"), LINE)
    assert np.all(np.diff(np.abs(found + 1)) < 0)
    np.testing.assert_allclose(found[-2:], -1.0, atol=5e-3)


def test_gauss_does_not_run_unless_its_bias_is_left_in():
    np.testing.assert_allclose(slopes(net("gauss"), 0.01 * LINE), 0.0, atol=1e-9)
    np.testing.assert_allclose(slopes(net("gauss"), 0.01 * LINE, output_bias=True)[-1], -1.0, atol=1e-3)


@pytest.mark.parametrize("dimension", [2, 3])
@pytest.mark.parametrize(("name", "bias_variance"), [("erf", 1.0), ("relu", 0.0), ("gauss", 1.0)])
def test_slopes_in_more_dimensions(name, bias_variance, dimension):
    network = net(name, dimension, bias_variance)
    inputs = np.eye(dimension) + 0.2
    found = slopes(network, inputs, (100.0, 300.0))
    assert found[0] == pytest.approx(predicted_slope(network), abs=0.02)


def test_the_coupling_makes_up_for_the_cutoff():
    network, inputs, indices = net("relu", 1, 0.0), 0.5 * LINE + 0.7, multi_indices(6, 4)
    four, found = connected_functions(network, inputs).four, running(network, inputs, indices, (5.0, 50.0))
    coupling = found.coupling(four, np.ones(len(four)))
    np.testing.assert_allclose(-24 * coupling[:, None] * found.integrals, np.stack([four, four]), rtol=1e-9)


@pytest.mark.parametrize("cutoffs", [(1.0,), (0.0, 1.0), (2.0, 1.0)])
def test_bad_cutoffs_are_refused(cutoffs):
    with pytest.raises(ValueError, match=r"cutoffs are .* positive and rising"):
        running(net("erf"), LINE, multi_indices(6, 4), cutoffs)
