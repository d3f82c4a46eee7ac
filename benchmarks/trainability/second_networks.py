"""The networks of `fresh-2`: nothing in the verdict was chosen, fitted or looked at on them.

They differ from those of `networks.py` and `fresh_networks.py` in how they are built (projected shortcuts, gates,
mixers, dense connections, class tokens), in depths, widths, activations, starts and inputs, and each is judged on a
batch of its own size.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Literal

import torch
from networks import Named, distinct
from second_architectures import ACTIVATIONS, LAYERS
from torch import nn

Family = Literal["mlp", "cnn", "resnet", "transformer", "mixer", "dense"]
COUNTS: dict[Family, int] = {"mlp": 48, "cnn": 24, "resnet": 24, "transformer": 18, "mixer": 8, "dense": 8}
BATCHES = (8, 16, 32, 64, 128, 300)


STARTS = {
    "default": lambda w, size: None,
    "uniform": lambda w, size: nn.init.uniform_(w, -size, size),
    "truncated": lambda w, size: nn.init.trunc_normal_(w, std=size),
    "scaled-normal": lambda w, size: nn.init.normal_(w, std=size * 6 / math.sqrt(w[0].numel())),
    "orthogonal": lambda w, size: nn.init.orthogonal_(w, gain=6 * size),
    "kaiming-uniform": lambda w, size: nn.init.kaiming_uniform_(w, nonlinearity="relu"),
    "xavier-uniform-gain": lambda w, size: nn.init.xavier_uniform_(w, gain=6 * size),
}
SIZES = (0.05, 0.1, 0.15, 0.2, 0.28, 0.4)
INPUTS = ("standard",) * 6 + ("by-pixel", "by-pixel", "raw", "shifted", "tenth")


@dataclass(frozen=True)
class Description(Named):
    """One network: what is built, how its weights are drawn, what it is fed, and how much of that the verdict sees."""

    family: Family
    activation: str
    depth: int
    width: int
    start: str
    size: float
    """Of the drawn weights, where the start has one."""
    normalization: str
    """none, batch, group or layer; of a transformer none, layer or batch."""
    variant: str
    dropout: float
    inputs: str
    batch: int


def descriptions() -> list[Description]:
    """All of them, in an order that does not depend on the machine."""
    return distinct(COUNTS, _describe, random.Random(20251128))


def _describe(family: Family, source: random.Random) -> Description:
    pick = source.choice
    depths, widths, norms, variants = {
        "mlp": ((1, 3, 6, 9, 13, 18, 28), (20, 56, 112), ("none",) * 4 + ("batch", "layer"),
                ("plain", "plain", "widening", "gated", "bottleneck")),
        "cnn": ((1, 3, 5, 8), (5, 10), ("none", "none", "batch", "group"), ("flat", "global", "large", "deep")),
        "resnet": ((1, 2, 4, 7), (7, 10), ("none", "batch", "group"), ("projected", "post", "zero", "thin")),
        "transformer": ((1, 2, 3, 6), (16, 40), ("none", "layer", "layer", "batch"), ("token", "mean", "flat")),
        "mixer": ((1, 3, 5), (16, 32), ("none", "layer"), ("mean",)),
        "dense": ((2, 4, 8), (8, 16), ("none", "batch"), ("matrices", "convolutions")),
    }[family]  # fmt: skip
    start = pick(("default", "default", "default", *list(STARTS)[1:]))
    sized = start not in ("default", "kaiming-uniform")
    return Description(
        family, pick(list(ACTIVATIONS)), pick(depths), pick(widths), start, pick(SIZES) if sized else 0.0, pick(norms),
        pick(variants), pick((0.0, 0.0, 0.0, 0.0, 0.2)), pick(INPUTS), pick(BATCHES),
    )  # fmt: skip


def build(d: Description, seed: int) -> nn.Module:
    """The network, drawn from its seed."""
    torch.manual_seed(seed)
    model: nn.Module = nn.Sequential(*LAYERS[d.family](d))
    with torch.no_grad():
        for name, p in model.named_parameters():
            if d.start != "default" and p.ndim > 1 and "token" not in name:
                STARTS[d.start](p, d.size)
    return model
