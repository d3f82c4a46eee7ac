"""The networks of `fresh-4`, drawn after the verdicts on those before: nothing in the verdict is chosen on them.

They differ from all others in how they are built (gated blocks, depthwise and dilated convolutions, inverted and
bottleneck residuals, parallel and sandwiched transformer blocks, gated recurrent networks in both directions), in
depths, widths, activations, starts and inputs, and in the sizes of the batches that they are judged on.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Literal

import torch
from networks import Named, distinct
from third_architectures import ACTIVATIONS, LAYERS
from torch import nn

Family = Literal["chain", "gated", "depthwise", "residual", "transformer", "recurrent", "dilated"]
COUNTS: dict[Family, int] = {
    "chain": 46, "gated": 14, "depthwise": 18, "residual": 16, "transformer": 16, "recurrent": 12, "dilated": 8,
}  # fmt: skip
BATCHES = (8, 12, 20, 40, 80, 160, 300)


def _identity(w: torch.Tensor, gain: float) -> None:
    """A fan-in Gaussian, and a large one on the diagonal of what is square."""
    nn.init.normal_(w, std=0.5 * gain / math.sqrt(w[0].numel()))
    if w.ndim == 2 and w.shape[0] == w.shape[1]:
        w += gain * torch.eye(len(w))


def _sparse(w: torch.Tensor, gain: float) -> None:
    """Four in five weights are zero, the rest as large as the gain asks for."""
    nn.init.normal_(w, std=gain * math.sqrt(5 / w[0].numel()))
    w *= torch.rand_like(w) < 0.2


STARTS = {
    "default": lambda w, gain: None,
    "laplace": lambda w, gain: w.copy_(
        torch.distributions.Laplace(0.0, gain / math.sqrt(2 * w[0].numel())).sample(w.shape)
    ),
    "fan-out": lambda w, gain: nn.init.normal_(w, std=gain / math.sqrt(w.numel() / w.shape[1])),
    "identity": _identity,
    "sparse": _sparse,
    "orthogonal": lambda w, gain: nn.init.orthogonal_(w, gain),
    "all-alike": lambda w, gain: nn.init.uniform_(w, -0.12 * gain, 0.12 * gain),
}
GAINS = (0.2, 0.35, 0.6, 1.0, 1.6, 2.3, 3.4)
INPUTS = ("standard",) * 5 + ("signed", "signed", "inverted", "triple", "by-pixel", "raw", "small")


@dataclass(frozen=True)
class Description(Named):
    """One network: what is built, how its weights are drawn, what it is fed, and how much of that the verdict sees."""

    family: Family
    activation: str
    depth: int
    width: int
    start: str
    gain: float
    normalization: str
    """none, batch, layer, or instance: of each image and channel, of vectors none."""
    variant: str
    dropout: float
    inputs: str
    batch: int


def descriptions(draw: int) -> list[Description]:
    """The set of one draw, in an order that does not depend on the machine."""
    return distinct(COUNTS, _describe, random.Random(draw))


def _describe(family: Family, source: random.Random) -> Description:
    pick = source.choice
    depths, widths, norms, variants = {
        "chain": ((2, 5, 8, 14, 20, 29, 38, 48), (18, 36, 72), ("none",) * 6 + ("batch", "layer"),
                  ("plain", "plain", "plain", "hourglass", "again", "every-third")),
        "gated": ((1, 3, 6, 11), (22, 34), ("none", "none", "layer"), ("swish", "sigmoid", "spatial")),
        "depthwise": ((1, 2, 5, 9), (4, 9), ("none", "none", "batch", "instance"), ("separable", "inverted", "large")),
        "residual": ((1, 3, 5, 9), (6, 9), ("none", "none", "batch", "layer"), ("bottleneck", "doubled", "shrinking")),
        "transformer": ((1, 2, 4, 7), (12, 20), ("none", "layer", "layer"), ("parallel", "sandwich", "post", "last")),
        "recurrent": ((1, 2, 3), (14, 32), ("none",), ("gru", "both", "pixels")),
        "dilated": ((2, 4, 6), (10, 20), ("none", "batch"), ("last", "mean")),
    }[family]  # fmt: skip
    start = pick(("default", "default", "default", *list(STARTS)[1:]))
    return Description(
        family, pick(list(ACTIVATIONS)), pick(depths), pick(widths), start, 1.0 if start == "default" else pick(GAINS),
        pick(norms), pick(variants), pick((0.0, 0.0, 0.0, 0.0, 0.15)), pick(INPUTS), pick(BATCHES),
    )  # fmt: skip


def build(d: Description, seed: int) -> nn.Module:
    """The network, drawn from its seed."""
    torch.manual_seed(seed)
    model: nn.Module = nn.Sequential(*LAYERS[d.family](d))
    with torch.no_grad():
        for name, p in model.named_parameters():
            if d.start != "default" and p.ndim > 1 and "place" not in name:
                STARTS[d.start](p, d.gain)
    return model
