"""Figures of the near-Gaussian integral."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from netphysics.fields.zero_dimensional import least_error
from netphysics.lab import Results
from netphysics.report import Curve, Figure, Table, curves, ordered_roles
from netphysics.report.style import draw_measured, draw_theory, figure, legend, name_axes
from netphysics.stats import Estimate

from .series import Config, missed, missed_at_best, strengths


def series_figure(config: Config, results: Mapping[str, Estimate], power: int, bounded: bool) -> Figure:
    """Partial sums, and what they miss or the size of their terms."""
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
    g = strengths(config)
    lines = []
    for role, power in zip(ordered_roles(len(config.powers)), config.powers, strict=True):
        results = predicted[f"x{power}"]
        gaussian = results["coefficients"].value[0]
        # The leading behavior is drawn on a finer grid, those of the couplings included.
        u = np.union1d(np.linspace(1 / (16 * g[-1]), 1 / (16 * g[0]), 100), 1 / (16 * g))
        lines.append(
            Curve(
                labels={"power of x": power},
                x=u,
                more={"$g$": (1 / (16 * u)).tolist()},
                theory=least_error(power, 1 / (16 * u)) / gaussian,
                measured=(missed_at_best(results) / results["sums"].value[:, 0])[::-1],
                at=(1 / (16 * g))[::-1],
                role=role,
                legend=rf"$\langle x^{{{power}}} \rangle$",
            )
        )
    return curves(
        "best-truncation",
        "However many orders are known, the series cannot do better than $e^{-u}$. Points: the error of the sum that "
        "ends with its smallest term. Lines: the leading behavior, with no free parameter; $e^{-u}$ is the weight of "
        r"the saddle points $x^2 = -a / 4 \lambda$ of the action, which no order of perturbation theory sees.",
        lines,
        x=r"$u = a^2 / 16 \lambda$",
        y="error of the best truncation / Gaussian value",
        log="y",
        points="error at the smallest term",
    )
