"""Diagnosis of a described network: theory, and ensembles of the very networks that the description draws."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Float64, PRNGKeyArray

from netphysics.nets import LearningRates, Net, sampler, tangent_sampler
from netphysics.nets.net import Ensemble
from netphysics.stats import FEWEST_BLOCKS, Estimate

from ...depth.critical_points import critical_point
from ...depth.criticality import LARGEST_VARIANCE, fixed_point, susceptibility
from ...depth.empirical_tangent_kernel import largest_eigenvalue_spread
from ...depth.explicit_networks import maker
from ...depth.finite_width import FiniteWidthFlow, finite_width_flow
from ...depth.signals import kernel_flow
from ...depth.spread import spread
from ..diagnosis import Comparison, Diagnosis, LearningRate, Phase
from .advice import advise, limits_of_theory
from .preactivation_statistics import estimate

# Gradients whose square changes by more than this in either direction hinder training.
LARGEST_FACTOR = 100.0
INITIALIZATIONS: tuple[Ensemble, ...] = ("gaussian", "orthogonal")
SIGNAL_NETWORKS, TANGENT_NETWORKS, EXPLICIT_NETWORKS = 512, 256, 4
# Products that bring the largest eigenvalue of a tangent kernel to 1 %; its spread over networks exceeds that.
PRODUCTS = 8


def diagnose_net(net: Net, inputs: Float[np.ndarray, "k d_in"], *, key: PRNGKeyArray) -> Diagnosis:
    """What theory says about `net` at the first input of a batch, what ensembles of it show, and what to change.

    The tangent kernel is that of plain gradient descent, the same learning rate for every parameter.

    Raises:
        ValueError: for weights that are neither Gaussian nor orthogonal, fewer than one hidden layer, inputs that do
            not fit, are not finite or zero, and what the theory refuses (`finite_width_flow`, `fixed_point`).
    """
    check_described(net, inputs)
    mean_square = float(np.mean(inputs[0] ** 2))
    rates = plain_rates(net)
    flow = finite_width_flow(net, mean_square, rates)
    phase = phase_of(net, flow)
    by_layer = {
        name: tangent_spread(finite_width_flow(dataclasses.replace(net, initialization=name), mean_square, rates))
        for name in INITIALIZATIONS
    }
    by_depth = {f"predicted spread, {name}": Estimate.exact(values[1:]) for name, values in by_layer.items()}
    spreads: dict[str, float] = {name: float(values[-1]) for name, values in by_layer.items()}
    signal_key, tangent_key, rate_key = jax.random.split(key, 3)
    batch = jnp.asarray(inputs, jnp.float32)
    # Three ensembles that know nothing of each other: compiling them, which takes nearly all the time, goes on at once.
    with ThreadPoolExecutor() as pool:
        signals = pool.submit(compare_signals, net, inputs, flow, key=signal_key)
        tangents = pool.submit(compare_tangents, net, inputs, rates, flow, key=tangent_key)
        eigenvalue = largest_eigenvalue_spread(maker(net), batch, EXPLICIT_NETWORKS, PRODUCTS, key=rate_key)
        (layers, rows), more = signals.result(), tangents.result()
    rate = LearningRate(eigenvalue, len(inputs), EXPLICIT_NETWORKS)
    healthy, verdict, advice = advise(net, phase, spreads, flow.width, rate)
    return Diagnosis(
        network=describe(net),
        inputs=f"{len(inputs)} of {net.widths[0]} components, mean square {mean_square:.3g}",
        healthy=healthy,
        verdict=verdict,
        depth=net.layers - 1,
        width=flow.width,
        phase=phase,
        comparisons=(*rows, *more),
        layers=layers | by_depth,
        learning_rate=rate,
        spreads=spreads,
        advice=advice,
        limits=limits_of_theory(net.layers - 1, flow.width),
    )


def normal_inputs(d_in: int, samples: int = 16) -> Float64[np.ndarray, "samples d_in"]:
    """A batch of inputs of independent normal components with variance 1: nearly orthogonal, unlike images."""
    return np.random.default_rng(0).standard_normal((samples, d_in))


def check_described(net: Net, inputs: Float[np.ndarray, "k d_in"]) -> None:
    """Raise ValueError for a net or inputs that cannot be diagnosed."""
    if net.initialization not in INITIALIZATIONS:
        raise ValueError(f"initialization is {net.initialization!r}; theory here knows gaussian and orthogonal weights")
    for name in ("weight_variance", "bias_variance"):
        if getattr(net, name) > LARGEST_VARIANCE:
            raise ValueError(f"{name} is {getattr(net, name):g}; it must be at most {LARGEST_VARIANCE:g}")
    if net.layers < 2:
        raise ValueError(f"widths are {net.widths}; a single layer has no depth to diagnose")
    if inputs.ndim != 2 or inputs.shape[1] != net.widths[0]:
        raise ValueError(f"inputs have the shape {inputs.shape}; the net takes (samples, {net.widths[0]})")
    if not np.isfinite(inputs).all():
        raise ValueError("inputs hold NaN or infinity")
    zero = np.flatnonzero(~inputs.any(axis=1))
    if len(zero):
        raise ValueError(f"input {zero[0]} is zero; a signal of no size cannot be followed")


def describe(net: Net) -> str:
    """The description in words, layers of one width counted."""
    runs = [(n, len(list(equal))) for n, equal in groupby(net.widths)]
    shape = " ".join(f"{n}" if count == 1 else f"{n}x{count}" for n, count in runs)
    variances = f"C_W = {net.weight_variance:.6g}, C_b = {net.bias_variance:.6g}"
    return f"{shape}, {net.activation.name}, {net.initialization}, {variances}"


def plain_rates(net: Net) -> LearningRates:
    """One learning rate for all parameters, in the convention of `LearningRates`, where hidden layers have one
    width; the first layer, of another width, is one of many."""
    hidden = net.widths[1:-1]
    return LearningRates(1.0, len(hidden) / sum(1 / n for n in hidden))


def phase_of(net: Net, flow: FiniteWidthFlow) -> Phase:
    """The fixed point of the net's variances, the critical ones, and what gradients do on the way."""
    there = fixed_point(net.activation, net.weight_variance, net.bias_variance, start=float(flow.kernel[0]))
    factors = susceptibility(net.activation, net.weight_variance, flow.kernel[:-1]).perpendicular
    length, critical = float(there.angle_length), critical_point(net.activation)
    return Phase(
        name=str(there.phase),
        kernel=float(there.kernel),
        parallel=float(there.parallel),
        perpendicular=float(there.perpendicular),
        norm_length=float(there.norm_length),
        angle_length=length,
        distance=float(there.distance),
        gradient_factor=float(np.prod(factors)),
        trainable_depth=float(np.log(LARGEST_FACTOR) * length),
        kind=critical.kind,
        critical_weight_variance=critical.weight_variance,
        critical_bias_variance=critical.bias_variance,
        reason=critical.reason,
    )


def tangent_spread(flow: FiniteWidthFlow) -> Float64[np.ndarray, " layers"]:
    r"""Predicted relative spread \sqrt{(A + 2 B) / n} / Θ of a diagonal entry of the tangent kernel, by layer."""
    return np.sqrt(np.maximum(flow.A + 2 * flow.B, 0.0) / flow.width) / flow.tangent_kernel


def predicted_signals(net: Net, flow: FiniteWidthFlow) -> tuple[Estimate, Estimate]:
    """Mean square of a preactivation in every hidden layer, and its relative spread over networks in the last; their
    errors are what first order in L / n leaves out."""
    depth, last, order = net.layers - 1, net.widths[-2], (net.layers - 1) / flow.width
    kernel = flow.kernel[:depth]
    expected = kernel + flow.kernel_correction[:depth] / flow.width
    # The preactivations of a layer are exchangeable, and a sphere or a Gaussian given their norm.
    four_point = flow.four_point[depth - 1] / (flow.width * kernel[-1] ** 2)
    variance = 2 / last + four_point * (1 + 2 / last)
    return Estimate(expected, expected * order**2, 0), root(variance, order)


def compare_signals(
    net: Net, inputs: Float[np.ndarray, "k d_in"], flow: FiniteWidthFlow, *, key: PRNGKeyArray
) -> tuple[dict[str, Estimate], list[Comparison]]:
    """Norm of the first input and its angle to the second, through the hidden layers of an ensemble."""
    pair = np.asarray(inputs[:2], np.float64)
    hidden = dataclasses.replace(net, widths=net.widths[:-1])
    sample = sampler(hidden, pair, observe=lambda z: jnp.matmul(z, z.T, precision="highest") / z.shape[1])
    # One network after another: a batch would run no faster than it takes to compile.
    run = jax.jit(lambda keys: jax.lax.map(sample, keys))
    grams = run(jax.random.split(key, SIGNAL_NETWORKS))
    grams = np.stack([np.asarray(gram, np.float64) for gram in grams], axis=1)
    depth, norm = grams.shape[1], spread(grams[:, :, 0, 0])
    expected, relative = predicted_signals(net, flow)
    layers = {"norm": norm.mean, "predicted norm": expected}
    rows = [
        Comparison("mean square of a preactivation, last layer", expected[-1], norm.mean[-1]),
        Comparison("relative spread of that mean square", relative, norm.relative[-1]),
    ]
    # Signals that died, as those of narrow relu layers may, have no angle.
    alive = grams[(np.einsum("nlii->nli", grams) > 0).all(axis=(1, 2))]
    if len(pair) == 2 and len(alive) >= FEWEST_BLOCKS:
        size = np.sqrt(np.einsum("nlii->nli", alive))
        cosine = estimate(alive[:, :, 0, 1] / (size[:, :, 0] * size[:, :, 1]))
        infinite = kernel_flow(net, pair)[:depth]
        length = np.sqrt(np.einsum("lii->li", infinite))
        angle = infinite[:, 0, 1] / (length[:, 0] * length[:, 1])
        rest = (1 - angle**2) * np.arange(1, depth + 1) / flow.width
        layers |= {"cosine": cosine, "predicted cosine": Estimate(angle, rest, 0)}
        rows.append(Comparison("cosine of two inputs, last layer", layers["predicted cosine"][-1], cosine[-1]))
    return layers, rows


def compare_tangents(
    net: Net, inputs: Float[np.ndarray, "k d_in"], rates: LearningRates, flow: FiniteWidthFlow, *, key: PRNGKeyArray
) -> list[Comparison]:
    """The tangent kernel of two outputs at the first input, over an ensemble."""
    two = dataclasses.replace(net, widths=(*net.widths[:-1], 2))
    sample = tangent_sampler(two, np.asarray(inputs[:1], np.float64), rates)
    run = jax.jit(lambda keys: jax.lax.map(lambda key: sample(key)[1], keys))
    kernels = np.asarray(run(jax.random.split(key, TANGENT_NETWORKS)), np.float64)[:, 0, :, 0, :]
    order, theta = (net.layers - 1) / flow.width, flow.tangent_kernel[-1]
    mean = theta + flow.tangent_kernel_correction[-1] / flow.width
    found = spread(kernels[:, 0, 0])
    off_diagonal = estimate((kernels[:, 0, 1] / theta) ** 2).map(np.sqrt, lambda x: 0.5 / np.sqrt(x))
    return [
        Comparison("tangent kernel of an output", Estimate(mean, mean * order**2, 0), found.mean),
        Comparison("relative spread of the tangent kernel", root(tangent_spread(flow)[-1] ** 2, order), found.relative),
        Comparison(
            "its part between two outputs, root mean square",
            root(flow.B[-1] / flow.width / theta**2, order),
            off_diagonal,
        ),
    ]


def root(variance: float, order: float) -> Estimate:
    """A relative spread; the theory leaves out a part of the variance that is of the next order in L / n."""
    variance = max(variance, 0.0)
    spread = np.sqrt(variance)
    return Estimate(spread, spread * max(variance, order) / 2, 0)
