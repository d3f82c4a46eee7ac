"""Diagnosis of any network: a model that returns its layers' preactivations, or the preactivations alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from netphysics.nets import Net
from netphysics.stats import FEWEST_BLOCKS, Estimate

from ...depth.empirical_tangent_kernel import largest_eigenvalue, largest_eigenvalue_spread
from ...depth.finite_width import finite_width_flow
from ...depth.spread import Spread
from ..diagnosis import Comparison, Diagnosis, LearningRate
from .advice import LARGE, LARGEST_FACTOR, NOTICEABLE, percent
from .described import predicted_signals
from .preactivation_statistics import PreactivationStatistics, preactivation_statistics

Model = Callable[[Array], Sequence[Array]]
# Cosines beyond this: all inputs look the same to the network.
ALIKE = 0.99


def diagnose_model(model: Model, inputs: Any, net: Net | None = None, *, key: PRNGKeyArray) -> Diagnosis:
    """Diagnose one network, on a batch of inputs.

    Args:
        model: an Equinox module, or any callable, that maps one input to the list of its layers' preactivations,
            the outputs last; each is flattened. If it holds parameters, the learning rate is diagnosed, too.
        inputs: the batch, inputs along the first axis.
        net: what the model is meant to be, to compare it with theory.

    Raises:
        ValueError: for a model that returns no list, inputs that are zero or not finite, and as
            `diagnose_preactivations` does.
    """
    inputs = checked_batch(inputs)
    layers = follow(model, inputs)
    rate = None
    if jax.tree.leaves(eqx.filter(model, eqx.is_inexact_array)):
        found = largest_eigenvalue(Last(model), inputs, key=key)
        mean = Estimate(found.value, found.residual, 1)
        rate = LearningRate(Spread(mean, Estimate(math.nan, math.inf, 1)), len(inputs), 1)
    return diagnose_statistics(preactivation_statistics(layers), rate, net, mean_square(inputs))


def diagnose_ensemble(
    make: Callable[[PRNGKeyArray], Model],
    inputs: Any,
    net: Net | None = None,
    networks: int = 16,
    *,
    key: PRNGKeyArray,
) -> Diagnosis:
    """Diagnose the networks that `make(key)` draws, with their spread from seed to seed; the rest as in
    `diagnose_model`. Raises ValueError for fewer than 4 networks, too."""
    inputs = checked_batch(inputs)
    draw_key, rate_key = jax.random.split(key)
    follow(make(draw_key), inputs)
    runs = [follow(make(each), inputs) for each in jax.random.split(draw_key, networks)]
    layers = [np.stack(each) for each in zip(*runs, strict=True)]
    rate = None
    if jax.tree.leaves(eqx.filter(make(draw_key), eqx.is_inexact_array)):
        eigenvalue = largest_eigenvalue_spread(lambda key: Last(make(key)), inputs, networks, key=rate_key)
        rate = LearningRate(eigenvalue, len(inputs), networks)
    return diagnose_statistics(preactivation_statistics(layers), rate, net, mean_square(inputs))


def diagnose_preactivations(layers: Any, net: Net | None = None, input_mean_square: float | None = None) -> Diagnosis:
    """Diagnose preactivations that come from anywhere: forward hooks of another framework, a file, a chip.

    Args:
        layers: one array for each layer, the outputs last, all of shape (samples, width), or all (networks,
            samples, width) to see the spread from seed to seed.
        net: what the networks are meant to be, to compare them with theory.
        input_mean_square: |x|²/d_in of the first sample, which theory starts from; needed with `net`.

    Raises:
        ValueError: as `preactivation_statistics` does, for a net of other widths, and for a net without
            `input_mean_square`.
    """
    if net is not None and input_mean_square is None:
        raise ValueError("input_mean_square is missing; theory of the net starts from the size of the first input")
    return diagnose_statistics(preactivation_statistics(layers), None, net, input_mean_square)


class Last(eqx.Module):
    """The outputs of a model that returns all layers."""

    model: Any

    def __call__(self, x: Array) -> Array:
        return jnp.ravel(self.model(x)[-1])


def checked_batch(inputs: Any) -> Float[Array, "k ..."]:
    """The batch in float32; raises ValueError for inputs that are no batch, not finite or zero."""
    values = np.asarray(inputs)
    if values.ndim < 2 or 0 in values.shape:
        raise ValueError(f"inputs have the shape {values.shape}; they must be a batch, samples along the first axis")
    if not np.isfinite(values).all():
        raise ValueError("inputs hold NaN or infinity")
    zero = np.flatnonzero(~values.reshape(len(values), -1).any(axis=1))
    if len(zero):
        raise ValueError(f"input {zero[0]} is zero; a signal of no size cannot be followed")
    return jnp.asarray(values, jnp.float32)


def mean_square(inputs: Float[Array, "k ..."]) -> float:
    """|x|²/d_in of the first input."""
    return float(jnp.mean(inputs[0] ** 2))


@eqx.filter_jit
def batched(model: Model, inputs: Float[Array, "k ..."]) -> list[Array]:
    """All layers for all inputs, each input's layer flattened."""
    return jax.vmap(lambda x: [jnp.ravel(layer) for layer in model(x)])(inputs)


def follow(model: Model, inputs: Float[Array, "k ..."]) -> list[np.ndarray]:
    """The preactivations; raises ValueError for a model that does not return them."""
    found = eqx.filter_eval_shape(model, inputs[0])
    if not isinstance(found, list | tuple) or not all(hasattr(layer, "shape") for layer in found):
        kind = type(found).__name__
        raise ValueError(
            f"the model returns {kind}, no list of arrays; let it return the preactivations of its layers, outputs last"
        )
    return [np.asarray(layer, np.float64) for layer in batched(model, inputs)]


def diagnose_statistics(
    seen: PreactivationStatistics, rate: LearningRate | None, net: Net | None, square: float | None
) -> Diagnosis:
    """The report on measured layers; the outputs, the last of them, are counted as no hidden layer."""
    hidden = seen.widths[:-1]
    comparisons, layers = [], {"norm": seen.norms[:-1] if len(hidden) > 1 else seen.norms}
    if seen.cosine is not None:
        layers["cosine"] = seen.cosine[:-1] if len(hidden) > 1 else seen.cosine
    if net is not None and square is not None:
        if net.widths[1:] != seen.widths:
            raise ValueError(f"net has layers of widths {net.widths[1:]}; those that were measured have {seen.widths}")
        comparisons = compare(seen, net, square)
    elif seen.norm is not None:
        comparisons = [
            Comparison("relative spread of a layer's mean square, last hidden layer", None, seen.norm.relative[-2])
        ]
    if rate is not None and rate.networks >= FEWEST_BLOCKS:
        comparisons.append(Comparison("relative spread of λ_max over networks", None, rate.eigenvalue.relative))
    healthy, verdict, advice = judge(seen, rate)
    width = len(hidden) / sum(1 / n for n in hidden)
    return Diagnosis(
        network=f"layers of widths {' '.join(map(str, seen.widths))}, {seen.networks} network(s)",
        inputs=f"{seen.samples} sample(s)",
        healthy=healthy,
        verdict=verdict,
        depth=len(hidden),
        width=width,
        comparisons=tuple(comparisons),
        layers=layers,
        learning_rate=rate,
        advice=advice,
        limits=limits(net, rate),
    )


def compare(seen: PreactivationStatistics, net: Net, square: float) -> list[Comparison]:
    """The last hidden layer at the first input against theory: of an ensemble its mean and spread; of a single
    network its mean square, which differs from the predicted mean by the predicted spread."""
    norm, relative = predicted_signals(net, finite_width_flow(net, square))
    name = "mean square of a preactivation, last hidden layer"
    if seen.norm is not None:
        return [
            Comparison(name, norm[-1], seen.norm.mean[-2]),
            Comparison("relative spread of that mean square", relative, seen.norm.relative[-2]),
        ]
    spread = float(norm.value[-1] * relative.value)
    return [Comparison(name, norm[-1], Estimate(seen.first[-2], spread, 1))]


def judge(seen: PreactivationStatistics, rate: LearningRate | None) -> tuple[bool, str, tuple[str, ...]]:
    """Whether the layers look healthy, the verdict and advice, from measurement alone."""
    total = float(seen.norms.value[-1] / seen.norms.value[0])
    passes = 1 / LARGEST_FACTOR <= total <= LARGEST_FACTOR
    first, last = (0.0, 0.0) if seen.cosine is None else (float(cosine) for cosine in seen.cosine.value[[0, -1]])
    collapsed = last > ALIKE > first
    spread = float(seen.norm.relative.value[-2]) if seen.norm is not None else 0.0
    advice = []
    if not passes:
        fate = "explode" if total > 1 else "vanish"
        verdict = f"Signals {fate}: a layer multiplies their squared norm by {seen.growth:.3g}, all by {total:.2g}."
        advice.append(
            f"Scale the weights' variance by {1 / seen.growth:.3g}, so that a layer keeps the norm, or tell `diagnose` "
            "the activation: it finds the critical variances."
        )
    elif collapsed:
        verdict = f"All inputs become alike: the cosine between them ends at {last:.4f}."
        advice.append("Draw larger weights or smaller biases: the layers are in the ordered phase.")
    else:
        verdict = f"Signals pass: a layer multiplies their squared norm by {seen.growth:.3g}."
        if spread > NOTICEABLE:
            verdict += f" It differs by {percent(spread)} from network to network."
            advice.append("Draw orthogonal weights or take wider layers, so that seeds differ less.")
    if rate is not None:
        advice.append(
            f"Start plain gradient descent below a learning rate of {rate.ceiling} (2 / λ_max on this batch of "
            f"{rate.samples})."
        )
    return passes and not collapsed and spread <= LARGE, verdict, tuple(advice)


def limits(net: Net | None, rate: LearningRate | None) -> tuple[str, ...]:
    """What the numbers of a measured network do not say."""
    sentences = []
    if net is None:
        sentences.append(
            "Everything here is measured. Theory is for fully connected layers without normalization, attention or "
            "skips; describe such a network, and it is compared with theory."
        )
    if rate is not None:
        sentences.append(
            "2 / λ_max is conservative: it keeps the linearized dynamics stable, and training at 3 / λ_max has been "
            "seen to converge."
        )
    if rate is None:
        sentences.append("Preactivations do not tell a learning rate: that takes a model with its parameters.")
    return tuple(sentences)
