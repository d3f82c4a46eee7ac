"""The architectures of `fresh-2`, as layers in order: perceptrons, convolutional and residual networks, transformers,
mixers, densely connected ones."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import torch
from fresh_networks import Branch, Mean
from networks import CLASSES, SIDE
from torch import nn

if TYPE_CHECKING:
    from second_networks import Description


class Sine(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sin(x)


ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "tanh": nn.Tanh, "relu": nn.ReLU, "gelu": nn.GELU, "sigmoid": nn.Sigmoid, "silu": nn.SiLU, "celu": nn.CELU,
    "leaky-0.3": lambda: nn.LeakyReLU(0.3), "sine": Sine, "logsigmoid": nn.LogSigmoid, "hardsigmoid": nn.Hardsigmoid,
    "relu-in-place": lambda: nn.ReLU(inplace=True),
}  # fmt: skip


def _norm(d: Description, width: int, images: bool = False) -> list[nn.Module]:
    if d.normalization == "batch":
        return [nn.BatchNorm2d(width) if images else nn.BatchNorm1d(width)]
    if d.normalization == "none":
        return []
    return [nn.GroupNorm(1 if width % 5 else 5, width) if images else nn.LayerNorm(width)]


def _ends(d: Description) -> list[nn.Module]:
    return [ACTIVATIONS[d.activation](), *([nn.Dropout(d.dropout)] if d.dropout else [])]


class Gated(nn.Module):
    """One half of a layer lets the other through."""

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.both = nn.Linear(n_in, 2 * n_out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.glu(self.both(x))


def mlp(d: Description) -> Iterator[nn.Module]:
    yield nn.Flatten()
    width = SIDE * SIDE
    for index in range(d.depth):
        share = {"widening": 0.4 + 0.6 * index / d.depth, "bottleneck": 0.25 if index == d.depth // 2 else 1.0}
        size = max(10, round(d.width * share.get(d.variant, 1.0)))
        yield Gated(width, size) if d.variant == "gated" and index else nn.Linear(width, size)
        yield from (*_norm(d, size), *_ends(d))
        width = size
    yield nn.Linear(width, CLASSES)


def cnn(d: Description) -> Iterator[nn.Module]:
    width, kernel = 1, 5 if d.variant == "large" else 3
    for index in range(d.depth):
        halved = index in (1, 4)
        yield nn.Conv2d(width, d.width, kernel, padding=kernel // 2, bias=d.normalization == "none")
        yield from (*_norm(d, d.width, True), *_ends(d), *([nn.MaxPool2d(2)] if halved else []))
        width = d.width
    if d.variant == "global":
        yield nn.AdaptiveMaxPool2d(1)
    side = 1 if d.variant == "global" else SIDE // (1 + (d.depth > 1)) // (1 + (d.depth > 4))
    yield nn.Flatten()
    if d.variant == "deep":
        yield from (nn.Linear(width * side**2, 32), ACTIVATIONS[d.activation]())
    yield nn.Linear(32 if d.variant == "deep" else width * side**2, CLASSES)


class Shortcut(nn.Module):
    """What comes in, projected where widths differ, and what two convolutions make of it; activated afterwards."""

    def __init__(self, d: Description, n_in: int, n_out: int, stride: int) -> None:
        super().__init__()
        first, second = nn.Conv2d(n_in, n_out, 3, stride, 1), nn.Conv2d(n_out, n_out, 3, 1, 1)
        self.branch = nn.Sequential(
            first, *_norm(d, n_out, True), ACTIVATIONS[d.activation](), second, *_norm(d, n_out, True)
        )
        same = n_in == n_out and stride == 1 and d.variant != "projected"
        self.shortcut = nn.Identity() if same else nn.Conv2d(n_in, n_out, 1, stride)
        self.after = nn.Identity() if d.variant == "thin" else ACTIVATIONS[d.activation]()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.after(self.shortcut(x) + self.branch(x))


def resnet(d: Description) -> Iterator[nn.Module]:
    """The second half of the blocks is twice as wide and half as large."""
    yield from (nn.Conv2d(1, d.width, 3, 2, 1), *_norm(d, d.width, True), ACTIVATIONS[d.activation]())
    width = d.width
    for index in range(d.depth):
        wider = index == d.depth // 2
        block = Shortcut(d, width, 2 * width if wider else width, 2 if wider else 1)
        if d.variant == "zero":
            nn.init.zeros_(block.branch[2 if d.normalization == "none" else 3].weight)
        yield block
        width = 2 * width if wider else width
    yield from (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, CLASSES))


class Tokens(nn.Module):
    """Columns of an image and, if asked for, a token for the class before them."""

    def __init__(self, d: Description) -> None:
        super().__init__()
        self.embed = nn.Linear(SIDE, d.width)
        self.token = nn.Parameter(0.02 * torch.randn(1, d.width)) if d.variant == "token" else None
        self.token_place = nn.Parameter(0.1 * torch.randn(SIDE, d.width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.embed(x[:, 0].transpose(1, 2)) + self.token_place
        return x if self.token is None else torch.cat([self.token.expand(len(x), 1, -1), x], 1)


class Over(nn.Module):
    """Layers for tokens in the place of components, and batch normalization, which wants the width before them."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x.transpose(1, 2)).transpose(1, 2)


class First(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, 0]


def transformer(d: Description) -> Iterator[nn.Module]:
    """PyTorch's own encoder layers where they are normalized by layers, and parts of them otherwise."""
    yield Tokens(d)
    tokens = SIDE + (d.variant == "token")
    for _ in range(d.depth):
        if d.normalization == "layer":
            kind, size = "gelu" if d.activation == "gelu" else "relu", 3 * d.width
            options = {"batch_first": True, "norm_first": True}
            yield nn.TransformerEncoderLayer(d.width, 2, size, d.dropout, kind, **options)
            continue
        feed = (nn.Linear(d.width, 3 * d.width), *_ends(d), nn.Linear(3 * d.width, d.width))
        for branch in ((SelfAttention(d.width),), feed):
            norm = [Over(nn.BatchNorm1d(d.width))] if d.normalization == "batch" else []
            yield Branch(*norm, *branch)
    yield {"token": First(), "mean": Mean(), "flat": nn.Flatten()}[d.variant]
    yield nn.Linear(d.width * tokens if d.variant == "flat" else d.width, CLASSES)


class SelfAttention(nn.Module):
    """One head, written out."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.three, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = self.three(x).chunk(3, dim=-1)
        return self.out(torch.softmax(q @ k.transpose(1, 2) / math.sqrt(q.shape[-1]), dim=-1) @ v)


def mixer(d: Description) -> Iterator[nn.Module]:
    yield Tokens(dataclasses.replace(d, variant="mean"))
    for _ in range(d.depth):
        for size, wrap in ((SIDE, Over), (d.width, nn.Sequential)):
            norm = [] if d.normalization == "none" else [nn.LayerNorm(d.width)]
            yield Branch(*norm, wrap(nn.Linear(size, 2 * size), *_ends(d), nn.Linear(2 * size, size)))
    yield from (Mean(), nn.Linear(d.width, CLASSES))


class Dense(nn.Module):
    """What came in, and beside it what a layer makes of it."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x, self.layers(x)], dim=1)


def dense(d: Description) -> Iterator[nn.Module]:
    images = d.variant == "convolutions"
    yield nn.MaxPool2d(2) if images else nn.Flatten()
    width = 1 if images else SIDE * SIDE
    for _ in range(d.depth):
        layer = nn.Conv2d(width, d.width, 3, padding=1) if images else nn.Linear(width, d.width)
        yield Dense(layer, *_norm(d, d.width, images), *_ends(d))
        width += d.width
    yield from (nn.Flatten(), nn.Linear(width * ((SIDE // 2) ** 2 if images else 1), CLASSES))


LAYERS: dict[str, Callable[[Description], Iterator[nn.Module]]] = {
    "mlp": mlp, "cnn": cnn, "resnet": resnet, "transformer": transformer, "mixer": mixer, "dense": dense,
}  # fmt: skip
