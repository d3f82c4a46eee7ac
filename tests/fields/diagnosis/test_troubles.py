"""Troubles by their numbers, faults by what was seen, and the advice for each: just enough, and just too much."""

from dataclasses import replace

import numpy as np
import pytest

from netphysics.fields.diagnosis import Verdict
from netphysics.fields.diagnosis.advice.causes import explain
from netphysics.fields.diagnosis.advice.mending import FEWER, mend_training
from netphysics.fields.diagnosis.advice.structure import mend_structure
from netphysics.fields.diagnosis.advice.training import change_all
from netphysics.fields.diagnosis.checks.inputs import check_inputs, is_tokens
from netphysics.fields.diagnosis.checks.structure import bounded_outputs, check_structure
from netphysics.fields.diagnosis.checks.troubles import behind_bottleneck, diagnose_trouble
from netphysics.fields.diagnosis.checks.weights import check_weights
from netphysics.fields.diagnosis.measuring.described_net import measure_net
from netphysics.fields.diagnosis.measuring.structure import Layer, Path, Structure
from netphysics.nets import Net

RIGHT = Verdict(True, "It is right.", 0.95)


@pytest.fixture
def measured(key):
    """A sound PyTorch network of three layers, of which tests say how it is put together."""
    net = Net((8, 8, 8, 3), "tanh")
    return replace(measure_net(net, np.eye(8), {}, key=key), framework="torch", structure=Structure())


def ending(*functions, **known):
    """The structure of a network whose outputs pass these functions after the last layer."""
    return Structure(paths={"z": Path("layer 3", functions)}, outputs="z", **known)


@pytest.mark.parametrize(
    ("functions", "factor", "scaled"),
    [
        (("div",), 1e3, True),
        (("mul",), 1e-3, True),
        (("mul",), 30, False),
        (("mul", "sigmoid"), 1e3, False),
        ((), 1, False),
    ],
)
def test_factors_of_the_outputs_are_told_by_the_gradients_of_the_last_layer(measured, functions, factor, scaled):
    last = replace(measured.layers[-1], gradients=factor * measured.layers[-1].gradients)
    found = replace(measured, layers=(*measured.layers[:-1], last), structure=ending(*functions))
    trouble, words = diagnose_trouble(found)
    assert (trouble == "scaled") is scaled
    assert not scaled or f"the last layer's times {factor:.2g}" in words
    assert not scaled or "return the outputs of the last layer as they are" in change_all(found, trouble)[0]


@pytest.mark.parametrize(("size", "narrow"), [(1, True), (2, True), (3, False), (0, False)])
def test_layers_that_few_numbers_reach_are_named(measured, size, narrow):
    layers = {"first": Layer("first", "linear", 1, 8, size), "second": Layer("second", "linear", 1, size, 16)}
    found = replace(measured, structure=Structure(layers=layers))
    assert (behind_bottleneck(found) is not None) is narrow
    if narrow:
        trouble, words = diagnose_trouble(found)
        assert trouble == "narrow" and words.endswith("of an input's 8 can reach layer second")
        assert "torch.nn.LazyLinear(16)" in mend_training(found, "narrow")[0]
        pooled = replace(found, structure=Structure(layers=layers, functions={"adaptive_avg_pool2d"}))
        assert mend_training(pooled, "narrow")[0].startswith("Flatten images in the place of pooling")


@pytest.mark.parametrize(
    ("known", "words", "advice"),
    [
        (
            {"erased": ("group_norm", "first")},
            "behind the group_norm of layer first",
            "torch.nn.GroupNorm(1, channels)",
        ),
        ({"erased": ("softmax", None)}, "behind the softmax:", "always 1"),
        ({"erased": ("hardtanh", "first")}, "behind the hardtanh", "Take the hardtanh away"),
        ({"infinite": ("log", "first")}, "The log of layer first gives NaN", "torch.log(x + 1e-6)"),
        ({"unlisted": 2}, "2 parameters of its layers", "torch.nn.ModuleList"),
        ({"mixed": True, "functions": {"lstm"}}, "change with the other inputs", "batch_first=True"),
        ({"mixed": True, "functions": {"view"}}, "change with the other inputs", "x.flatten(1)"),
        ({"one_hot": 0.9, "functions": {"matmul"}}, "Attention is saturated", "width**0.5"),
        (
            {"one_hot": 0.9, "functions": {"scaled_dot_product_attention"}},
            "Attention is saturated",
            "PyTorch's default",
        ),
    ],
)
def test_faults_of_the_structure_and_their_advice(measured, known, words, advice):
    found = replace(measured, structure=Structure(**known))
    assert words in check_structure(found).reason
    assert advice in mend_structure(found)


def test_attention_is_not_blamed_for_signals_that_explode(measured):
    first, *others = measured.layers
    exploding = tuple(replace(layer, outputs=100 * layer.outputs) for layer in others)
    assert check_structure(replace(measured, layers=(first, *exploding), structure=Structure(one_hot=1.0))).ok


def test_gradients_that_break_off_are_told_from_those_that_explode(measured):
    first, second, last = measured.layers
    broken = replace(first, gradients=np.full_like(first.gradients, np.nan))
    found = check_structure(replace(measured, layers=(broken, second, last)))
    assert found.layer == "layer 1" and "are not finite" in found.reason
    exploding = replace(second, gradients=1e30 * second.gradients)
    assert check_structure(replace(measured, layers=(broken, exploding, last))).ok
    still = replace(first, gradients=np.zeros_like(first.gradients))
    assert check_structure(replace(measured, layers=(still, second, last))).ok
    stepped = check_structure(replace(measured, layers=(still, second, last), structure=Structure(functions={"sign"})))
    assert "No gradient passes the sign behind layer 1" in stepped.reason and stepped.layer == "layer 1"


@pytest.mark.parametrize(
    ("functions", "name"),
    [
        (("sigmoid",), "sigmoid"), (("view", "logistic", "squeeze"), "sigmoid"), (("tanh",), "tanh"), ((), None),
        (("log_softmax",), None), (("tanh", "mul of signals"), None), (("sigmoid", "log"), None),
    ],
)  # fmt: skip
def test_bounded_outputs_are_said_to_need_their_loss_and_are_no_fault(measured, functions, name):
    found = replace(measured, structure=ending(*functions))
    assert bounded_outputs(found) == name
    verdicts = dict.fromkeys(("sgd", "adam", "inputs", "weights", "structure"), RIGHT)
    cause, advice = explain(found, verdicts)
    assert cause.startswith("Nothing was found")
    assert bool(advice) is (name is not None)
    assert name is None or (f"The outputs pass a {name}" in cause and advice[0].startswith("For CrossEntropyLoss"))


@pytest.mark.parametrize(
    ("name", "size", "ok"),
    [("lstm.bias_hh_l0", 10.0, False), ("lstm.bias_hh_l0", 4.0, True), ("first.bias", 10.0, True)],
)
def test_biases_that_shut_gates_are_told(measured, name, size, ok):
    (first, *others) = measured.kernels
    found = check_weights(replace(measured, kernels=(replace(first, name=name, values=size), *others)))
    assert found.ok is ok
    assert ok or (found.layer == name and "shut or open" in found.reason)


def test_whole_numbers_are_tokens_only_where_something_is_looked_up(measured):
    pixels = np.tile(np.arange(0, 256, 4), (4, 1)) + np.arange(4)[:, None]
    found = replace(measured, inputs=pixels.astype(float))
    assert not is_tokens(found)
    assert not check_inputs(pixels, is_tokens(found)).ok
    embedded = replace(found, structure=Structure(layers={"words": Layer("words", "embedding")}))
    assert check_inputs(pixels, is_tokens(embedded)).ok
    assert is_tokens(replace(found, structure=Structure(functions={"one_hot"})))


def test_recurrent_weights_are_drawn_orthogonal_and_layers_stay(measured):
    first, *_ = mend_training(replace(measured, weights={"cell.weight_hh_l0": np.eye(4)}), "slow")
    assert "orthogonal_(p) if 'weight_hh' in name" in first
    blocks = replace(measured, normalized=True, structure=Structure(skips=4, dropped=0.1), inputs=np.eye(8) * 4)
    small = replace(blocks, weights={name: 0.1 * w for name, w in blocks.weights.items()})
    first, *others = change_all(small, "slow")
    assert FEWER.lower() not in first.lower() and others == [FEWER]


def test_frozen_layers_are_noted_and_let_learn(measured):
    layers = {name: Layer(name, "linear", 1, 8, 8) for name in ("layer 1", "frozen")}
    found = replace(measured, structure=Structure(layers=layers))
    assert "1 of them frozen" in check_structure(found).reason
    assert "requires_grad_(True)" in change_all(found, "slow")[0]
