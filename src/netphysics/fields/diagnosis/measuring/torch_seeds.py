"""How a PyTorch module differs from seed to seed: copies that `reset_parameters` draws again."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import numpy as np
import torch

from ..diagnosis import Verdict
from .probe import random_directions
from .torch_batch import TorchBatch, first_tensor

SEEDS, SAMPLES = 5, 4
# Networks whose tangent kernels differ by more learn each on its own.
LARGE_SPREAD = 0.3
# A tensor that was drawn as `reset_parameters` draws it has its size within this factor.
SAME_SIZE = 1.3


def seed_verdict(model: torch.nn.Module, batch: TorchBatch) -> Verdict:
    """Whether networks of different seeds learn alike: the spread of the tangent kernel over copies drawn anew."""
    owned = {id(p) for module in resettable(model) for p in module.parameters()}
    if any(id(p) not in owned for p in model.parameters()):
        return Verdict(None, "Some parameters have no reset_parameters: other seeds could not be drawn.")
    copies = [redrawn(model, seed) for seed in range(SEEDS)]
    if not all(drawn_alike(model, each) for each in copies):
        return Verdict(None, "The weights are not those of reset_parameters: other seeds could not be drawn.")
    try:
        sizes = np.array([kernel_size(each, batch.first(SAMPLES)) for each in copies])
    except (RuntimeError, ValueError, IndexError):
        return Verdict(None, "The model takes no smaller batch: other seeds were not measured.")
    if not (np.isfinite(sizes).all() and sizes.min() > 0):
        return Verdict(None, "Tangent kernels of other seeds vanish or are not finite.")
    spread = float(sizes.std(ddof=1) / sizes.mean())
    words = f"Tangent kernels of {SEEDS} seeds, drawn by reset_parameters, differ by {100 * spread:.2g} %."
    return Verdict(spread <= LARGE_SPREAD, words)


def resettable(model: torch.nn.Module) -> Iterator[torch.nn.Module]:
    """Modules that draw their parameters again when they are asked to."""
    return (module for module in model.modules() if callable(getattr(module, "reset_parameters", None)))


def redrawn(model: torch.nn.Module, seed: int) -> torch.nn.Module:
    """A copy with other weights; the global generator is left as it was."""
    other = copy.deepcopy(model)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for module in resettable(other):
            module.reset_parameters()
    return other


def drawn_alike(model: torch.nn.Module, other: torch.nn.Module) -> bool:
    """Whether all matrices have about the same size in both."""
    pairs = zip(model.parameters(), other.parameters(), strict=True)
    sizes = [(float(p.detach().norm()), float(q.detach().norm())) for p, q in pairs if p.ndim > 1 and p.numel() > 16]
    return all(a <= SAME_SIZE * b and b <= SAME_SIZE * a for a, b in sizes)


def kernel_size(model: torch.nn.Module, batch: TorchBatch) -> float:
    """The tangent kernel of a random direction of the outputs, the mean over samples."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    flat = first_tensor(batch.outputs(model)).reshape(len(batch), -1)
    scalars = (flat * torch.from_numpy(random_directions(tuple(flat.shape))).float()).sum(dim=1)
    squares = []
    for scalar in scalars:
        gradients = torch.autograd.grad(scalar, parameters, retain_graph=True, allow_unused=True)
        squares.append(sum(float(g.double().square().sum()) for g in gradients if g is not None))
    return float(np.mean(squares))
