"""A few steps of training with the optimizer that belongs to a network, and the sizes of its coordinates meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from .measuring.jax_model import parameters_and_outputs
from .measuring.layers_of_trace import run
from .measuring.probe import random_targets
from .measuring.torch_batch import as_batch, first_tensor

if TYPE_CHECKING:
    import torch

Sizes = dict[str, tuple[float, float]]


def torch_made(make: Callable[..., Any], width: int, seed: int) -> tuple[Any, Any] | None:
    """What `make(width)` gives with PyTorch's generator at that seed; None where PyTorch was never imported."""
    torch = sys.modules.get("torch")
    if torch is None:
        return None
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        try:
            model, optimizer = make(width)
        except TypeError:
            return None
    return model, optimizer


def torch_sizes(model: torch.nn.Module, optimizer: torch.optim.Optimizer, inputs: Any, steps: int) -> Sizes:
    """Sizes of the outputs of every module with a matrix, before and after some steps."""
    import torch

    batch = as_batch(inputs)
    found: dict[str, np.ndarray] = {}

    def note(name: str) -> Callable[..., None]:
        return lambda _, __, out: found.__setitem__(name, first_tensor(out).detach().double().numpy().copy())

    for name, module in model.named_modules():
        if any(p.ndim > 1 for p in module.parameters(recurse=False)):
            module.register_forward_hook(note(name))

    def outputs() -> torch.Tensor:
        flat = first_tensor(batch.outputs(model)).reshape(len(batch), -1)
        found["outputs"] = flat.detach().double().numpy().copy()
        return flat

    start: dict[str, np.ndarray] = {}
    for _ in range(steps):
        flat = outputs()
        start = start or dict(found)
        targets = torch.from_numpy(random_targets((len(flat), flat.shape[1])))
        single = flat.shape[1] == 1
        loss = (
            (flat[:, 0] - targets.float()).square().mean() / 2
            if single
            else torch.nn.functional.cross_entropy(flat, targets)
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    outputs()
    return compared(start, found)


def jax_sizes(make: Callable[..., Any], width: int, seed: int, inputs: Any, steps: int) -> Sizes:
    """The same for a JAX model and its optax optimizer, layer by layer of its trace.

    Raises:
        ValueError: if `make(width, key)` gives no such pair.
    """
    made = make(width, jax.random.key(seed))
    if not isinstance(made, tuple) or len(made) != 2 or not hasattr(made[1], "update"):
        raise ValueError("make must give a pair, the model and its optimizer")
    model, optimizer = made
    batch = jnp.asarray(inputs, jnp.float32)
    names, leaves, outputs = parameters_and_outputs(model)
    parameters = eqx.filter(model, eqx.is_inexact_array)
    tree = jax.tree.structure(parameters)
    trace = jax.make_jaxpr(outputs)(leaves, batch[0])
    met: list[str] = []

    def follow(leaves: list[Array], x: Array) -> list[Array]:
        (z,), layers = run(trace, [*leaves, x], names)
        met[:] = [*layers.names, "outputs"]
        return [*layers.outputs, z]

    signals = jax.jit(jax.vmap(follow, (None, 0)))
    start = [np.asarray(each, np.float64) for each in signals(leaves, batch)]
    targets = random_targets((len(batch), start[-1].shape[1]))

    def loss(leaves: list[Array]) -> Float[Array, ""]:
        z = jax.vmap(outputs, (None, 0))(leaves, batch)
        if z.shape[1] == 1:
            return jnp.mean((z[:, 0] - jnp.asarray(targets, z.dtype)) ** 2) / 2
        return -jnp.mean(jax.nn.log_softmax(z)[np.arange(len(z)), targets])

    slope, moved, state = jax.jit(jax.grad(loss)), leaves, optimizer.init(parameters)
    for _ in range(steps):
        updates, state = optimizer.update(
            jax.tree.unflatten(tree, slope(moved)), state, jax.tree.unflatten(tree, moved)
        )
        moved = [p + u for p, u in zip(moved, jax.tree.leaves(updates), strict=True)]
    end = [np.asarray(each, np.float64) for each in signals(moved, batch)]
    return compared(dict(zip(met, start, strict=True)), dict(zip(met, end, strict=True)))


def compared(start: dict[str, np.ndarray], end: dict[str, np.ndarray]) -> Sizes:
    """Mean sizes of coordinates at the start, and of their changes; the outputs come last, once."""
    last = start["outputs"].ravel()
    hidden = [name for name, value in start.items() if not np.array_equal(value.ravel(), last)]
    return {
        name: (float(np.mean(np.abs(start[name]))), float(np.mean(np.abs(end[name] - start[name]))))
        for name in [*hidden, "outputs"]
    }
