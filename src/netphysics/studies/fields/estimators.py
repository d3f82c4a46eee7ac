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
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import jax
import jax.numpy as jnp
import numpy as np

from netphysics.blocks import Cell
from netphysics.fields.interactions import (
    connected_functions,
    pooled_connected,
    pooled_sums,
    published_connected,
    published_sums,
    rao_blackwell_connected,
    rao_blackwell_sums,
)
from netphysics.fields.kernels import output_kernel, preactivation_covariance
from netphysics.lab import Equation, Experiment, Results, Study, StudyConfig, budget, option
from netphysics.nets import Net, sampler
from netphysics.report import Figure, Table, draw_measured, draw_theory, figure, legend, name_axes, ordered_roles
from netphysics.stats import Claim, Estimate, Tally
from netphysics.studies.fields.gaussian_process_limit import BIAS_STD, PAPER_POINTS

ESTIMATORS = {"published": "published", "rao_blackwell": "Rao-Blackwell", "pooled": "pooled"}
ORDERS = {"four": 4, "six": 6}
# Four of the paper's six points on a line.
CHOSEN = [0, 2, 3, 5]
# Errors are measured for ensembles of M/16, M/4 and M networks: those of 1, 4 and all 16 groups.
GROUPS = (1, 4, 16)
REPEATS = 7
LEAST_GAIN = 1e3


@dataclass(frozen=True)
class Case:
    """An ensemble of networks and the inputs it is seen at."""

    activation: str
    width: int
    scale: float = 1.0

    @property
    def inputs(self) -> np.ndarray:
        return self.scale * PAPER_POINTS[self.activation][CHOSEN]

    @property
    def net(self) -> Net:
        return Net((1, self.width, 1), self.activation, "gaussian", 1.0, BIAS_STD[self.activation] ** 2)

    @functools.cached_property
    def exact(self):
        return connected_functions(self.net, self.inputs)

    @functools.cached_property
    def kernel(self) -> np.ndarray:
        """K~, without the output bias."""
        return output_kernel(self.net, self.inputs, output_bias=False)


CASES: dict[str, Case] = {
    "erf-5": Case("erf", 5),
    "erf-5-near": Case("erf", 5, scale=0.01),
    "erf-100": Case("erf", 100),
    "relu-20": Case("relu", 20),
    "gauss-100": Case("gauss", 100),
}


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the comparison of estimators."""

    cases: tuple[Literal["erf-5", "erf-5-near", "erf-100", "relu-20", "gauss-100"], ...] = option(
        ("erf-5", "erf-100", "relu-20", "gauss-100"), distinct=True
    )
    """Activation and width; erf-5-near looks at points a hundred times closer to zero."""
    networks: int = 1024
    """Networks M of an ensemble, a multiple of 16; errors are measured for M/16, M/4 and M."""
    draws: int = budget(1024)
    """Ensembles for each case; rounded up to whole blocks."""
    block_size: int = 16
    """Ensembles per block."""

    presets: ClassVar = {
        "quick": {"cases": ("erf-5", "relu-20"), "draws": 512},
        "paper": {"cases": tuple(CASES), "networks": 4096, "draws": 4096},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.networks < 4 * GROUPS[-1] or self.networks % GROUPS[-1]:
            raise ValueError(f"networks is {self.networks}; it must be a multiple of {GROUPS[-1]}, and at least 64")


def sizes(config: Config) -> np.ndarray:
    """Numbers of networks of the ensembles."""
    return config.networks // GROUPS[-1] * np.array(GROUPS)


def cells(config: Config) -> list[Cell]:
    return [Cell(name) for name in config.cases]


@functools.lru_cache(maxsize=8)
def drawing(case: Case, networks: int):
    """A compiled function of keys, one for each ensemble: hidden units and outputs of all its networks.

    Their first axes are those of ensembles, groups and the networks of a group.
    """
    net = case.net
    sample = sampler(net, case.inputs)
    variance = np.diag(preactivation_covariance(net, case.inputs))[None, :, None].astype(np.float32)

    def ensemble(key):
        preactivations, outputs = jax.vmap(sample)(jax.random.split(key, networks))
        signals = net.activation(preactivations, jnp.asarray(variance)), outputs[:, :, 0]
        return [signal.reshape(GROUPS[-1], -1, *signal.shape[1:]) for signal in signals]

    return jax.jit(lambda keys: jax.lax.map(ensemble, keys))


@functools.lru_cache(maxsize=32)
def summation(case: Case, estimator: str):
    """A compiled function of what was drawn: the sums of one estimator by ensemble and group."""

    def group_sums(signals):
        hidden, outputs = signals
        if estimator == "published":
            return published_sums(outputs)
        if estimator == "pooled":
            return pooled_sums(hidden)
        return rao_blackwell_sums(hidden, weight_variance=case.net.weight_variance, reference=case.kernel)

    return jax.jit(lambda signals: jax.lax.map(lambda groups: jax.lax.map(group_sums, groups), signals))


def connected(case: Case, estimator: str, sums, count: int):
    """The connected functions that an estimator finds in the sums over `count` networks."""
    if estimator == "published":
        return published_connected(sums, count, case.kernel + case.net.bias_variance)
    if estimator == "rao_blackwell":
        return rao_blackwell_connected(sums, count, case.kernel)
    law = {"width": case.width, "weight_variance": case.net.weight_variance}
    return pooled_connected(sums, count, points=len(CHOSEN), **law)


@functools.lru_cache(maxsize=8)
def seconds(case: Case, networks: int, ensembles: int) -> dict[str, Estimate]:
    """Seconds for each network, to draw it and in each estimator, on this machine; taken once."""
    keys = jax.random.split(jax.random.key(0), ensembles)
    draw = drawing(case, networks)
    signals = draw(keys)
    tasks = {"draw": (draw, keys)} | {name: (summation(case, name), signals) for name in ESTIMATORS}
    return {name: timed(*task, networks * ensembles) for name, task in tasks.items()}


def timed(function, argument, networks: int) -> Estimate:
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

    def experiment(keys):
        totals, signals = {}, drawing(case, config.networks)(keys)
        for estimator in ESTIMATORS:
            sums = summation(case, estimator)(signals)
            grown = {name: np.cumsum(np.asarray(total, np.float64), axis=1) for name, total in sums.items()}
            for step, (groups, count) in enumerate(zip(GROUPS, sizes(config), strict=True)):
                for ensemble in range(len(keys)):
                    part = {name: total[ensemble, groups - 1] for name, total in grown.items()}
                    found = connected(case, estimator, part, int(count))
                    for order, truth in exact.items():
                        missed = totals.setdefault(f"{estimator}_{order}_missed", np.zeros(len(GROUPS)))
                        missed[step] += np.sum((found[order] - truth) ** 2) / np.sum(truth**2)
                        if groups == GROUPS[-1]:
                            mean = f"{estimator}_{order}"
                            totals[mean] = totals.get(mean, 0.0) + found[order]
        return totals

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, np.ndarray]:
    found = {}
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


def log_gain_at_equal_time(predicted: Results, measured: Results, case: str, estimator: str, order: str) -> Estimate:
    spent = relative_time(predicted, case, estimator)
    return measured[case][f"{estimator}_{order}_log_gain"] - spent.log() * (1 / np.log(10))


def relative_time(predicted: Results, case: str, estimator: str) -> Estimate:
    """Time for each network with an estimator over that with the published one, drawing included."""
    times = predicted[case]
    own, published = (times["draw_seconds"] + times[f"{name}_seconds"] for name in (estimator, "published"))
    return own / published


def compare(config: Config, predicted: Results, measured: Results) -> list[Claim]:
    claims = []
    for case in config.cases:
        results = measured[case]
        for estimator, words in ESTIMATORS.items():
            claims += [
                Claim(
                    f"{case}-{estimator}-mean",
                    f"{case}: the {words} estimator of the connected 4-point function has the exact mean",
                    predicted[case][f"{estimator}_four"],
                    results[f"{estimator}_four"],
                    "theory",
                    "exact 1/N law of independent hidden units",
                ),
                Claim(
                    f"{case}-{estimator}-slope",
                    f"{case}: its error falls as $M^{{-1/2}}$ ({words})",
                    -0.5,
                    results[f"{estimator}_four_slope"],
                    "theory",
                    "independent networks",
                    resolution=0.1,
                ),
            ]
        if CASES[case].activation == "erf":
            claims += gain_claims(predicted, measured, case)
    return claims


def gain_claims(predicted: Results, measured: Results, case: str) -> list[Claim]:
    equal = {
        "networks": measured[case]["rao_blackwell_four_log_gain"],
        "time": log_gain_at_equal_time(predicted, measured, case, "rao_blackwell", "four"),
    }
    return [
        Claim(
            f"{case}-gain-{of}",
            f"{case}: averaging over the last layer by hand gains a factor of at least {LEAST_GAIN:.0f} in variance at "
            f"equal {of}; it gains {as_gain(gain)}. The number is what is missing in decades",
            0.0,
            gain.map(lambda x: np.minimum(x - np.log10(LEAST_GAIN), 0.0), np.ones_like),
            "conjecture",
            "netphysics",
            resolution=0.3,
        )
        for of, gain in equal.items()
    ]


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    for start in range(0, len(config.cases), 2):
        yield error_figure(config, measured, config.cases[start : start + 2])
    yield gain_figure(config, predicted, measured)


def error_figure(config: Config, measured: Results, cases) -> Figure:
    plot, panels = figure(panels=len(cases))
    many, rows = sizes(config).astype(float), []
    for axes, case in zip(panels, cases, strict=True):
        title = f"{CASES[case].activation}, $N = {CASES[case].width}$"
        name_axes(axes, "networks $M$", "error of $G_c^{(4)}$ / $G_c^{(4)}$", log="xy", title=title)
        for role, (estimator, words) in zip(ordered_roles(3), ESTIMATORS.items(), strict=True):
            error = measured[case][f"{estimator}_four_error"]
            draw_theory(axes, many, error.value[-1] * np.sqrt(many[-1] / many), role)
            draw_measured(axes, many, error, role, words)
            six = measured[case][f"{estimator}_six_error"]
            rows += [(case, words, int(size), error[i], six[i]) for i, size in enumerate(many)]
        low, high = axes.get_ylim()
        axes.set_ylim(low, 3 * high)
    legend(panels[0], loc="center right")
    return Figure(
        f"errors-{'-'.join(cases)}",
        "The same networks, three estimators. Relative error of the connected 4-point function of one ensemble of $M$ "
        f"networks, from {config.draws:,} ensembles, against its exact value. Lines fall as $M^{{-1/2}}$ from the last "
        "point: where a line stays above 1, an ensemble of that size says nothing at all.",
        plot,
        Table(("case", "estimator", "networks $M$", "error of the 4-point", "error of the 6-point function"), rows),
    )


def gain_figure(config: Config, predicted: Results, measured: Results) -> Figure:
    plot, panels = figure(panels=2)
    places, rows = np.arange(len(config.cases), dtype=float), []
    for axes, title in zip(panels, ("at equal networks", "at equal time"), strict=True):
        name_axes(axes, "", "gain in variance over published", log="y", title=title)
        axes.set_xticks(places, config.cases)
        axes.set_xlim(-0.5, places[-1] + 0.5)
    for shift, role, (estimator, words) in zip(
        (-0.1, 0.1), ordered_roles(3)[1:], list(ESTIMATORS.items())[1:], strict=True
    ):
        for place, case in zip(places, config.cases, strict=True):
            label = words if place == 0 else ""
            gains = []
            for order in ORDERS:
                gains.append(as_gain(measured[case][f"{estimator}_{order}_log_gain"]))
                gains.append(as_gain(log_gain_at_equal_time(predicted, measured, case, estimator, order)))
            for axes, gain in zip(panels, gains[:2], strict=True):
                draw_measured(axes, place + shift, gain, role, label)
            rows.append((case, words, *gains, relative_time(predicted, case, estimator)))
    bounds = [bound for axes in panels for bound in axes.get_ylim()]
    for axes in panels:
        axes.set_ylim(min(bounds), max(bounds))
    legend(panels[0])
    names = ("4-point, equal networks", "4-point, equal time", "6-point, equal networks", "6-point, equal time")
    return Figure(
        "gains",
        "How many times fewer networks, or how much less time, the same error costs than with the published estimator. "
        "Times were taken on this machine before the measurement, drawing of the networks included.",
        plot,
        Table(("case", "estimator", *names, "time per network / published"), rows),
    )


def as_gain(log_gain: Estimate) -> Estimate:
    return log_gain.map(lambda x: 10**x, lambda x: np.log(10) * 10**x)


study = Study.from_module(
    __name__,
    question="How many networks does it take to see an interaction, and how many of them are wasted?",
    headline="rao_blackwell_four_log_gain",
    equations=(
        Equation(
            r"\hat G_{\mathrm{pub}} = \langle f_1 f_2 f_3 f_4 \rangle - K_{12} K_{34} - K_{13} K_{24} - K_{14} K_{23}",
            "products of outputs, less the exact Gaussian part",
        ),
        Equation(
            r"\hat G_{\mathrm{RB}} = \mathrm{Cov}(C_{12}, C_{34}) + \mathrm{Cov}(C_{13}, C_{24})"
            r" + \mathrm{Cov}(C_{14}, C_{23}), \quad C_{ab} = \frac{C_W}{N} \sum_i \sigma_i(x_a) \sigma_i(x_b)",
            "Wick's theorem given the hidden layer; covariances over the networks of the ensemble",
        ),
        Equation(
            r"\hat G_{\mathrm{pooled}} = \frac{C_W^2}{N} ( 3 \hat M_{1234} - \hat M_{12} \hat M_{34}"
            r" - \hat M_{13} \hat M_{24} - \hat M_{14} \hat M_{23} )",
            "moments of all $M N$ hidden units; its mean is the exact value times $1 - 1/MN$",
        ),
    ),
    cites=("Halverson2021",),
)
