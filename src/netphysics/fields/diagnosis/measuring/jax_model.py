"""Measurement of a JAX model, of whatever library: its layers are found where parameters meet a signal.

Nothing is asked of the model but that its parameters are arrays in it, and that it maps one input to its outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from .curvature import KernelProduct, curvature
from .layers_of_trace import Layers, run
from .measurement import MOST_SAMPLES, LayerSignal, Measurement, ParameterKernel
from .probe import Learned, descend, learn, random_directions
from .structure import NORMALIZATIONS, named_activation
from .virtual_task import VirtualTask, affordable, virtual_task

# Maps one input to its outputs, or to a list of layers that ends with them.
Model = Callable[[Array], Any]


def measure_jax(model: Model, inputs: Float[Array, "samples ..."], rates: Mapping[str, float]) -> Measurement:
    """Measure a model on a batch; `rates` are those of the virtual steps, by optimizer.

    Raises:
        ValueError: for a model without parameters, or that returns no floating array.
    """
    names, leaves, outputs = parameters_and_outputs(model)
    whole, inputs = inputs, inputs[:MOST_SAMPLES]
    trace = jax.make_jaxpr(outputs)(leaves, inputs[0])
    followed: list[Layers] = []

    def follow(leaves: list[Array], x: Array) -> tuple[Array, list[Array]]:
        (z,), layers = run(trace, [*leaves, x], names)
        followed[:] = [layers]
        return z, layers.outputs

    shape, shapes = jax.eval_shape(follow, leaves, inputs[0])
    traced = followed[0]
    shifts = [jnp.zeros(each.shape, each.dtype) for each in shapes]
    directions = jnp.asarray(random_directions((len(inputs), shape.size)), shape.dtype)

    def scalar(leaves: list[Array], shifts: list[Array], x: Array, u: Array) -> tuple[Array, tuple[Array, list[Array]]]:
        (z,), layers = run(trace, [*leaves, x], names, shifts)
        return z @ u, (z, layers.outputs)

    per_sample = jax.vmap(jax.grad(scalar, (0, 1), has_aux=True), (None, None, 0, 0))
    (by_leaf, by_layer), (z, seen) = jax.jit(per_sample)(leaves, shifts, inputs, directions)
    signals = [
        LayerSignal(name, rows(value), rows(gradient))
        for name, value, gradient in zip(traced.names, seen, by_layer, strict=True)
    ]
    batch = jax.vmap(outputs, (None, 0))
    samples, steps = affordable(traced.structure.products(traced.fan_in), sum(leaf.size for leaf in leaves))
    task = virtual_task(np.asarray(whole), shape.size, samples)
    return Measurement(
        inputs=rows(inputs),
        layers=tuple(signals) or (LayerSignal("outputs", rows(z), None),),
        kernels=tuple(map(kernel_of, names, leaves, by_leaf)),
        learned=learned(batch, leaves, task, rates, steps),
        steps=steps,
        weights={
            name: by_outputs(np.asarray(leaf, np.float64), traced.fan_in.get(name))
            for name, leaf in zip(names, leaves, strict=True)
            if leaf.ndim > 1
        },
        activation=named_activation(traced.structure.activation()),
        normalized=bool(NORMALIZATIONS & traced.structure.functions),
        structure=traced.structure,
        curvature=curvature(rows(z), kernel_product(lambda leaves: batch(leaves, inputs), leaves)),
    )


def parameters_and_outputs(model: Any) -> tuple[list[str], list[Array], Callable[[list[Array], Array], Array]]:
    """The floating parameters of a model, their names first, and its outputs as a function of them and of one input.

    Raises:
        ValueError: for a model without parameters.
    """
    parameters, rest = eqx.partition(model, eqx.is_inexact_array)
    paths, tree = jax.tree_util.tree_flatten_with_path(parameters)
    if not paths:
        raise ValueError(
            "model holds no floating arrays, so nothing in it learns; pass an Equinox module or "
            "jax.tree_util.Partial(function, parameters)"
        )

    def outputs(leaves: list[Array], x: Array) -> Array:
        return last_array(eqx.combine(jax.tree.unflatten(tree, leaves), rest)(x))

    return [parameter_name(path, model) for path, _ in paths], [leaf for _, leaf in paths], outputs


def parameter_name(path: tuple[Any, ...], model: Model) -> str:
    """`layers[0].weight`, or `params.Dense_0.kernel` where parameters are bound to a function by `Partial`."""
    bound = isinstance(model, jax.tree_util.Partial)
    if bound and len(path) > 2:
        return jax.tree_util.keystr(path[2:], simple=True, separator=".")
    return jax.tree_util.keystr(path).strip(".")


def kernel_product(outputs: Callable[[list[Array]], Float[Array, "samples c"]], leaves: list[Array]) -> KernelProduct:
    """Products with J J^T of all outputs on the batch."""

    @jax.jit
    def product(leaves: list[Array], w: Float[Array, "samples c"]) -> Float[Array, "samples c"]:
        z, back = jax.vjp(outputs, leaves)
        return jax.jvp(outputs, (leaves,), back(w.astype(z.dtype)))[1]

    return lambda w: np.asarray(product(leaves, jnp.asarray(w, jnp.float32)), np.float64)


def by_outputs(values: Float[np.ndarray, ...], fan_in: int | None) -> Float[np.ndarray, "outputs fan_in"]:
    """A matrix with a row for each output; libraries keep outputs along the first axis or along the last."""
    last = values.shape[-1]
    if fan_in is not None and values.size // values.shape[0] != fan_in and values.size // last == fan_in:
        return values.reshape(-1, last).T
    return values.reshape(values.shape[0], -1)


def jax_batch(inputs: Any) -> Array:
    """A batch on the device, floating numbers in float32 and whole ones in int32; NaN and blank samples are left for
    the verdict.

    Raises:
        ValueError: for what is no batch of at least two samples.
    """
    values = np.asarray(inputs)
    if values.ndim < 1 or len(values) < 2 or 0 in values.shape:
        raise ValueError(f"inputs have the shape {values.shape}; a batch of at least two samples is needed")
    whole = np.issubdtype(values.dtype, np.integer)
    return jnp.asarray(values, jnp.int32 if whole else jnp.float32)


def last_array(value: Any) -> Float[Array, " c"]:
    """The outputs, flattened: an array, the last of a list or tuple, or the first of a dictionary.

    Raises:
        ValueError: if that is no array of floating numbers.
    """
    last = value[-1] if isinstance(value, list | tuple) and value else value
    if isinstance(last, Mapping):
        last = next((each for each in last.values() if eqx.is_inexact_array(each)), None)
    if not eqx.is_inexact_array(last):
        raise ValueError(f"model must return one array of floating numbers, or a list that ends with it, got {last}")
    return jnp.ravel(last)


def kernel_of(name: str, leaf: Array, gradients: Float[Array, "samples ..."]) -> ParameterKernel:
    """One parameter array's part of the tangent kernel."""
    stacked = rows(gradients)
    sizes = [float(np.sqrt(np.mean(np.square(each)))) for each in (stacked.mean(axis=0), np.asarray(leaf, np.float64))]
    return ParameterKernel(name, leaf.size, stacked @ stacked.T, *sizes)


def rows(values: Float[Array, "samples ..."]) -> Float[np.ndarray, "samples size"]:
    """As float64, flattened but for the samples."""
    return np.asarray(values, np.float64).reshape(len(values), -1)


def learned(
    outputs: Callable[[list[Array], Array], Float[Array, "samples c"]],
    leaves: list[Array],
    task: VirtualTask,
    rates: Mapping[str, float],
    steps: int,
) -> dict[str, Learned]:
    """What virtual steps of each optimizer teach."""

    def loss(leaves: list[Array], x: Array) -> Float[Array, ""]:
        z = outputs(leaves, x)
        if z.shape[1] == 1:
            return jnp.mean((z[:, 0] - jnp.asarray(task.targets, z.dtype)) ** 2) / 2
        return -jnp.mean(jax.nn.log_softmax(z)[np.arange(len(z)), task.targets])

    slope, after = jax.jit(jax.grad(loss)), jax.jit(outputs)

    def gradients(values: list[np.ndarray]) -> list[np.ndarray]:
        return list(map(np.asarray, slope(list(map(jnp.asarray, values)), jnp.asarray(task.inputs))))

    def said(values: list[np.ndarray]) -> Float[np.ndarray, "samples c"]:
        return np.asarray(after(list(map(jnp.asarray, values)), jnp.asarray(task.inputs)))

    start = list(map(np.asarray, leaves))
    return {
        name: learn(descend(start, gradients, name, rate), said, task.targets, steps) for name, rate in rates.items()
    }
