"""Verdicts, causes and advice for described networks: the cases that are known to train or not, and their neighbors."""

import numpy as np
import pytest

import netphysics
from netphysics.fields.depth import critical_point, finite_width_flow
from netphysics.fields.diagnosis import Verdict
from netphysics.fields.diagnosis.advice.causes import explain
from netphysics.fields.diagnosis.checks.inputs import check_inputs
from netphysics.fields.diagnosis.checks.weights import fault_of
from netphysics.fields.diagnosis.measuring.described_net import measure_net
from netphysics.fields.diagnosis.trainability import RATES
from netphysics.fields.diagnosis.verdicts import healthy, judge
from netphysics.nets import Net, activation

INPUTS = np.random.default_rng(3).standard_normal((16, 32))


def judged(name, variance, depth, key, inputs=INPUTS, bias=0.0, init="gaussian"):
    net = Net((32, *(32,) * depth, 10), name, init, variance, bias)
    measured = measure_net(net, inputs, RATES, key=key)
    verdicts = judge(measured, inputs)
    return verdicts, *explain(measured, verdicts)


@pytest.mark.parametrize(
    ("activation", "variance", "depth", "words", "gain"),
    [
        ("relu", 0.3333, 32, "gradients vanish", "gain 1.414"),
        ("relu", 0.3333, 20, "gradients vanish", "gain 1.414"),
        ("leaky-relu", 0.3333, 32, "gradients vanish", "gain 1.414"),
        ("linear", 256.0, 30, "signals and gradients explode", "gain 1,"),
        ("tanh", 0.3333, 30, "gradients vanish", "gain 1,"),
        ("sigmoid", 1.0, 20, "gradients vanish", "gain 4,"),
        ("gelu", 0.3333, 20, "gradients vanish", "gain 1.408"),
    ],
)
def test_what_will_not_train_is_told_with_the_change_that_mends_it(activation, variance, depth, words, gain, key):
    verdicts, cause, advice = judged(activation, variance, depth, key)
    assert verdicts["sgd"].ok is False and verdicts["adam"].probability < 0.5 and not healthy(verdicts)
    assert words in cause
    assert gain in advice[0]


@pytest.mark.parametrize(
    ("activation", "variance", "words"),
    [("relu", 64.0, "signals and gradients explode"), ("tanh", 9.0, "gradients explode")],
)
def test_what_explodes_is_no_network_for_plain_sgd(activation, variance, words, key):
    verdicts, cause, _ = judged(activation, variance, 20, key)
    assert verdicts["sgd"].probability < 0.3 and verdicts["adam"].probability > verdicts["sgd"].probability + 0.3
    assert words in cause


@pytest.mark.parametrize(
    ("activation", "variance", "depth", "init"),
    [
        ("relu", 2.0, 5, "gaussian"),
        ("relu", 0.3333, 2, "gaussian"),
        ("tanh", 1.0, 20, "orthogonal"),
        ("tanh", 1.3, 5, "gaussian"),
        ("linear", 1.0, 5, "orthogonal"),
        ("swish", 2.0, 3, "gaussian"),
    ],
)
def test_what_trains_is_healthy(activation, variance, depth, init, key):
    verdicts, cause, _ = judged(activation, variance, depth, key, init=init)
    assert healthy(verdicts), verdicts
    assert "Nothing was found" in cause or cause.startswith("Adam should train it")


def test_advice_that_is_followed_mends(key):
    before, _, advice = judged("tanh", 0.3333, 30, key)
    assert "orthogonal(scale=1)" in advice[0]
    after, cause, _ = judged("tanh", 1.0, 30, key, init="orthogonal")
    assert after["adam"].probability > before["adam"].probability + 0.3
    assert "Nothing was found" in cause
    _, _, advice = judged("relu", 2.0, 60, key, inputs=INPUTS * 1e-1, init="orthogonal")
    assert not any("gain 1.414" in sentence for sentence in advice)  # it is in place


@pytest.mark.parametrize(
    ("sgd", "adam", "line"),
    [
        (0.1, 0.95, "Train with Adam"),
        (0.95, 0.2, "optax.sgd(0.05)"),
        (0.1, 0.1, "gain 1.414"),
        (0.1, 0.7, "gain 1.414"),
    ],
)
def test_where_one_optimizer_surely_trains_it_is_advised_first(sgd, adam, line, key):
    measured = measure_net(Net((32, *(32,) * 20, 10), "relu", weight_variance=0.3333), INPUTS, {}, key=key)
    verdicts = dict.fromkeys(("inputs", "weights", "structure"), Verdict(True, ""))
    judged = {name: Verdict(p > 0.5, "", p) for name, p in (("sgd", sgd), ("adam", adam))}
    cause, advice = explain(measured, verdicts | judged)
    assert "gradients vanish" in cause and line in advice[0]
    assert any("gain 1.414" in sentence for sentence in advice[:2])
    assert "optax.adam(0.001)" in advice[0] or sgd > 0.5


def test_what_trains_but_not_surely_is_told_what_helps(key):
    measured = measure_net(Net((32, *(32,) * 20, 10), "relu", weight_variance=0.3333), INPUTS, {}, key=key)
    verdicts = dict.fromkeys(("inputs", "weights", "structure"), Verdict(True, ""))
    cause, advice = explain(measured, verdicts | dict.fromkeys(("sgd", "adam"), Verdict(True, "", 0.7)))
    assert "not for sure" in cause and advice[0].startswith("Should it not train, draw orthogonal")


def test_signals_of_any_size_are_followed(key):
    net = Net((8, *(8,) * 100, 3), "linear", weight_variance=1e6)
    measured = measure_net(net, np.eye(8), RATES, key=key)
    verdicts = judge(measured, np.eye(8))
    cause, _ = explain(measured, verdicts)
    assert "explode" in cause and verdicts["adam"].ok is False


@pytest.mark.parametrize(
    ("inputs", "ok", "words"),
    [
        (INPUTS, True, "root mean square"),
        (np.vstack([INPUTS, np.zeros((1, 32))]), True, "1 blank"),
        (np.hstack([INPUTS, np.ones((16, 1))]), True, "root mean square"),
        (np.clip(100 + 60 * INPUTS, 0, 255), False, "networks are made for inputs of about 1"),
        (INPUTS / 1000, False, "networks are made for inputs of about 1"),
        (np.clip(0.5 + 0.3 * INPUTS, 0, 1), True, "from 0 to 1"),
        (3 + 0.01 * INPUTS, False, "their mean 3"),
        (np.ones((4, 3)), False, "All 4 inputs are the same"),
        (np.vstack([INPUTS, np.full((1, 32), np.nan)]), False, "Input 16 holds NaN"),
        (np.arange(6).reshape(2, 3), True, "tokens"),
    ],
)
def test_inputs(inputs, ok, words):
    found = check_inputs(inputs)
    assert found.ok is ok
    assert words in found.reason


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (INPUTS, None),
        (np.zeros((3, 4)), "zero"),
        (np.full((3, 4), 0.1), "are all 0.1"),
        (np.tile(INPUTS[0], (4, 1)), "the same for all units"),
        (np.outer(INPUTS[0], INPUTS[1]), "rank one"),
        (np.outer(INPUTS[0], INPUTS[1]) + 1e-2 * np.eye(32), None),
        (np.where(INPUTS > 2, np.inf, INPUTS), "NaN or infinity"),
        (np.ones((1, 4)), None),
        (np.eye(3), None),
    ],
)
def test_weights(matrix, words):
    found = fault_of(matrix)
    assert found is None if words is None else words in found


@pytest.mark.parametrize(("weight_variance", "words"), [(1e4, "explode"), (1e-4, "vanish")])
def test_signals_beyond_the_reach_of_theory_are_measured(weight_variance, words):
    found = netphysics.diagnose(Net((8,) * 40, "linear", weight_variance=weight_variance))
    assert f"signals and gradients {words}" in found.cause and found.phase is None
    assert "one network was measured" in found.limits[0]


@pytest.mark.parametrize(("activation", "depth"), [("relu", 32), ("relu", 70), ("leaky-relu", 32), ("tanh", 40)])
def test_theory_follows_signals_that_vanish(activation, depth):
    flow = finite_width_flow(Net((64,) * (depth + 2), activation, weight_variance=0.3333), 1.0)
    factor = 0.3333 / 2 if activation == "relu" else flow.kernel[-1] / flow.kernel[-2]
    assert flow.kernel[-1] == pytest.approx(factor * flow.kernel[-2])
    assert 0 < flow.kernel[-1] < 1e-15


def test_activations_go_by_the_names_of_other_libraries():
    for name, same in (("ReLU", "relu"), ("SiLU", "swish"), ("LeakyReLU", "leaky-relu"), ("leaky_relu", "leaky-relu")):
        assert activation(name) is activation(same)
    # Near zero selu is linear on both sides, with slopes λ and λα.
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    selu = critical_point(activation("SELU"))
    assert selu.weight_variance == pytest.approx(2 / (scale**2 * (1 + alpha**2)))
    z = np.array([-1.0, 0.5])
    assert activation("Mish").derivatives(z)[0] == pytest.approx(z * np.tanh(np.log1p(np.exp(z))))
