"""The architectures of `fresh-4`, as layers in order: chains, gated perceptrons, depthwise and dilated convolutions,
residual networks, transformers, gated recurrent networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import torch
from fresh_networks import Branch, Mean
from networks import CLASSES, SIDE
from second_architectures import SelfAttention, Tokens
from torch import nn
from torch.nn.functional import silu

if TYPE_CHECKING:
    from third_networks import Description


class Function(nn.Module):
    """An activation that PyTorch has no module for."""

    def __init__(self, function: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.function(x)


def last(x: torch.Tensor) -> torch.Tensor:
    """Of the tokens."""
    return x[:, -1]


ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "tanh": nn.Tanh, "relu": nn.ReLU, "gelu": nn.GELU, "mish": nn.Mish, "elu-half": lambda: nn.ELU(0.5),
    "leaky-0.1": lambda: nn.LeakyReLU(0.1), "sigmoid": nn.Sigmoid, "arctan": lambda: Function(torch.atan),
    "erf": lambda: Function(torch.erf), "squared-relu": lambda: Function(lambda x: torch.relu(x) ** 2),
    "quick-gelu": lambda: Function(lambda x: x * torch.sigmoid(1.7 * x)), "absolute": lambda: Function(torch.abs),
}  # fmt: skip


def _norm(d: Description, width: int, images: bool = False) -> list[nn.Module]:
    if d.normalization == "batch":
        return [nn.BatchNorm2d(width) if images else nn.BatchNorm1d(width)]
    if d.normalization == "layer":
        return [nn.GroupNorm(1, width) if images else nn.LayerNorm(width)]
    return [nn.InstanceNorm2d(width, affine=True)] if d.normalization == "instance" else []


def _ends(d: Description) -> list[nn.Module]:
    return [ACTIVATIONS[d.activation](), *([nn.Dropout(d.dropout)] if d.dropout else [])]


class Again(nn.Module):
    """Layers that are fed the image beside what comes in."""

    def __init__(self, layers: list[nn.Linear], between: Callable[[int], nn.Module]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.between = nn.ModuleList(between(layer.out_features) for layer in layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        signal = x
        for layer, between in zip(self.layers, self.between, strict=True):
            signal = between(layer(signal if signal is x else torch.cat([signal, x], dim=1)))
        return signal


def chain(d: Description) -> Iterator[nn.Module]:
    """Plain; narrow in the middle; fed the image again in each layer; or with something added in every third."""
    yield nn.Flatten()

    def between(size: int) -> nn.Module:
        return nn.Sequential(*_norm(d, size), *_ends(d))

    sizes = [d.width] * d.depth
    if d.variant == "hourglass":
        sizes = [max(9, round(d.width * (0.4 + 1.2 * abs(i / d.depth - 0.5)))) for i in range(d.depth)]
    if d.variant == "again":
        fed = [SIDE * SIDE, *(d.width + SIDE * SIDE for _ in sizes[1:])]
        yield Again([nn.Linear(n, d.width) for n in fed], between)
    else:
        width = SIDE * SIDE
        for i, size in enumerate(sizes):
            layer = (nn.Linear(width, size), between(size))
            yield from (Branch(*layer),) if d.variant == "every-third" and i and i % 3 == 0 else layer
            width = size
    yield nn.Linear(sizes[-1], CLASSES)


class Product(nn.Module):
    """One layer times the gate of another, and a third after both."""

    def __init__(self, width: int, inner: int, gate: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.value, self.gate, self.out = nn.Linear(width, inner), nn.Linear(width, inner), nn.Linear(inner, width)
        self.function = gate

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.value(x) * self.function(self.gate(x)))


class SpatialGate(nn.Module):
    """Half of the channels times what a layer over tokens makes of the other half."""

    def __init__(self, width: int, tokens: int, after: nn.Module) -> None:
        super().__init__()
        self.up, self.over, self.down = nn.Linear(width, 2 * width), nn.Linear(tokens, tokens), nn.Linear(width, width)
        self.after = after

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        value, gate = self.after(self.up(x)).chunk(2, dim=-1)
        return self.down(value * self.over(gate.transpose(1, 2)).transpose(1, 2))


def gated(d: Description) -> Iterator[nn.Module]:
    """Chains of products; gated perceptrons over tokens with skips."""
    if d.variant == "spatial":
        yield Tokens(d)
        for _ in range(d.depth):
            yield Branch(*_norm(d, d.width), SpatialGate(d.width, SIDE, ACTIVATIONS[d.activation]()))
        yield from (Mean(), nn.Linear(d.width, CLASSES))
        return
    yield from (nn.Flatten(), nn.Linear(SIDE * SIDE, d.width))
    for _ in range(d.depth):
        yield from (*_norm(d, d.width), Product(d.width, 2 * d.width, silu if d.variant == "swish" else torch.sigmoid))
    yield from (*_ends(d), nn.Linear(d.width, CLASSES))


def depthwise(d: Description) -> Iterator[nn.Module]:
    """Each channel by itself, then all of them at each place: in chains, or as inverted residuals."""
    kernel = 5 if d.variant == "large" else 3
    width = 2 * d.width
    yield from (nn.Conv2d(1, width, 2, 2), *_norm(d, width, True), ACTIVATIONS[d.activation]())
    for _ in range(d.depth):
        inner = 2 * width if d.variant == "inverted" else width
        wider = [nn.Conv2d(width, inner, 1), *_norm(d, inner, True), *_ends(d)] if d.variant == "inverted" else []
        own = [nn.Conv2d(inner, inner, kernel, padding=kernel // 2, groups=inner), *_norm(d, inner, True), *_ends(d)]
        mixed = [nn.Conv2d(inner, width, 1), *_norm(d, width, True)]
        yield from (Branch(*wider, *own, *mixed),) if wider else (*own, *mixed, *_ends(d))
    yield from (nn.Flatten(), nn.Linear(width * (SIDE // 2) ** 2, CLASSES))


def residual(d: Description) -> Iterator[nn.Module]:
    """Bottlenecks; two activated convolutions; or branches that count for less the later they come."""
    act, width = ACTIVATIONS[d.activation], 2 * d.width
    yield from (nn.Conv2d(1, width, 3, 2, 1), *_norm(d, width, True))
    for index in range(d.depth):
        inner, sides = (d.width, (1, 3, 1)) if d.variant == "bottleneck" else (width, (3, 3))
        sizes = [width, *[inner] * (len(sides) - 1), width]
        layers: list[nn.Module] = []
        for n_in, n_out, side in zip(sizes, sizes[1:], sides, strict=False):
            layers += [*_norm(d, n_in, True), act(), nn.Conv2d(n_in, n_out, side, padding=side // 2)]
        yield Branch(*layers, scale=1 / (1 + index) if d.variant == "shrinking" else 1.0)
    yield from (act(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(4 * width, CLASSES))


def transformer(d: Description) -> Iterator[nn.Module]:
    """Attention beside the perceptron; normalized before and after; after; or before, the last token is classified."""
    yield Tokens(d)
    for _ in range(d.depth):
        feed = [nn.Linear(d.width, 2 * d.width), *_ends(d), nn.Linear(2 * d.width, d.width)]
        if d.variant == "parallel":
            yield Branch(*_norm(d, d.width), Sum(SelfAttention(d.width), nn.Sequential(*feed)))
            continue
        for branch in ([SelfAttention(d.width)], feed):
            before = _norm(d, d.width) if d.variant != "post" else []
            inside = _norm(d, d.width) if d.variant == "sandwich" else []
            yield Branch(*before, *branch, *inside)
            yield from _norm(d, d.width) if d.variant == "post" else []
    yield from (Function(last) if d.variant == "last" else Mean(), nn.Linear(d.width, CLASSES))


class Sum(nn.Module):
    """Of what modules make of the same."""

    def __init__(self, *parts: nn.Module) -> None:
        super().__init__()
        self.parts = nn.ModuleList(parts)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.stack([part(x) for part in self.parts]).sum(dim=0)


class Reader(nn.Module):
    """A gated recurrent network that reads rows, in both directions, or single pixels of an image of half the size."""

    def __init__(self, d: Description) -> None:
        super().__init__()
        self.shrink = nn.AvgPool2d(2) if d.variant == "pixels" else nn.Identity()
        self.read = 1 if d.variant == "pixels" else SIDE
        self.cell = nn.GRU(self.read, d.width, d.depth, batch_first=True, bidirectional=d.variant == "both")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.cell(self.shrink(x).reshape(len(x), -1, self.read))[0]


def recurrent(d: Description) -> Iterator[nn.Module]:
    both = d.variant == "both"
    yield from (Reader(d), Mean() if both else Function(last), *_ends(d), nn.Linear((1 + both) * d.width, CLASSES))


def dilated(d: Description) -> Iterator[nn.Module]:
    """Convolutions over the pixels in a row, each layer with larger gaps, with skips."""
    yield from (nn.Flatten(2), nn.Conv1d(1, d.width, 3, 2, 1))
    for index in range(d.depth):
        gap = 2 ** (index % 4)
        norm = [nn.BatchNorm1d(d.width)] if d.normalization == "batch" else []
        yield Branch(*norm, *_ends(d), nn.Conv1d(d.width, d.width, 3, padding=gap, dilation=gap))
    yield Function(lambda x: x[..., -1] if d.variant == "last" else x.mean(dim=-1))
    yield nn.Linear(d.width, CLASSES)


LAYERS: dict[str, Callable[[Description], Iterator[nn.Module]]] = {
    "chain": chain, "gated": gated, "depthwise": depthwise, "residual": residual, "transformer": transformer,
    "recurrent": recurrent, "dilated": dilated,
}  # fmt: skip
