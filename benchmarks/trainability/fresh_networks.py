"""The networks that verdicts are tested on: nothing in the verdict was chosen, fitted or looked at on them.

They differ from those of `networks.py` in widths, depths, activations, gains, initializations and architectures, and
in what they are fed. `descriptions(draw)` gives another set for every `draw`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import torch
from networks import CLASSES, SIDE, Named, distinct
from torch import nn

Family = Literal["mlp", "cnn", "resnet", "transformer", "recurrent"]
Inputs = Literal["standard", "unit", "pixels", "small"]
COUNTS: dict[Family, int] = {"mlp": 60, "cnn": 24, "resnet": 24, "transformer": 16, "recurrent": 8}
ACTIVATIONS = {
    "tanh": nn.Tanh, "relu": nn.ReLU, "gelu": nn.GELU, "sigmoid": nn.Sigmoid, "selu": nn.SELU, "mish": nn.Mish,
    "softplus": nn.Softplus, "softsign": nn.Softsign, "hardtanh": nn.Hardtanh, "prelu": nn.PReLU,
    "relu6": nn.ReLU6, "hardswish": nn.Hardswish,
}  # fmt: skip
STARTS = {
    "default": lambda w, gain: None,
    "gaussian": lambda w, gain: nn.init.normal_(w, std=gain / math.sqrt(w[0].numel())),
    "orthogonal": lambda w, gain: nn.init.orthogonal_(w, gain=gain),
    "xavier-normal": lambda w, gain: nn.init.xavier_normal_(w),
    "kaiming-fan-out": lambda w, gain: nn.init.kaiming_normal_(w, mode="fan_out"),
    "normal-0.02": lambda w, gain: nn.init.normal_(w, std=0.02),
    "normal-0.1": lambda w, gain: nn.init.normal_(w, std=0.1),
    "normal-1": lambda w, gain: nn.init.normal_(w),
}
GAINS = (0.4, 0.7, 0.9, 1.1, 1.4, 1.8, 2.5)


@dataclass(frozen=True)
class Description(Named):
    """One network: what is built, how its weights are drawn, and what it is fed."""

    family: Family
    activation: str
    depth: int
    width: int
    start: str
    gain: float
    normalization: str
    """none, batch, layer or rms."""
    variant: str
    """Of the family: mlp plain, taper, after (normalized after the activation); cnn max, average, stride; resnet
    convolutions, matrices or scaled; transformer pre, post or patches; recurrent lstm, gru or rnn."""
    bias: bool
    dropout: float
    inputs: Inputs


def descriptions(draw: int) -> list[Description]:
    """The set of one draw, in an order that does not depend on the machine."""
    return distinct(COUNTS, _describe, random.Random(draw))


def _describe(family: Family, source: random.Random) -> Description:
    pick = source.choice
    start = pick(["default", "default", "gaussian", "gaussian", "gaussian", "orthogonal", *list(STARTS)[3:]])
    depths, widths, norms, variants = {
        "mlp": ((2, 4, 7, 10, 15, 25, 40), (24, 40, 96), ("none",) * 5 + ("batch", "layer", "rms"),
                ("plain", "plain", "taper", "after")),
        "cnn": ((2, 4, 7, 12), (6, 12), ("none", "none", "batch", "layer"), ("max", "average", "stride")),
        "resnet": ((1, 3, 6, 10), (8, 16), ("none", "batch", "layer", "rms"), ("convolutions", "matrices", "scaled")),
        "transformer": ((1, 2, 4), (24, 36), ("none", "layer", "rms"), ("pre", "post", "patches")),
        "recurrent": ((1, 2), (24, 48), ("none",), ("lstm", "gru", "rnn")),
    }[family]  # fmt: skip
    depth = pick(depths)
    return Description(
        family=family,
        activation=pick(list(ACTIVATIONS)) if family != "recurrent" else "tanh",
        depth=depth,
        width=pick(widths) if depth > 7 or family != "mlp" else pick((*widths, 192)),
        start=start,
        gain=pick(GAINS) if start in ("gaussian", "orthogonal") else 1.0,
        normalization=pick(norms),
        variant=pick(variants),
        bias=source.random() < 0.8,
        dropout=pick((0.0, 0.0, 0.0, 0.1, 0.3)),
        inputs=pick(("standard",) * 8 + ("unit", "unit", "pixels", "small")),
    )


def build(d: Description, seed: int) -> nn.Module:
    """The network, drawn from its seed."""
    torch.manual_seed(seed)
    model: nn.Module = nn.Sequential(*LAYERS[d.family](d))
    with torch.no_grad():
        for name, p in model.named_parameters():
            if d.start != "default" and p.ndim > 1 and "position" not in name:
                STARTS[d.start](p, d.gain)
            elif d.start != "default" and "bias" in name:
                p.zero_()
    return model


def _norm(d: Description, width: int, images: bool = False) -> list[nn.Module]:
    if d.normalization == "batch":
        return [nn.BatchNorm2d(width) if images else nn.BatchNorm1d(width)]
    if images and d.normalization != "none":
        return [nn.GroupNorm(1, width)]
    return {"none": [], "layer": [nn.LayerNorm(width)], "rms": [nn.RMSNorm(width)]}[d.normalization]


def _drop(d: Description) -> list[nn.Module]:
    return [nn.Dropout(d.dropout)] if d.dropout else []


def mlp(d: Description) -> Iterator[nn.Module]:
    yield nn.Flatten()
    width = SIDE * SIDE
    for index in range(d.depth):
        size = max(12, round(d.width * (1 - 0.7 * index / d.depth))) if d.variant == "taper" else d.width
        middle = [*_norm(d, size), ACTIVATIONS[d.activation]()]
        yield nn.Linear(width, size, bias=d.bias)
        yield from middle[::-1] if d.variant == "after" else middle
        yield from _drop(d)
        width = size
    yield nn.Linear(width, CLASSES)


def cnn(d: Description) -> Iterator[nn.Module]:
    """Channels double where the image is halved, at the first layer and again at half the depth."""
    width, channels = 1, d.width
    for index in range(d.depth):
        halved = index in (0, d.depth // 2)
        channels = 2 * channels if halved and index else channels
        yield nn.Conv2d(width, channels, 3, 2 if halved and d.variant == "stride" else 1, 1, bias=d.bias)
        yield from (*_norm(d, channels, True), ACTIVATIONS[d.activation]())
        if halved and d.variant != "stride":
            yield nn.MaxPool2d(2) if d.variant == "max" else nn.AvgPool2d(2)
        width = channels
    if d.variant == "average":
        yield nn.AdaptiveAvgPool2d(1)
    size = 1 if d.variant == "average" else (SIDE // 4) ** 2
    yield from (nn.Flatten(), *_drop(d), nn.Linear(size * width, CLASSES))


class Branch(nn.Module):
    """x + scale * f(x)."""

    def __init__(self, *layers: nn.Module, scale: float = 1.0) -> None:
        super().__init__()
        self.layers, self.scale = nn.Sequential(*layers), scale

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.scale * self.layers(x)


def resnet(d: Description) -> Iterator[nn.Module]:
    """Blocks that are normalized and activated before each of their two layers."""
    act, images = ACTIVATIONS[d.activation], d.variant == "convolutions"
    scale = 1 / math.sqrt(d.depth) if d.variant == "scaled" else 1.0
    layer = (lambda: nn.Conv2d(d.width, d.width, 3, padding=1, bias=d.bias)) if images else (
        lambda: nn.Linear(d.width, d.width, bias=d.bias)
    )  # fmt: skip
    yield from [nn.Conv2d(1, d.width, 3, 2, 1)] if images else [nn.Flatten(), nn.Linear(SIDE * SIDE, d.width)]
    for _ in range(d.depth):
        halves = ((*_norm(d, d.width, images), act(), layer()) for _ in range(2))
        yield Branch(*next(halves), *_drop(d), *next(halves), scale=scale)
    yield from (*_norm(d, d.width, images), act())
    if images:
        yield from (nn.AdaptiveAvgPool2d(1), nn.Flatten())
    yield nn.Linear(d.width, CLASSES)


class Attention(nn.Module):
    """Self-attention with PyTorch's own module."""

    def __init__(self, d: Description) -> None:
        super().__init__()
        self.mix = nn.MultiheadAttention(d.width, 4, batch_first=True, bias=d.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.mix(x, x, x, need_weights=False)[0]


class Tokens(nn.Module):
    """Rows of an image, or patches of 4 by 2, with learned positions."""

    def __init__(self, d: Description) -> None:
        super().__init__()
        self.patch = (4, 2) if d.variant == "patches" else (1, SIDE)
        self.embed = nn.Conv2d(1, d.width, self.patch, self.patch)
        self.position = nn.Parameter(0.02 * torch.randn(SIDE * SIDE // math.prod(self.patch), d.width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.embed(x).flatten(2).transpose(1, 2) + self.position


class Mean(nn.Module):
    """Over tokens."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean(dim=1)


def transformer(d: Description) -> Iterator[nn.Module]:
    tokenwise = replace(d, normalization="layer" if d.normalization == "batch" else d.normalization)
    yield Tokens(d)
    for _ in range(d.depth):
        feed = [nn.Linear(d.width, 2 * d.width, bias=d.bias), ACTIVATIONS[d.activation]()]
        feed += [*_drop(d), nn.Linear(2 * d.width, d.width, bias=d.bias)]
        for branch in ([Attention(d)], feed):
            norm = _norm(tokenwise, d.width)
            yield from (Branch(*branch), *norm) if d.variant == "post" else (Branch(*norm, *branch),)
    yield from (Mean(), nn.Linear(d.width, CLASSES))


class Recurrent(nn.Module):
    """Reads the rows of an image; its last state is classified."""

    def __init__(self, d: Description) -> None:
        super().__init__()
        kind = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[d.variant]
        self.cell = kind(SIDE, d.width, d.depth, batch_first=True, bias=d.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.cell(x.view(-1, SIDE, SIDE))[0][:, -1]


def recurrent(d: Description) -> Iterator[nn.Module]:
    yield from (Recurrent(d), *_drop(d), nn.Linear(d.width, CLASSES))


LAYERS = {"mlp": mlp, "cnn": cnn, "resnet": resnet, "transformer": transformer, "recurrent": recurrent}
