"""Three ways to measure the interactions of a network, and how many networks each of them wastes.

The connected functions of a wide network are small differences of large numbers. The published way
(2008.08601) averages products of outputs and subtracts the Gaussian part; its noise is that of the products.
Averaging over the last layer by hand (rao-blackwell) leaves the fluctuations of the hidden layer, and pooling
the hidden units of all networks (pooled) uses that they are independent. All three estimate the same numbers;
here whole ensembles of M networks are repeated, to measure the error of each with an error bar of its own.

Time is part of the answer: each estimator, drawing of its networks included, is timed on this machine before
anything is measured, and the gain in variance at equal time follows.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.fields.kernels import preactivation_covariance
from netphysics.lab import Equation, Experiment, Results, Study
from netphysics.nets import activation, sampler
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate, Numbers, Tally

from ..symbols import symbols
from ..three_estimators import connected_of, sums_of
from .cases import CASES, ESTIMATORS, GROUPS, ORDERS, Case, Config, sizes
from .figures import error_figure, gain_figure
from .gains import log_gain_at_equal_time

# Hidden units and outputs of networks.
Signals = list[Array]
REPEATS = 7
LEAST_GAIN = 1e3


def cells(config: Config) -> list[Cell]:
    return [Cell(name) for name in config.cases]


@functools.lru_cache(maxsize=8)
def drawing(case: Case, networks: int) -> Callable[[Array], Signals]:
    """A compiled function of keys, one for each ensemble: hidden units and outputs of all its networks.

    Their first axes are those of ensembles, groups and the networks of a group.
    """
    sigma = activation(case.activation)
    sample = sampler(case.net, case.inputs)
    variance = np.diag(preactivation_covariance(case.net, case.inputs))[None, :, None].astype(np.float32)

    def ensemble(key: Array) -> Signals:
        preactivations, outputs = jax.vmap(sample)(jax.random.split(key, networks))
        signals = sigma(preactivations, jnp.asarray(variance)), outputs[:, :, 0]
        return [signal.reshape(GROUPS[-1], -1, *signal.shape[1:]) for signal in signals]

    return jax.jit(lambda keys: jax.lax.map(ensemble, keys))


@functools.lru_cache(maxsize=32)
def summation(case: Case, estimator: str) -> Callable[[Signals], dict[str, Array]]:
    """A compiled function of what was drawn: the sums of one estimator by ensemble and group."""

    def group_sums(signals: Signals) -> dict[str, Array]:
        return sums_of(estimator, case.net, case.kernel, *signals)

    return jax.jit(lambda signals: jax.lax.map(lambda groups: jax.lax.map(group_sums, groups), signals))


@functools.lru_cache(maxsize=8)
def seconds(case: Case, networks: int, ensembles: int) -> dict[str, Estimate]:
    """Seconds for each network, to draw it and in each estimator, on this machine; taken once."""
    keys = jax.random.split(jax.random.key(0), ensembles)
    draw = drawing(case, networks)
    signals = draw(keys)
    drawn, found = networks * ensembles, {"draw": timed(draw, keys, networks * ensembles)}
    return found | {name: timed(summation(case, name), signals, drawn) for name in ESTIMATORS}


def timed(function: Callable[[Any], Any], argument: Any, networks: int) -> Estimate:
    """Seconds for each network, the first call left out."""
    jax.block_until_ready(function(argument))
    taken = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        jax.block_until_ready(function(argument))
        taken.append((time.perf_counter() - started) / networks)
    return Estimate(np.mean(taken), np.std(taken, ddof=1) / np.sqrt(REPEATS), REPEATS, REPEATS - 1.0)


def predict(config: Config) -> Results:
    found = {}
    for name in config.cases:
        case = CASES[name]
        four = Estimate(case.exact.four, case.exact.four_error, 0)
        found[name] = {"published_four": four, "rao_blackwell_four": four}
        # The products of means that are subtracted come from the same M N hidden units.
        found[name]["pooled_four"] = four * (1 - 1 / (config.networks * case.width))
        times = seconds(case, config.networks, config.block_size)
        found[name] |= {f"{task}_seconds": taken for task, taken in times.items()}
    return found


def measure(config: Config, cell: Cell) -> Experiment:
    case = CASES[cell.name]
    exact = {order: getattr(case.exact, order) for order in ORDERS}

    def experiment(keys: Array) -> dict[str, np.ndarray]:
        totals: dict[str, np.ndarray] = {}
        signals = drawing(case, config.networks)(keys)
        for estimator in ESTIMATORS:
            sums = summation(case, estimator)(signals)
            grown = {name: np.cumsum(np.asarray(total, np.float64), axis=1) for name, total in sums.items()}
            for step, (groups, count) in enumerate(zip(GROUPS, sizes(config), strict=True)):
                for ensemble in range(len(keys)):
                    part = {name: total[ensemble, groups - 1] for name, total in grown.items()}
                    found = connected_of(estimator, case.net, case.kernel, part, int(count))
                    for order, truth in exact.items():
                        missed = totals.setdefault(f"{estimator}_{order}_missed", np.zeros(len(GROUPS)))
                        missed[step] += np.sum((found[order] - truth) ** 2) / np.sum(truth**2)
                        if groups == GROUPS[-1]:
                            mean = f"{estimator}_{order}"
                            totals[mean] = totals.get(mean, 0.0) + found[order]
        return totals

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    found: dict[str, Numbers] = {}
    steps = np.log(sizes(config)) - np.log(sizes(config)).mean()
    for order in ORDERS:
        published = tally.mean(f"published_{order}_missed")
        for estimator in ESTIMATORS:
            missed = tally.mean(f"{estimator}_{order}_missed")
            name = f"{estimator}_{order}"
            found |= {
                name: tally.mean(name),
                f"{name}_error": np.sqrt(missed),
                f"{name}_slope": steps @ np.log(missed) / (2 * steps @ steps),
                f"{name}_log_gain": np.log10(published[-1] / missed[-1]),
            }
    return found


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for case in config.cases:
        results = measured[case]
        for estimator, words in ESTIMATORS.items():
            yield Claim(
                f"{case}-{estimator}-mean",
                f"{case}: the {words} estimator of the connected 4-point function has the exact mean",
                predicted[case][f"{estimator}_four"],
                results[f"{estimator}_four"],
                "theory",
                "exact 1/N law of independent hidden units",
            )
            yield Claim(
                f"{case}-{estimator}-slope",
                f"{case}: its error falls as $M^{{-1/2}}$ ({words})",
                -0.5,
                results[f"{estimator}_four_slope"],
                "theory",
                "independent networks",
                resolution=0.1,
            )
        if CASES[case].activation == "erf":
            yield from gain_claims(predicted, measured, case)


def gain_claims(predicted: Results, measured: Results, case: str) -> Iterator[Claim]:
    gains = {
        "networks": measured[case]["rao_blackwell_four_log_gain"],
        "time": log_gain_at_equal_time(predicted, measured, case, "rao_blackwell", "four"),
    }
    for equal, gain in gains.items():
        statement = (
            f"{case}: averaging over the last layer by hand gains a factor of at least {LEAST_GAIN:.0f} in variance at "
            f"equal {equal}, {np.log10(LEAST_GAIN):.0f} decades"
        )
        bound = np.log10(LEAST_GAIN)
        yield Claim.at_least(f"{case}-gain-{equal}", statement, bound, gain, "conjecture", "netphysics")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    for start in range(0, len(config.cases), 2):
        yield error_figure(config, measured, config.cases[start : start + 2])
    yield gain_figure(config, predicted, measured)


study = Study.from_module(
    __name__,
    question="How many networks does it take to see an interaction, and how many of them are wasted?",
    headline="rao_blackwell_four_log_gain",
    equations=(
        Equation(
            r"\hat G_{\mathrm{pub}} = \langle f_1 f_2 f_3 f_4 \rangle - K_{12} K_{34} - K_{13} K_{24} - K_{14} K_{23}",
            "products of outputs, less the exact Gaussian part",
            (
                (r"\hat G_{\mathrm{pub}}", "the published estimate of the connected 4-point function"),
                ("f_1", "output at the first of four inputs"),
                ("K_{12}", "kernel of two inputs"),
            ),
        ),
        Equation(
            r"\hat G_{\mathrm{RB}} = \mathrm{Cov}(C_{12}, C_{34}) + \mathrm{Cov}(C_{13}, C_{24})"
            r" + \mathrm{Cov}(C_{14}, C_{23}), \quad C_{ab} = \frac{C_W}{N} \sum_i \sigma_i(x_a) \sigma_i(x_b)",
            "Wick's theorem given the hidden layer; covariances over the networks of the ensemble",
            (
                *symbols("C_W", "N"),
                (r"\hat G_{\mathrm{RB}}", "the estimate after averaging over the last layer"),
                ("C_{ab}", "covariance of outputs at $x_a$ and $x_b$, given the hidden layer"),
                (r"\sigma_i(x)", "hidden unit $i$ at the input $x$"),
            ),
        ),
        Equation(
            r"\hat G_{\mathrm{pooled}} = \frac{C_W^2}{N} ( 3 \hat M_{1234} - \hat M_{12} \hat M_{34}"
            r" - \hat M_{13} \hat M_{24} - \hat M_{14} \hat M_{23} )",
            "moments of all $M N$ hidden units; its mean is the exact value times $1 - 1/MN$",
            (
                (r"\hat G_{\mathrm{pooled}}", "the estimate from all hidden units"),
                (r"\hat M_{1234}", "mean of the product of a hidden unit at four inputs"),
            ),
        ),
    ),
    cites=("Halverson2021",),
)
