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

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import numpy as np
from jaxtyping import Float

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
from netphysics.lab import Coordinates, Equation, Results, Study
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate

from .figures import best_figure, series_figure
from .series import Config, missed_at_best, strengths

MOMENTS = "Gaussian moments (2m−1)!!"
FACTORIALS = "Stirling's formula for the Gaussian moments"
# How far half of the smallest term may be off, in units of g times that term.
HALF = 4.0


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


def exact(series: Iterable[Fraction | int]) -> Estimate:
    """Rational coefficients as exact numbers."""
    return Estimate.exact([float(coefficient) for coefficient in series])


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    g, orders = strengths(config), range(config.orders + 1)
    by_order = {"coupling": g, "order": orders}
    return {"coefficients": {"order": orders}, "sums": by_order, "terms": by_order, "exact": {"coupling": g}}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    yield Claim(
        "linked-clusters",
        "Connected diagrams alone add up to $\\log Z$ (linked-cluster theorem), order by order",
        predicted["vacuum"]["from_moments"],
        predicted["vacuum"]["from_diagrams"],
        "theory",
        MOMENTS,
    )
    for power in config.powers:
        results, name = predicted[f"x{power}"], rf"\langle x^{{{power}}} \rangle"
        yield Claim(
            f"x{power}-all-diagrams",
            f"All diagrams, vacuum bubbles included, give the series of the unnormalized ${name}$",
            results["with_bubbles"],
            results["diagrams_with_bubbles"],
            "theory",
            MOMENTS,
        )
        yield Claim(
            f"x{power}-diagrams",
            f"Diagrams without vacuum bubbles give the series of ${name}$: the normalization cancels them",
            results["coefficients"][slice(config.diagram_orders + 1)],
            results["from_diagrams"],
            "theory",
            MOMENTS,
        )
        yield growth_claim(power, name, results["coefficients"].value)
        if config.sign == "minus":
            yield from truncation_claims(config, power, name, results)


def growth_claim(power: int, name: str, coefficients: Float[np.ndarray, " orders"]) -> Claim:
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


def truncation_claims(config: Config, power: int, name: str, results: Mapping[str, Estimate]) -> Iterator[Claim]:
    g = strengths(config)
    error, smallest = missed_at_best(results), results["terms"].value.min(axis=1)
    yield Claim.within(
        f"x{power}-half-a-term",
        f"Cut at its smallest term, the series of ${name}$ misses half of that term, up to order $g$: what is missed "
        "beyond the half, in units of $g$",
        np.zeros(g.shape),
        HALF,
        (error / smallest - 0.5) * (1 / g),
        "theory",
        "alternating asymptotic series",
    )
    if len(g) > 2:
        ratio = error / least_error(power, g) * config.quadratic ** (power // 2)
        limits = [(ratio.value[i] * g[i + 1] - ratio.value[i + 1] * g[i]) / (g[i + 1] - g[i]) for i in (0, 1)]
        # What extrapolation leaves: its own change from coupling to coupling, and the square of what it took off.
        left = abs(limits[0] - limits[1]) + (1 - ratio.value[0]) ** 2
        yield Claim(
            f"x{power}-best",
            rf"What the best cut misses of ${name}$ is $(4u)^n e^{{-u}} / 2\sqrt{{\pi u}}$ with $u = 1/16g$ and "
            rf"$n = {power // 2}$ for $g \to 0$; here their ratio",
            1.0,
            Estimate(limits[0], left, 0),
            "theory",
            FACTORIALS,
        )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    bounded = config.sign == "minus"
    yield series_figure(config, predicted[f"x{config.powers[0]}"], config.powers[0], bounded)
    if bounded:
        yield best_figure(config, predicted)


study = Study.from_module(
    __name__,
    question="How far does perturbation theory take us, when its series converges for no coupling at all?",
    equations=(
        Equation(
            r"\langle x^{2n} \rangle = \frac{\int \mathrm{d}x\, x^{2n} e^{-a x^2/2 - \lambda x^4}}"
            r"{\int \mathrm{d}x\, e^{-a x^2/2 - \lambda x^4}} = a^{-n} \sum_k c_k g^k, \quad g = \lambda / a^2",
            "a moment and its series; with diagrams, all integrals are 1",
            (
                ("x", "the number that is integrated over"),
                (r"a, \lambda", "coefficients of the quadratic and the quartic term"),
                ("g", "the coupling"),
                ("n", "half the order of the moment"),
                ("c_k", "coefficients of its series"),
            ),
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
