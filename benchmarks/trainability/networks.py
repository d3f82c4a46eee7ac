"""The networks that verdicts are developed and calibrated on: what people build, started well and badly."""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import torch
from torch import nn

Family = Literal["mlp", "cnn", "resnet", "transformer"]
ACTIVATIONS = {
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "sigmoid": nn.Sigmoid,
    "silu": nn.SiLU,
    "leaky-relu": nn.LeakyReLU,
    "elu": nn.ELU,
}
CLASSES, SIDE = 10, 8


class Named:
    """A description of a network that goes by all that it says."""

    family: Any

    @property
    def name(self) -> str:
        values = dataclasses.astuple(self)
        return "-".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)


Described = TypeVar("Described", bound=Named)


@dataclass(frozen=True)
class Description(Named):
    """One network of the zoo: what is built, and how its weights are drawn."""

    family: Family
    activation: str
    depth: int
    width: int
    initialization: str
    """default (PyTorch's own), gaussian or orthogonal with the gain, xavier, kaiming."""
    gain: float = 1.0
    normalization: str = "none"
    """none, batch or layer; of a transformer pre, post or none."""
    input_scale: float = 1.0

    @property
    def inputs(self) -> str:
        """Standardized images, or large ones."""
        return "standard" if self.input_scale == 1 else "large"


def descriptions() -> list[Description]:
    """All of them, in an order that does not depend on the machine."""
    return distinct({"mlp": 110, "cnn": 40, "resnet": 40, "transformer": 26}, _draw, random.Random(18))


def distinct(
    counts: Mapping[Any, int], describe: Callable[[Any, random.Random], Described], source: random.Random
) -> list[Described]:
    """So many descriptions of each family, no two with the same name."""
    found: dict[str, Described] = {}
    for family, count in counts.items():
        while sum(each.family == family for each in found.values()) < count:
            each = describe(family, source)
            found.setdefault(each.name, each)
    return list(found.values())


def _draw(family: Family, draw: random.Random) -> Description:
    start = draw.choice(["default", "gaussian", "gaussian", "gaussian", "orthogonal", "xavier", "kaiming"])
    gain = draw.choice([0.3, 0.5, 0.8, 1.0, 1.2, 1.5, 2.0, 3.0]) if start in ("gaussian", "orthogonal") else 1.0
    scale = draw.choice([1.0] * 9 + [100.0])
    activation = draw.choice(list(ACTIVATIONS))
    if family == "mlp":
        return Description(
            family, activation, draw.choice([3, 5, 8, 12, 20, 30, 45, 60]), draw.choice([32, 48, 64, 128]), start, gain,
            draw.choice(["none"] * 4 + ["batch", "layer"]), scale,
        )  # fmt: skip
    if family == "cnn":
        depth, norm = draw.choice([3, 6, 10, 16, 24]), draw.choice(["none", "none", "batch"])
        return Description(family, activation, depth, draw.choice([8, 16]), start, gain, norm, scale)
    if family == "resnet":
        depth, norm = draw.choice([2, 4, 8, 16, 24]), draw.choice(["none", "batch", "layer"])
        return Description(family, activation, depth, draw.choice([16, 32]), start, gain, norm, scale)
    depth, norm = draw.choice([1, 2, 4, 8]), draw.choice(["pre", "post", "none"])
    return Description(family, draw.choice(["relu", "gelu"]), depth, 32, start, gain, norm, scale)


def build(description: Description, seed: int) -> nn.Module:
    """The network, drawn from its seed."""
    torch.manual_seed(seed)
    model = {"mlp": mlp, "cnn": cnn, "resnet": resnet, "transformer": transformer}[description.family](description)
    if description.initialization != "default":
        for module in model.modules():
            if isinstance(module, nn.Linear | nn.Conv2d):
                draw_weights(module, description)
    return model


def draw_weights(module: nn.Linear | nn.Conv2d, description: Description) -> None:
    """Draw one layer's weights anew; biases start at zero."""
    weight, fan_in = module.weight, module.weight[0].numel()
    if description.initialization == "gaussian":
        nn.init.normal_(weight, std=description.gain / math.sqrt(fan_in))
    elif description.initialization == "orthogonal":
        nn.init.orthogonal_(weight, gain=description.gain)
    elif description.initialization == "xavier":
        nn.init.xavier_uniform_(weight)
    else:
        nn.init.kaiming_normal_(weight)
    if module.bias is not None:
        nn.init.zeros_(module.bias)


def _norm(kind: str, width: int, images: bool) -> list[nn.Module]:
    if kind == "batch":
        return [nn.BatchNorm2d(width) if images else nn.BatchNorm1d(width)]
    if kind == "layer":
        return [nn.GroupNorm(1, width) if images else nn.LayerNorm(width)]
    return []


def mlp(d: Description) -> nn.Module:
    layers, width = [nn.Flatten()], SIDE * SIDE
    for _ in range(d.depth):
        layers += [nn.Linear(width, d.width), *_norm(d.normalization, d.width, False), ACTIVATIONS[d.activation]()]
        width = d.width
    return nn.Sequential(*layers, nn.Linear(width, CLASSES))


def cnn(d: Description) -> nn.Module:
    layers, width = [], 1
    for index in range(d.depth):
        layers += [nn.Conv2d(width, d.width, 3, padding=1), *_norm(d.normalization, d.width, True)]
        layers += [ACTIVATIONS[d.activation]()]
        layers += [nn.MaxPool2d(2)] if index == 1 else []
        width = d.width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(width * (SIDE // 2) ** 2, CLASSES))


class Residual(nn.Module):
    """x + f(x), where f is two layers."""

    def __init__(self, d: Description):
        super().__init__()
        act = ACTIVATIONS[d.activation]
        self.branch = nn.Sequential(
            nn.Linear(d.width, d.width), *_norm(d.normalization, d.width, False), act(),
            nn.Linear(d.width, d.width), *_norm(d.normalization, d.width, False),
        )  # fmt: skip
        self.activation = act()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.activation(x + self.branch(x))


def resnet(d: Description) -> nn.Module:
    first = [nn.Flatten(), nn.Linear(SIDE * SIDE, d.width), ACTIVATIONS[d.activation]()]
    return nn.Sequential(*first, *(Residual(d) for _ in range(d.depth)), nn.Linear(d.width, CLASSES))


class Block(nn.Module):
    """Self-attention and a feed-forward pair, with the normalization before, after, or nowhere."""

    def __init__(self, d: Description):
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(d.width, d.width) for _ in range(4))
        self.feed = nn.Sequential(
            nn.Linear(d.width, 4 * d.width), ACTIVATIONS[d.activation](), nn.Linear(4 * d.width, d.width)
        )
        norms = [nn.Identity() if d.normalization == "none" else nn.LayerNorm(d.width) for _ in range(2)]
        self.norms, self.place, self.heads = nn.ModuleList(norms), d.normalization, 4

    def attend(self, x: torch.Tensor) -> torch.Tensor:
        split = (*x.shape[:2], self.heads, -1)
        q, k, v = (f(x).view(split).transpose(1, 2) for f in (self.query, self.key, self.value))
        mixed = nn.functional.scaled_dot_product_attention(q, k, v)
        return self.out(mixed.transpose(1, 2).reshape(x.shape))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for norm, branch in zip(self.norms, (self.attend, self.feed), strict=True):
            x = norm(x + branch(x)) if self.place == "post" else x + branch(norm(x))
        return x


class Transformer(nn.Module):
    """The rows of an image are its tokens; the mean over them is classified."""

    def __init__(self, d: Description):
        super().__init__()
        self.embed = nn.Linear(SIDE, d.width)
        self.position = nn.Parameter(0.1 * torch.randn(SIDE, d.width))
        self.blocks = nn.ModuleList(Block(d) for _ in range(d.depth))
        self.head = nn.Linear(d.width, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.embed(x.view(-1, SIDE, SIDE)) + self.position
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean(dim=1))


def transformer(d: Description) -> nn.Module:
    return Transformer(d)
