"""Advice on how to draw weights, on sums of blocks, and on dropout."""

from dataclasses import replace

import numpy as np
import pytest

from netphysics.fields.diagnosis.described_net import measure_net
from netphysics.fields.diagnosis.mending import mend_training, together
from netphysics.fields.diagnosis.redrawing import CENTERED, redraw
from netphysics.fields.diagnosis.structure import Structure
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


def test_what_drops_is_switched_off_together_with_the_first_change(measured):
    first, *_ = mend_training(replace(measured, structure=between("tanh", dropped=0.3)), "vanish")
    words, line = first.split(": ", 1)
    assert "Draw orthogonal weights of gain 1," in words and words.endswith("and drop nothing until it trains")
    draws, drops = line.split("; ")
    assert draws.startswith("[torch.nn.init.orthogonal_") and drops.startswith("[setattr(m, 'p', 0.0)")
    assert "drop" not in mend_training(replace(measured, structure=between("tanh")), "vanish")[0]


def test_two_pieces_of_advice_are_one():
    assert together("Do this: a", "Do that: b") == "Do this, and do that: a; b"
