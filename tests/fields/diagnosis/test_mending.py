"""Advice on how to draw weights, on sums of blocks, and on dropout."""

from dataclasses import replace

import numpy as np
import pytest

from netphysics.fields.diagnosis.advice.mending import mend_training, together
from netphysics.fields.diagnosis.advice.redrawing import CENTERED, redraw
from netphysics.fields.diagnosis.advice.training import change_all, keep_places, standardize
from netphysics.fields.diagnosis.measuring.described_net import measure_net
from netphysics.fields.diagnosis.measuring.structure import Layer, Structure
from netphysics.nets import Net, activation


@pytest.fixture
def measured(key):
    """A network of gain 0.5, of which tests say how it is put together."""
    net = Net((8, 8, 8, 3), "tanh", weight_variance=0.25)
    return replace(measure_net(net, np.eye(8), {}, key=key), framework="torch")


def between(*functions, **known):
    """The structure of layers with these functions between them."""
    return Structure(activations={f"layer {i}": name for i, name in enumerate(functions)}, **known)


@pytest.mark.parametrize("name", ["sigmoid", "softplus"])
def test_biases_center_activations_that_are_not_zero_at_zero(name, measured):
    gain, shift = CENTERED[name]
    value, slope, *_ = activation(name).derivatives(np.zeros(1))
    assert (gain, shift) == pytest.approx((1 / slope[0], value[0]))
    (advice,) = redraw(replace(measured, activation=activation(name)))
    assert f"orthogonal_(m.weight, gain={gain:.4g})" in advice
    assert f"copy_({-shift:.4g} * m.weight.data.flatten(1).sum(1))" in advice


@pytest.mark.parametrize(
    ("function", "gain"), [("relu6", "gain=1.414"), ("hardtanh", "gain=1)"), ("prelu", "gain=1.372"), ("cos", None)]
)
def test_activations_without_a_theory_are_drawn_as_those_they_resemble(function, gain, measured):
    advice = redraw(replace(measured, activation=None, structure=between(function, function)))
    assert (gain is None and advice == ()) or f"at which {function} keeps" in advice[0]
    assert gain is None or gain in advice[0]


def test_blocks_that_add_too_much_are_drawn_smaller_or_scaled(measured):
    blocks = between("tanh", skips=16)
    first, *_ = mend_training(replace(measured, structure=blocks), "explode")
    assert "x + 0.2 * block(x)" in first  # weights are small already
    large = {name: 3 * w for name, w in measured.weights.items()}
    first, second, *_ = mend_training(replace(measured, structure=blocks, weights=large), "explode")
    assert "kaiming_uniform_(m.weight, a=5**0.5)" in first and "16 blocks" in first
    assert "block(x)" in second


def test_blocks_pass_activations_that_are_zero_at_zero(measured):
    blocks = replace(measured, activation=None, structure=between("hardsigmoid", skips=4))
    first, *_ = mend_training(blocks, "vanish")
    assert first.startswith("Take tanh in the place of hardsigmoid") and first.endswith(": torch.nn.Tanh()")


def test_all_that_may_be_in_the_way_is_changed_at_once(measured):
    inputs = 0.1 * np.random.default_rng(0).standard_normal((8, 8))
    first, *_ = change_all(replace(measured, inputs=inputs, structure=between("tanh", dropped=0.3)), "vanish")
    words, line = first.split(": ", 1)
    assert words.startswith("Standardize the inputs (now of mean ") and ", draw orthogonal weights of gain 1," in words
    assert words.endswith("drop nothing until it trains, and train with Adam")
    standard, draws, drops, steps = line.split("; ")
    assert standard == "x = (x - x.mean()) / x.std()" and draws.startswith("[torch.nn.init.orthogonal_")
    assert drops.startswith("[setattr(m, 'p', 0.0)") and steps == "torch.optim.Adam(model.parameters(), lr=0.001)"
    first, *_ = change_all(replace(measured, inputs=10 * inputs, structure=between("tanh")), "vanish")
    assert first.startswith("Draw orthogonal") and "drop" not in first


def test_tokens_are_not_standardized(measured):
    tokens = replace(measured, inputs=np.arange(64.0).reshape(8, 8))
    embedded = {"layer 0": Layer("layer 0", "embedding")}
    assert standardize(replace(tokens, structure=between("tanh", layers=embedded))) == ()
    (advice,) = standardize(replace(tokens, structure=between("tanh")))
    assert "deviation 18" in advice


@pytest.mark.parametrize(("channels", "kept"), [(5, True), (64, False)])
def test_pooling_that_leaves_few_numbers_is_taken_away(channels, kept, measured):
    layers = {
        "first": Layer("first", "conv2d", 9, 64, 64 * channels),
        "last": Layer("last", "linear", 1, channels, 10),
    }
    pooled = between("tanh", layers=layers, functions={"conv2d", "adaptive_avg_pool2d"})
    advice = keep_places(replace(measured, structure=pooled))
    assert bool(advice) == kept
    assert not kept or "leaves 5 numbers" in advice[0]
    flat = between("tanh", layers=layers, functions={"conv2d"})
    assert keep_places(replace(measured, structure=flat)) == ()


def test_pieces_of_advice_are_one():
    assert together("Do this: a", "Do that: b") == "Do this, and do that: a; b"
    assert together("Do this: a", "Do that", "Do more: c") == "Do this, do that, and do more: a; c"
    assert together("Do this: a") == "Do this: a"


def test_deep_chains_of_unknown_activations_are_normalized_and_bypassed(measured):
    strange = replace(measured, activation=None, structure=between("cos", "cos"))
    assert mend_training(strange, "vanish")[0].startswith("Normalize before every activation: ")
    first, *_ = mend_training(replace(strange, layers=strange.layers[:1] * 30), "vanish")
    assert first.startswith("Normalize before every activation, and let each add") and first.endswith(
        "x = x + layer(x)"
    )
