"""Figures of the comparison of estimators."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netphysics.lab import Results
from netphysics.report import (
    Curve,
    Figure,
    Table,
    TableEntry,
    curves,
    draw_measured,
    figure,
    legend,
    name_axes,
    ordered_roles,
)

from .cases import CASES, ESTIMATORS, ORDERS, Config, sizes
from .gains import as_gain, log_gain_at_equal_time, relative_time


def error_figure(config: Config, measured: Results, cases: Sequence[str]) -> Figure:
    """Relative errors by the number of networks, a panel for each case."""
    many, lines = sizes(config), []
    for case in cases:
        for role, (estimator, words) in zip(ordered_roles(3), ESTIMATORS.items(), strict=True):
            error = measured[case][f"{estimator}_four_error"]
            six = measured[case][f"{estimator}_six_error"]
            lines.append(
                Curve(
                    labels={"case": case, "estimator": words},
                    x=many,
                    more={"error of the 6-point function": [six[i] for i in range(len(many))]},
                    theory=error.value[-1] * np.sqrt(many[-1] / many),
                    measured=error,
                    role=role,
                    panel=f"{CASES[case].activation}, $N = {CASES[case].width}$",
                    legend=words,
                )
            )
    shown = curves(
        f"errors-{'-'.join(cases)}",
        "The same networks, three estimators. Relative error of the connected 4-point function of one ensemble of $M$ "
        f"networks, from {config.draws:,} ensembles, against its exact value. Lines fall as $M^{{-1/2}}$ from the last "
        "point: where a line stays above 1, an ensemble of that size says nothing at all.",
        lines,
        x="networks $M$",
        y="error of $G_c^{(4)}$ / $G_c^{(4)}$",
        log="xy",
        key="center right",
    )
    for axes in shown.axes:
        low, high = axes.get_ylim()
        axes.set_ylim(low, 3 * high)
    return shown


def gain_figure(config: Config, predicted: Results, measured: Results) -> Figure:
    """Gains in variance, at equal numbers of networks and at equal time."""
    plot, panels = figure(panels=2)
    places = np.arange(len(config.cases), dtype=float)
    rows: list[tuple[TableEntry, ...]] = []
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
