"""Diagnoses of anything: a described network, a PyTorch module, a JAX model, a constructor, arrays out of hooks."""

from __future__ import annotations

import dataclasses
from typing import Any

import equinox as eqx
import numpy as np
from jaxtyping import Float, PRNGKeyArray

from ...nets import Net, how_drawn
from ...stats import Estimate
from . import ensembles
from .advice.causes import explain
from .chain_theory import chain_theory
from .diagnosis import Diagnosis, Verdict
from .measuring.described_net import measure_net
from .measuring.jax_model import jax_batch, measure_jax
from .measuring.measurement import LayerSignal, Measurement
from .measuring.torch_batch import as_batch
from .measuring.torch_model import measure_torch, training_copy
from .trainability import RATES
from .verdicts import healthy, judge

# Networks whose tangent kernels differ by more learn each on its own.
LARGE_SPREAD = 0.3
# The momentum that people use.
MOMENTUM = 0.9
# The theory of a network is asked for where kernels stay within these bounds; float32 ensembles follow it there.
SMALLEST_KERNEL, LARGEST_KERNEL = 1e-30, 1e30
UNSEEN = "Arrays show signals only: gradients were not seen, and whether an optimizer trains it is not said."


def diagnose_described(net: Net, inputs: Float[np.ndarray, "k d_in"], *, key: PRNGKeyArray) -> Diagnosis:
    """Theory and ensembles of a described network, and the verdicts on one that is drawn from it; raises ValueError as
    `ensembles.diagnose_net` does."""
    ensembles.check_described(net, inputs)
    measured = measure_net(net, inputs, RATES, key=key)
    sizes = [layer.mean_square for layer in measured.layers]
    if all(SMALLEST_KERNEL < size < LARGEST_KERNEL for size in sizes):
        found = ensembles.diagnose_net(net, inputs, key=key)
        # `check_described` lets Gaussian and orthogonal weights through only, which go by their names.
        spread = found.spreads[str(net.initialization)]
        seeds = Verdict(spread <= LARGE_SPREAD, f"Tangent kernels of different seeds differ by {100 * spread:.2g} %.")
    else:
        words = "Signals leave the range in which theory follows them, 1e-30 to 1e30; one network was measured."
        found = measured_only(measured, ensembles.describe(net), words)
        seeds = Verdict(None, words)
    return judged(found, measured, inputs, seeds)


def diagnose_torch_model(model: Any, inputs: Any) -> Diagnosis:
    """Any PyTorch module on a batch; raises ValueError as `measure_torch` does."""
    measured = measure_torch(model, inputs, RATES)
    name = f"{type(model).__name__}, {sum(k.size for k in measured.kernels)} parameters"
    words = "Everything here is measured on one network, in training mode, without dropout."
    from .measuring.torch_seeds import seed_verdict

    batch = as_batch(inputs)
    seeds = seed_verdict(training_copy(model), batch)
    return judged(measured_only(measured, name, words), measured, batch.signal.numpy(), seeds)


def diagnose_jax_model(model: Any, inputs: Any, net: Net | None, *, key: PRNGKeyArray) -> Diagnosis:
    """An Equinox module or any callable with parameters that maps one input to its outputs, or to a list of its layers'
    preactivations; raises ValueError as `measure_jax` does, and as `ensembles.diagnose_model` does for a list."""
    batch = jax_batch(inputs)
    measured = measure_jax(model, batch, RATES)
    if isinstance(eqx.filter_eval_shape(model, batch[0]), list | tuple):
        found = ensembles.diagnose_model(model, inputs, net, key=key)
    else:
        count = sum(kernel.size for kernel in measured.kernels)
        words = "Everything here is measured on one network."
        found = measured_only(measured, f"{type(model).__name__}, {count} parameters", words)
    return judged(found, measured, np.asarray(batch), None)


def diagnose_constructor(make: Any, inputs: Any, net: Net | None, *, key: PRNGKeyArray) -> Diagnosis:
    """The networks that `make(key)` draws, and the verdicts on one of them; raises ValueError as
    `ensembles.diagnose_ensemble` does."""
    found = ensembles.diagnose_ensemble(make, inputs, net, key=key)
    batch = ensembles.checked_batch(inputs)
    measured = measure_jax(make(key), batch, RATES)
    seeds = None
    if found.learning_rate is not None:
        spread = float(found.learning_rate.eigenvalue.relative.value)
        words = f"The largest eigenvalue of the tangent kernel differs by {100 * spread:.2g} % over seeds."
        seeds = Verdict(spread <= LARGE_SPREAD, words)
    return judged(found, measured, np.asarray(batch), seeds)


def diagnose_arrays(layers: Any, net: Net | None, mean_square: float | None, networks: bool | None) -> Diagnosis:
    """Preactivations out of hooks, forward only.

    Args:
        networks: whether the first axis counts networks; needed where a layer has more than two axes.

    Raises:
        ValueError: for layers of three axes without `networks`, and as `ensembles.diagnose_preactivations` does.
    """
    if isinstance(layers, list | tuple):
        if networks is None and any(np.ndim(layer) > 2 for layer in layers):
            raise ValueError(
                f"layers have the shape {np.shape(layers[0])}; networks=True says that the first axis counts networks, "
                "networks=False that it counts samples"
            )
        kept = 2 if networks else 1
        layers = [np.reshape(layer, (*np.shape(layer)[:kept], -1)) for layer in layers]
    found = ensembles.diagnose_preactivations(layers, net, mean_square)
    unseen = Verdict(None, UNSEEN)
    return dataclasses.replace(
        found,
        cause=f"{found.verdict} Gradients were not seen.",
        verdicts=dict.fromkeys(("sgd", "adam", "seeds", "inputs", "weights", "structure"), unseen),
        limits=(UNSEEN, *found.limits),
    )


def judged(found: Diagnosis, measured: Measurement, batch: np.ndarray, seeds: Verdict | None) -> Diagnosis:
    """A diagnosis with verdicts, cause and advice of what was measured; what it advised before comes last."""
    verdicts = judge(measured, batch)
    if seeds is not None:
        verdicts["seeds"] = seeds
    cause, advice = explain(measured, verdicts)
    hidden = measured.layers[:-1] or measured.layers
    layers = dict(found.layers)
    if len(hidden) == len(layers["norm"].value) and all(layer.gradients is not None for layer in hidden):
        layers["gradient"] = once([layer.gradient_mean_square for layer in hidden])
        # What is followed with the inputs of one ensemble is kept as it is.
        layers = chain_theory(measured) | layers
    return dataclasses.replace(
        found,
        healthy=healthy(verdicts),
        cause=cause,
        verdict=found.verdict or cause,
        verdicts=verdicts,
        advice=(*advice, *found.advice),
        ceilings={} if measured.curvature is None else measured.curvature.ceilings(MOMENTUM),
        weights=how_drawn(list(measured.weights.values()), measured.framework) or "",
        layers=layers,
    )


def measured_only(measured: Measurement, network: str, limit: str) -> Diagnosis:
    """What is known of a network that no theory is asked about."""
    hidden = measured.layers[:-1] or measured.layers
    layers = {"norm": once([layer.mean_square for layer in hidden])}
    if measured.samples > 1 and all(layer.outputs.any(axis=1).all() for layer in hidden):
        layers["cosine"] = once([mean_cosine(layer) for layer in hidden])
    return Diagnosis(
        network=network,
        inputs=f"{measured.samples} of {measured.inputs.shape[1]} components",
        healthy=False,
        verdict="",
        depth=len(hidden),
        width=len(hidden) / sum(1 / layer.outputs.shape[1] for layer in hidden),
        layers=layers,
        limits=(limit,),
    )


def once(values: list[float | None]) -> Estimate:
    """Numbers by layer that were measured once: their errors are not known."""
    return Estimate(np.array(values, np.float64), np.full(len(values), np.inf), 1)


def mean_cosine(layer: LayerSignal) -> float:
    """Of the angle between two samples, over all pairs."""
    unit = layer.outputs / np.linalg.norm(layer.outputs, axis=1, keepdims=True)
    count = len(unit)
    return float((np.sum(unit.sum(axis=0) ** 2) - count) / (count * (count - 1)))
