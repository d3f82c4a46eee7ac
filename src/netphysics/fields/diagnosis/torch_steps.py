"""Virtual steps of a PyTorch module: a copy of it is trained a little."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from .probe import Learned, learn
from .torch_batch import TorchBatch, first_tensor
from .virtual_task import VirtualTask, read_off, virtual_task

OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}


def learned(
    model: torch.nn.Module, batch: TorchBatch, outputs: int, rates: Mapping[str, float], samples: int, steps: int
) -> dict[str, Learned]:
    """What virtual steps of each optimizer teach a copy, with dropout while they are taken."""
    task = fitting_task(model, batch, outputs, samples)
    shown, targets = batch.holding(torch.from_numpy(task.shown)), torch.from_numpy(task.shown_targets)

    def walk(learner: torch.nn.Module, optimizer: str, rate: float) -> Iterator[torch.nn.Module]:
        optimize = OPTIMIZERS[optimizer]([p for p in learner.parameters() if p.requires_grad], lr=rate)
        while True:
            set_dropout(learner, True)
            z = flat_outputs(learner, shown)
            loss = (z[:, 0] - targets).square().mean() / 2 if outputs == 1 else cross_entropy(z, targets)
            optimize.zero_grad()
            loss.backward()
            optimize.step()
            set_dropout(learner, False)
            yield learner

    def said(learner: torch.nn.Module, inputs: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return flat_outputs(learner, batch.holding(torch.from_numpy(inputs))).numpy()

    found = {}
    for name, rate in rates.items():
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            found[name] = learn(walk(copy.deepcopy(model), name, rate), said, task, steps)
    return found


def fitting_task(model: torch.nn.Module, batch: TorchBatch, outputs: int, samples: int) -> VirtualTask:
    """What virtual steps are taken on: the batch alone for a model of several arguments, or of one size of batches."""
    inputs = batch.signal.numpy()
    if batch.alone:
        task = virtual_task(inputs, outputs, samples)
        try:
            with torch.no_grad():
                flat_outputs(model, batch.holding(torch.from_numpy(task.shown)))
            return task
        except (RuntimeError, ValueError, IndexError):
            pass
    targets = read_off(inputs, outputs)
    return VirtualTask(inputs, inputs, targets, targets)


def flat_outputs(model: torch.nn.Module, batch: TorchBatch) -> torch.Tensor:
    """Outputs, flattened but for the samples."""
    return first_tensor(batch.outputs(model)).reshape(len(batch), -1)


def set_dropout(model: torch.nn.Module, on: bool) -> None:
    """Let the modules that drop something do so, or not."""
    for module in model.modules():
        if "Dropout" in type(module).__name__ or type(module).__name__ == "MultiheadAttention":
            module.train(on)
