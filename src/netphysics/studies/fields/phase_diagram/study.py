r"""Where in the plane of weight and bias variance do deep networks work, and which activations have such a place?

In wide networks a signal's kernel K flows to a fixed point, and two numbers say what becomes of small differences
between inputs there: χ_∥ for their norms, χ_⊥ for their angles and for gradients. Below χ_⊥ = 1 all inputs become
alike, above it they are torn apart and gradients explode; a network is critical where both numbers are 1. This
study draws the plane, classifies activations, and measures K and both numbers in networks of finite width.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.fields.depth import averages, critical_point, finite_width_flow, fixed_point, susceptibility
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, grid
from netphysics.nets import Net, activation, batch_size, in_batches, sampler
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate, Numbers, Tally, stack

from ..symbols import symbols
from .figures import classes_figure, correlation_figure, nets_figure, plane_figure
from .settings import ACTIVATIONS, NETS, PUBLISHED, QUANTITIES, Config, plane

PRINCIPLES = "arXiv:2106.10165, chapter 5"
# Published critical points have eight digits behind the point.
LAST_DIGIT = 5e-9


def cells(config: Config) -> list[Cell]:
    return grid(net=config.nets)


def network(config: Config, cell: Cell) -> tuple[Net, float]:
    """The net of a cell, and |x|²/d_in of the input whose first kernel is the fixed point."""
    name, weight, bias = NETS[cell["net"]]
    kernel = float(fixed_point(activation(name), weight, bias).kernel)
    net = Net((config.width,) * (config.depth + 2), name, "gaussian", weight, bias)
    return net, (kernel - bias) / weight


def predict(config: Config) -> Results:
    found = {cell.name: predicted_net(config, cell) for cell in cells(config)}
    weight, bias = plane(config)
    sigma = activation(config.activation)
    everywhere = fixed_point(sigma, weight[None] ** 2, bias[:, None] ** 2)
    found["plane"] = {
        "kernel": Estimate.exact(np.where(np.isfinite(everywhere.kernel), everywhere.kernel, -1.0)),
        "parallel": Estimate.exact(everywhere.parallel),
        "perpendicular": Estimate.exact(everywhere.perpendicular),
    }
    for name in ACTIVATIONS:
        point = critical_point(activation(name))
        if point.weight_variance is not None:
            found[name] = {"critical": Estimate.exact(np.array([point.bias_variance, point.weight_variance]))}
    return found


def predicted_net(config: Config, cell: Cell) -> dict[str, Estimate]:
    """K, χ_∥ and χ_⊥ in the last hidden layer, to first order in 1/width."""
    net, mean_square = network(config, cell)
    sigma = activation(NETS[cell["net"]][0])
    flow = finite_width_flow(net, mean_square)
    K, K1, V = (each[-2] for each in (flow.kernel, flow.kernel_correction, flow.four_point))
    mean = averages(sigma, np.array(K))
    chi = susceptibility(sigma, net.weight_variance, np.array(K))
    # The mean over kernels that vary with variance V/n; for the ratio of norms, its size serves as error.
    shift = net.weight_variance * (mean.slope_square_rate * K1 + mean.slope_square_bend * V / 2) / config.width
    order = (abs(K1) / K + V / K**2) / config.width
    return {
        "kernel": Estimate(K * (1 + K1 / K / config.width), K * order**2, 0),
        "parallel": Estimate(float(chi.parallel), float(chi.parallel) * order, 0),
        "perpendicular": Estimate(float(chi.perpendicular + shift), float(chi.perpendicular) * order**2, 0),
    }


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    weight, bias = plane(config)
    axes = {"bias variance": bias**2, "weight variance": weight**2}
    critical = {"critical": {"variance": ("bias", "weight")}}
    return {**dict.fromkeys(("kernel", "parallel", "perpendicular"), axes), **critical}


def measure(config: Config, cell: Cell) -> Experiment:
    net, mean_square = network(config, cell)
    weight = np.float32(net.weight_variance)
    sigma = activation(NETS[cell["net"]][0])
    slope = jax.vmap(jax.grad(sigma.value))

    def last(z: Array) -> Array:
        z = z[0]
        value, derivative = sigma.value(z), slope(z)
        return jnp.stack([jnp.mean(z**2), weight * jnp.mean(z * value * derivative), weight * jnp.mean(derivative**2)])

    sample = sampler(net, np.full((1, config.width), math.sqrt(mean_square)), observe=last)

    def sums(keys: Array) -> dict[str, Array]:
        return {"means": jax.vmap(lambda key: sample(key)[-2])(keys).sum(axis=0)}

    return jax.jit(in_batches(sums, batch_size(net, 1)))


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    """χ_∥ = C_W <z s s'> / K, by partial integration of its definition."""
    kernel, numerator, perpendicular = tally.mean("means")
    return {"kernel": kernel, "parallel": numerator / kernel, "perpendicular": perpendicular}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for name in config.nets:
        sigma, weight, bias = NETS[name]
        expected, observed = (stack([results[name][each] for each in QUANTITIES]) for results in (predicted, measured))
        statement = (
            rf"{sigma} at $C_W = {weight:.3g}$, $C_b = {bias:g}$: its fixed point has these $K$, $\chi_\parallel$ and "
            r"$\chi_\perp$"
        )
        yield Claim(name, statement, expected, observed, "theory", PRINCIPLES)
    if "tanh-torch" in config.nets:
        yield gain_claim(predicted["tanh-torch"]["perpendicular"], measured["tanh-torch"]["perpendicular"])
    for name, pair in PUBLISHED.items():
        statement = f"{name} is critical at $C_b = {pair[0]:g}$, $C_W = {pair[1]:g}$, to the last digit"
        found = predicted[name]["critical"]
        yield Claim.within(f"critical-{name}", statement, np.array(pair), LAST_DIGIT, found, "literature", PRINCIPLES)


def gain_claim(expected: Estimate, observed: Estimate) -> Claim:
    """In how many layers gradients grow by a factor e with PyTorch's gain for tanh."""
    predicted, measured = (
        chi.map(lambda x: 1 / np.log(x), lambda x: -1 / (x * np.log(x) ** 2)) for chi in (expected, observed)
    )
    return Claim(
        "torch-gain",
        "Weights at 5/3, PyTorch's gain for tanh, are chaotic: gradients grow by a factor e within "
        f"{float(predicted.value):.2g} layers",
        predicted,
        measured,
        "theory",
        PRINCIPLES,
    )


def figures(config: Config, predicted: Results, measured: Results) -> list[Figure]:
    measurement = nets_figure(config, predicted, measured)
    return [plane_figure(config, predicted), classes_figure(), correlation_figure(), measurement]


study = Study.from_module(
    __name__,
    question="Which weight and bias variances let deep networks work, and which activations have any?",
    headline="perpendicular",
    equations=(
        Equation(
            r"K^* = C_b + C_W \langle \sigma(z)^2 \rangle_{z \sim N(0, K^*)}",
            "the kernel of all deep layers",
            (
                *symbols("C_b", "C_W"),
                ("K^*", "fixed point of the kernel"),
                (r"\sigma(z)", "activation"),
                ("N(0, K)", "normal law with mean 0 and variance $K$"),
            ),
        ),
        Equation(
            r"\chi_\parallel = C_W \, \partial_K \langle \sigma^2 \rangle, \quad"
            r" \chi_\perp = C_W \langle \sigma'^2 \rangle",
            "what a layer does to differences of norms, and of angles; correlation lengths are $1 / |\\ln \\chi|$",
            symbols(r"\chi_\parallel", r"\chi_\perp"),
        ),
        Equation(
            r"c' = [C_b + C_W \langle \sigma(z_a) \sigma(z_b) \rangle] / K^*",
            "what it does to the correlation of two signals",
            (
                ("z_a, z_b", "signals of two inputs"),
                ("c'", "their correlation one layer on"),
            ),
        ),
    ),
    cites=("Day2023", "Roberts2022"),
)
