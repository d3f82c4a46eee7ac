"""Faults of recurrent layers, embeddings, attention and dropout: just enough of each, and just too much."""

from dataclasses import replace

import numpy as np
import pytest

from netphysics.fields.diagnosis.checks.structure import check_structure
from netphysics.fields.diagnosis.checks.weights import check_weights
from netphysics.fields.diagnosis.measuring.described_net import measure_net
from netphysics.fields.diagnosis.measuring.structure import Layer, Structure
from netphysics.nets import Net

WEIGHTS = np.random.default_rng(0).standard_normal((16, 16))


@pytest.fixture
def measured(key):
    """A sound network, whose structure and weights are put in by tests."""
    return replace(measure_net(Net((8, 8, 3), "tanh"), np.eye(8), {}, key=key), structure=Structure())


@pytest.mark.parametrize("name", ["lstm.weight_hh_l0", "lstm.weight_ih_l1"])
@pytest.mark.parametrize(("gain", "ok"), [(1 / np.sqrt(3), True), (5.0, True), (20.0, False)])
def test_gates_that_are_saturated_are_told_by_their_weights(measured, name, gain, ok):
    found = check_weights(replace(measured, weights={name: gain * WEIGHTS / 4}))
    assert found.ok is ok
    assert ok or (found.layer == name and "gates are saturated" in found.reason)


@pytest.mark.parametrize(
    ("function", "size", "ok"), [("embedding", 1, True), ("embedding", 50, False), ("linear", 50, True)]
)
def test_embeddings_are_told_to_be_too_large_and_other_layers_are_not(measured, function, size, ok):
    structure = Structure(layers={"words": Layer("words", function)})
    found = check_weights(replace(measured, weights={"words": size * WEIGHTS}, structure=structure))
    assert found.ok is ok
    assert ok or (found.layer == "words" and "signals of about 1" in found.reason)
    assert check_weights(replace(measured, weights={"words": size * WEIGHTS}, structure=structure, normalized=True)).ok


@pytest.mark.parametrize(
    ("structure", "words"),
    [
        (Structure(one_hot=0.5, dropped=0.5), None),
        (Structure(one_hot=0.9), "90% of its softmax looks at one token alone"),
        (Structure(dropped=0.95), "takes 95% of the signals away"),
    ],
)
def test_attention_to_one_token_and_dropout_of_nearly_everything_are_faults(measured, structure, words):
    found = check_structure(replace(measured, structure=structure))
    assert found.ok is (words is None)
    assert words is None or words in found.reason


def test_pytorch_attention_and_dropout_are_seen():
    torch = pytest.importorskip("torch")
    from netphysics.fields.diagnosis.measuring.torch_model import measure_torch

    class Attention(torch.nn.Module):
        def __init__(self, gain, dropped):
            super().__init__()
            self.query, self.key, self.head = (torch.nn.Linear(16, 16) for _ in range(3))
            self.dropout = torch.nn.Dropout(dropped)
            for layer in (self.query, self.key):
                torch.nn.init.orthogonal_(layer.weight, gain=gain)

        def forward(self, x):
            mixed = torch.softmax(self.query(x) @ self.key(x).transpose(1, 2) / 4, dim=-1)
            return self.head(self.dropout(mixed @ x)).mean(dim=1)

    torch.manual_seed(0)
    x = torch.randn(8, 6, 16)
    for gain, dropped, words in ((1, 0.5, None), (30, 0.5, "one token alone"), (1, 0.95, "takes 95%")):
        found = check_structure(measure_torch(Attention(gain, dropped), x, {}))
        assert found.ok is (words is None), found.reason
        assert words is None or words in found.reason


def test_virtual_steps_drop_what_training_drops():
    torch = pytest.importorskip("torch")
    from netphysics.fields.diagnosis.measuring.torch_batch import as_batch
    from netphysics.fields.diagnosis.measuring.torch_model import training_copy
    from netphysics.fields.diagnosis.measuring.torch_steps import learned

    torch.manual_seed(0)
    layers = [torch.nn.Linear(8, 32), torch.nn.ReLU(), torch.nn.Dropout(0.0), torch.nn.Linear(32, 4)]
    model, x, state = torch.nn.Sequential(*layers), torch.randn(32, 8), torch.random.get_rng_state()
    found = []
    for share in (0.0, 0.9, 0.9):
        layers[2].p = share
        copy = training_copy(model)
        found.append(learned(copy, as_batch(x), 4, {"adam": 1e-2}, samples=32, steps=9)["adam"])
    assert found[0].alignment > found[1].alignment + 0.05 and found[1] == found[2]
    assert torch.equal(state, torch.random.get_rng_state())


def test_models_of_several_arguments_and_of_one_size_of_batches_take_virtual_steps_on_the_batch():
    torch = pytest.importorskip("torch")
    from netphysics.fields.diagnosis.measuring.torch_batch import as_batch
    from netphysics.fields.diagnosis.measuring.torch_steps import fitting_task

    class Rigid(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.head = torch.nn.Linear(6, 3)

        def forward(self, x, shift=0.0):
            return self.head(x.reshape(12, 6)) + shift

    x = torch.randn(12, 6, generator=torch.Generator().manual_seed(0))
    for batch, model in (((x,), Rigid()), ((x, torch.zeros(3)), Rigid()), ((x,), torch.nn.Linear(6, 3))):
        taken, targets = fitting_task(model, as_batch(batch), 3, 64)
        assert len(taken) == len(targets) == (64 if isinstance(model, torch.nn.Linear) else 12)
        assert torch.equal(taken.signal[:12], x)
    taken, _ = fitting_task(Rigid(), as_batch((x,)), 3, 8)
    assert torch.equal(taken.signal, x)
