"""Trainings of ensembles: learning rates, divergence, interruption, and networks whose training is known exactly."""

import re
from pathlib import Path

import jax
import numpy as np
import pytest

from netphysics.fields.learning import (
    Descent,
    descent,
    draw_networks,
    flow,
    infinite_width,
    largest_eigenvalues,
    make_ensemble,
    network,
    outputs,
    posterior,
    response,
    trained,
)
from netphysics.nets import ConvolutionalNet, LearningRates, Net, ResidualNet

RNG = np.random.default_rng(3)
INPUTS = RNG.normal(size=(12, 4))
TARGETS = RNG.normal(size=(8, 2))
NET = Net((4, 6, 6, 2), "tanh")


def ensemble(descent, net=NET, members=3, rates=None, chunks=20, **more):
    keys = jax.random.split(jax.random.key(5), members)
    return make_ensemble(net, INPUTS[:8], TARGETS, descent, rates, chunks=chunks)(keys, **more)


@pytest.mark.parametrize("momentum", [0.0, 0.8])
def test_a_linear_map_learns_as_its_tangent_kernel_says(momentum):
    net = Net((4, 2), "linear", weight_variance=1.5, bias_variance=0.3)
    rates = LearningRates.matching(net)
    method = "momentum" if momentum else "descent"
    found = ensemble(Descent(25, 0.2, "absolute", method, momentum=momentum), net, rates=rates)
    theory = infinite_width(net, INPUTS)
    learned = response(theory, 8, descent(0.2, 25, momentum))
    start = np.asarray(outputs(found.initial, INPUTS), np.float64)
    expected = start + np.einsum("mn,rnc->rmc", learned, TARGETS - start[:, :8])
    np.testing.assert_allclose(outputs(found.networks, INPUTS), expected, rtol=2e-4, atol=2e-5)


def test_processes_have_the_moments_of_their_parts():
    theory = infinite_width(NET, INPUTS)
    untrained = trained(theory, TARGETS, flow(0.0))
    np.testing.assert_allclose(untrained.mean, 0, atol=1e-12)
    np.testing.assert_allclose(untrained.covariance, theory.kernel, atol=1e-12)
    late = trained(theory, TARGETS, flow(1e9))
    np.testing.assert_allclose(late.mean[:8], TARGETS, atol=1e-6)
    np.testing.assert_allclose(late.covariance[:8, :8], 0, atol=1e-6)
    slow = trained(theory, TARGETS, descent(1e-4, 10_000))
    np.testing.assert_allclose(slow.mean, trained(theory, TARGETS, flow(1.0)).mean, rtol=1e-3, atol=1e-4)


def test_the_posterior_is_that_of_a_gaussian_process():
    kernel = infinite_width(NET, INPUTS).kernel
    found = posterior(kernel, TARGETS, 0.1)
    inverse = np.linalg.inv(kernel[:8, :8] + 0.1 * np.eye(8))
    np.testing.assert_allclose(found.mean, kernel[:, :8] @ inverse @ TARGETS, atol=1e-10)
    np.testing.assert_allclose(found.covariance, kernel - kernel[:, :8] @ inverse @ kernel[:8], atol=1e-10)


def test_learning_rates_are_fractions_of_what_is_stable():
    found = ensemble(Descent(5, 0.5))
    largest = largest_eigenvalues(found.initial, INPUTS[:8], key=jax.random.key(1))
    np.testing.assert_allclose(found.learning_rates, 1 / largest, rtol=1e-3)
    assert found.finished.all()


@pytest.mark.parametrize(
    "settings",
    [
        {"method": "adam", "unit": "absolute", "learning_rate": 0.01},
        {"batch": 4, "learning_rate": 0.3},
        {"loss": "cross-entropy", "learning_rate": 0.5},
    ],
)
def test_other_methods_learn(settings):
    found = ensemble(Descent(steps=40, **settings))
    assert np.all(found.losses[-1] < found.losses[0])
    assert found.losses.shape == (20, 3) and found.steps[-1] == 40


def test_other_networks_learn():
    for net in (ResidualNet(NET, 0.5), ConvolutionalNet((4,), 3, 2, 2, "tanh")):
        found = ensemble(Descent(30, 0.5), net)
        assert np.all(found.losses[-1] < found.losses[0])


def test_steps_to_a_loss():
    found = ensemble(Descent(40, 0.5), chunks=40)
    threshold = 1.001 * float(found.losses[9].max())
    assert np.all(found.steps_to(threshold) <= 10)
    assert np.all(np.isinf(found.steps_to(0.0)))


def test_an_interrupted_training_ends_with_the_same_numbers(tmp_path):
    whole = ensemble(Descent(20, 0.5), chunks=4)

    def stop(progress):
        if progress.done >= 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensemble(Descent(20, 0.5), chunks=4, folder=tmp_path, watch=stop)
    resumed = ensemble(Descent(20, 0.5), chunks=4, folder=tmp_path)
    np.testing.assert_array_equal(outputs(whole.networks, INPUTS), outputs(resumed.networks, INPUTS))
    np.testing.assert_array_equal(whole.losses, resumed.losses)


def test_networks_that_diverge_are_named():
    linear = Net((4, 6, 2), "linear")
    with pytest.raises(ValueError, match=r"all 3 networks diverged with learning rates of 100; .* stay below"):
        ensemble(Descent(200, 100.0, "absolute"), linear)
    keys = jax.random.split(jax.random.key(5), 3)
    stable = 2 / largest_eigenvalues(draw_networks(linear, keys), INPUTS[:8], key=jax.random.key(1))
    # A network survives up to about twice its limit.
    found = ensemble(Descent(200, float(2.5 * stable.min()), "absolute"), linear)
    assert 0 < found.finished.sum() < 3 and len(found.notes) == 3 - found.finished.sum()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"learning_rate": 0.0}, "learning_rate is 0.0; it must be positive"),
        ({"learning_rate": -1.0}, "it must be positive"),
        ({"steps": 0}, "steps is 0"),
        ({"batch": 0}, "batch is 0"),
        ({"method": "adam"}, "must be 'absolute' for adam"),
        ({"momentum": 1.0}, "momentum is 1.0"),
    ],
)
def test_bad_descents(change, message):
    with pytest.raises(ValueError, match=message):
        Descent(**{"steps": 10, "learning_rate": 0.5, **change})


def test_bad_arguments(key):
    with pytest.raises(ValueError, match=r"rates.bias is 0 while bias_variance is 0.1"):
        network(Net((2, 3, 1), "tanh", bias_variance=0.1), LearningRates(0.0, 1.0), key=key)
    theory = infinite_width(NET, INPUTS)
    with pytest.raises(ValueError, match="13 training examples among 12 points"):
        response(theory, 13, flow(1.0))
    with pytest.raises(ValueError, match="noise is 0"):
        posterior(theory.kernel, TARGETS, 0.0)
    with pytest.raises(ValueError, match="momentum is 1"):
        descent(0.1, 3, 1.0)


def test_the_page_does_what_it_says(capsys):
    """The examples in docs/learning.md run, and orthogonal networks are ahead."""
    page = (Path(__file__).parents[3] / "docs" / "learning.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    with jax.numpy_dtype_promotion("standard"), jax.numpy_rank_promotion("allow"):
        exec("\n".join(blocks), {})
    lines = capsys.readouterr().out.splitlines()
    gaussian, orthogonal = (float(re.search(r"loss ([\d.]+)", line)[1]) for line in lines[:2])
    assert orthogonal < gaussian and "%" in lines[2]
