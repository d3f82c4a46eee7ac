"""Does a PyTorch module treat each sample by itself? Where an axis or a view is mistaken, samples see each other."""

from __future__ import annotations

import copy

import torch

from .torch_batch import TorchBatch, first_tensor

# A change of outputs by more than this part of what tells samples apart is no rounding.
CHANGED = 0.01


def mixes_samples(model: torch.nn.Module, batch: TorchBatch) -> bool:
    """Whether the outputs for the first or the last sample change when all others are copies of it.

    Asked of the module as it predicts: what batch normalization does in training is meant so. Where no answer is
    possible there is none: of modules that keep a state, have no statistics of their own, or take one size of batches.
    """
    model = copy.deepcopy(model).eval()
    normalizations = (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d, torch.nn.BatchNorm3d)
    if any(isinstance(module, normalizations) and module.running_mean is None for module in model.modules()):
        return False
    try:
        predicted(model, batch.first(len(batch) - 1))
        outputs, again = predicted(model, batch), predicted(model, batch)
        alone = [predicted(model, batch.holding(copies(batch, i)))[i] for i in (0, -1)]
    except (RuntimeError, ValueError, IndexError):
        return False
    if not torch.equal(outputs, again):
        return False
    spread = outputs.std(dim=0).max()
    return any(bool((mine - outputs[i]).abs().max() > CHANGED * spread) for i, mine in zip((0, -1), alone, strict=True))


def copies(batch: TorchBatch, index: int) -> torch.Tensor:
    """A signal of which every sample is that one."""
    return batch.signal[index].expand_as(batch.signal).clone()


def predicted(model: torch.nn.Module, batch: TorchBatch) -> torch.Tensor:
    """Outputs by sample; what is drawn on the way is drawn from the same seed."""
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return first_tensor(batch.outputs(model)).reshape(len(batch), -1).float()
