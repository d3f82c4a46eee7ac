"""Effective actions: the celebrated couplings, the singular values behind them, and the exact vertex."""

import numpy as np
import pytest

from netphysics.fields import output_kernel
from netphysics.fields.interactions import (
    KAPPA,
    MODELS,
    connected_four,
    connected_functions,
    exact_vertex,
    full_from_connected,
    least_squares,
    minimum_norm,
    multiplicities,
    published_noise,
    response,
    six_point_without_sextic,
    unexplained,
)
from netphysics.nets import Net
from netphysics.stats import multi_indices, pack, unpack

RAY = np.array([[0.2], [0.4], [0.6], [0.8], [1.0], [1.2]])
INDICES, WEIGHTS = multi_indices(6, 4), multiplicities(6, 4)


def gaussian(name, width, bias_variance=1.0):
    return Net((1, width, 1), name, "gaussian", 1.0, bias_variance)


def table(net, scale, box, model, tolerance=None):
    """A fit on scale / sqrt(2) times the ray in the table's sign, and its percentage error on scale times the ray."""
    inputs = scale * RAY
    size = len(MODELS[model])
    train, test = (-response(net, x, INDICES, MODELS[model], box=box).values for x in (inputs / np.sqrt(2), inputs))
    four, target = (connected_four(net, x) for x in (inputs / np.sqrt(2), inputs))
    if tolerance is None:
        fit = least_squares(train, four, WEIGHTS)
    else:
        fit = minimum_norm(train, four, WEIGHTS, tolerance=tolerance)
    assert fit.couplings.shape == (size,)
    return fit, 100 * np.average(np.abs(test @ fit.couplings / target - 1), weights=WEIGHTS)


GAUSS, RELU = (gaussian("gauss", 1000), 0.01, None), (gaussian("relu", 20, 0.0), 1.0, 100.0)
ERF = (gaussian("erf", 5), 0.01, 100.0)


@pytest.mark.parametrize(
    ("setting", "model", "tolerance", "couplings", "error"),
    [
        (GAUSS, "M1", None, (0.005346,), 0.0106),
        (GAUSS, "M2", 0.1, (0.00503, 0.00126), None),
        (GAUSS, "M3", 0.1, (0.000728, 0.000182, 0.001824), None),
        (GAUSS, "M3", None, (0.0161, 0.0218, -0.00648), None),
        (RELU, "M1", None, (6.25e-11,), None),
        (RELU, "M2", 0.1, (1.225e-18, 8.750e-15), None),
        (RELU, "M3", 0.1, (1.225e-18, 8.749e-15, 6.805e-17), None),
        (ERF, "M1", None, (0.03709,), 0.0179),
        (ERF, "M2", None, (0.0374, -0.000236), None),
        (ERF, "M3", None, (0.0371, -0.000277, 4.63e-5), None),
    ],
)
def test_the_verification_table(setting, model, tolerance, couplings, error):
    fit, found = table(*setting, model, tolerance)
    np.testing.assert_allclose(fit.couplings, couplings, rtol=0.01)
    if error is not None:
        assert found == pytest.approx(error, rel=0.01)


def test_relu_on_a_ray_is_closed():
    """Networks are f = c x there: lambda = -(15/4) / 20 / (24 * 100^5 / 80)."""
    fit, error = table(*RELU, "M1")
    assert fit.couplings[0] == pytest.approx(6.25e-11, rel=1e-10)
    assert error < 1e-9


@pytest.mark.parametrize(("setting", "second", "third"), [(GAUSS, 2.3e-5, 7.0e-7), (ERF, 4.6e-3, 8.5e-6)])
def test_three_responses_are_nearly_one(setting, second, third):
    fit, _ = table(*setting, "M3")
    np.testing.assert_allclose(fit.singular_values, [1.0, second, third], rtol=0.02)
    assert fit.condition == pytest.approx(1 / third, rel=0.02)


def test_responses_that_are_the_same_are_refused():
    with pytest.raises(ValueError, match=r"condition number .* do not tell couplings apart"):
        table(*RELU, "M2")


def test_fits_recover_what_was_put_in():
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(200, 3)) * [1.0, 1e3, 1e-4]
    truth = np.array([0.3, -2e-3, 5.0])
    weights = rng.uniform(0.5, 2.0, size=200)
    np.testing.assert_allclose(least_squares(rows, rows @ truth, weights).couplings, truth, rtol=1e-12)
    noisy = [least_squares(rows, rows @ truth + 1e-3 * rng.normal(size=200)) for _ in range(200)]
    pulls = np.array([(fit.couplings - truth) / np.sqrt(np.diag(fit.covariance)) for fit in noisy])
    # The variance of 200 normal pulls is known to a tenth.
    np.testing.assert_allclose(np.var(pulls, axis=0), 1.0, atol=0.5)
    assert unexplained(rows @ truth, np.zeros(200), weights) == 1.0


def test_minimum_norm_follows_the_leading_direction():
    rows = np.array([[1.0, 2.0], [2.0, 4.0 + 1e-9]])
    fit = minimum_norm(rows, np.array([5.0, 10.0]), tolerance=1e-3)
    np.testing.assert_allclose(fit.couplings, [1.0, 2.0], rtol=1e-8)
    assert fit.rank == 1
    with pytest.raises(ValueError, match=r"tolerance is 1\.0"):
        minimum_norm(rows, np.ones(2), tolerance=1.0)


@pytest.mark.parametrize(
    ("net", "box", "reach", "left"),
    [
        (gaussian("relu", 20), 100.0, 1.2, (0.42, 0.105, 0.091)),
        (gaussian("relu", 20), 5.0, 1.2, (0.248, 0.041, 0.038)),
        (gaussian("erf", 5), 100.0, 2.0, (0.734, 0.711, 0.486)),
        (gaussian("gauss", 1000), None, 1.0, (0.695, 0.329, 0.326)),
    ],
)
def test_local_models_leave_much_unexplained(net, box, reach, left):
    inputs = reach * np.linspace(-1, 1, 13)[:, None]
    rows, four = [], []
    for x in (inputs[::2], inputs[1::2]):
        rows.append(response(net, x, multi_indices(len(x), 4), MODELS["M3"], box=box).values)
        four.append(connected_four(net, x))
    for model, expected in zip(("M1", "M2", "M3"), left, strict=True):
        size = len(MODELS[model])
        fit = least_squares(rows[0][:, :size], four[0], multiplicities(7, 4))
        found = unexplained(four[1], rows[1][:, :size] @ fit.couplings, WEIGHTS)
        assert found == pytest.approx(expected, abs=2e-3)


def test_the_exact_vertex_against_brute_force():
    """Two fields with a weak vertex: its effect on <ffff>, integrated exactly, gives the vertex back."""
    kernel = np.array([[1.0, 0.4], [0.4, 0.8]])
    vertex = np.array([0.7, -0.2, 0.3, 0.1, 0.9])
    u, weights = np.polynomial.hermite_e.hermegauss(12)
    root = np.linalg.cholesky(kernel)
    fields = np.einsum("ab,bij->aij", root, np.stack(np.meshgrid(u, u, indexing="ij")))
    weights = np.outer(weights, weights) / (2 * np.pi)
    action = np.einsum("abcd,aij,bij,cij,dij->ij", unpack(vertex, 2, 4), *[fields] * 4) / 24
    product = np.stack([np.prod(fields[row], axis=0) for row in multi_indices(2, 4)])
    pairs = np.stack([np.prod(fields[row], axis=0) for row in multi_indices(2, 2)])

    def first_order(values):
        mean = np.sum(weights * values, axis=(1, 2))
        return -np.sum(weights * action * values, axis=(1, 2)) + np.sum(weights * action) * mean

    # Derivative of G4c = <ffff> - SUM_3 <ff><ff> in the strength of the vertex.
    shift = unpack(first_order(pairs), 2, 2)
    crossed = sum(
        np.einsum(f"{left},{right}->abcd", one, two)
        for left, right in (("ab", "cd"), ("ac", "bd"), ("ad", "bc"))
        for one, two in ((shift, kernel), (kernel, shift))
    )
    four = first_order(product) - crossed[tuple(multi_indices(2, 4).T)]
    np.testing.assert_allclose(exact_vertex(kernel, four), vertex, rtol=1e-11)


def test_a_singular_kernel_is_refused():
    net = gaussian("erf", 5)
    kernel = output_kernel(net, 0.01 * RAY)
    with pytest.raises(ValueError, match=r"the kernel has condition number .* the exact vertex takes less"):
        exact_vertex(kernel, connected_four(net, 0.01 * RAY))


@pytest.mark.parametrize(
    ("net", "inputs", "shares"),
    [
        (gaussian("relu", 20, 0.0), RAY, (0.538, 0.403, 0.059)),
        (gaussian("gauss", 1000), 0.01 * RAY, (0.943, 0.038, 0.019)),
        (gaussian("gauss", 100), 0.01 * RAY, (0.291, 0.117, 0.592)),
    ],
)
def test_six_points_in_three_parts(net, inputs, shares):
    exact = connected_functions(net, inputs)
    free, quartic = six_point_without_sextic(exact.two, exact.four, 6)
    full = full_from_connected({2: exact.two, 4: exact.four, 6: exact.six}, 6)[6]
    np.testing.assert_allclose(free + quartic + exact.six, full, rtol=1e-13)
    weights = multiplicities(6, 6)
    sums = np.array([weights @ part for part in (free, quartic, exact.six)])
    np.testing.assert_allclose(sums / sums.sum(), shares, atol=6e-4)


def test_kappa_on_a_ray_is_closed():
    """K~ = x y / 2 for positive x and y, and 0 for negative y: INT K~^6 = PROD x L^7 / (7 * 64)."""
    net = gaussian("relu", 20, 0.0)
    indices = multi_indices(2, 6)
    rows = response(net, RAY[:2], indices, [KAPPA], box=10.0)
    np.testing.assert_allclose(rows.values[:, 0], -720 * np.prod(RAY[indices, 0], axis=1) * 10.0**7 / 448, rtol=1e-10)


@pytest.mark.parametrize(("net", "noise"), [(gaussian("gauss", 1000), 0.1332), (gaussian("erf", 5), 0.0949)])
def test_noise_of_the_published_estimator(net, noise):
    assert published_noise(net, np.array([0.007]), 1e7) == pytest.approx(noise, rel=2e-3)


def test_noise_of_a_product_of_two_normals_is_closed():
    """f = w v x with N = 1: E f^8 = 105^2, E f^4 = 9, G4c = 6."""
    net = Net((1, 1, 1), "linear")
    assert published_noise(net, np.ones(1), 1.0) == pytest.approx(np.sqrt(105**2 - 81) / 6, rel=1e-12)


def test_multiplicities_weigh_the_full_tensor():
    packed = pack(np.array([[1.0, 2.0], [2.0, 5.0]]))
    assert multiplicities(2, 2) @ packed == 10.0
