r"""Measurement of a described network: one explicit draw of it, with signals and gradients in float64.

With $z = W a + b$ and $\delta_i = \partial s_i / \partial z$, a weight matrix's part of the tangent kernel is
$(\delta_i\cdot\delta_j)(a_i\cdot a_j)$ and a bias's $\delta_i\cdot\delta_j$: no gradient is ever written down. Signals
that shrink by $6^{-30}$ or grow by $10^{200}$ are followed as any other.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax
import numpy as np
from jaxtyping import Float, PRNGKeyArray

from netphysics.nets import Net

from .curvature import curvature
from .measurement import MOST_SAMPLES, LayerSignal, Measurement, ParameterKernel
from .probe import Learned, descend, learn, loss_and_slope, random_directions
from .virtual_task import VirtualTask, affordable, virtual_task

# Weights (n_out, n_in) and biases (n_out,) of every layer.
Weights = list[tuple[np.ndarray, np.ndarray]]


def measure_net(
    net: Net, inputs: Float[np.ndarray, "samples d_in"], rates: Mapping[str, float], *, key: PRNGKeyArray
) -> Measurement:
    """Draw one network of `net` and measure it on a batch; `rates` are those of the virtual steps, by optimizer."""
    weights = drawn(net, key=key)
    x = np.asarray(inputs[:MOST_SAMPLES], np.float64)
    with np.errstate(all="ignore"):
        signals, slopes, layers = forward(net, weights, x)
        deltas = backward(weights, slopes, random_directions(layers[-1].shape))
        kernels = []
        for number, ((w, b), a, d) in enumerate(zip(weights, signals, deltas, strict=True), start=1):
            inner, mean = d @ d.T, d.T @ a / len(x)
            kernels += [
                ParameterKernel(f"weight {number}", w.size, inner * (a @ a.T), rms(mean), rms(w)),
                ParameterKernel(f"bias {number}", b.size, inner, rms(d.mean(axis=0)), rms(b)),
            ]
        size = sum(w.size for w, _ in weights)
        samples, steps = affordable(size, size)
        task = virtual_task(np.asarray(inputs, np.float32), net.widths[-1], samples)
        taught = {name: learned(net, weights, task, name, rate, steps) for name, rate in rates.items()}
    return Measurement(
        inputs=x,
        layers=tuple(LayerSignal(f"layer {i}", z, d) for i, (z, d) in enumerate(zip(layers, deltas, strict=True), 1)),
        kernels=tuple(kernels),
        learned=taught,
        steps=steps,
        weights={f"layer {i}": w for i, (w, _) in enumerate(weights, start=1)},
        activation=net.activation,
        curvature=curvature(layers[-1], lambda w: kernel_product(weights, signals, slopes, w)),
    )


def drawn(net: Net, *, key: PRNGKeyArray) -> Weights:
    """One realization, of the law of `nets.draw` but on the host: nothing has to be compiled for one network."""
    generator = np.random.default_rng(np.asarray(jax.random.key_data(key)).tolist())
    weights = []
    for n_out, n_in in net.shapes:
        if net.initialization == "orthogonal":
            frame, triangle = np.linalg.qr(generator.standard_normal((max(n_out, n_in), min(n_out, n_in))))
            frame *= np.sign(np.diag(triangle)) * np.sqrt(max(n_out, n_in))
            matrix = frame.T if n_out < n_in else frame
        else:
            matrix = generator.standard_normal((n_out, n_in))
        bias = np.sqrt(net.bias_variance) * generator.standard_normal(n_out)
        weights.append((np.sqrt(net.weight_variance / n_in) * matrix, bias))
    return weights


def forward(
    net: Net, weights: Weights, x: Float[np.ndarray, "samples d_in"]
) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """What enters each layer, the slopes of the activation before it (the first has none), and what leaves it."""
    signals, slopes, layers = [x], [], []
    for w, b in weights:
        layers.append(signals[-1] @ w.T + b)
        value, slope, *_ = net.activation.derivatives(layers[-1])
        signals.append(value)
        slopes.append(slope)
    return signals[:-1], slopes[:-1], layers


def backward(weights: Weights, slopes: list[np.ndarray], last: np.ndarray) -> list[np.ndarray]:
    """Gradients by the outputs of every layer, given those by the last."""
    deltas = [last]
    for (w, _), slope in zip(weights[:0:-1], slopes[::-1], strict=True):
        deltas.append((deltas[-1] @ w) * slope)
    return deltas[::-1]


def kernel_product(
    weights: Weights, signals: list[np.ndarray], slopes: list[np.ndarray], w: np.ndarray
) -> Float[np.ndarray, "samples outputs"]:
    """J J^T w: gradients by all parameters, and what a step along them does to the outputs."""
    deltas = backward(weights, slopes, w)
    moved = np.zeros_like(deltas[0])
    for i, ((matrix, _), signal, delta) in enumerate(zip(weights, signals, deltas, strict=True)):
        carried = (slopes[i - 1] * moved) @ matrix.T if i else 0.0
        moved = signal @ (signal.T @ delta) + delta.sum(axis=0) + carried
    return moved


def learned(net: Net, weights: Weights, task: VirtualTask, optimizer: str, rate: float, steps: int) -> Learned:
    """What virtual steps teach, in float32 as in training."""

    def pairs(parameters: list[np.ndarray]) -> Weights:
        return list(zip(parameters[::2], parameters[1::2], strict=True))

    def gradients(parameters: list[np.ndarray]) -> list[np.ndarray]:
        signals, slopes, layers = forward(net, pairs(parameters), task.inputs)
        _, slope = loss_and_slope(layers[-1], task.targets)
        deltas = backward(pairs(parameters), slopes, slope.astype(np.float32))
        return [part for d, a in zip(deltas, signals, strict=True) for part in (d.T @ a, d.sum(axis=0))]

    def outputs(parameters: list[np.ndarray]) -> Float[np.ndarray, "samples outputs"]:
        return forward(net, pairs(parameters), task.inputs)[2][-1]

    start = [part.astype(np.float32) for pair in weights for part in pair]
    return learn(descend(start, gradients, optimizer, rate), outputs, task.targets, steps)


def rms(values: np.ndarray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(values))))
