"""Mean-field theory against PyTorch's own layers, where PyTorch is installed."""

import numpy as np
import pytest

from netphysics.fields.mean_field import layer_flow
from netphysics.nets.layers import (
    Activate,
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    LayeredNet,
    LayerNorm,
    MeanPool,
    Residual,
)

torch = pytest.importorskip("torch")
NETWORKS = 120


class Add(torch.nn.Module):
    def __init__(self, branch, scale):
        super().__init__()
        self.branch, self.scale = branch, scale

    def forward(self, x):
        return x + self.scale * self.branch(x)


def linear(n_in, n_out, variance):
    layer = torch.nn.Linear(n_in, n_out, bias=False)
    torch.nn.init.normal_(layer.weight, std=(variance / n_in) ** 0.5)
    return layer


def residual(n):
    norm, act = torch.nn.LayerNorm(n), torch.nn.GELU()
    branch = torch.nn.Sequential(norm, linear(n, n, 1.0), act, linear(n, n, 2.0))
    return torch.nn.Sequential(linear(12, n, 1.0), Add(branch, 0.7), linear(n, n, 1.0))


def batch(n):
    act, norms = torch.nn.ReLU(), [torch.nn.BatchNorm1d(n) for _ in range(2)]
    return torch.nn.Sequential(linear(12, n, 1.0), norms[0], act, linear(n, n, 1.0), norms[1], act, linear(n, n, 1.0))


def ring(n):
    convolutions = [torch.nn.Conv1d(size, n, 3, padding=1, padding_mode="circular", bias=False) for size in (12, n)]
    for convolution in convolutions:
        fan_in = convolution.weight[0].numel()
        torch.nn.init.normal_(convolution.weight, std=(2 / fan_in) ** 0.5)
    pool = torch.nn.Sequential(torch.nn.AdaptiveAvgPool1d(1), torch.nn.Flatten())
    act, dropout = torch.nn.ReLU(), torch.nn.Dropout(0.3)
    return torch.nn.Sequential(convolutions[0], act, dropout, convolutions[1], act, pool, linear(n, n, 1.0))


BLOCK = Residual((LayerNorm(), Dense(), Activate("gelu"), Dense(2.0)), 0.7)
RELU = (Convolution(3, 2.0), Activate("relu"))
CASES = {
    "residual": (residual, (Dense(), BLOCK, Dense()), 1),
    "batch": (batch, (Dense(), BatchNorm("relu"), Dense(), BatchNorm("relu"), Dense()), 1),
    "ring": (
        ring,
        (
            Convolution(3, 2.0),
            Activate("relu"),
            Dropout(0.3),
            Convolution(3, 2.0),
            Activate("relu"),
            MeanPool(),
            Dense(),
        ),
        6,
    ),
}


def measured(make, n, x):
    """Mean square of the outputs, squared gradient by the first layer's outputs and cosine of two inputs."""
    found = []
    for _ in range(NETWORKS):
        model = make(n)
        first = model[0](x)
        z = model[1:](first)
        u = torch.randn_like(z)
        (gradient,) = torch.autograd.grad((z * u / u.norm(dim=1, keepdim=True)).sum(), first)
        cosine = torch.nn.functional.cosine_similarity(z[0], z[1], dim=0)
        numbers = z.detach().square().mean(), gradient.square().sum() / len(x), cosine.detach()
        found.append([float(each) for each in numbers])
    return np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / NETWORKS**0.5


@pytest.mark.parametrize("name", CASES)
def test_layers_of_pytorch(name):
    make, layers, positions = CASES[name]
    torch.manual_seed(0)
    x = np.random.default_rng(0).standard_normal((6, positions, 12))
    x[1] = 0.6 * x[0] + 0.8 * x[1]
    flow = layer_flow(LayeredNet(layers, 1), x)
    given = torch.tensor(x[:, 0] if positions == 1 else x.transpose(0, 2, 1), dtype=torch.float32)
    (one, e), (two, f) = (measured(make, n, given) for n in (64, 128))
    theory = np.array([flow.norm[-1], flow.gradient[0], flow.cosine[-1]])
    error = np.sqrt(e**2 + 4 * f**2) + 2e-3 * np.abs(theory)
    assert (np.abs(2 * two - one - theory) < 4 * error).all(), (2 * two - one, theory, error)
