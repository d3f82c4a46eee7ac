"""Measurement of a PyTorch module: layers by hooks, in the order in which they are called; PyTorch is imported late."""

from __future__ import annotations

import copy
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .curvature import Curvature, curvature
from .measurement import LayerSignal, Measurement, ParameterKernel
from .probe import random_directions
from .structure import NORMALIZATIONS, named_activation
from .torch_batch import TorchBatch, as_batch, few_samples, first_tensor
from .virtual_task import affordable

if TYPE_CHECKING:
    import torch

# Parameters by samples up to which the curvature is computed.
MOST_BENT = 100_000_000
# A batch that a module takes as a whole only is looked at up to this size.
MOST_RIGID = 256


def is_torch(network: Any) -> bool:
    """Whether something is a PyTorch module; where PyTorch was never imported, nothing is."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(network, torch.nn.Module)


def measure_torch(model: torch.nn.Module, inputs: Any, rates: Mapping[str, float]) -> Measurement:
    """Measure a module on a batch, as it is when it trains but without dropout; the module is left as it was.

    Args:
        model: maps a batch to outputs, samples along the first axis; tuples and dictionaries are searched for the
            first floating tensor.
        inputs: the batch, an array or a tensor; a tuple of them for several arguments, a dictionary for named ones.
        rates: learning rates of the virtual steps, by optimizer.

    Raises:
        ValueError: for a module without parameters to train, with lazy ones or none that can be seen, that refuses the
            inputs, or whose outputs are no floating numbers of each sample.
    """
    import torch
    from torch.nn.attention import SDPBackend, sdpa_kernel

    from .torch_samples import mixes_samples
    from .torch_steps import learned
    from .torch_structure import Follow, layer_name

    check_model(model)
    model = training_copy(model)
    parameters = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    if not parameters:
        raise ValueError("the model has no parameters that require gradients: nothing in it learns")
    whole = as_batch(inputs)
    batch = fitting_batch(model, whole, sum(p.numel() for _, p in parameters))
    draw_zero_readout(parameters)
    found: list[tuple[str, Any]] = []
    hooks = [
        module.register_forward_hook(lambda _, __, out, name=name: found.append((name, out)))
        for name, module in model.named_modules()
        if any(p.ndim >= 2 for p in module.parameters(recurse=False))
    ]
    follow = Follow(model, batch)
    try:
        # Only attention that is written out has second derivatives, which the curvature takes.
        with follow, sdpa_kernel(SDPBackend.MATH):
            result = batch.outputs(model)
    except (RuntimeError, TypeError, IndexError, ValueError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        shapes = " and ".join(str(tuple(each.shape)) for each in whole.tensors)
        raise ValueError(
            f"the model refuses inputs of shape {shapes}, samples along the first axis: {reason}"
        ) from error
    for hook in hooks:
        hook.remove()
    outputs = first_tensor(result)
    if not outputs.requires_grad:
        raise ValueError("the outputs of the model are cut off from its parameters, by detach() or no_grad()")
    if outputs.ndim < 1 or len(outputs) % len(batch):
        raise ValueError(
            f"the model returns {tuple(outputs.shape)} numbers for {len(batch)} samples; outputs of each sample are "
            "needed, not a loss"
        )
    follow.end(outputs)
    follow.structure.mixed = batch.alone and mixes_samples(model, batch)
    flat = outputs.reshape(len(batch), -1)
    scalars = (flat * torch.from_numpy(random_directions(tuple(flat.shape))).float()).sum(dim=1)
    layers = [(name, first_tensor(out)) for name, out in found]
    layers = [(name, z) for name, z in layers if z.numel() % len(batch) == 0]
    seen = [z for _, z in layers if z.requires_grad]
    grads = iter(torch.autograd.grad(scalars.sum(), seen, retain_graph=True, allow_unused=True) if seen else ())
    gradients = [next(grads) if z.requires_grad else None for _, z in layers]
    signals = [
        LayerSignal(name, samples_first(z, len(batch)), None if g is None else samples_first(g, len(batch)))
        for (name, z), g in zip(layers, gradients, strict=True)
    ]
    kernels = parameter_kernels(scalars, parameters)
    weights = {layer_name(name): p.detach().flatten(1).double().numpy() for name, p in parameters if p.ndim > 1}
    samples, steps = affordable(
        follow.structure.products({name: w.shape[1] for name, w in weights.items()}),
        sum(p.numel() for _, p in parameters),
    )
    return Measurement(
        inputs=samples_first(batch.signal, len(batch)),
        layers=tuple(signals) or (LayerSignal("outputs", samples_first(flat, len(batch)), None),),
        kernels=kernels,
        learned=learned(model, whole, flat.shape[1], rates, samples, steps),
        steps=steps,
        weights=weights,
        framework="torch",
        activation=named_activation(follow.structure.activation()),
        normalized=bool(NORMALIZATIONS & follow.structure.functions),
        structure=follow.structure,
        curvature=torch_curvature(flat, [p for _, p in parameters]),
    )


def check_model(model: torch.nn.Module) -> None:
    """Raise ValueError for a module whose layers or weights cannot be seen."""
    import torch

    if isinstance(model, torch.jit.ScriptModule):
        raise ValueError("the model is compiled by torch.jit, which hides its layers; pass what it was made from")
    if any(torch.nn.parameter.is_lazy(p) for p in model.parameters()):
        raise ValueError("the model has lazy layers that were never fed; call it on a batch first")
    if any(p.is_meta for p in model.parameters()):
        raise ValueError("the model is on the device meta, where weights have no values; make it on a real one")


def training_copy(model: torch.nn.Module) -> torch.nn.Module:
    """The module on the host in float32 and in training mode, except that nothing is dropped."""
    from .torch_steps import set_dropout

    model = copy.deepcopy(model).cpu().float().train()
    set_dropout(model, False)
    return model


def fitting_batch(model: torch.nn.Module, whole: TorchBatch, parameters: int) -> TorchBatch:
    """As many samples as there is room for; all, where the module takes no other number and there are not many more."""
    import torch

    few = few_samples(whole, parameters)
    if len(few) == len(whole) or len(whole) > MOST_RIGID:
        return few
    try:
        with torch.no_grad():
            copy.deepcopy(model)(*few.positional, **few.named)
        return few
    except (RuntimeError, TypeError, IndexError, ValueError):
        return whole


def draw_zero_readout(parameters: list[tuple[str, torch.Tensor]]) -> None:
    """Draw a readout that starts at zero, of a copy: it learns from the first step on, and hides all before it until
    then."""
    import torch

    matrices = [p for _, p in parameters if p.ndim > 1]
    if len(matrices) > 1 and not matrices[-1].any() and all(p.any() for p in matrices[:-1]):
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            torch.manual_seed(0)
            matrices[-1].normal_(std=matrices[-1][0].numel() ** -0.5)


def samples_first(tensor: torch.Tensor, samples: int) -> np.ndarray:
    """As float64, flattened but for the samples."""
    return tensor.detach().reshape(samples, -1).double().numpy()


def parameter_kernels(scalars: torch.Tensor, parameters: list[tuple[str, torch.Tensor]]) -> tuple[ParameterKernel, ...]:
    """Gram matrices of the gradients of each s_i, one parameter tensor after another."""
    import torch

    tensors = [p for _, p in parameters]
    rows = [
        torch.autograd.grad(s, tensors, retain_graph=True, allow_unused=True, materialize_grads=True) for s in scalars
    ]
    found = []
    for (name, p), column in zip(parameters, zip(*rows, strict=True), strict=True):
        stacked = torch.stack([g.reshape(-1) for g in column]).double()
        gradient = float(stacked.mean(dim=0).square().mean().sqrt())
        values = float(p.detach().double().square().mean().sqrt())
        found.append(ParameterKernel(name, p.numel(), (stacked @ stacked.T).numpy(), gradient, values))
    return tuple(found)


def torch_curvature(outputs: torch.Tensor, parameters: list[torch.Tensor]) -> Curvature | None:
    """The curvature of losses; None for functions that have no second derivative in PyTorch, and where the twenty or so
    products that it takes would last longer than all the rest."""
    import torch

    if len(outputs) * sum(p.numel() for p in parameters) > MOST_BENT:
        return None
    # The gradient is linear in what it starts from: differentiated by that, it gives products with J.
    start = torch.zeros_like(outputs, requires_grad=True)
    try:
        gradients = torch.autograd.grad(
            outputs, parameters, start, create_graph=True, allow_unused=True, materialize_grads=True
        )
        reached = [(p, g) for p, g in zip(parameters, gradients, strict=True) if g.requires_grad]

        def product(w: np.ndarray) -> np.ndarray:
            back = torch.autograd.grad(outputs, [p for p, _ in reached], torch.from_numpy(w).float(), retain_graph=True)
            (forth,) = torch.autograd.grad([g for _, g in reached], start, back, retain_graph=True)
            return forth.double().numpy()

        return curvature(outputs.detach().double().numpy(), product) if reached else None
    except (RuntimeError, NotImplementedError):
        return None
