"""Virtual steps of a PyTorch module: a copy of it is trained a little."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from .probe import Learned, learn
from .torch_batch import TorchBatch, first_tensor
from .virtual_task import Targets, read_off, virtual_task

OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}


def learned(
    model: torch.nn.Module, batch: TorchBatch, outputs: int, rates: Mapping[str, float], samples: int, steps: int
) -> dict[str, Learned]:
    """What virtual steps of each optimizer teach a copy, with dropout while they are taken."""
    batch, targets = fitting_task(model, batch, outputs, samples)
    aims = torch.from_numpy(targets)

    def walk(learner: torch.nn.Module, optimizer: str, rate: float) -> Iterator[torch.nn.Module]:
        optimize = OPTIMIZERS[optimizer]([p for p in learner.parameters() if p.requires_grad], lr=rate)
        while True:
            set_dropout(learner, True)
            z = flat_outputs(learner, batch)
            loss = (z[:, 0] - aims).square().mean() / 2 if outputs == 1 else cross_entropy(z, aims)
            optimize.zero_grad()
            loss.backward()
            optimize.step()
            set_dropout(learner, False)
            yield learner

    def said(learner: torch.nn.Module) -> np.ndarray:
        with torch.no_grad():
            return flat_outputs(learner, batch).numpy()

    found = {}
    for name, rate in rates.items():
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            found[name] = learn(walk(copy.deepcopy(model), name, rate), said, targets, steps)
    return found


def fitting_task(model: torch.nn.Module, batch: TorchBatch, outputs: int, samples: int) -> tuple[TorchBatch, Targets]:
    """What virtual steps are taken on, with the targets: for a model of several arguments, or of one size of batches,
    inputs of the batch alone."""
    if batch.alone:
        task = virtual_task(batch.signal.numpy(), outputs, samples)
        if takes(model, mixed := batch.holding(torch.from_numpy(task.inputs))):
            return mixed, task.targets
    if takes(model, first := batch.first(samples)):
        batch = first
    return batch, read_off(batch.signal.numpy(), outputs)


def takes(model: torch.nn.Module, batch: TorchBatch) -> bool:
    """Whether a model is made for such a batch."""
    try:
        with torch.no_grad():
            flat_outputs(model, batch)
    except (RuntimeError, ValueError, IndexError):
        return False
    return True


def flat_outputs(model: torch.nn.Module, batch: TorchBatch) -> torch.Tensor:
    """Outputs, flattened but for the samples."""
    return first_tensor(batch.outputs(model)).reshape(len(batch), -1).float()


def set_dropout(model: torch.nn.Module, on: bool) -> None:
    """Let the modules that drop something do so, or not."""
    for module in model.modules():
        if "Dropout" in type(module).__name__ or type(module).__name__ == "MultiheadAttention":
            module.train(on)
