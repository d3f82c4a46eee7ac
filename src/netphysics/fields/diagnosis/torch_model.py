"""Measurement of a PyTorch module: layers by hooks, in the order in which they are called; PyTorch is imported late."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from .measurement import LayerSignal, Measurement, ParameterKernel, StepCheck

if TYPE_CHECKING:
    import torch

# Adam divides a gradient by its size plus this.
ADAM_EPSILON = 1e-8


def measure_torch(model: torch.nn.Module, inputs: torch.Tensor, rates: dict[str, float], seed: int = 0) -> Measurement:
    """Measure a module on a batch; the module is left as it was.

    Args:
        model: maps a batch to outputs, samples along the first axis; tuples and dictionaries are searched for the
            first floating tensor.
        inputs: the batch.
        rates: learning rates of the virtual steps, by optimizer.
    """
    import torch

    model = copy.deepcopy(model).float()
    generator = torch.Generator().manual_seed(seed)
    found: list[tuple[str, Any]] = []
    hooks = [
        module.register_forward_hook(lambda _, __, out, name=name: found.append((name, first_tensor(out))))
        for name, module in model.named_modules()
        if any(p.ndim >= 2 for p in module.parameters(recurse=False))
    ]
    outputs = first_tensor(model(inputs))
    for hook in hooks:
        hook.remove()
    flat = outputs.reshape(len(inputs), -1)
    direction = torch.randn(flat.shape, generator=generator)
    if flat.shape[1] > 1:
        # Cross entropy pushes classes against each other: what all outputs share does not matter to it.
        direction = direction - direction.mean(dim=1, keepdim=True)
    direction = direction / direction.norm(dim=1, keepdim=True)
    scalars = (flat * direction).sum(dim=1)
    layers = [(name, z) for name, z in found if z.requires_grad]
    gradients = torch.autograd.grad(scalars.sum(), [z for _, z in layers], retain_graph=True, allow_unused=True)
    signals = [
        LayerSignal(name, samples_first(z, len(inputs)), None if g is None else samples_first(g, len(inputs)))
        for (name, z), g in zip(layers, gradients, strict=True)
    ]
    parameters = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    kernels = parameter_kernels(scalars, parameters)
    steps = {name: virtual_step(model, inputs, name, rate, seed) for name, rate in rates.items()}
    return Measurement(samples_first(inputs, len(inputs)), tuple(signals), kernels, steps)


def first_tensor(value: Any) -> torch.Tensor:
    """The first floating tensor in nested tuples, lists and dictionaries."""
    import torch

    if isinstance(value, torch.Tensor):
        return value
    parts = value.values() if isinstance(value, dict) else value
    return next(first_tensor(part) for part in parts if part is not None)


def samples_first(tensor: torch.Tensor, samples: int) -> np.ndarray:
    """As float64, flattened but for the samples."""
    return tensor.detach().reshape(samples, -1).double().numpy()


def parameter_kernels(scalars: torch.Tensor, parameters: list) -> tuple[ParameterKernel, ...]:
    """Gram matrices of the gradients of each s_i, one parameter tensor after another."""
    import torch

    tensors = [p for _, p in parameters]
    rows = [
        torch.autograd.grad(s, tensors, retain_graph=True, allow_unused=True, materialize_grads=True) for s in scalars
    ]
    found = []
    for (name, p), column in zip(parameters, zip(*rows, strict=True), strict=True):
        stacked = torch.stack([g.reshape(-1) for g in column]).double()
        gram = (stacked @ stacked.T).numpy()
        gradient = float(stacked.mean(dim=0).square().mean().sqrt())
        found.append(
            ParameterKernel(name, p.numel(), gram, gradient, float(p.detach().double().square().mean().sqrt()))
        )
    return tuple(found)


def virtual_step(model: torch.nn.Module, inputs: torch.Tensor, optimizer: str, rate: float, seed: int) -> StepCheck:
    """One step on random labels and cross entropy (targets of variance 1 for a single output), and back again."""
    import torch

    generator = torch.Generator().manual_seed(seed + 1)
    parameters = [p for p in model.parameters() if p.requires_grad]

    def loss() -> torch.Tensor:
        flat = first_tensor(model(inputs)).reshape(len(inputs), -1)
        generator.manual_seed(seed + 1)
        if flat.shape[1] == 1:
            return 0.5 * (flat[:, 0] - torch.randn(len(inputs), generator=generator)).square().mean()
        labels = torch.randint(flat.shape[1], (len(inputs),), generator=generator)
        return torch.nn.functional.cross_entropy(flat, labels)

    before = loss()
    gradients = torch.autograd.grad(before, parameters, allow_unused=True, materialize_grads=True)
    moves = [g if optimizer == "sgd" else g / (g.abs() + ADAM_EPSILON) for g in gradients]
    promised = rate * float(sum((g * m).sum() for g, m in zip(gradients, moves, strict=True)))
    kept = [p.detach().clone() for p in parameters]
    with torch.no_grad():
        for p, m in zip(parameters, moves, strict=True):
            p.sub_(rate * m)
        achieved = float(before - loss())
        for p, old in zip(parameters, kept, strict=True):
            p.copy_(old)
    return StepCheck(promised, achieved)
