"""What PyTorch modules show while they run: samples that see each other or become the same, numbers that are none."""

import math

import numpy as np
import pytest

import netphysics
from netphysics.fields.diagnosis.checks.structure import check_structure

torch = pytest.importorskip("torch")
nn = torch.nn


class Written(nn.Module):
    """Two layers of these sizes with a function between them, and one that is applied to the inputs."""

    def __init__(self, between=torch.tanh, before=lambda x: x, n_in=8):
        super().__init__()
        self.first, self.second = nn.Linear(n_in, 16), nn.Linear(16, 5)
        self.between, self.before = between, before

    def forward(self, x):
        return self.second(self.between(self.first(self.before(x))))


class Loss(nn.Module):
    """The mean square of all outputs, which a model had better leave to others."""

    def forward(self, x):
        return x.square().mean()


def structure_verdict(model, x):
    from netphysics.fields.diagnosis.measuring.torch_model import measure_torch

    return check_structure(measure_torch(model, x, {}))


@pytest.fixture
def x():
    return torch.randn(12, 8, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    ("between", "words"),
    [
        (torch.tanh, None),
        (nn.GroupNorm(1, 16), None),
        (lambda z: torch.sigmoid(1e-5 * z), None),
        (nn.GroupNorm(16, 16), "behind the group_norm of layer first"),
        (lambda z: torch.softmax(z[..., None], dim=-1)[..., 0], "behind the softmax of layer first"),
        (lambda z: torch.clamp(z, 50, 60), "behind the clamp of layer first"),
        (lambda z: torch.log(torch.relu(z)), "The log of layer first gives NaN or infinity"),
        (lambda z: torch.sqrt(z**2 * (z > 0)), "Gradients behind layer first are not finite"),
        (lambda z: torch.sqrt(z**2 * (z > 0) + 1e-6), None),
        (torch.sign, "No gradient passes the sign behind layer first"),
        (lambda z: z + (torch.sign(z) - z).detach(), None),
        (nn.Sequential(nn.Tanh(), nn.Linear(16, 16), nn.Tanh()), None),
        (nn.Linear(16, 16), "no activation"),
    ],
)
def test_functions_between_layers(between, words, x):
    torch.manual_seed(0)
    found = structure_verdict(Written(between), x)
    assert found.ok is (words is None), found.reason
    assert words is None or words in found.reason


@pytest.mark.parametrize(
    ("before", "mixed"),
    [
        (lambda x: x, False),
        (lambda x: x.T.reshape(len(x), -1), True),
        (lambda x: torch.softmax(x @ x.T, dim=1) @ x, True),
        (lambda x: x.cumsum(dim=0), True),
        (lambda x: x.cumsum(dim=1), False),
        (nn.BatchNorm1d(8), False),
        (nn.BatchNorm1d(8, track_running_stats=False), False),
        (lambda x: x + torch.randn_like(x), False),
        (lambda x: torch.eye(12).roll(1, dims=0) @ x, False),
    ],
)
def test_samples_that_see_each_other(before, mixed, x):
    torch.manual_seed(0)
    found = structure_verdict(Written(before=before), x)
    assert found.ok is not mixed, found.reason
    assert not mixed or "change with the other inputs of the batch" in found.reason


def test_batches_along_the_second_axis_are_told_of_recurrent_layers_and_of_attention(x):
    class Recurrent(nn.Module):
        def __init__(self, first):
            super().__init__()
            self.cell, self.head = nn.GRU(4, 8, batch_first=first), nn.Linear(8, 3)

        def forward(self, x):
            return self.head(self.cell(x.reshape(12, 2, 4))[0][:, -1])

    torch.manual_seed(0)
    assert structure_verdict(Recurrent(True), x).ok
    x = torch.randn(10, 8)
    model = nn.Sequential(nn.Unflatten(1, (2, 4)), nn.TransformerEncoderLayer(4, 2, 8), nn.Flatten(), nn.Linear(8, 3))
    assert "other inputs" in structure_verdict(model, x).reason


def test_layers_that_no_optimizer_is_given(x):
    model = Written()
    lost = [nn.Linear(16, 16)]
    model.between = lambda z: torch.tanh(lost[0](torch.tanh(z)))
    assert "2 parameters of its layers are not in model.parameters()" in structure_verdict(model, x).reason


def test_frozen_layers_are_not_detached(x):
    model = Written()
    model.first.requires_grad_(False)
    found = structure_verdict(model, x)
    assert found.ok and "1 of them frozen" in found.reason


@pytest.mark.parametrize(
    ("model", "inputs", "words"),
    [
        (nn.Linear(8, 3, device="meta"), np.ones((4, 8)), "device meta"),
        (nn.Linear(8, 3), iter([1]), "inputs hold a list_iterator"),
        (nn.Sequential(nn.Linear(8, 3), Loss()), np.ones((4, 8)), "not a loss"),
        (nn.Linear(8, 3), np.ones(6), "samples along the first axis"),
    ],
)
def test_models_and_inputs_that_cannot_be_diagnosed_are_refused_in_a_sentence(model, inputs, words):
    with pytest.raises(ValueError, match=words):
        netphysics.diagnose(model, inputs)


def test_lists_of_samples_and_batches_of_one_size_are_taken():
    torch.manual_seed(0)
    x = torch.randn(40, 8)
    assert netphysics.diagnose(Written(), [*x]).healthy
    assert netphysics.diagnose(Written(before=lambda x: x.reshape(40, 8)), x).healthy


def test_lower_precision_inside_of_a_model_is_followed(x):
    model = Written(between=lambda z: torch.relu(z.bfloat16()).float())
    model.second.register_forward_hook(lambda _, __, out: out.bfloat16())
    assert math.isfinite(netphysics.diagnose(model, x).verdicts["adam"].probability)


def test_pixels_of_bytes_are_inputs_of_the_wrong_size():
    torch.manual_seed(0)
    pixels = torch.randint(0, 256, (16, 8), dtype=torch.uint8)
    found = netphysics.diagnose(Written(before=lambda x: x.float()), pixels)
    assert found.verdicts["inputs"].ok is False
    scope = {"torch": torch, "x": pixels}
    exec("; ".join(part for part in found.advice[0].partition(": ")[2].split("; ") if part.startswith("x = ")), scope)
    assert abs(float(scope["x"].std()) - 1) < 1e-4
