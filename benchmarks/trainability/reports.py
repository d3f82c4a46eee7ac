"""Networks as people post them because they do not train: does the first line name the cause?

    python benchmarks/trainability/reports.py

Each case is a module, a batch, and words that the first line should hold; a line is printed for each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

import torch
from torch import nn

import netphysics

Case = tuple[str, nn.Module, torch.Tensor, tuple[str, ...]]


def main() -> None:
    torch.set_num_threads(1)
    right = total = 0
    for name, model, batch, words in cases():
        found = netphysics.diagnose(model, batch)
        good = any(word in found.cause for word in words)
        right, total = right + good, total + 1
        advice = found.advice[0] if found.advice else "no advice"
        print(f"{'right' if good else 'WRONG'} | {name} | {found.cause} | {advice[:160]}", flush=True)
    print(f"{right} of {total}")


def chain(*widths: int, activation: Callable[[], nn.Module] = nn.ReLU) -> nn.Sequential:
    """Linear layers with an activation between them."""
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(widths):
        layers += [nn.Linear(n_in, n_out), activation()]
    return nn.Sequential(*layers[:-1])


@torch.no_grad()
def changed(model: nn.Module, change: Callable[[str, nn.Parameter], object]) -> nn.Module:
    """The model after something was done to each parameter."""
    for name, p in model.named_parameters():
        change(name, p)
    return model


class Attention(nn.Module):
    """One head of attention over tokens, without the root of the dimension, and a classifier."""

    def __init__(self, width: int, deviation: float) -> None:
        super().__init__()
        self.query, self.key, self.value, self.head = (nn.Linear(width, width) for _ in range(4))
        for layer in (self.query, self.key):
            nn.init.normal_(layer.weight, std=deviation)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weights = torch.softmax(self.query(x) @ self.key(x).transpose(1, 2), dim=-1)
        return self.head(weights @ self.value(x)).mean(dim=1)


class Recurrent(nn.Module):
    """A recurrent network whose last state is classified."""

    def __init__(self, kind: type[nn.RNNBase], deviation: float) -> None:
        super().__init__()
        self.cell, self.head = kind(8, 64, batch_first=True), nn.Linear(64, 5)
        for p in self.cell.parameters():
            nn.init.normal_(p, std=deviation)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.cell(x)[0][:, -1])


class Words(nn.Module):
    """Embedded tokens, their mean, and two layers."""

    def __init__(self, deviation: float) -> None:
        super().__init__()
        self.embed = nn.Embedding(100, 64)
        nn.init.normal_(self.embed.weight, std=deviation)
        self.layers = chain(64, 64, 5, activation=nn.Tanh)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(self.embed(x).mean(dim=1))


class Frozen(nn.Module):
    """The first layer is detached."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.rest = nn.Linear(20, 64), chain(64, 64, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.rest(torch.relu(self.first(x)).detach())


def cases() -> Iterator[Case]:
    torch.manual_seed(0)
    x = torch.randn(32, 20)
    images = torch.randn(16, 3, 16, 16)
    pixels = torch.randint(0, 256, (16, 3, 16, 16)).float()
    yield "pixels 0-255 into a perceptron", nn.Sequential(nn.Flatten(), *chain(768, 128, 64, 10)), pixels, ("inputs",)
    yield (
        "biases of -10 before relu",
        changed(chain(20, 64, 64, 5), lambda name, p: p.fill_(-10) if name.endswith("bias") else None),
        x,
        ("zero for every input",),
    )
    yield "all weights zero", changed(chain(20, 64, 64, 5), lambda _, p: p.zero_()), x, ("zero",)
    yield "all weights 0.1", changed(chain(20, 64, 64, 5), lambda _, p: p.fill_(0.1)), x, ("never become different",)
    yield "softmax before cross entropy", nn.Sequential(*chain(20, 64, 5), nn.Softmax(dim=1)), x, ("softmax",)
    yield "ten layers of sigmoid", chain(20, *(64,) * 10, 5, activation=nn.Sigmoid), x, ("vanish",)
    yield (
        "weights of deviation 1, 512 wide",
        changed(chain(20, *(512,) * 5, 5), lambda _, p: nn.init.normal_(p) if p.ndim > 1 else None),
        x,
        ("explode",),
    )
    yield (
        "weights of deviation 0.01, ten layers",
        changed(chain(20, *(64,) * 10, 5), lambda _, p: nn.init.normal_(p, std=0.01) if p.ndim > 1 else None),
        x,
        ("vanish",),
    )
    yield "LSTM with weights of deviation 5", Recurrent(nn.LSTM, 5.0), torch.randn(16, 12, 8), ("cell",)
    yield "one constant sample, copied", chain(20, 64, 5), x[:1].repeat(32, 1), ("the same",)
    yield "a column in thousands", chain(20, 64, 5), torch.cat([x[:, 1:], 5e3 * x[:, :1]], 1), ("Component 19",)
    yield "NaN in the inputs", chain(20, 64, 5), torch.where(x > 2, torch.nan, x), ("NaN",)
    yield (
        "NaN in a weight",
        changed(chain(20, 64, 5), lambda name, p: p[0].fill_(math.nan) if name == "0.weight" else None),
        x,
        ("NaN",),
    )
    yield "attention without the root", Attention(64, 1.0), torch.randn(16, 8, 64), ("softmax", "saturated", "one-hot")
    yield "attention as it should be", Attention(64, 64**-0.75), torch.randn(16, 8, 64), ("Nothing", "Adam should")
    yield "embedding of deviation 30", Words(30.0), torch.randint(0, 100, (16, 6)), ("explode", "flat", "embed")
    yield "embedding as it is", Words(1.0), torch.randint(0, 100, (16, 6)), ("Nothing", "Adam should")
    yield (
        "last layer times 1e-6",
        changed(chain(20, 64, 64, 5), lambda name, p: p.mul_(1e-6) if name.startswith("4") else None),
        x,
        ("Nothing", "Adam should", "small"),
    )
    yield "no activation at all", chain(20, 64, 64, 5, activation=nn.Identity), x, ("no activation",)
    yield "relu after the last layer", nn.Sequential(*chain(20, 64, 64, 1), nn.ReLU()), x, ("relu",)
    yield (
        "sigmoid after the last layer of ten classes",
        nn.Sequential(*chain(20, 64, 10), nn.Sigmoid()),
        x,
        ("sigmoid",),
    )
    yield "detached first layer", Frozen(), x, ("detached", "No gradient reaches")
    yield "dropout on the outputs", nn.Sequential(*chain(20, 64, 5), nn.Dropout(0.5)), x, ("dropout",)
    yield (
        "dropout of 0.95",
        nn.Sequential(*chain(20, 64), nn.ReLU(), nn.Dropout(0.95), nn.Linear(64, 5)),
        x,
        ("dropout",),
    )
    yield "targets' scale: inputs of 1e-4", chain(20, 64, 64, 5), 1e-4 * x, ("inputs",)
    yield (
        "channels last, one pixel row as channels",
        nn.Sequential(nn.Conv2d(16, 8, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 16 * 3, 5)),
        images.permute(0, 2, 3, 1),
        ("Nothing", "Adam should"),
    )
    yield "thirty layers of tanh, pytorch's start", chain(20, *(64,) * 30, 5, activation=nn.Tanh), x, ("vanish",)
    yield (
        "forty layers of relu, kaiming",
        changed(chain(20, *(64,) * 40, 5), lambda _, p: nn.init.kaiming_normal_(p) if p.ndim > 1 else p.zero_()),
        x,
        ("alike", "Adam should", "probably not"),
    )
    yield "batch normalization of the outputs", nn.Sequential(*chain(20, 64, 5), nn.BatchNorm1d(5)), x, ("normalized",)
    yield (
        "a small convolutional network",
        nn.Sequential(
            nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10)
        ),
        images,
        ("Nothing", "Adam should"),
    )
    yield "convolutions and average pooling", nn.Sequential(
        *(layer for n in (3, 16, 16, 16) for layer in (nn.Conv2d(n, 16, 3, padding=1), nn.ReLU(), nn.AvgPool2d(2))),
        nn.Flatten(), nn.Linear(16, 10),
    ), images, ("Nothing", "Adam should")  # fmt: skip
    yield (
        "negative weights before relu",
        changed(chain(20, 64, 64, 5), lambda _, p: p.copy_(-p.abs()) if p.ndim > 1 else None),
        x.abs(),
        ("zero for every input", "see nearly the same"),
    )
    yield (
        "half precision that overflowed",
        changed(chain(20, 64, 64, 5), lambda name, p: p.mul_(1e39) if name == "2.weight" else None),
        x,
        ("NaN or infinity",),
    )


if __name__ == "__main__":
    main()
