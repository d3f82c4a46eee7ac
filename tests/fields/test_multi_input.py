"""Several inputs: numbers of an independent recursion, a single input, and derivatives by finite differences."""

import numpy as np
import pytest

from netphysics.fields.depth import finite_width_flow, multi_input_flow
from netphysics.fields.depth.pair_response import pair_response
from netphysics.fields.kernels import two_point
from netphysics.nets import Net, Spectrum, activation

# Two inputs of kernel 1 and correlation 0.4 in layer 1.
PAIR = np.sqrt(2) * np.array([[1.0, 0.0], [0.4, np.sqrt(0.84)]])

# V / K_aa² of tanh at C_W = 1 and (aa)(aa), (aa)(bb), (ab)(ab), (aa)(ab), from a recursion written independently
# of this package; each within two standard errors of 8000 networks of width 128.
FOUR_POINT = {
    ("gaussian", 2): (0.627, 0.071, 0.930, 0.285),
    ("gaussian", 10): (5.52, 0.69, 8.00, 2.41),
    ("orthogonal", 2): (-1.798, -0.279, -0.985, -0.697),
    ("orthogonal", 10): (-1.850, -0.248, -0.850, -0.668),
}


@pytest.mark.parametrize(("case", "expected"), FOUR_POINT.items(), ids=str)
def test_two_inputs(case, expected):
    initialization, layer = case
    flow = multi_input_flow(Net((2,) + (128,) * layer, "tanh", initialization), PAIR)
    V = flow.four_point[-1] / flow.kernel[-1, 0, 0] ** 2
    found = V[0, 0, 0, 0], V[0, 0, 1, 1], V[0, 1, 0, 1], V[0, 0, 0, 1]
    assert found == pytest.approx(expected, abs=6e-3 if initialization == "gaussian" and layer == 10 else 6e-4)
    assert flow.error.max() < 1e-10


@pytest.mark.parametrize("name", ["tanh", "relu"])
def test_each_input_alone(name):
    net = Net((2, 40, 60, 50, 7), name, Spectrum(0.3), 1.5, 0.1)
    together = multi_input_flow(net, PAIR)
    for i, x in enumerate(PAIR):
        alone = finite_width_flow(net, float(np.mean(x**2)))
        assert together.kernel[:, i, i] == pytest.approx(alone.kernel, rel=1e-12)
        assert together.kernel_correction[:, i, i] == pytest.approx(alone.kernel_correction, abs=1e-9)
        assert together.four_point[:, i, i, i, i] == pytest.approx(alone.four_point, rel=1e-9)
    V = together.four_point
    assert np.swapaxes(V, 1, 2) == pytest.approx(V, abs=1e-14)
    assert np.transpose(V, (0, 3, 4, 1, 2)) == pytest.approx(V, abs=1e-14)


@pytest.mark.parametrize("name", ["tanh", "relu", "elu"])
def test_response_to_the_kernels(name):
    sigma, at, step = activation(name), np.array([0.9, 0.5, 1.3]), 1e-3
    gradient, hessian, error = pair_response(sigma, *at.tolist())
    assert error < 1e-6

    def value(*moves):
        return float(two_point(sigma, *np.array(at + step * np.sum(moves, axis=0)).reshape(3, 1))[0])

    axes = np.eye(3)
    for i, a in enumerate(axes):
        assert (value(a) - value(-a)) / (2 * step) == pytest.approx(gradient[i], abs=3e-6)
        for j, b in enumerate(axes):
            second = (value(a, b) - value(a, -b) - value(-a, b) + value(-a, -b)) / (4 * step**2)
            assert second == pytest.approx(hessian[i, j], abs=3e-5)


def test_orthogonal_weights_keep_angles_and_a_wide_layer_all_of_them():
    # One layer of at least as many neurons as inputs is an isometry.
    flow = multi_input_flow(Net((2, 16, 16), "tanh", "orthogonal"), PAIR)
    assert flow.cosine_correction[0] == pytest.approx(np.zeros((2, 2)), abs=1e-12)
    # A Gaussian one turns angles: the mean sample correlation of normal pairs is c [1 - (1 - c²) / 2n].
    flow = multi_input_flow(Net((2, 16, 16), "tanh"), PAIR)
    assert flow.cosine_correction[0, 0, 1] == pytest.approx(-0.4 * (1 - 0.16) / 2)


def test_parallel_inputs_are_refused():
    with pytest.raises(ValueError, match="inputs 0 and 1 are parallel"):
        multi_input_flow(Net((2, 8, 8), "tanh"), np.array([[1.0, 2.0], [2.0, 4.0]]))
