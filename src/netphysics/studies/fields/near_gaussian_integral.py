r"""Perturbation theory around a Gaussian, where it can be seen in full: the integral of one number x.

A network of finite width is close to a Gaussian process, and its correlation functions are computed as a
series in a coupling (2008.08601). The talk introduces the method with an ordinary integral, <x^{2n}> under
e^{-a x^2/2 -+ lambda x^4}. Here the same series comes from Feynman diagrams and from Gaussian moments, order
by order, and is held against the exact integral. It converges for no lambda, and is excellent all the same:
cut at its smallest term it misses half of that term, about e^{-a^2/16 lambda}.

Field theory has the sign minus, e^{-S}. The talk's toy integral has plus; that integral diverges, and of
it nothing but the series remains: --sign plus shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from netphysics.fields.zero_dimensional import (
    diagram_series,
    exact_moment,
    free_energy_series,
    least_error,
    moment_series,
    partial_sums,
    unnormalized_series,
    vacuum_series,
)
from netphysics.lab import Equation, Results, Study, StudyConfig
from netphysics.report import Figure, Table, draw_measured, draw_theory, figure, legend, name_axes, ordered_roles
from netphysics.stats import Claim, Estimate

MOMENTS = "Gaussian moments (2m−1)!!"
FACTORIALS = "Stirling's formula for the Gaussian moments"
MOST_DIAGRAMS, FEWEST_ORDERS, MOST_ORDERS = 4, 8, 150


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the near-Gaussian integral."""

    powers: tuple[int, ...] = (2, 4, 6)
    """Powers of x to average, even and positive."""
    couplings: tuple[float, ...] = (0.003125, 0.00625, 0.0125, 0.025)
    """Couplings lambda."""
    quadratic: float = 1.0
    """The coefficient a of x^2/2. The series is one in lambda / a^2."""
    sign: Literal["minus", "plus"] = "minus"
    """minus: the weight is e^(-a x^2/2 - lambda x^4), as in field theory. plus: e^(-a x^2/2 + lambda x^4), as
    in the talk; that integral diverges, so only its series is shown."""
    orders: int = 40
    """Orders of the series from Gaussian moments."""
    diagram_orders: int = 3
    """Orders that are computed from diagrams, too, at most 4."""

    presets: ClassVar = {"quick": {}, "paper": {"orders": 60, "diagram_orders": 4}}

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("powers", "couplings"):
            values = getattr(self, name)
            if not 0 < len(values) <= 9 or len(set(values)) < len(values):
                raise ValueError(f"{name} is {values}; it needs one to nine entries, and none twice")
        if any(power < 2 or power % 2 for power in self.powers):
            raise ValueError(f"powers is {self.powers}; powers must be even and positive")
        if not all(np.isfinite(value) and value > 0 for value in self.couplings):
            raise ValueError(f"couplings is {self.couplings}; couplings must be positive, see --sign")
        if not (np.isfinite(self.quadratic) and self.quadratic > 0):
            raise ValueError(f"quadratic is {self.quadratic}; it must be positive")
        if not FEWEST_ORDERS <= self.orders <= MOST_ORDERS:
            raise ValueError(f"orders is {self.orders}; it must lie between {FEWEST_ORDERS} and {MOST_ORDERS}")
        if not 0 <= self.diagram_orders <= MOST_DIAGRAMS:
            raise ValueError(f"diagram_orders is {self.diagram_orders}; it must lie between 0 and {MOST_DIAGRAMS}")


def strengths(config: Config) -> np.ndarray:
    """The dimensionless couplings g = lambda / a^2 in ascending order."""
    return np.sort(config.couplings) / config.quadratic**2


def predict(config: Config) -> Results:
    order, sign = config.orders, 1.0 if config.sign == "minus" else -1.0
    found = {
        "vacuum": {
            "from_moments": exact(free_energy_series(config.diagram_orders)),
            "from_diagrams": exact(vacuum_series(config.diagram_orders)),
        }
    }
    for power in config.powers:
        series, unit = moment_series(power, order), config.quadratic ** (-power // 2)
        g = strengths(config)
        results = {
            "coefficients": exact(series),
            "from_diagrams": exact(diagram_series(power, config.diagram_orders)),
            "with_bubbles": exact(unnormalized_series(power, config.diagram_orders)),
            "diagrams_with_bubbles": exact(diagram_series(power, config.diagram_orders, vacuum_bubbles=True)),
            "sums": Estimate.exact(unit * np.stack([partial_sums(series, sign * value) for value in g])),
            "terms": Estimate.exact(unit * np.abs(exact(series).value) * g[:, None] ** np.arange(order + 1)),
        }
        if config.sign == "minus":
            moments = [exact_moment(power, float(value)) for value in g]
            errors = [moment.error for moment in moments]
            results["exact"] = Estimate(unit * np.array([m.value for m in moments]), unit * np.array(errors), 0)
        found[f"x{power}"] = results
    return found


def exact(series) -> Estimate:
    return Estimate.exact([float(coefficient) for coefficient in series])


def missed(results: Results) -> Estimate:
    """What each partial sum misses, shape (couplings, orders + 1)."""
    exact_values = results["exact"]
    errors = np.abs(results["sums"].value - exact_values.value[:, None])
    return Estimate(errors, np.broadcast_to(exact_values.error[:, None], errors.shape), 0)


def missed_at_best(results: Results) -> Estimate:
    """What the sums miss that end with the smallest term, for each coupling."""
    best = np.argmin(results["terms"].value, axis=1)
    return missed(results)[np.arange(len(best)), best]


def compare(config: Config, predicted: Results, measured: Results) -> list[Claim]:
    claims = [
        Claim(
            "linked-clusters",
            "Connected diagrams alone add up to $\\log Z$ (linked-cluster theorem), order by order",
            predicted["vacuum"]["from_moments"],
            predicted["vacuum"]["from_diagrams"],
            "theory",
            MOMENTS,
        )
    ]
    for power in config.powers:
        results, name = predicted[f"x{power}"], rf"\langle x^{{{power}}} \rangle"
        low = slice(config.diagram_orders + 1)
        claims += [
            Claim(
                f"x{power}-all-diagrams",
                f"All diagrams, vacuum bubbles included, give the series of the unnormalized ${name}$",
                results["with_bubbles"],
                results["diagrams_with_bubbles"],
                "theory",
                MOMENTS,
            ),
            Claim(
                f"x{power}-diagrams",
                f"Diagrams without vacuum bubbles give the series of ${name}$: the normalization cancels them",
                results["coefficients"][low],
                results["from_diagrams"],
                "theory",
                MOMENTS,
            ),
            growth_claim(power, name, results["coefficients"].value),
        ]
        if config.sign == "minus":
            claims += truncation_claims(config, power, name, results)
    return claims


def growth_claim(power: int, name: str, coefficients: np.ndarray) -> Claim:
    """The slope of c_{k+1} / c_k in k, between the last order and half of it; its error is what halving changes."""
    ratio = coefficients[1:] / coefficients[:-1]
    last = len(ratio) - 1
    slopes = [(ratio[end] - ratio[end // 2]) / (end - end // 2) for end in (last, last // 2)]
    return Claim(
        f"x{power}-growth",
        f"The coefficients of ${name}$ grow like factorials, $c_{{k+1}}/c_k \\to -16 k$: no radius of convergence",
        -16.0,
        Estimate(slopes[0], abs(slopes[0] - slopes[1]), 0),
        "theory",
        FACTORIALS,
    )


def truncation_claims(config: Config, power: int, name: str, results: Results) -> list[Claim]:
    g = strengths(config)
    error, smallest = missed_at_best(results), results["terms"].value.min(axis=1)
    claims = [
        Claim(
            f"x{power}-half-a-term",
            f"Cut at its smallest term, the series of ${name}$ misses half of that term, up to order $g$",
            Estimate(np.full(g.shape, 0.5), 4 * g, 0),
            error / smallest,
            "theory",
            "alternating asymptotic series",
        )
    ]
    if len(g) > 2:
        ratio = error / least_error(power, g) * config.quadratic ** (power // 2)
        limits = [(ratio.value[i] * g[i + 1] - ratio.value[i + 1] * g[i]) / (g[i + 1] - g[i]) for i in (0, 1)]
        # What extrapolation leaves: its own change from coupling to coupling, and the square of what it took off.
        left = abs(limits[0] - limits[1]) + (1 - ratio.value[0]) ** 2
        claims.append(
            Claim(
                f"x{power}-best",
                rf"What the best cut misses of ${name}$ is $(4u)^n e^{{-u}} / 2\sqrt{{\pi u}}$ with $u = 1/16g$ and "
                rf"$n = {power // 2}$ for $g \to 0$; here their ratio",
                1.0,
                Estimate(limits[0], left, 0),
                "theory",
                FACTORIALS,
            )
        )
    return claims


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    bounded = config.sign == "minus"
    yield series_figure(config, predicted[f"x{config.powers[0]}"], config.powers[0], bounded)
    if bounded:
        yield best_figure(config, predicted)


def series_figure(config: Config, results: Results, power: int, bounded: bool) -> Figure:
    name = rf"$\langle x^{{{power}}} \rangle$"
    plot, (left, right) = figure(panels=2)
    orders = np.arange(config.orders + 1)
    name_axes(left, "order $k$ of the last term", f"partial sum of {name}")
    label = "error of the partial sum" if bounded else f"size of the term of {name}"
    name_axes(right, "order $k$ of the last term", label, log="y")
    sums, terms = results["sums"], results["terms"].value
    shown = missed(results) if bounded else results["terms"]
    gaussian = sums.value[0, 0]
    low, high = (0.8 * results["exact"].value.min(), 1.1 * gaussian) if bounded else (0.9 * gaussian, 2 * gaussian)
    rows = []
    for i, (role, g) in enumerate(zip(ordered_roles(len(strengths(config))), strengths(config), strict=True)):
        label = f"$g = {g:.4g}$"
        # Beyond its smallest term a series soon leaves every frame.
        inside = np.cumprod((low < sums.value[i]) & (sums.value[i] < high)).astype(bool)
        draw_measured(left, orders[inside], sums[i][inside], role, label)
        if bounded:
            draw_theory(left, orders[[0, -1]], np.full(2, results["exact"].value[i]), role)
            draw_theory(right, orders[:-1], terms[i, 1:], role)
        visible = shown.value[i] > (shown.error[i] if bounded else 0)
        draw_measured(right, orders[visible], Estimate.exact(shown.value[i][visible]), role, label)
        for k in orders:
            observed = (float(results["exact"].value[i]), float(shown.value[i, k])) if bounded else ("diverges", "none")
            rows.append((float(g), int(k), float(terms[i, k]), float(sums.value[i, k]), *observed))
    left.set(xlim=(-1, min(config.orders, 30)), ylim=(low, high))
    right.set_ylim(shown.value[shown.value > 0].min() / 10, 10 * gaussian)
    legend(left)
    if bounded:
        caption = (
            rf"The series for {name} diverges, and nears the exact integral first. Left: partial sums (points) and "
            "the exact integral (lines). Right: what they miss (points) and the size of the first term left out "
            "(lines): the error follows it down to the smallest term, and up again."
        )
    else:
        caption = (
            r"With the sign of the talk, $e^{-a x^2/2 + \lambda x^4}$, "
            rf"the integral for {name} diverges, and so does its series, of terms of one sign. Left: partial sums, as "
            "long as they stay in the frame. Right: terms shrink at first, which is what makes the first few useful, "
            "and grow without bound. There is no exact value to compare with."
        )
    columns = ("$g$", "order $k$", "size of the term", "partial sum", "exact", "error")
    return Figure("series", caption, plot, Table(columns, rows))


def best_figure(config: Config, predicted: Results) -> Figure:
    plot, (axes,) = figure()
    name_axes(axes, r"$u = a^2 / 16 \lambda$", "error of the best truncation / Gaussian value", log="y")
    g = strengths(config)
    fine = 1 / (16 * np.linspace(1 / (16 * g[-1]), 1 / (16 * g[0]), 100))
    rows = []
    for role, power in zip(ordered_roles(len(config.powers)), config.powers, strict=True):
        results = predicted[f"x{power}"]
        gaussian = results["coefficients"].value[0]
        relative = missed_at_best(results) / results["sums"].value[:, 0]
        draw_theory(axes, 1 / (16 * fine), least_error(power, fine) / gaussian, role)
        draw_measured(axes, 1 / (16 * g), relative, role, rf"$\langle x^{{{power}}} \rangle$")
        leading = least_error(power, g) / gaussian
        rows += [(power, *map(float, row)) for row in zip(g, 1 / (16 * g), leading, relative.value, strict=True)]
    legend(axes)
    return Figure(
        "best-truncation",
        "However many orders are known, the series cannot do better than $e^{-u}$. Points: the error of the sum that "
        "ends with its smallest term. Lines: the leading behavior, with no free parameter; $e^{-u}$ is the weight of "
        r"the saddle points $x^2 = -a / 4 \lambda$ of the action, which no order of perturbation theory sees.",
        plot,
        Table(("power of x", "$g$", "$u$", "leading behavior", "error at the smallest term"), rows),
    )


study = Study.from_module(
    __name__,
    question="How far does perturbation theory take us, when its series converges for no coupling at all?",
    equations=(
        Equation(
            r"\langle x^{2n} \rangle = \frac{\int \mathrm{d}x\, x^{2n} e^{-a x^2/2 - \lambda x^4}}"
            r"{\int \mathrm{d}x\, e^{-a x^2/2 - \lambda x^4}} = a^{-n} \sum_k c_k g^k, \quad g = \lambda / a^2",
            "a moment and its series; with diagrams, all integrals are 1",
        ),
        Equation(
            r"\sum_k c_k g^k = \frac{\sum_k \frac{(-g)^k}{k!} (2n+4k-1)!!}{\sum_k \frac{(-g)^k}{k!} (4k-1)!!}",
            "the same series from Gaussian moments",
        ),
        Equation(
            r"|c_k| \to \frac{4^n 16^k (k+n-1)!}{\sqrt{2} \pi}",
            "its coefficients at high order: the smallest term is of order $e^{-1/16g}$",
        ),
    ),
    cites=("Halverson2021",),
)
